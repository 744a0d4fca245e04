#pragma once
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include "base/date.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "fhir/chart_rows.hpp"
#include "fhir/medication_row.hpp"
#include "fhir/query.hpp"
#include "fhir/result_row.hpp"
#include "fhir/terminology.hpp"

namespace cds::fhir {

/// What reading one request needs to know; everything outlives the record.
struct ReadContext {
    Terminology const* terminology = nullptr;
    base::Zone const* zone = nullptr;
    base::Instant now{};
    base::Day today{};
    std::string_view patient_id;
    std::string_view encounter_id;  ///< empty: the request names none
    std::pmr::memory_resource* arena = nullptr;
};

/// Something that was there and was not used, for `explain` and the counts.
struct Discarded {
    std::string_view resource_type;
    std::string_view id;
    Reason reason = Reason::none;  ///< other_patient, unreadable
    std::string_view why;          ///< our words
};

/// The chart of one request as typed rows. Rows keep the JSON they were read from.
struct PatientRecord {
    explicit PatientRecord(ReadContext const& read_context);

    ReadContext context;
    PatientRow patient;
    EncounterRow encounter;
    bool has_encounter = false;
    std::pmr::vector<MedicationRow>
        medications;  ///< stored orders, statements, administrations, dispenses
    std::pmr::vector<MedicationRow>
        drafts;  ///< drafted MedicationRequests, in the order of the bundle
    std::pmr::vector<ServiceRow> service_drafts;
    std::pmr::vector<ServiceRow> services;
    std::pmr::vector<ConditionRow> conditions;
    std::pmr::vector<AllergyRow> allergies;
    std::pmr::vector<ResultRow> results;
    TestSet tests_with_results;  ///< the tests of `results`: most questions end here
    std::pmr::vector<ProcedureRow> procedures;
    std::pmr::vector<Discarded> discarded;
    QueryStates queries;
    /// Medication resources of the prefetch and the draft bundle, by fullUrl or Type/id.
    std::pmr::vector<std::pair<std::string_view, base::json::Value>> medication_resources;
};

/// What the request holds, as JSON.
struct RecordInput {
    base::json::Value draft_orders;  ///< Bundle, or missing
    base::json::Value prefetch;      ///< object of key -> resource, Bundle, null; or missing
    /// Further orders of the call, read as drafts: one resource each.
    std::span<base::json::Value const> orders = {};
};

/// Reads everything into rows. Never fails: what cannot be read is kept as discarded or as a query
/// state. The one exception is a prefetched Patient who is not `context.patient_id`: wrong_patient.
base::Result<PatientRecord> read_record(ReadContext const& context, RecordInput const& input);

/// Reads one further MedicationRequest as a draft of the record (used to ask what a suggestion
/// would lead to).
MedicationRow read_draft(PatientRecord const& record, base::json::Value resource);

}  // namespace cds::fhir
