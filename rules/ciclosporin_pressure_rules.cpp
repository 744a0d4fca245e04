#include <algorithm>

#include "rules/ciclosporin_course.hpp"
#include "rules/monitoring_rules.hpp"

// Blood pressure on ciclosporin. Catalogue 4.B; limits K5.

namespace cds::rules {

namespace {

constexpr std::string_view no_start = "start of the ciclosporin therapy";

bool is_above(Scene& scene, DayPressure const& day) {
    return day.systolic > scene.threshold("systolic") ||
           day.diastolic > scene.threshold("diastolic");
}
/// Below both limits: exactly 140 or 90 is not controlled.
bool is_controlled(Scene& scene, DayPressure const& day) {
    return day.systolic < scene.threshold("systolic") &&
           day.diastolic < scene.threshold("diastolic");
}

/// Daily means dated after the day of the start, newest first: up to that day a reading is
/// baseline. All of them when the start is not known.
std::vector<DayPressure> on_therapy(Scene& scene, std::optional<Day> start) {
    auto days = scene.pressures();
    std::erase_if(days, [&](DayPressure const& day) { return start && day.day <= *start; });
    return days;
}

std::string_view pressure_text(Scene& scene, DayPressure const& day) {
    return scene.keep(day.systolic.text(1) + "/" + day.diastolic.text(1) + " mmHg");
}

void show_pressure(Scene& scene, Finding& finding, std::string_view name, DayPressure const& day) {
    finding.facts.text(name, pressure_text(scene, day));
    std::string dated{name};
    dated += "_date";
    finding.facts.text(scene.keep(dated), scene.day_text(day.day));
    for (auto const& reading : day.readings) {
        finding.evidence.push_back(
            {"Observation", reading.systolic_row->id, "component",
             pressure_text(scene, {day.day, reading.systolic, reading.diastolic, {}, false}),
             reading.when.text});
    }
}

bool on_calcium_channel_blocker(Scene& scene, Day day) {
    return static_cast<bool>(scene.chart().present(set_of(Drug::dihydropyridine_ccb), day));
}

}  // namespace

Answer csa_bp_elevated_on_therapy(Scene& scene) {
    auto const course = continued_ciclosporin(scene);
    if (!course) return scene.no();
    auto const days = on_therapy(scene, course->start);
    if (days.empty()) return scene.no();
    auto const& newest = days.front();
    if (days_between(newest.day, scene.today()) > scene.days("newest_days")) return scene.no();
    if (is_controlled(scene, newest)) return scene.no();
    if (!course->start) return scene.unknown(Reason::date_imprecise, no_start);

    auto const above = is_above(scene, newest);
    auto const lowering = drafted_lowering(scene, *course);
    auto const treated = scene.chart().start_draft(set_of(Drug::dihydropyridine_ccb)) != nullptr;
    auto const acted_on = lowering || treated;
    auto const indicator = above && !acted_on ? Indicator::warning : Indicator::info;
    auto finding = scene.finding(indicator, above ? "" : "at-limit");
    show_course(scene, finding, *course);
    show_pressure(scene, finding, "pressure", newest);
    finding.facts.text("readings",
                       scene.number_text(static_cast<long long>(newest.readings.size()), 0));
    finding.facts.flag("mean", newest.readings.size() > 1);
    finding.facts.flag("contradictory", newest.contradictory);
    finding.facts.flag("lowered", lowering.has_value());
    finding.facts.flag("treated", treated);
    auto const age = scene.chart().age_years();
    finding.facts.flag("child", age && *age < 18);

    if (!on_calcium_channel_blocker(scene, course->day)) {
        Suggestion prescribe;
        prescribe.key = "prescribe-amlodipine";
        prescribe.actions.push_back(prescribe_action("amlodipine"));
        finding.suggestions.push_back(std::move(prescribe));
    }
    if (auto const dose = drafted_dose(scene, *course); dose && !lowering) {
        auto const kept = Rational{100} - scene.threshold("reduction_percent");
        if (auto const change =
                lowered_to(scene, *course, dose->mg_per_day * kept / Rational{100})) {
            finding.facts.text("new_mg_per_day", scene.number_text(change->mg_per_day, 0));
            finding.facts.text("new_mg_per_kg", scene.number_text(change->mg_per_kg, 1));
            Suggestion reduce;
            reduce.key = "reduce-dose";
            reduce.actions.push_back(change->action);
            finding.suggestions.push_back(std::move(reduce));
        }
    }
    if (finding.suggestions.empty()) finding.suggestions.push_back(task("repeat-pressure"));
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

Answer csa_bp_persistent_stop(Scene& scene) {
    auto const course = continued_ciclosporin(scene);
    if (!course) return scene.no();
    auto const days = on_therapy(scene, course->start);
    if (days.empty()) return scene.no();
    auto const& newest = days.front();
    if (days_between(newest.day, scene.today()) > scene.days("newest_days")) return scene.no();
    if (is_controlled(scene, newest)) return scene.no();
    if (!course->start) return scene.unknown(Reason::date_imprecise, no_start);

    // Back from the newest day to the last controlled one: the oldest raised day of that stretch is
    // the first.
    DayPressure const* first = nullptr;
    for (auto const& day : days) {
        if (is_controlled(scene, day)) break;
        if (is_above(scene, day)) first = &day;
    }
    if (!first) return scene.no();
    std::vector<Reduction> since;
    for (auto const& reduction : standing_reductions(scene, *course->start, newest.day)) {
        if (reduction.day >= first->day) since.push_back(reduction);
    }
    auto const needed = static_cast<std::size_t>(scene.threshold("reductions").approximate());
    if (since.size() < needed || newest.day < since[needed - 1].day) return scene.no();

    auto finding = scene.finding(Indicator::critical);
    show_course(scene, finding, *course);
    show_pressure(scene, finding, "pressure", newest);
    show_pressure(scene, finding, "raised", *first);
    for (auto const& reduction : since) {
        auto& item = finding.facts.item("reductions");
        item.text("date", scene.day_text(reduction.day));
        item.text("from_mg", scene.number_text(reduction.from_mg, 1));
        item.text("to_mg", scene.number_text(reduction.to_mg, 1));
    }
    auto const treated = on_calcium_channel_blocker(scene, course->day);
    finding.facts.flag("treated", treated);
    finding.suggestions.push_back(remove_draft(*course->draft, "remove-ciclosporin"));
    if (treated) {
        finding.suggestions.push_back(task("second-antihypertensive"));
    } else {
        Suggestion prescribe;
        prescribe.key = "prescribe-amlodipine";
        prescribe.actions.push_back(prescribe_action("amlodipine"));
        finding.suggestions.push_back(std::move(prescribe));
    }
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

}  // namespace cds::rules
