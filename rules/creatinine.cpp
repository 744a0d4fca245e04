#include "rules/creatinine.hpp"

namespace cds::rules {

namespace {

bool is_lower_bound(ResultRow const& row) {
    return row.comparator == Comparator::greater || row.comparator == Comparator::greater_equal;
}
bool is_upper_bound(ResultRow const& row) {
    return row.comparator == Comparator::less || row.comparator == Comparator::less_equal;
}

}  // namespace

CreatinineCourse creatinine_course(Scene& scene, Day start, int days) {
    CreatinineCourse course;
    for (auto const& reading : scene.results(set_of(Test::creatinine))) {
        if (!reading.row->value) continue;
        auto const before = days_between(reading.day(), start);
        if (before < 0) {
            course.on_treatment.push_back(reading);
        } else if (before <= days && course.baseline.size() < 2) {
            course.baseline.push_back(reading);
        }
    }
    if (course.baseline.empty()) return course;
    Rational sum;
    for (auto const& reading : course.baseline) sum = sum + *reading.row->value;
    course.baseline_umol_per_l = sum / Rational{static_cast<long long>(course.baseline.size())};
    return course;
}

std::optional<Rational> rise_percent(CreatinineCourse const& course, ResultRow const& current) {
    if (!course.baseline_umol_per_l || !current.value || is_upper_bound(current))
        return std::nullopt;
    for (auto const& reading : course.baseline) {
        if (is_lower_bound(*reading.row)) return std::nullopt;
    }
    auto const& base = *course.baseline_umol_per_l;
    return ((*current.value - base) / base * Rational{100}).rounded(1);
}

void show_rise(Scene const& scene, Finding& finding, CreatinineCourse const& course,
               ResultRow const& current, Rational const& percent) {
    scene.show(finding, "current", current);
    for (auto const& reading : course.baseline)
        list_result(scene, finding, "baselines", *reading.row);
    finding.facts.text("baseline", scene.number_text(*course.baseline_umol_per_l, 1));
    finding.facts.flag("mean", course.baseline.size() > 1);
    finding.facts.text("percent", scene.number_text(percent, 1));
}

}  // namespace cds::rules
