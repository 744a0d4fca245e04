#include <array>

#include "fhir/element.hpp"
#include "fhir/read.hpp"

namespace cds::fhir {

using base::json::Value;

PatientRecord::PatientRecord(ReadContext const& read_context)
    : context{read_context},
      medications{read_context.arena},
      drafts{read_context.arena},
      service_drafts{read_context.arena},
      services{read_context.arena},
      conditions{read_context.arena},
      allergies{read_context.arena},
      results{read_context.arena},
      procedures{read_context.arena},
      discarded{read_context.arena},
      medication_resources{read_context.arena} {}

namespace {

struct QueryOfType {
    std::string_view type;
    Query query;
};
constexpr std::array query_of_type{
    QueryOfType{"Patient", Query::patient},
    QueryOfType{"Encounter", Query::encounter},
    QueryOfType{"MedicationRequest", Query::medications},
    QueryOfType{"MedicationOrder", Query::medications},  // DSTU2
    QueryOfType{"MedicationStatement", Query::statements},
    QueryOfType{"MedicationUsage", Query::statements},  // R5 ballot name
    QueryOfType{"MedicationAdministration", Query::administrations},
    QueryOfType{"MedicationDispense", Query::dispenses},
    QueryOfType{"Condition", Query::conditions},
    QueryOfType{"AllergyIntolerance", Query::allergies},
    QueryOfType{"Observation", Query::observations},
    QueryOfType{"Procedure", Query::procedures},
    QueryOfType{"ServiceRequest", Query::service_requests},
    QueryOfType{"ProcedureRequest", Query::service_requests},  // STU3
};

std::optional<Query> query_of(std::string_view type) {
    for (auto const& row : query_of_type) {
        if (row.type == type) return row.query;
    }
    return std::nullopt;
}

/// What one prefetch value turned out to be.
struct Seen {
    Reason reason = Reason::none;
    std::size_t own = 0, foreign = 0;
    std::size_t wanted = 0;  ///< rows of the type that the key asks for
};

class Reader {
public:
    explicit Reader(PatientRecord& record) : record_{record} {}

    void expect_repeats() { reading_foreign_keys_ = true; }

    void collect_medications(Value bundle) {
        for (auto entry : bundle["entry"].each())
            collect_medication(resource_of(entry), entry["fullUrl"].string());
        collect_medication(bundle, {});
    }

    /// Reads one prefetch value: a Bundle of any type, a bare resource, a list of resources, or a
    /// wrapped one.
    Seen read(Value value, std::optional<Query> wanted = std::nullopt) {
        wanted_ = wanted;
        // A chart has hundreds of them, and their rows are large.
        if (wanted == Query::observations) record_.results.reserve(value["entry"].size());
        auto seen = read_value(value);
        // Rows of other kinds only, under a key of ours, are no statement that there is none.
        auto const answered = seen.wanted > 0 || seen.foreign > 0 || seen.own == 0;
        if (wanted && !answered && seen.reason == Reason::none) seen.reason = Reason::unreadable;
        return seen;
    }

    Seen read_value(Value value) {
        Seen seen;
        value = unwrapped(value);
        if (value.is_array()) {
            if (value.size() == 0) seen.reason = Reason::unreadable;  // no Bundle: says nothing
            read_entries(value, unwrapped, seen);
            return seen;
        }
        auto const type = value["resourceType"].string();
        if (type == "OperationOutcome") {
            seen.reason = failure_of(value);
            return seen;
        }
        if (type == "Bundle" || (type.empty() && value["entry"])) {
            read_entries(value["entry"], resource_of, seen);
            for (auto link : value["link"].each()) {
                if (link["relation"].string() == "next") seen.reason = Reason::incomplete;
            }
            auto const total = value["total"].integer();
            if (total && *total > static_cast<long long>(value["entry"].size()) &&
                seen.reason == Reason::none) {
                seen.reason =
                    Reason::incomplete;  // fewer entries than matches and no next page: cut off
            }
        } else if (type.empty()) {
            seen.reason = Reason::unreadable;
        } else {
            read_entry(value, value, seen);
        }
        if (seen.own == 0 && seen.foreign > 0 && seen.reason == Reason::none)
            seen.reason = Reason::other_patient;
        return seen;
    }

    void read_drafts(Value bundle) {
        auto const add = [this](Value resource) {
            auto const type = resource["resourceType"].string();
            if (type == "MedicationRequest" || type == "MedicationOrder") {
                if (!own(resource, type)) return;
                // Not used, as for stored rows; the answer says so (hooks/answer.cpp).
                if (has_unknown_modifier(resource)) return;
                record_.drafts.push_back(
                    read_medication(record_, resource, MedicationSource::request, true));
            } else if (type == "ServiceRequest" || type == "ProcedureRequest") {
                if (!own(resource, type)) return;
                record_.service_drafts.push_back(read_service(record_.context, resource, true));
            }
        };
        for (auto entry : bundle["entry"].each()) add(resource_of(entry));
        if (bundle["resourceType"].string() != "Bundle") add(bundle);
        if (bundle.is_array()) {
            for (auto element : bundle.each()) add(unwrapped(element));
        }
    }

private:
    static Value unwrapped(Value value) {
        // Before CDS Hooks 1.0 a prefetch value was {"response": {...}, "resource": {...}}; some
        // clients still do.
        if (!value["resourceType"] && value["resource"].is_object()) return value["resource"];
        return value;
    }
    static Value resource_of(Value entry) {
        if (auto const resource = entry["resource"]) {
            return resource["resourceType"] ? resource : unwrapped(resource);
        }
        return entry["resourceType"] ? entry : Value{};
    }

    static Reason failure_of(Value outcome) {
        for (auto issue : outcome["issue"].each()) {
            auto const code = issue["code"].string();
            if (code == "security" || code == "login" || code == "forbidden" || code == "expired" ||
                code == "unknown") {
                return Reason::not_permitted;
            }
            if (code == "timeout") return Reason::timed_out;
        }
        return Reason::unreachable;
    }

    void collect_medication(Value resource, std::string_view full_url) {
        if (resource["resourceType"].string() != "Medication") return;
        if (auto const id = resource["id"].string(); !id.empty())
            record_.medication_resources.emplace_back(id, resource);
        if (!full_url.empty()) record_.medication_resources.emplace_back(full_url, resource);
    }

    bool own(Value resource, std::string_view type) {
        if (belongs_to(resource, record_.context.patient_id)) return true;
        record_.discarded.push_back(
            {type, resource["id"].string(), Reason::other_patient, "belongs to another patient"});
        return false;
    }

    /// Conditions first, wherever they stand in the list: orders refer to them for their reason.
    void read_entries(Value list, Value (*resource_in)(Value), Seen& seen) {
        for (auto const conditions : {true, false}) {
            for (auto entry : list.each()) {
                auto const resource = resource_in(entry);
                if ((resource["resourceType"].string() == "Condition") == conditions)
                    read_entry(entry, resource, seen);
            }
        }
    }

    void read_entry(Value entry, Value resource, Seen& seen) {
        auto const type = resource["resourceType"].string();
        if (type == "OperationOutcome") {
            read_outcome_entry(resource, seen);
            return;
        }
        if (type.empty()) {
            if (entry && !entry.is_null()) seen.reason = Reason::unreadable;
            return;
        }
        if (wanted_ && query_of(type) == wanted_) ++seen.wanted;
        if (type == "Medication")
            return;  // belongs to nobody: says nothing about whose rows the Bundle holds
        if (type == "Patient") {
            read_patient_row(resource, seen);
            return;
        }
        if (!own(resource, type)) {
            ++seen.foreign;
            return;
        }
        ++seen.own;
        if (has_unknown_modifier(resource)) {
            // An unknown modifier may turn the meaning around: the row is not used (threats T-48).
            record_.discarded.push_back({type, resource["id"].string(), Reason::unreadable,
                                         "has a modifier that is not known here"});
            seen.reason = seen.reason == Reason::none ? Reason::unreadable : seen.reason;
            return;
        }
        read_resource(resource, type);
    }

    void read_patient_row(Value resource, Seen& seen) {
        auto const id = resource["id"].string();
        if (!id.empty() && id != record_.context.patient_id) {
            record_.discarded.push_back(
                {"Patient", id, Reason::other_patient, "is another patient"});
            ++seen.foreign;
            return;
        }
        if (!record_.patient.present) record_.patient = read_patient(record_.context, resource);
        ++seen.own;
    }

    static void read_outcome_entry(Value outcome, Seen& seen) {
        // search.mode outcome: a warning or note beside the matches (an Epic empty search has one);
        // only an error or fatal issue means that matches are missing.
        for (auto issue : outcome["issue"].each()) {
            auto const severity = issue["severity"].string();
            if (severity == "error" || severity == "fatal") seen.reason = Reason::incomplete;
        }
    }

    bool seen_before(std::string_view id, std::string_view type) {
        if (id.empty()) return false;
        for (auto const& row : record_.medications) {
            if (row.id == id && row.node["resourceType"].string() == type) return true;
        }
        return false;
    }

    void read_medication_row(Value resource, std::string_view type, MedicationSource source) {
        // Our own keys hold different types; only a key that we did not ask for can repeat a row.
        if (reading_foreign_keys_ && seen_before(resource["id"].string(), type)) return;
        record_.medications.push_back(read_medication(record_, resource, source, false));
    }

    void read_resource(Value resource, std::string_view type) {
        auto const query = query_of(type);
        if (!query) return;
        switch (*query) {
            case Query::encounter: {
                auto const row = read_encounter(record_.context, resource);
                auto const& wanted = record_.context.encounter_id;
                if (!record_.has_encounter || (!wanted.empty() && row.id == wanted))
                    record_.encounter = row;
                record_.has_encounter = true;
                break;
            }
            case Query::medications:
                read_medication_row(resource, type, MedicationSource::request);
                break;
            case Query::statements:
                read_medication_row(resource, type, MedicationSource::statement);
                break;
            case Query::administrations:
                read_medication_row(resource, type, MedicationSource::administration);
                break;
            case Query::dispenses:
                read_medication_row(resource, type, MedicationSource::dispense);
                break;
            case Query::conditions:
                record_.conditions.push_back(read_condition(record_.context, resource));
                break;
            case Query::allergies:
                record_.allergies.push_back(read_allergy(record_.context, resource));
                break;
            case Query::observations:
                read_observation(record_.context, resource, record_.results);
                break;
            case Query::procedures:
                record_.procedures.push_back(read_procedure(record_.context, resource));
                break;
            case Query::service_requests:
                record_.services.push_back(read_service(record_.context, resource, false));
                break;
            case Query::patient:
            case Query::count_:
                break;
        }
    }

    PatientRecord& record_;
    std::optional<Query> wanted_;
    bool reading_foreign_keys_ = false;
};

/// Conditions first: orders refer to them for their reason.
constexpr std::array reading_order{
    Query::patient,      Query::encounter,       Query::conditions,      Query::medications,
    Query::statements,   Query::administrations, Query::dispenses,       Query::allergies,
    Query::observations, Query::procedures,      Query::service_requests};

void read_prefetch(Value prefetch, PatientRecord& record) {
    Reader reader{record};
    for (auto query : reading_order) {
        auto const value = prefetch[key(query)];
        if (!value) {
            // Without an encounter in the context there is none to ask for.
            auto const moot = query == Query::encounter && record.context.encounter_id.empty();
            record.queries.set(query, moot ? Reason::none : Reason::not_supplied);
            continue;
        }
        if (value.is_null()) continue;  // "there is no such data": complete and empty
        record.queries.set(query, reader.read(value, query).reason);
    }
    reader.expect_repeats();
    // Keys that we did not ask for: what they hold is used, but it does not make any query
    // complete.
    for (auto value : prefetch) {
        auto const is_ours = [&] {
            for (auto query : reading_order) {
                if (value.key() == key(query)) return true;
            }
            return false;
        }();
        if (!is_ours && (value.is_object() || value.is_array())) reader.read(value);
    }
    if (record.patient.present && record.queries[Query::patient] == Reason::not_supplied) {
        record.queries.set(Query::patient, Reason::none);
    }
    if (record.has_encounter && record.queries[Query::encounter] == Reason::not_supplied) {
        record.queries.set(Query::encounter, Reason::none);
    }
}

}  // namespace

base::Result<PatientRecord> read_record(ReadContext const& context, RecordInput const& input) {
    PatientRecord record{context};
    if (auto const patient = input.prefetch["patient"];
        patient["resourceType"].string() == "Patient") {
        auto const id = patient["id"].string();
        if (!id.empty() && id != context.patient_id) {
            return base::Error{
                base::ErrorCode::wrong_patient, "/prefetch/patient/id",
                "The prefetched Patient is not context.patientId. Send the Patient of this call."};
        }
    }
    Reader reader{record};
    reader.collect_medications(input.draft_orders);
    for (auto value : input.prefetch)
        reader.collect_medications(value["resource"] ? value["resource"] : value);
    read_prefetch(input.prefetch, record);
    reader.read_drafts(input.draft_orders);
    for (auto const order : input.orders) reader.read_drafts(order);
    for (auto const& row : record.results)
        record.tests_with_results.set(static_cast<std::size_t>(row.test));
    return record;
}

MedicationRow read_draft(PatientRecord const& record, Value resource) {
    return read_medication(record, resource, MedicationSource::request, true);
}

}  // namespace cds::fhir
