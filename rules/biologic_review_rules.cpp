#include <algorithm>

#include "rules/biologic_rules.hpp"
#include "rules/monitoring_intervals.hpp"

// Reviews that are due while a biologic is given. Catalogue 4.B `oma-response-review`,
// `biologic-annual-review`.

namespace cds::rules {

std::optional<Day> newest_assessment(Scene& scene, Test test, std::optional<Service> service) {
    auto const& record = scene.record();
    std::optional<Day> newest;
    auto const take = [&](Date const& date) {
        if (!not_after_now(date, record.context)) return;
        if (!newest || date.first > *newest) newest = date.first;
    };
    for (auto const& row : record.results) {
        if (row.test == test && row.status == ResultStatus::usable && !row.data_absent)
            take(row.when);
    }
    if (!service) return newest;
    for (auto const& row : record.procedures) {
        if (row.completed && has(row.services, *service)) take(row.end ? row.end : row.start);
    }
    return newest;
}

Answer oma_response_review(Scene& scene) {
    auto const& chart = scene.chart();
    auto const* draft = chart.start_draft(omalizumab());
    if (!draft) return scene.no();
    if (scene.kind(*draft, omalizumab()) != DraftKind::continuation) return scene.no();
    auto const course = scene.therapy(omalizumab(), draft->start);
    if (!course) return scene.no();
    if (!course->start) return scene.unknown(Reason::date_imprecise, "start of omalizumab");
    auto const days = days_between(course->start.first, draft->start);
    if (days < scene.days("review_from_days")) return scene.no();
    scene.rests_on(Query::observations);
    auto const newest = newest_assessment(scene, Test::response_review, std::nullopt);
    if (newest && *newest > course->start.first) return scene.no();
    auto const late = days > scene.days("review_until_days");
    auto finding = scene.finding(late ? Indicator::warning : Indicator::info);
    scene.show(finding, "orders", *draft->row);
    finding.medications.push_back(draft->row);
    finding.facts.text("start", scene.day_text(course->start.first));
    finding.facts.text("days", scene.number_text(Rational{days}, 0));
    finding.facts.flag("late", late);
    if (newest) finding.facts.text("earlier_review", scene.day_text(*newest));
    finding.suggestions.push_back(task("assess-response"));
    return scene.yes_by_absence(std::move(finding), queries(Query::observations));
}

Answer biologic_annual_review(Scene& scene) {
    auto const& chart = scene.chart();
    for (auto const& drug : {infliximab(), omalizumab()}) {
        auto const* draft = chart.start_draft(drug);
        if (!draft) continue;
        auto const day = draft->start;
        auto const* on_infliximab = scene.in_use(infliximab(), day);
        auto const* on_omalizumab = scene.in_use(omalizumab(), day);
        if (!on_infliximab || !on_omalizumab) continue;
        if (scene.kind(*draft, drug) != DraftKind::continuation) continue;
        auto const first = scene.therapy(infliximab(), day);
        auto const second = scene.therapy(omalizumab(), day);
        if (!first || !second) continue;
        if (!first->start || !second->start)
            return scene.unknown(Reason::date_imprecise, "start of a biologic");
        auto const year = scene.days("course_days");
        auto const both_long = days_between(first->start.first, day) > year &&
                               days_between(second->start.first, day) > year;
        if (!both_long) continue;
        scene.rests_on(Query::observations, Query::procedures);
        auto const newest =
            newest_assessment(scene, Test::biologic_review, Service::biologic_review);
        if (newest && days_between(*newest, scene.today()) <= scene.days("review_days"))
            return scene.no();
        auto finding = scene.finding(Indicator::info);
        scene.show(finding, "agents", *on_infliximab->row, on_infliximab);
        scene.show(finding, "agents", *on_omalizumab->row, on_omalizumab);
        for (auto const* each : chart.start_drafts(infliximab() | omalizumab()))
            finding.medications.push_back(each->row);
        finding.facts.text("infliximab_start", scene.day_text(first->start.first));
        finding.facts.text("omalizumab_start", scene.day_text(second->start.first));
        if (newest) finding.facts.text("last_review", scene.day_text(*newest));
        finding.suggestions.push_back(task("joint-review"));
        return scene.yes_by_absence(std::move(finding),
                                    queries(Query::observations, Query::procedures));
    }
    return scene.no();
}

}  // namespace cds::rules
