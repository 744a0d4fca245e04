#include <algorithm>

#include "rules/infliximab_escalation.hpp"
#include "rules/monitoring_intervals.hpp"
#include "rules/monitoring_rules.hpp"

// Infliximab levels and antibodies after a thiopurine was stopped, and before a dose is raised.
// Catalogue 4.B.

namespace cds::rules {

namespace {

/// Infliximab alone, after a thiopurine that it was combined with.
struct AfterWithdrawal {
    Draft const* draft = nullptr;
    LastExposure stop;
};

bool covers(Exposure const& exposure, Day day, Day today) {
    if (exposure.start && exposure.start.first > day) return false;
    auto const end = exposure.end_at(day, today);
    return !end || *end >= day;
}

/// Whether infliximab was in use on a past day (catalogue 3.3): a row runs over it, or the last
/// infusion before it is at most 90 days old and nothing stopped the therapy in between.
bool infliximab_in_use_on(Chart const& chart, Day day) {
    auto const infusion = [](Exposure const& exposure) {
        return exposure.source() == MedicationSource::administration ||
               exposure.source() == MedicationSource::dispense;
    };
    std::optional<Day> last;
    for (auto const& exposure : chart.exposures()) {
        if (!has(exposure.row->drugs, Drug::infliximab)) continue;
        if (covers(exposure, day, chart.today())) return true;
        if (infusion(exposure) && exposure.ended && *exposure.ended <= day &&
            (!last || *exposure.ended > *last)) {
            last = exposure.ended;
        }
    }
    if (!last || days_between(*last, day) > chain_gap_days(infliximab())) return false;
    auto const& all = chart.exposures();
    return std::none_of(all.begin(), all.end(), [&](Exposure const& exposure) {
        if (!has(exposure.row->drugs, Drug::infliximab) || infusion(exposure) || !exposure.stopped)
            return false;
        auto const end = exposure.end_at(day, chart.today());
        return end && *end >= *last && *end <= day;
    });
}

}  // namespace

std::optional<LastExposure> stopped_thiopurine(Scene& scene, Day day, RuleInfo const& rule) {
    auto const& chart = scene.chart();
    if (chart.present(thiopurines() | methotrexate(), day)) return std::nullopt;
    auto const stop = scene.last_exposure(thiopurines(), day);
    if (!stop) return std::nullopt;
    auto const months = static_cast<int>(rule.threshold("watch_months").approximate());
    if (scene.today() > base::add_months(stop->day, months)) return std::nullopt;
    if (!infliximab_in_use_on(chart, stop->day)) return std::nullopt;
    return stop;
}

namespace {

std::optional<AfterWithdrawal> after_withdrawal(Scene& scene) {
    auto const& chart = scene.chart();
    auto const* draft = chart.start_draft(infliximab());
    if (!draft) return std::nullopt;
    if (scene.kind(*draft, infliximab()) != DraftKind::continuation) return std::nullopt;
    auto const stop = stopped_thiopurine(scene, draft->start, scene.rule());
    if (!stop) return std::nullopt;
    return AfterWithdrawal{draft, *stop};
}

void show_stop(Scene& scene, Finding& finding, AfterWithdrawal const& after) {
    scene.show(finding, "orders", *after.draft->row);
    finding.medications.push_back(after.draft->row);
    finding.facts.text("thiopurine", scene.drug_name(*after.stop.exposure->row, thiopurines()));
    finding.facts.text("stop", scene.day_text(after.stop.day));
    finding.facts.flag("estimated", after.stop.estimated);
    finding.facts.flag("on_hold", after.stop.on_hold);
    scene.show(finding, "stopped", *after.stop.exposure->row, after.stop.exposure);
}

bool is_clear(ResultRow const& row) {
    return row.outcome == Outcome::positive || row.outcome == Outcome::negative;
}

}  // namespace

ResultRow const* clear_antibody(Scene& scene) {
    for (auto const& reading : scene.results(set_of(Test::infliximab_antibody))) {
        if (is_clear(*reading.row)) return reading.row;
    }
    return nullptr;
}

Answer aza_post_withdrawal_tdm_due(Scene& scene) {
    auto const after = after_withdrawal(scene);
    if (!after) return scene.no();
    auto const stop = after->stop.day;
    auto const due =
        base::add_months(stop, static_cast<int>(scene.threshold("due_months").approximate()));
    auto const late =
        base::add_months(stop, static_cast<int>(scene.threshold("late_months").approximate()));
    if (scene.today() < due) return scene.no();
    auto const from = due - std::chrono::days{scene.days("early_days")};
    auto const trough = scene.newest(set_of(Test::infliximab_level));
    auto const* antibody = clear_antibody(scene);
    auto const has_trough = trough && trough->day() >= from;
    auto const has_antibody = antibody && antibody->when.first >= from;
    if (has_trough && has_antibody) return scene.no();

    auto finding = scene.finding(scene.today() > late ? Indicator::warning : Indicator::info);
    show_stop(scene, finding, *after);
    finding.facts.text("due", scene.day_text(due));
    finding.facts.text("late", scene.day_text(late));
    if (trough) scene.show(finding, "trough", *trough->row);
    if (antibody) scene.show(finding, "antibody", *antibody);
    finding.facts.flag("trough_due", !has_trough);
    finding.facts.flag("antibody_due", !has_antibody);
    finding.suggestions.push_back(
        order_tests("order-tdm", {"infliximab-level", "infliximab-antibody"}));
    return scene.yes_by_absence(std::move(finding),
                                queries(Query::observations) | medication_queries());
}

FallingTrough falling_trough(Scene& scene, Day stop, RuleInfo const& rule) {
    auto const months = static_cast<int>(rule.threshold("before_months").approximate());
    FallingTrough found;
    for (auto const& reading : scene.results(set_of(Test::infliximab_level))) {
        if (!reading.row->value) continue;
        if (reading.day() > stop) {
            if (!found.now) found.now = reading.row;
        } else if (!found.before && base::add_months(reading.day(), months) >= stop) {
            found.before = reading.row;
        }
    }
    if (!found) return {};
    auto const low = is_at_most(*found.now, rule.threshold("trough_at_most")) == Meets::yes;
    // An upper bound before the stop leaves open whether the level fell.
    auto const known = found.before->comparator != Comparator::less &&
                       found.before->comparator != Comparator::less_equal;
    auto const fell = known && is_below(*found.now, *found.before->value) == Meets::yes;
    return low && fell ? found : FallingTrough{};
}

namespace {

Suggestion prescribe(std::string_view key, std::string_view order) {
    Suggestion suggestion;
    suggestion.key = key;
    suggestion.actions.push_back(prescribe_action(order));
    return suggestion;
}

}  // namespace

Answer aza_post_withdrawal_immunogenicity(Scene& scene) {
    auto const after = after_withdrawal(scene);
    if (!after) return scene.no();
    auto const stop = after->stop.day;
    auto const antibody = scene.newest(set_of(Test::infliximab_antibody));
    auto const detected =
        antibody && antibody->day() > stop && antibody->row->outcome == Outcome::positive;
    auto const trough = falling_trough(scene, stop, scene.rule());
    if (!detected && !trough) return scene.no();

    auto const escalation = infliximab_escalation(scene, *after->draft);
    auto finding = scene.finding(escalation ? Indicator::warning : Indicator::info);
    show_stop(scene, finding, *after);
    finding.facts.flag("detected", detected);
    if (detected) scene.show(finding, "antibody", *antibody->row);
    if (trough) {
        scene.show(finding, "trough", *trough.now);
        scene.show(finding, "trough_before", *trough.before);
    }
    finding.facts.flag("escalated", static_cast<bool>(escalation));
    finding.suggestions.push_back(prescribe("restart-azathioprine", "azathioprine"));
    finding.suggestions.push_back(prescribe("add-methotrexate", "methotrexate"));
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

Answer ifx_loss_of_response_tdm(Scene& scene) {
    auto const* draft = scene.chart().start_draft(infliximab());
    if (!draft) return scene.no();
    if (scene.kind(*draft, infliximab()) != DraftKind::continuation) return scene.no();
    if (!scene.in_use(infliximab(), draft->start)) return scene.no();
    auto const days = scene.days("recent_days");
    ConditionRow const* loss = nullptr;
    for (auto const* row : scene.recorded(set_of(Disease::infliximab_loss_of_response))) {
        if (row->onset && days_between(row->onset.first, scene.today()) <= days) loss = row;
    }
    auto const escalation = infliximab_escalation(scene, *draft);
    if (!escalation && !loss) return scene.no();
    auto const trough = scene.newest(set_of(Test::infliximab_level));
    auto const* antibody = clear_antibody(scene);
    auto const recent = [&](ResultRow const* row) {
        return row && within(*row, days, scene.today());
    };
    if (recent(trough ? trough->row : nullptr) && recent(antibody)) return scene.no();

    auto finding = scene.finding(Indicator::info);
    scene.show(finding, "orders", *draft->row);
    finding.medications.push_back(draft->row);
    finding.facts.flag("dose_raised", escalation.dose);
    finding.facts.flag("interval_shortened", escalation.interval);
    if (escalation) scene.show(finding, "former", *escalation.stored);
    if (loss) scene.show(finding, "loss", *loss);
    if (trough) scene.show(finding, "trough", *trough->row);
    if (antibody) scene.show(finding, "antibody", *antibody);
    finding.suggestions.push_back(
        order_tests("order-tdm", {"infliximab-level", "infliximab-antibody"}));
    return scene.yes_by_absence(std::move(finding), queries(Query::observations));
}

}  // namespace cds::rules
