#pragma once
#include "rules/scene.hpp"

// One continuous ciclosporin therapy: its start, its doses as ordered, and what the draft changes.

namespace cds::rules {

/// A drafted continuation of ciclosporin that the monitoring rules judge.
struct CiclosporinCourse {
    Draft const* draft = nullptr;
    Day day{};  ///< D(draft)
    std::optional<Day>
        start;  ///< of the current continuous therapy; none: not known to the day or month
};

/// The drafted continuation; none when ciclosporin is not drafted, is started or resumed, when the
/// orders that would tell could not be had, or when a transplant protocol governs
/// (catalogue 3.7.5b).
std::optional<CiclosporinCourse> continued_ciclosporin(Scene& scene);

/// The daily dose that the stored orders gave from a day on.
struct DoseStep {
    Day from{};
    Rational mg_per_day;
};
/// Steps from `start` up to `until`, oldest first; orders that begin on one day are added up, a
/// dose that cannot be read makes no step. The draft is none of them.
std::vector<DoseStep> dose_steps(Scene const& scene, Day start, Day until);

/// A stored order with a lower daily dose than the one before it.
struct Reduction {
    Day day{};
    Rational from_mg, to_mg;
};
/// Reductions of the course that still hold on `newest`, oldest first: not those after which the
/// dose was raised back to or above the former one before that day (catalogue
/// `csa-creatinine-persistent-stop`).
std::vector<Reduction> standing_reductions(Scene const& scene, Day start, Day newest);

/// What the drafted dose takes off the dose in force; none when it does not lower it or cannot be
/// compared.
struct Lowering {
    Rational from_mg, to_mg;
    std::optional<Rational>
        by_mg_per_kg;     ///< rounded half up to one decimal; none without a weight
    Rational by_percent;  ///< of the dose in force, not rounded
};
std::optional<Lowering> drafted_lowering(Scene const& scene, CiclosporinCourse const& course);

/// The drafted dose in mg a day and, with a weight, in mg/kg/day; none when it cannot be read.
struct DraftedDose {
    Rational mg_per_day;
    std::optional<Rational> mg_per_kg;  ///< rounded half up to one decimal
};
std::optional<DraftedDose> drafted_dose(Scene const& scene, CiclosporinCourse const& course);

/// A change of the draft to a dose at or below `target_mg_per_day`, in 25 mg steps for each
/// administration (catalogue section 7). None when dose or weight cannot be verified, when the
/// draft has several lines, is infused or is one of two strengths, or when the result would be 0 or
/// below the range for eczema.
struct DoseChange {
    Action action;
    Rational mg_per_day, mg_per_kg;
};
std::optional<DoseChange> lowered_to(Scene const& scene, CiclosporinCourse const& course,
                                     Rational const& target_mg_per_day);

/// A result as an item of list `list`: `value`, `date`; and as evidence.
void list_result(Scene const& scene, Finding& finding, std::string_view list, ResultRow const& row);

/// `since` and `course_days` of the course, the draft as the card's medication, and the `orders`
/// list.
void show_course(Scene const& scene, Finding& finding, CiclosporinCourse const& course);

}  // namespace cds::rules
