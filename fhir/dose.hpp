#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "fhir/medication_row.hpp"

namespace cds::fhir {

/// Why a dose could not be worked out.
enum class DoseProblem : std::uint8_t {
    none,
    no_dose,
    no_schedule,
    no_strength,
    unknown_unit,
    several_lines,
    no_weight
};

/// A daily dose, worked out by catalogue 3.4. `mg_per_day` needs the weight when the order is in
/// mg/kg.
struct DailyDose {
    DoseProblem problem = DoseProblem::no_dose;
    Rational mg_per_day;
    std::optional<Rational>
        times_per_day;        ///< administrations a day; none when not stated or continuous
    bool continuous = false;  ///< an infusion stated as a rate
    bool as_needed = false;   ///< the most that the order allows
    bool capped = false;      ///< maxDosePerPeriod decided
    explicit operator bool() const { return problem == DoseProblem::none; }
};

/// Daily dose of one order on `day`. `kg` absent: an order in mg/kg cannot be worked out.
DailyDose daily_dose(MedicationRow const& row, Day day, std::optional<Rational> const& kg);

/// Sum over several orders of one drug (two strengths taken together): doses add, administrations
/// are the largest.
DailyDose daily_dose(std::vector<MedicationRow const*> const& rows, Day day,
                     std::optional<Rational> const& kg);

/// The dose of one administration and the days between two, for infusions and injections.
struct UnitDose {
    DoseProblem problem = DoseProblem::no_dose;
    Rational mg;                            ///< one administration
    std::optional<Rational> mg_per_kg;      ///< as ordered, when the order is in mg/kg
    std::optional<Rational> interval_days;  ///< none: single dose, event list or not stated
    explicit operator bool() const { return problem == DoseProblem::none; }
};
UnitDose unit_dose(MedicationRow const& row, Day day, std::optional<Rational> const& kg);

/// The dosages that count on `day`: concurrent ones, or the one in force; empty when it cannot be
/// told.
std::vector<Dosage const*> dosages_in_force(MedicationRow const& row, Day day);

}  // namespace cds::fhir
