#include "rules/ciclosporin_course.hpp"
#include "rules/monitoring_intervals.hpp"
#include "rules/monitoring_rules.hpp"
#include "rules/pair.hpp"
#include "rules/test_age.hpp"

// Tests that are due on ciclosporin. Catalogue 4.B.

namespace cds::rules {

namespace {

/// The therapy that is watched: a ciclosporin renewal, or ciclosporin that runs while infliximab is
/// ordered (S0 L75).
struct Watched {
    Draft const* draft = nullptr;
    Day day{};
    std::optional<Day> start;
};

std::optional<Watched> watched_ciclosporin(Scene& scene) {
    if (auto const course = continued_ciclosporin(scene))
        return Watched{course->draft, course->day, course->start};
    auto const* draft = scene.chart().start_draft(infliximab());
    if (!draft || scene.transplant()) return std::nullopt;
    if (!scene.ongoing(ciclosporin(), draft->start)) return std::nullopt;
    Watched watched{draft, draft->start, std::nullopt};
    auto const therapy = scene.therapy(ciclosporin(), draft->start);
    if (therapy && therapy->start) watched.start = therapy->start.first;
    return watched;
}

void show_watched(Scene& scene, Finding& finding, Watched const& watched) {
    scene.show(finding, "orders", *watched.draft->row);
    finding.medications.push_back(watched.draft->row);
    if (!watched.start) return;
    finding.facts.text("course_start", scene.day_text(*watched.start));
    finding.facts.text("course_days",
                       scene.number_text(days_between(*watched.start, watched.day), 0));
}

}  // namespace

Answer csa_renal_bp_monitoring_overdue(Scene& scene) {
    auto const watched = watched_ciclosporin(scene);
    if (!watched) return scene.no();
    auto const [limit, phase_1] = renal_interval(scene.rule(), watched->start, watched->day);

    auto const last_creatinine = newest(scene.value_or_panel_days(Test::creatinine));
    auto const& pressures = scene.pressures();
    auto const last_pressure =
        pressures.empty() ? std::nullopt : std::optional{pressures.front().day};
    auto const creatinine = test_age(last_creatinine, watched->start, scene.today());
    auto const pressure = test_age(last_pressure, watched->start, scene.today());
    if (!creatinine.over(limit) && !pressure.over(limit)) {
        // Which interval holds cannot be told without a start.
        auto const strict = scene.days("phase_1_days");
        auto const open = !watched->start && (creatinine.over(strict) || pressure.over(strict));
        return open ? scene.unknown(Reason::date_imprecise, "start of the ciclosporin therapy")
                    : scene.no();
    }

    auto finding = scene.finding(Indicator::warning);
    show_watched(scene, finding, *watched);
    show_test_age(scene, finding, "creatinine", creatinine, limit);
    show_test_age(scene, finding, "blood pressure", pressure, limit);
    finding.facts.flag("phase_1", phase_1);
    finding.facts.text("interval", scene.number_text(limit, 0));
    finding.facts.flag("creatinine_due", creatinine.over(limit));
    finding.facts.flag("pressure_due", pressure.over(limit));
    if (creatinine.over(limit))
        finding.suggestions.push_back(order_tests("order-creatinine", {"creatinine"}));
    if (pressure.over(limit)) finding.suggestions.push_back(task("measure-pressure"));
    return scene.yes_by_absence(std::move(finding), queries(Query::observations));
}

namespace {

/// The pair card of this bundle suggests a shared test itself (K20): a blood count that is due here
/// is due there too, liver tests only after its own, longer interval.
bool pair_card_suggests(Scene& scene, PanelTest const& test) {
    if (!scene.pair().concurrent()) return false;
    if (test.order == "cbc") return true;
    if (test.order != "lft") return false;
    return !test.last || days_between(*test.last, scene.today()) > scene.days("pair_lft_days");
}

}  // namespace

Answer csa_monthly_labs_overdue(Scene& scene) {
    auto const course = continued_ciclosporin(scene);
    if (!course) return scene.no();
    auto const tests = monthly_panel(scene);
    auto const limit = scene.days("interval_days");
    auto const long_ago = scene.days("warning_from_days");
    auto indicator = Indicator::info;
    auto any = false;
    for (auto const& test : tests) {
        auto const age = test_age(test.last, course->start, scene.today());
        if (!age.over(limit)) continue;
        any = true;
        if (age.days && *age.days >= long_ago) indicator = Indicator::warning;
    }
    if (!any) return scene.no();

    auto finding = scene.finding(indicator);
    show_course(scene, finding, *course);
    Suggestion order;
    order.key = "order-tests";
    for (auto const& test : tests) {
        auto const age = test_age(test.last, course->start, scene.today());
        show_test_age(scene, finding, test.name, age, limit);
        if (!age.over(limit)) continue;
        if (pair_card_suggests(scene, test)) {
            finding.facts.flag("pair_suggests", true);
        } else {
            order.actions.push_back(test_action(test.order));
        }
    }
    if (!order.actions.empty()) finding.suggestions.push_back(std::move(order));
    return scene.yes_by_absence(std::move(finding), queries(Query::observations));
}

}  // namespace cds::rules
