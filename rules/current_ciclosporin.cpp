#include <algorithm>

#include "rules/creatinine.hpp"
#include "rules/current_therapies.hpp"
#include "rules/due_sheet.hpp"
#include "rules/monitoring_intervals.hpp"

// Monitoring of ciclosporin that is taken now. Catalogue 4.B; the thresholds are the rules'.

namespace cds::rules {

namespace {

struct Course {
    Use use;  ///< what it is for
    std::optional<Day> start;
    bool with_infliximab = false;
};

/// A dose that was lowered on the day of a value, or later, has answered it.
bool lowered_since(Scene& scene, Course const& course, Day day) {
    if (!course.start) return false;
    auto const steps = standing_reductions(scene, *course.start, scene.today());
    return std::any_of(steps.begin(), steps.end(),
                       [&](Reduction const& step) { return step.day >= day; });
}

void check_kidney_and_pressure(Scene& scene, DueSheet& sheet, Course const& course) {
    auto const* rule = sheet.part("csa-renal-bp-monitoring-overdue");
    if (!rule) return;
    auto const interval = renal_interval(*rule, course.start, scene.today());
    auto const& pressures = scene.pressures();
    auto creatinine = due_every(interval.days, "creatinine",
                                newest(scene.value_or_panel_days(Test::creatinine)), course.start);
    creatinine.tests =
        set_of(Test::creatinine, Test::metabolic_panel, Test::comprehensive_metabolic_panel);
    creatinine.orders = {"creatinine"};
    auto pressure = due_every(
        interval.days, "blood pressure",
        pressures.empty() ? std::nullopt : std::optional{pressures.front().day}, course.start);
    pressure.task = "measure-pressure";
    for (auto* check : {&creatinine, &pressure}) {
        check->overdue = Indicator::warning;
        sheet.add(*check);
        // Which interval holds cannot be told without a start.
        if (course.start || !check->last) continue;
        auto const age = days_between(*check->last, scene.today());
        if (age > rule->days("phase_1_days") && age <= interval.days)
            sheet.unsure("start of the ciclosporin therapy");
    }
}

void check_panel(Scene& scene, DueSheet& sheet, Course const& course) {
    auto const* rule = sheet.part("csa-monthly-labs-overdue");
    auto const* pair = course.with_infliximab ? sheet.part("ifx-csa-combination-labs") : nullptr;
    if (!rule && !pair) return;
    for (auto const& test : monthly_panel(scene)) {
        // With infliximab the blood count has a shorter interval, and to miss it is a warning.
        auto const* of_pair = !pair                 ? nullptr
                              : test.order == "cbc" ? "cbc_days"
                              : test.order == "lft" ? "lft_days"
                                                    : nullptr;
        if (!rule && !of_pair) continue;
        auto days = rule ? rule->days("interval_days") : pair->days(of_pair);
        if (of_pair) days = std::min(days, pair->days(of_pair));
        auto check = due_every(days, test.name, test.last, course.start);
        check.tests = test.tests;
        check.orders = {test.order};
        auto const age = check.until ? days_between(*check.until, scene.today()) + days : 0;
        auto const late = rule && check.until && age >= rule->days("warning_from_days");
        auto const late_for_pair = of_pair && (!check.until || age > pair->days(of_pair));
        check.overdue = late || late_for_pair ? Indicator::warning : Indicator::info;
        sheet.add(check);
    }
}

void check_length(Scene& scene, DueSheet& sheet, Course const& course) {
    auto const* rule = sheet.part("csa-duration-max-1y");
    if (!rule) return;
    if (!ciclosporin_for_skin_only(scene, course.use)) return;
    if (!course.start) return sheet.unsure("start of the ciclosporin therapy");
    auto const months = static_cast<int>(rule->threshold("max_months").approximate());
    Check limit;
    limit.name = "end of the longest course for eczema or psoriasis";
    limit.from = limit.until = base::add_months(*course.start, months);
    limit.overdue = Indicator::warning;
    limit.task = "taper";
    limit.is_limit = true;
    sheet.add(limit);
}

void look_at_creatinine(Scene& scene, DueSheet& sheet, Course const& course) {
    auto const* rule = sheet.part("csa-creatinine-rise");
    if (!rule || !course.start) return;
    auto const creatinine = creatinine_course(scene, *course.start, rule->days("baseline_days"));
    if (creatinine.on_treatment.empty()) return;
    auto const& row = *creatinine.on_treatment.front().row;
    if (!within(row, rule->days("current_days"), scene.today())) return;
    auto const percent = rise_percent(creatinine, row);
    auto const& limit = rule->threshold("rise_percent");
    if (!percent || *percent < limit || lowered_since(scene, course, row.when.first)) return;
    Unanswered result;
    result.name = scene.keep("creatinine " + percent->text(1) + "% above its baseline");
    result.value = scene.value_text(row);
    result.day = row.when.first;
    result.evidence = {"Observation", row.id, "value", result.value, row.when.text};
    result.indicator = *percent >= rule->threshold("critical_percent") ? Indicator::critical
                       : *percent > limit                              ? Indicator::warning
                                                                       : Indicator::info;
    result.indicator = rule->weighed(result.indicator);
    sheet.add(result);
}

/// Whether a calcium-channel blocker was started on that day or later.
bool treated_since(Scene& scene, Day day) {
    auto const drugs = set_of(Drug::dihydropyridine_ccb);
    auto const all = scene.chart().all_ongoing(drugs, scene.today());
    return std::any_of(all.begin(), all.end(), [&](Exposure const* exposure) {
        return exposure->start && exposure->start.first >= day;
    });
}

void look_at_pressure(Scene& scene, DueSheet& sheet, Course const& course) {
    auto const* rule = sheet.part("csa-bp-elevated-on-therapy");
    auto const& days = scene.pressures();
    if (!rule || days.empty()) return;
    auto const& newest = days.front();
    if (course.start && newest.day <= *course.start) return;  // before the therapy
    if (days_between(newest.day, scene.today()) > rule->days("newest_days")) return;
    auto const& systolic = rule->threshold("systolic");
    auto const& diastolic = rule->threshold("diastolic");
    if (newest.systolic < systolic && newest.diastolic < diastolic) return;
    if (!course.start) return sheet.unsure("start of the ciclosporin therapy");
    if (lowered_since(scene, course, newest.day) || treated_since(scene, newest.day)) return;
    auto const above = newest.systolic > systolic || newest.diastolic > diastolic;
    Unanswered result;
    result.name = above ? "raised blood pressure" : "blood pressure at its limit";
    result.value = scene.keep(newest.systolic.text(1) + "/" + newest.diastolic.text(1) + " mmHg");
    result.day = newest.day;
    if (!newest.readings.empty()) {
        auto const& reading = newest.readings.front();
        result.evidence = {"Observation", reading.systolic_row->id, "component", result.value,
                           reading.when.text};
    }
    result.indicator = rule->weighed(above ? Indicator::warning : Indicator::info);
    sheet.add(result);
}

void look_at_count(Scene& scene, DueSheet& sheet, Course const& course) {
    auto const* rule = course.with_infliximab ? sheet.part("ifx-csa-combination-labs") : nullptr;
    if (!rule) return;
    auto const low = low_count(scene, *rule);
    if (!low.row) return;
    Unanswered result;
    result.name =
        low.neutrophils ? "low neutrophils with infliximab" : "low leukocytes with infliximab";
    result.value = scene.value_text(*low.row);
    result.day = low.row->when.first;
    result.evidence = {"Observation", low.row->id, "value", result.value, low.row->when.text};
    result.indicator = rule->weighed(Indicator::warning);
    sheet.add(result);
}

}  // namespace

Answer monitor_ciclosporin(Scene& scene) {
    auto const today = scene.today();
    auto const* running = scene.ongoing(ciclosporin(), today);
    if (!running) return scene.no();
    Course course;
    course.use = ciclosporin_use_of_order(scene.chart(), today);
    // A transplant protocol governs its own monitoring (catalogue 3.7.5b).
    auto const for_transplant =
        course.use.stated ? has(course.use.diseases, Disease::transplant) : scene.transplant();
    if (for_transplant) return Answer{};
    auto const therapy = scene.therapy(ciclosporin(), today);
    // A month counts from its first day: the limits come due earlier (catalogue 3.1).
    if (therapy && therapy->start) course.start = therapy->start.first;
    course.with_infliximab = scene.chart().in_use(infliximab(), today) != nullptr;
    DueSheet sheet{scene, ciclosporin(), *running, course.start};
    look_at_creatinine(scene, sheet, course);
    look_at_pressure(scene, sheet, course);
    look_at_count(scene, sheet, course);
    check_kidney_and_pressure(scene, sheet, course);
    check_panel(scene, sheet, course);
    check_length(scene, sheet, course);
    return sheet.close();
}

}  // namespace cds::rules
