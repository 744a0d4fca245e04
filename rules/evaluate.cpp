#include "rules/evaluate.hpp"

#include <algorithm>
#include <cstdint>
#include <exception>

#include "rules/trace.hpp"

namespace cds::rules {

namespace {

/// Room made for findings, which are large to move.
constexpr std::size_t usual_findings = 16;

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

/// Asks the rules that a draft can touch, one by one, in the order of the list.
class Inquiry {
public:
    Inquiry(Knowledge const& knowledge, Chart const& chart, Region region,
            std::pmr::memory_resource* arena, Audience const& audience)
        : knowledge_{knowledge},
          chart_{chart},
          scene_{chart, knowledge, region, arena, audience},
          drafted_{drafted_drugs(chart)},
          has_services_{std::any_of(chart.service_drafts().begin(), chart.service_drafts().end(),
                                    [](ServiceRow const* row) { return row->active; })} {}

    /// What the knowledge says of the rule at `place` of the list; nullptr when it does not run.
    RuleInfo const* runs(std::size_t place) const {
        auto const& rule = rules_[place];
        auto const touched =
            (rule.trigger & drafted_).any() || (rule.service_drafts && has_services_);
        if (!touched) return nullptr;
        auto const& info = knowledge_.rules()[knowledge_.index_of_place(place)];
        return info.enabled && info.tier != Tier::off ? &info : nullptr;
    }
    std::uint16_t index_of(RuleInfo const& info) const {
        return static_cast<std::uint16_t>(&info - knowledge_.rules().data());
    }
    Answer ask(std::size_t place, RuleInfo const& info) {
        scene_.begin(index_of(info));
        auto answer = answer_of(rules_[place]);
        if (trace_) trace_->end(scene_.touched());
        if (answer.finding) answer.finding->indicator = info.weighed(answer.finding->indicator);
        return answer;
    }
    /// Whether the rule's card is shown to the audience.
    bool shows(RuleInfo const& info) const { return scene_.shows(info); }
    /// Records what the rules ask; nullptr: nothing is recorded.
    void attach(Trace* trace) noexcept {
        trace_ = trace;
        scene_.attach(trace);
    }

    std::size_t size() const { return rules_.size(); }

private:
    Answer answer_of(Rule const& rule) {
        try {
            return rule.evaluate(scene_);
        } catch (std::exception const&) {
            Answer answer;
            answer.truth = Truth::unknown;
            answer.reason = Reason::internal;
            return answer;
        }
    }

    std::span<Rule const> rules_ = rule_list();
    Knowledge const& knowledge_;
    Chart const& chart_;
    Scene scene_;
    DrugSet drafted_;
    bool has_services_;
    Trace* trace_ = nullptr;
};

void in_card_order(std::vector<Finding>& findings) {
    auto const before = [](Finding const& a, Finding const& b) {
        if (a.indicator != b.indicator) return a.indicator > b.indicator;
        return a.rule < b.rule;
    };
    if (!std::is_sorted(findings.begin(), findings.end(), before))
        std::stable_sort(findings.begin(), findings.end(), before);
}

/// The highest card that each rule shows.
class Carried {
public:
    Carried(Knowledge const& knowledge, Evaluation const& known)
        : highest_(knowledge.rules().size()) {
        for (auto const& finding : known.findings) {
            if (!finding.suppressed_by.empty()) continue;
            auto& highest = highest_[finding.rule];
            highest = std::max(highest, height(finding.indicator));
        }
    }
    bool has(std::uint16_t rule, Indicator least) const { return highest_[rule] >= height(least); }

private:
    static std::uint8_t height(Indicator indicator) {
        return static_cast<std::uint8_t>(static_cast<std::uint8_t>(indicator) + 1);
    }
    std::vector<std::uint8_t> highest_;  ///< by rule; 0: none
};

}  // namespace

std::vector<Finding> newly_raised(Knowledge const& knowledge, Chart const& chart, Region region,
                                  std::pmr::memory_resource* arena, Evaluation const& known,
                                  Indicator least, Audience const& audience) {
    Inquiry inquiry{knowledge, chart, region, arena, audience};
    std::vector<Finding> findings;
    std::vector<std::size_t> later;
    Carried const carried{knowledge, known};
    auto const is_new = [&](Finding const& finding) {
        return finding.suppressed_by.empty() && finding.indicator >= least &&
               !carried.has(finding.rule, finding.indicator);
    };
    for (std::size_t place = 0; place < inquiry.size(); ++place) {
        auto const* info = inquiry.runs(place);
        if (!info || !inquiry.shows(*info)) continue;
        auto const given = *std::max_element(info->indicators.begin(), info->indicators.end());
        auto const highest = info->weighed(given);
        if (std::max(given, highest) < least) continue;
        // A site's policy may have made less of a card that silences others all the same.
        if (highest < least || carried.has(inquiry.index_of(*info), highest)) {
            later.push_back(place);
            continue;
        }
        auto answer = inquiry.ask(place, *info);
        if (answer.truth == Truth::yes) findings.push_back(std::move(*answer.finding));
    }
    if (std::none_of(findings.begin(), findings.end(), is_new)) return {};
    // A card that is shown already may silence what seems to be new.
    for (auto const place : later) {
        auto answer = inquiry.ask(place, *inquiry.runs(place));
        if (answer.truth == Truth::yes) findings.push_back(std::move(*answer.finding));
    }
    std::vector<Finding> withheld;
    suppress(knowledge, findings, withheld);
    std::erase_if(findings, [&](Finding const& finding) { return !is_new(finding); });
    in_card_order(findings);
    return findings;
}

Evaluation evaluate(Knowledge const& knowledge, Chart const& chart, Region region,
                    std::pmr::memory_resource* arena, Audience const& audience, Trace* trace) {
    Evaluation evaluation;
    evaluation.findings.reserve(usual_findings);
    list_unidentified(chart, evaluation);
    Inquiry inquiry{knowledge, chart, region, arena, audience};
    inquiry.attach(trace);
    evaluation.quiet.reserve(inquiry.size());
    for (std::size_t place = 0; place < inquiry.size(); ++place) {
        auto const* info = inquiry.runs(place);
        if (!info) continue;
        auto const index = inquiry.index_of(*info);
        bool const shown = inquiry.shows(*info);
        auto answer = inquiry.ask(place, *info);
        switch (answer.truth) {
            case Truth::yes:
                (shown ? evaluation.findings : evaluation.withheld)
                    .push_back(std::move(*answer.finding));
                break;
            case Truth::no:
                evaluation.quiet.push_back(index);
                break;
            case Truth::unknown:
                if (!shown) break;
                evaluation.not_checked.push_back({index, answer.open, answer.reason, answer.detail,
                                                  triggering_order(chart, rule_list()[place])});
                break;
        }
    }
    suppress(knowledge, evaluation.findings, evaluation.withheld);
    in_card_order(evaluation.findings);
    return evaluation;
}

}  // namespace cds::rules
