#include "rules/current_therapies.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "rules/rules.hpp"
#include "rules/trace.hpp"

namespace cds::rules {

std::span<CurrentTherapy const> current_therapies() {
    static constexpr std::array all{
        CurrentTherapy{"monitoring-infliximab", monitor_infliximab},
        CurrentTherapy{"monitoring-ciclosporin", monitor_ciclosporin},
        CurrentTherapy{"monitoring-thiopurine", monitor_thiopurine},
        CurrentTherapy{"monitoring-omalizumab", monitor_omalizumab},
    };
    return all;
}

namespace {

/// Asks one therapy after the other, as evaluate() asks the rules.
class Round {
public:
    Round(Scene& scene, Trace* trace, Evaluation& evaluation)
        : scene_{scene}, trace_{trace}, evaluation_{evaluation} {}

    void ask(std::string_view id, Answer (*function)(Scene&)) {
        auto const& knowledge = scene_.knowledge();
        auto const* info = knowledge.find(id);
        if (!info || !info->enabled) return;
        auto const index = static_cast<std::uint16_t>(info - knowledge.rules().data());
        scene_.begin(index);
        auto answer = answer_of(function);
        if (trace_) trace_->end(scene_.touched());
        bool const shown = scene_.shows(*info);
        if (answer.finding) {
            answer.finding->indicator = info->weighed(answer.finding->indicator);
            (shown ? evaluation_.findings : evaluation_.withheld)
                .push_back(std::move(*answer.finding));
        } else if (answer.truth == Truth::no) {
            evaluation_.quiet.push_back(index);
        }
        bool const in_doubt =
            answer.truth == Truth::unknown || answer.open.any() || answer.reason != Reason::none;
        if (shown && in_doubt)
            evaluation_.not_checked.push_back(
                {index, answer.open, answer.reason, answer.detail, {}});
    }

private:
    /// A therapy whose function throws is listed as not checked and never stops others.
    Answer answer_of(Answer (*function)(Scene&)) {
        try {
            return function(scene_);
        } catch (std::exception const&) {
            Answer failed;
            failed.truth = Truth::unknown;
            failed.reason = Reason::internal;
            return failed;
        }
    }

    Scene& scene_;
    Trace* trace_;
    Evaluation& evaluation_;
};

/// Whether all that could not be told is that the client leaves out a kind of medication data, as
/// it does for everybody, and the orders are there and hold nothing that is watched. To say so each
/// time a chart is opened would teach people to look past the card
/// (docs/decisions/210-hooks-and-services.md).
bool is_standing_gap(PatientRecord const& record, Evaluation const& evaluation) {
    if (!evaluation.findings.empty() || !evaluation.withheld.empty()) return false;
    if (record.queries[Query::medications] != Reason::none) return false;
    for (auto const query : {Query::statements, Query::administrations, Query::dispenses}) {
        auto const reason = record.queries[query];
        if (reason != Reason::none && reason != Reason::not_supplied) return false;
    }
    auto const other_gap = [](NotChecked const& check) {
        return check.reason != Reason::none || (check.open & ~medication_queries()).any();
    };
    auto const watched = infliximab() | ciclosporin() | thiopurines() | omalizumab();
    auto const matters = [&](MedicationRow const& row) {
        return !row.identified || (row.drugs & watched).any();
    };
    auto const& checks = evaluation.not_checked;
    auto const& rows = record.medications;
    return std::none_of(checks.begin(), checks.end(), other_gap) &&
           std::none_of(rows.begin(), rows.end(), matters);
}

}  // namespace

Evaluation monitor(Knowledge const& knowledge, Chart const& chart, Region region,
                   std::pmr::memory_resource* arena, Audience const& audience, Trace* trace) {
    Evaluation evaluation;
    Scene scene{chart, knowledge, region, arena, audience};
    scene.attach(trace);
    Round round{scene, trace, evaluation};
    for (auto const& therapy : current_therapies()) round.ask(therapy.id, therapy.monitor);
    // Last: the therapies have said which results they needed.
    round.ask("data-quality-unusable", data_quality_unusable);
    if (is_standing_gap(chart.record(), evaluation))
        evaluation.unsaid = std::exchange(evaluation.not_checked, {});
    std::stable_sort(evaluation.findings.begin(), evaluation.findings.end(),
                     [](Finding const& a, Finding const& b) {
                         if (a.indicator != b.indicator) return a.indicator > b.indicator;
                         return a.rule < b.rule;
                     });
    return evaluation;
}

}  // namespace cds::rules
