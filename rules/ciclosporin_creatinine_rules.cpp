#include <algorithm>

#include "rules/creatinine.hpp"
#include "rules/monitoring_rules.hpp"

// Creatinine above its baseline on ciclosporin. Catalogue 4.B.

namespace cds::rules {

namespace {

Indicator one_step_lower(Indicator indicator) {
    return indicator == Indicator::critical ? Indicator::warning : Indicator::info;
}

/// Whether the draft itself lowers the dose enough for its band: by 0.5 mg/kg/day, in the critical
/// band by a quarter.
bool already_reduced(Scene& scene, std::optional<Lowering> const& lowering, Indicator indicator) {
    if (!lowering) return false;
    if (indicator == Indicator::critical)
        return lowering->by_percent >= scene.threshold("reduced_percent");
    return lowering->by_mg_per_kg &&
           *lowering->by_mg_per_kg >= scene.threshold("reduced_mg_per_kg");
}

/// UPD(dose - step) with a repeat in two weeks; nothing when such an order cannot be written.
void offer_reduction(Scene& scene, Finding& finding, CiclosporinCourse const& course,
                     Rational const& step, std::string_view key, std::string_view mg_name,
                     std::string_view mg_per_kg_name) {
    auto const weight = scene.chart().weight();
    auto const dose = drafted_dose(scene, course);
    if (!weight || !dose) return;
    auto const change = lowered_to(scene, course, dose->mg_per_day - step * weight->kg);
    if (!change) return;
    finding.facts.text(mg_name, scene.number_text(change->mg_per_day, 0));
    finding.facts.text(mg_per_kg_name, scene.number_text(change->mg_per_kg, 1));
    Suggestion reduce;
    reduce.key = key;
    reduce.actions.push_back(change->action);
    reduce.actions.push_back(test_action("creatinine"));
    reduce.actions.back().occurrence = scene.today() + std::chrono::days{scene.days("repeat_days")};
    finding.suggestions.push_back(std::move(reduce));
}

Suggestion repeat_creatinine(Scene& scene) {
    auto repeat = order_tests("repeat-creatinine", {"creatinine"});
    repeat.actions.back().occurrence = scene.today() + std::chrono::days{scene.days("repeat_days")};
    return repeat;
}

void show_dose(Scene& scene, Finding& finding, CiclosporinCourse const& course) {
    auto const dose = drafted_dose(scene, course);
    if (!dose) return;
    finding.facts.text("mg_per_day", scene.number_text(dose->mg_per_day, 1));
    if (dose->mg_per_kg) finding.facts.text("mg_per_kg", scene.number_text(*dose->mg_per_kg, 1));
}

}  // namespace

Answer csa_creatinine_rise(Scene& scene) {
    auto const course = continued_ciclosporin(scene);
    if (!course) return scene.no();
    if (!course->start) return scene.no();  // no baseline: csa-baseline-incomplete says so
    auto const creatinine = creatinine_course(scene, *course->start, scene.days("baseline_days"));
    if (creatinine.on_treatment.empty()) return scene.no();
    auto const& current = *creatinine.on_treatment.front().row;
    if (!within(current, scene.days("current_days"), scene.today())) return scene.no();
    auto const percent = rise_percent(creatinine, current);
    if (!percent || *percent < scene.threshold("rise_percent")) return scene.no();

    auto indicator = Indicator::info;  // exactly the label's threshold (K6)
    if (*percent > scene.threshold("rise_percent")) indicator = Indicator::warning;
    if (*percent >= scene.threshold("critical_percent")) indicator = Indicator::critical;
    auto const at_limit = indicator == Indicator::info;
    auto const lowering = drafted_lowering(scene, *course);
    auto const reduced = already_reduced(scene, lowering, indicator);
    if (reduced) indicator = one_step_lower(indicator);

    auto finding = scene.finding(indicator, reduced ? "reduced" : at_limit ? "at-limit" : "");
    show_course(scene, finding, *course);
    show_rise(scene, finding, creatinine, current, *percent);
    show_dose(scene, finding, *course);
    auto const* other = creatinine.on_treatment.front().contradicted;
    if (other) scene.show(finding, "contradicted", *other);
    finding.facts.flag("reduced", reduced);
    finding.facts.flag("at_limit", at_limit);
    finding.facts.flag("high", *percent >= scene.threshold("critical_percent"));
    if (lowering) {
        finding.facts.text("former_mg_per_day", scene.number_text(lowering->from_mg, 1));
    }
    if (!reduced && !at_limit) {
        offer_reduction(scene, finding, *course, scene.threshold("smaller_step_mg_per_kg"),
                        "reduce-less", "less_mg_per_day", "less_mg_per_kg");
        offer_reduction(scene, finding, *course, scene.threshold("larger_step_mg_per_kg"),
                        "reduce-more", "more_mg_per_day", "more_mg_per_kg");
        if (finding.suggestions.empty()) finding.suggestions.push_back(task("reduce-by-hand"));
    }
    finding.suggestions.push_back(repeat_creatinine(scene));
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

Answer csa_creatinine_persistent_stop(Scene& scene) {
    auto const course = continued_ciclosporin(scene);
    if (!course) return scene.no();
    if (!course->start) return scene.no();  // no baseline: csa-baseline-incomplete says so
    auto const creatinine = creatinine_course(scene, *course->start, scene.days("baseline_days"));
    if (creatinine.on_treatment.empty()) return scene.no();
    auto const& newest = *creatinine.on_treatment.front().row;
    auto const limit = scene.threshold("rise_percent");
    auto const percent = rise_percent(creatinine, newest);
    if (!percent || !(*percent > limit)) return scene.no();

    // The oldest raised value on or before a reduction that has had its two weeks.
    for (auto const& reduction : standing_reductions(scene, *course->start, newest.when.first)) {
        if (days_between(reduction.day, newest.when.first) < scene.days("wait_days")) continue;
        auto const raised =
            std::find_if(creatinine.on_treatment.begin(), creatinine.on_treatment.end(),
                         [&](Reading const& reading) {
                             if (reading.day() > reduction.day) return false;
                             auto const rise = rise_percent(creatinine, *reading.row);
                             return rise && *rise > limit;
                         });
        if (raised == creatinine.on_treatment.end()) continue;
        auto finding = scene.finding(Indicator::critical);
        show_course(scene, finding, *course);
        show_rise(scene, finding, creatinine, newest, *percent);
        show_dose(scene, finding, *course);
        scene.show(finding, "before", *raised->row);
        finding.facts.text("before_percent",
                           scene.number_text(*rise_percent(creatinine, *raised->row), 1));
        finding.facts.text("reduced_on", scene.day_text(reduction.day));
        finding.facts.text("reduced_from", scene.number_text(reduction.from_mg, 1));
        finding.facts.text("reduced_to", scene.number_text(reduction.to_mg, 1));
        finding.suggestions.push_back(remove_draft(*course->draft, "remove-ciclosporin"));
        finding.suggestions.push_back(task("taper"));
        finding.selection = Selection::at_most_one;
        return scene.yes(std::move(finding));
    }
    return scene.no();
}

}  // namespace cds::rules
