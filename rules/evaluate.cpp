#include "rules/evaluate.hpp"

#include <algorithm>
#include <exception>

namespace cds::rules {

namespace {

DrugSet drafted_drugs(Chart const& chart) {
    DrugSet drugs;
    for (auto const& draft : chart.drafts()) {
        if (draft.role == DraftRole::ignored) continue;
        drugs |= draft.row->drugs;
        if (draft.resent) drugs |= draft.resent->drugs;
    }
    for (auto const* service : chart.service_drafts()) drugs |= service->drugs;
    return drugs;
}

/// Label of the draft that a rule's trigger fits, for the not-checked card.
std::string_view triggering_order(Chart const& chart, Rule const& rule) {
    for (auto const& draft : chart.drafts()) {
        if (draft.role != DraftRole::ignored && (draft.row->drugs & rule.trigger).any())
            return draft.row->label;
    }
    for (auto const* service : chart.service_drafts()) {
        if (rule.service_drafts) return service->label;
    }
    return {};
}

void list_unidentified(Chart const& chart, Evaluation& evaluation) {
    for (auto const& draft : chart.drafts()) {
        if (draft.role == DraftRole::ignored || draft.row->identified) continue;
        NotChecked item;
        item.rule = NotChecked::no_rule;
        item.reason = Reason::code_unknown;
        item.order = draft.row->label.empty() ? draft.row->id : draft.row->label;
        evaluation.not_checked.push_back(item);
    }
}

}  // namespace

Evaluation evaluate(Knowledge const& knowledge, Chart const& chart, Region region,
                    std::pmr::memory_resource* arena, Audience const& audience) {
    Evaluation evaluation;
    auto const drafted = drafted_drugs(chart);
    auto const has_services =
        std::any_of(chart.service_drafts().begin(), chart.service_drafts().end(),
                    [](ServiceRow const* row) { return row->active; });
    list_unidentified(chart, evaluation);
    Scene scene{chart, knowledge, region, arena, audience};
    auto const rules = rule_list();
    for (std::size_t place = 0; place < rules.size(); ++place) {
        auto const& rule = rules[place];
        auto const touched =
            (rule.trigger & drafted).any() || (rule.service_drafts && has_services);
        if (!touched) continue;
        // The knowledge lists the rules in the same order as a rule; a site's own may not.
        auto const known = knowledge.rules();
        auto const* info = place < known.size() && known[place].id == rule.id
                               ? &known[place]
                               : knowledge.find(rule.id);
        if (!info || !info->enabled || info->tier == Tier::off) continue;
        auto const index = static_cast<std::uint16_t>(info - knowledge.rules().data());
        scene.begin(index);
        bool const shown = scene.shows(*info);
        Answer answer;
        try {
            answer = rule.evaluate(scene);
        } catch (std::exception const&) {
            answer = {};
            answer.truth = Truth::unknown;
            answer.reason = Reason::internal;
        }
        switch (answer.truth) {
            case Truth::yes:
                answer.finding->indicator = info->weighed(answer.finding->indicator);
                (shown ? evaluation.findings : evaluation.withheld)
                    .push_back(std::move(*answer.finding));
                break;
            case Truth::no:
                evaluation.quiet.push_back(index);
                break;
            case Truth::unknown:
                if (!shown) break;
                evaluation.not_checked.push_back({index, answer.open, answer.reason, answer.detail,
                                                  triggering_order(chart, rule)});
                break;
        }
    }
    suppress(knowledge, evaluation.findings, evaluation.withheld);
    std::stable_sort(evaluation.findings.begin(), evaluation.findings.end(),
                     [](Finding const& a, Finding const& b) {
                         if (a.indicator != b.indicator) return a.indicator > b.indicator;
                         return a.rule < b.rule;
                     });
    return evaluation;
}

}  // namespace cds::rules
