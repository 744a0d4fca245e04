#pragma once
#include <string>
#include <vector>

#include "tests/acceptance/case_runner.hpp"

// A small builder of patients for boundary tests: says a chart in a few words, fires it, gives the
// answer. The clock is 2026-03-10T09:00:00Z; days are counted from it ("-5" is 2026-03-05).

namespace cds::acceptance {

/// "2026-03-10" plus `days`.
std::string day(int days);
/// "MedicationRequest" -> one entry of a Bundle.
class Patient {
public:
    Patient(std::string sex = "male", std::string birth = "1981-01-15");

    // --- drafts
    /// A drafted order by RxNorm code and text; `extra` is more JSON members
    /// (",\"priorPrescription\":{...}").
    Patient& draft(std::string const& id, std::string const& rxnorm, std::string const& text,
                   std::string const& extra = "");
    /// A stop order without id of its own.
    Patient& stop(std::string const& id, std::string const& rxnorm, std::string const& text,
                  std::string const& extra = "");
    Patient& draft_service(std::string const& id, std::string const& code_json,
                           std::string const& extra = "");
    Patient& draft_json(std::string const& resource);

    // --- chart
    /// An active order since `days`.
    Patient& order(std::string const& id, std::string const& rxnorm, std::string const& text,
                   int days, std::string const& extra = "", std::string const& status = "active");
    Patient& given(std::string const& rxnorm, std::string const& text, int days,
                   std::string const& status = "completed");
    Patient& condition(std::string const& icd10, std::string const& text, int days,
                       std::string const& extra = "");
    Patient& allergy(std::string const& text, std::string const& extra = "");
    /// A final quantity: LOINC, value text, UCUM unit ("" leaves the unit out), days.
    Patient& lab(std::string const& loinc, std::string const& value, std::string const& unit,
                 int days, std::string const& extra = "", std::string const& status = "final");
    /// A result by other JSON: `value` is e.g. `"valueString":"positive"`.
    Patient& result(std::string const& loinc, std::string const& text, std::string const& value,
                    int days);
    Patient& pressure(std::string const& systolic, std::string const& diastolic, int days);
    Patient& procedure(std::string const& code_json, int days,
                       std::string const& status = "completed");
    Patient& weight(std::string const& kg, int days) { return lab("29463-7", kg, "kg", days); }
    Patient& encounter(std::string const& encounter_class);
    /// Any resource under any prefetch key.
    Patient& add(std::string const& key, std::string const& resource);
    /// Replaces a whole prefetch value (`null`, an OperationOutcome, a page with next); "" leaves
    /// the key out.
    Patient& prefetch(std::string const& key, std::string const& value);

    std::string request() const;
    Outcome fire() const;
    /// Indicator of a rule's card: "critical", "warning", "info"; "unknown" when listed as not
    /// checked; "" when silent.
    std::string card(std::string const& rule) const;

private:
    std::string sex_, birth_, encounter_;
    std::vector<std::string> drafts_;
    std::map<std::string, std::vector<std::string>> rows_;
    std::map<std::string, std::string> replaced_;
    int next_ = 0;
    std::string next_id(std::string const& stem) { return stem + std::to_string(++next_); }
};

/// dosageInstruction member for an oral drug: ",\"dosageInstruction\":[...]".
std::string dose(std::string const& mg, int times_per_day, std::string const& route = "oral");
/// The same with a start (and end) day.
std::string bounded_dose(std::string const& mg, int times_per_day, int from, int to = 9999);
/// reasonCode member by text.
std::string reason(std::string const& text);

}  // namespace cds::acceptance
