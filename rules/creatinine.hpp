#pragma once
#include "rules/ciclosporin_course.hpp"

// Creatinine before and during one course of ciclosporin. Source: catalogue `csa-creatinine-rise`.

namespace cds::rules {

struct CreatinineCourse {
    std::vector<Reading>
        baseline;  ///< the one or two values that the baseline is the mean of, newest first
    std::vector<Reading> on_treatment;  ///< dated after the day of the start, newest first
    std::optional<Rational> baseline_umol_per_l;  ///< mean, not rounded; none without a baseline
};

/// Baseline: the two latest usable values at most `days` days before the start, the day of the
/// start included.
CreatinineCourse creatinine_course(Scene& scene, Day start, int days);

/// Rise of `current` above the baseline in percent, rounded half up to one decimal. With a
/// comparator it is the least that the values allow; none when they allow any, or without a
/// baseline.
std::optional<Rational> rise_percent(CreatinineCourse const& course, ResultRow const& current);

/// `baseline` (mean), `baselines` (list), `current`, `current_date`, `percent`.
void show_rise(Scene const& scene, Finding& finding, CreatinineCourse const& course,
               ResultRow const& current, Rational const& percent);

}  // namespace cds::rules
