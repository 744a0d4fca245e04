#pragma once
#include <string>
#include <string_view>

#include "base/date.hpp"
#include "base/json.hpp"
#include "fhir/codes.hpp"
#include "fhir/record.hpp"

// Reading of FHIR's general-purpose elements, tolerant of what EHRs send: one value where R4 has a
// list, absent systems, absolute references.

namespace cds::fhir {

/// Last path segment of a reference ("Patient/1", "https://x/Patient/1/_history/2", "urn:uuid:1"):
/// the bare id.
std::string_view reference_id(std::string_view reference);
/// `element.reference`'s bare id; empty when there is none.
std::string_view reference_id(base::json::Value reference);

/// The contained resource of an id (without `#`); missing when there is none.
base::json::Value contained(base::json::Value resource, std::string_view id);

/// Whether a resource belongs to the patient: `subject` or `patient` names them, or neither is
/// given.
bool belongs_to(base::json::Value resource, std::string_view patient_id);

/// Whether something that is not known here may turn the resource's meaning around (threats T-48).
bool has_unknown_modifier(base::json::Value resource);

/// First code of a CodeableConcept (or of a plain code string).
std::string_view first_code(base::json::Value concept_or_code);
/// How a person would read a CodeableConcept: text, else the first display, else the first code.
std::string_view concept_label(base::json::Value concept_value);
/// The same; a bare code is no name for a person, so the terminology's own name stands in for it.
std::string_view concept_label(ReadContext const& context, base::json::Value concept_value);

/// All of a CodeableConcept's words, folded, parts separated by " ; ": text, then every display.
void append_folded_words(base::json::Value concept_value, std::string& out);

base::Date read_date(base::json::Value element, ReadContext const& context);

/// Scratch for folded text, kept for each thread.
std::string& folded_scratch();

/// Calls `use(System, code, display)` for every coding of a CodeableConcept.
template <class Use>
void for_each_coding(base::json::Value concept_value, Terminology const& terminology, Use use) {
    for (auto coding : concept_value["coding"].each()) {
        auto const code = coding["code"].string();
        use(terminology.system(coding["system"].string()), code, coding["display"].string());
    }
}

}  // namespace cds::fhir
