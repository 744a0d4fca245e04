#pragma once
#include <span>

#include "fhir/record.hpp"

// One function for each kind of resource; each keeps what is certain and leaves the rest absent.

namespace cds::fhir {

MedicationRow read_medication(PatientRecord const& record, base::json::Value resource,
                              MedicationSource source, bool draft);
/// The dosages of a row, with bounds and routes; also fills the row's bounds and events.
void read_dosages(PatientRecord const& record, MedicationRow& row);
/// The reasons that an order states, by code, text or a Condition that the record holds.
void read_reason(PatientRecord const& record, base::json::Value resource, MedicationRow& row);
/// Route as stated in an element `route` (CodeableConcept).
Route read_route(base::json::Value route_element);
/// A route that words of a product or instruction name ("eye drops", "cream"); absent when they
/// name none.
Route route_in_words(std::string_view folded);
/// Brand, suffix, formulation and strength from the folded words of a medication's concept (empty:
/// the row's label) and the meanings of its codes.
void read_product(PatientRecord const& record, std::string_view concept_words,
                  std::span<CodeMeaning const* const> meanings, MedicationRow& row);

ConditionRow read_condition(ReadContext const& context, base::json::Value resource);
AllergyRow read_allergy(ReadContext const& context, base::json::Value resource);
ProcedureRow read_procedure(ReadContext const& context, base::json::Value resource);
ServiceRow read_service(ReadContext const& context, base::json::Value resource, bool draft);
EncounterRow read_encounter(ReadContext const& context, base::json::Value resource);
PatientRow read_patient(ReadContext const& context, base::json::Value resource);
/// Appends the results of an Observation: itself and its components.
void read_observation(ReadContext const& context, base::json::Value resource,
                      std::pmr::vector<ResultRow>& out);

/// Diseases that a CodeableConcept means: by code, by text when no code is recognised, and the
/// always-text facts.
DiseaseSet diseases_of(ReadContext const& context, base::json::Value concept_value,
                       std::string_view* recognised_code = nullptr);

}  // namespace cds::fhir
