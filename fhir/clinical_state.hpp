#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "fhir/chart.hpp"
#include "fhir/results.hpp"

// Facts about the patient that several rules ask for.

namespace cds::fhir {

/// Whether a condition or allergy counts: never when refuted or entered in error.
bool counts(Verification verification);
/// Confirmed, or nothing said.
bool is_confirmed(Verification verification);

/// Active conditions that state one of `diseases`, unconfirmed ones included (they count for
/// contraindications).
std::vector<ConditionRow const*> active_conditions(PatientRecord const& record,
                                                   DiseaseSet const& diseases);
/// The same whatever the clinicalStatus (history of malignancy).
std::vector<ConditionRow const*> recorded_conditions(PatientRecord const& record,
                                                     DiseaseSet const& diseases);

/// Active allergies and intolerances, confirmed or unconfirmed, to one of `allergens`.
std::vector<AllergyRow const*> active_allergies(PatientRecord const& record,
                                                AllergenSet const& allergens);

/// Active serious infections (catalogue `csa-contra-active-infection`): onset at most 90 d ago or
/// unknown; infections that run for months whatever their onset.
std::vector<ConditionRow const*> active_infections(Chart const& chart);

/// Pregnancy: an active Condition, or a positive test at most 30 d old.
struct Pregnancy {
    ConditionRow const* condition = nullptr;
    ResultRow const* test = nullptr;
    explicit operator bool() const { return condition || test; }
};
Pregnancy pregnancy(Chart const& chart);

/// Why methotrexate is contraindicated (catalogue 3.7.6); empty `why` means it is not.
struct MethotrexateBar {
    std::string_view why;    ///< our words: "methotrexate allergy", "pregnancy"
    std::string_view label;  ///< the chart's words
    explicit operator bool() const { return !why.empty(); }
};
/// `confirmed_only`: as an indication's condition. Otherwise also what is only suspected: bars a
/// prescription.
MethotrexateBar methotrexate_bar(Chart const& chart, Day day, bool confirmed_only);

/// An LTBI treatment row in force on `day` that began on or before it.
MedicationRow const* ltbi_treatment_in_force(Chart const& chart, Day day);

/// Whether a result is at most `days` old today.
bool within(ResultRow const& row, int days, Day today);
int age_days(ResultRow const& row, Day today);

/// Days on which a full blood count was done: a panel, or leukocytes, haemoglobin and platelets of
/// one day.
std::vector<Day> blood_count_days(PatientRecord const& record);
/// Days with a liver panel, a comprehensive metabolic panel, ALT or AST.
std::vector<Day> liver_test_days(PatientRecord const& record);
std::vector<Day> lipid_days(PatientRecord const& record);
std::vector<Day> urinalysis_days(PatientRecord const& record);
/// Days with a usable value, or with a metabolic panel without members (potassium, urea,
/// creatinine).
std::vector<Day> value_or_panel_days(PatientRecord const& record, Test test);
/// Newest of such days; none when empty.
std::optional<Day> newest(std::vector<Day> const& days);

}  // namespace cds::fhir
