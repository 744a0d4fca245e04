#include <algorithm>

#include "rules/current_therapies.hpp"
#include "rules/due_sheet.hpp"
#include "rules/monitoring_intervals.hpp"

// Monitoring of omalizumab that is given now, and of omalizumab with infliximab. Catalogue 4.B
// `oma-response-review`, `biologic-annual-review`.

namespace cds::rules {

namespace {

void check_response(Scene& scene, DueSheet& sheet, std::optional<Day> start) {
    auto const* rule = sheet.part("oma-response-review");
    if (!rule) return;
    if (!start) return sheet.unsure("start of omalizumab");
    scene.rests_on(Query::observations);
    auto const newest = newest_assessment(scene, Test::response_review, std::nullopt);
    if (newest && *newest > *start) return;
    Check check;
    check.name = "review of the response";
    check.last = newest;
    check.from = *start + std::chrono::days{rule->days("review_from_days")};
    check.until = *start + std::chrono::days{rule->days("review_until_days")};
    check.overdue = Indicator::warning;
    check.task = "assess-response";
    sheet.add(check);
}

void check_both_biologics(Scene& scene, DueSheet& sheet, std::optional<Day> start) {
    auto const* rule = sheet.part("biologic-annual-review");
    auto const today = scene.today();
    if (!rule || !scene.in_use(infliximab(), today)) return;
    auto const other = scene.therapy(infliximab(), today);
    if (!start || !other || !other->start) return sheet.unsure("start of a biologic");
    scene.rests_on(Query::observations, Query::procedures);
    auto const newest = newest_assessment(scene, Test::biologic_review, Service::biologic_review);
    auto const both = std::max(*start, other->start.first);
    auto due = both + std::chrono::days{rule->days("course_days")};
    if (newest) due = std::max(due, *newest + std::chrono::days{rule->days("review_days")});
    Check check;
    check.name = "annual review of omalizumab with infliximab";
    check.last = newest;
    check.from = check.until = due;
    check.overdue = Indicator::info;
    check.task = "joint-review";
    check.rests_on = queries(Query::observations, Query::procedures);
    sheet.add(check);
}

}  // namespace

Answer monitor_omalizumab(Scene& scene) {
    auto const today = scene.today();
    auto const* used = scene.in_use(omalizumab(), today);
    if (!used) return scene.no();
    auto const therapy = scene.therapy(omalizumab(), today);
    auto const start =
        therapy && therapy->start ? std::optional{therapy->start.first} : std::nullopt;
    DueSheet sheet{scene, omalizumab(), *used, start};
    check_response(scene, sheet, start);
    check_both_biologics(scene, sheet, start);
    return sheet.close();
}

}  // namespace cds::rules
