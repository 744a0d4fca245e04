#include <algorithm>
#include <array>

#include "hooks/lint_table.hpp"

// What holds of a call: CDS Hooks 2.0, "HTTP Request", the context of each hook, and the prefetch.

namespace cds::hooks::lint {

using base::json::Value;

namespace {

constexpr std::array members{
    Member{Part::request, "hook", Form::text, Need::required, "4.1-hook",
           "Send the hook's name as discovery lists it."},
    Member{Part::request, "hookInstance", Form::uuid, Need::required, "4.1-hookInstance",
           "Send a uuid that is new each time the hook fires."},
    Member{Part::request, "context", Form::object, Need::required, "4.1-context",
           "Send the context that the hook's page describes."},
    Member{Part::request, "fhirServer", Form::url, Need::optional, "4.1-fhirServer",
           "Send the base URL of the FHIR server."},
    Member{Part::request, "fhirAuthorization", Form::object, Need::optional,
           "4.1-fhirAuthorization", "Send the object that CDS Hooks describes, or leave it out."},
    Member{Part::request, "prefetch", Form::object, Need::optional, "4.1-prefetch",
           "Send an object with the keys of the prefetch templates, or leave it out."},
    Member{Part::authorization, "access_token", Form::text, Need::required, "4.2-access_token",
           "Send the bearer token, or leave fhirAuthorization out."},
    Member{Part::authorization, "token_type", Form::text, Need::required, "4.2-token_type",
           "Send Bearer."},
    Member{Part::authorization, "expires_in", Form::seconds, Need::required, "4.2-expires_in",
           "Send the seconds that the token is valid for, as a number."},
    Member{Part::authorization, "scope", Form::text, Need::required, "4.2-scope",
           "Send the SMART scopes, with blanks between them."},
    Member{Part::authorization, "subject", Form::text, Need::required, "4.2-subject",
           "Send the service's client id at your authorization server."},
    Member{Part::authorization, "patient", Form::text, Need::optional, "4.2-patient",
           "Send the patient's bare id."},
};

bool is_loopback(std::string_view url) {
    for (std::string_view const host : {"http://localhost", "http://127.", "http://[::1]"})
        if (url.starts_with(host)) return true;
    return false;
}

constexpr std::array checks{
    Check{Part::request, "hook", "4.1-hook", Severity::warning,
          [](Value call) {
              return is_one_of(call["hook"], {"medication-prescribe", "order-review"});
          },
          "This hook is deprecated.", "Use order-select and order-sign."},
    Check{Part::request, "fhirServer", "cds-r-1", Severity::error,
          [](Value call) {
              return !is_absent(call["fhirAuthorization"]) && is_absent(call["fhirServer"]);
          },
          "There is a token, and no server to use it with.", "Send fhirServer too."},
    Check{Part::request, "fhirServer", "4.1-fhirServer", Severity::warning,
          [](Value call) {
              auto const url = call["fhirServer"].string();
              return url.starts_with("http://") && !is_loopback(url);
          },
          "The FHIR server is not on https, which production requires.", "Send an https URL."},
    Check{Part::request, "fhirAuthorization", "4.2-patient", Severity::error,
          [](Value call) {
              auto const patient = call["fhirAuthorization"]["patient"].string();
              return !patient.empty() && patient != call["context"]["patientId"].string();
          },
          "The token is for another patient than the context.",
          "Send a token for the patient in context.patientId."},
    Check{Part::request, "prefetch", "P2", Severity::note,
          [](Value call) { return is_absent(call["prefetch"]); },
          "Nothing was prefetched; the service must fetch everything or leave it unchecked.",
          "Fill the prefetch templates of the discovery document."},
    Check{Part::authorization, "token_type", "4.2-token_type", Severity::error,
          [](Value given) {
              return given["token_type"].is_string() && !is_one_of(given["token_type"], {"Bearer"});
          },
          "This is no type of token.", "Send Bearer."},
    Check{Part::authorization, "patient", "cds-r-2", Severity::warning,
          [](Value given) {
              return given["scope"].string().find("patient/") != std::string_view::npos &&
                     is_absent(given["patient"]);
          },
          "The scopes are of one patient, and none is named.", "Send patient with the bare id."},
};

/// One member that the context of one hook must have.
struct ContextMember {
    std::string_view hook, name;
    Form form;
    std::string_view fix;
};
constexpr std::string_view user_fix = "Send Practitioner/id or PractitionerRole/id.";
constexpr std::string_view patient_fix = "Send the patient's bare id.";
constexpr std::string_view encounter_fix = "Send the encounter's bare id.";
constexpr std::string_view orders_fix = "Send a Bundle of the unsigned orders.";
constexpr std::array context_members{
    ContextMember{"order-sign", "userId", Form::reference, user_fix},
    ContextMember{"order-sign", "draftOrders", Form::object, orders_fix},
    ContextMember{"order-select", "userId", Form::reference, user_fix},
    ContextMember{"order-select", "selections", Form::list,
                  "Send references (Type/id) to the drafts that were selected."},
    ContextMember{"order-select", "draftOrders", Form::object, orders_fix},
    ContextMember{"order-dispatch", "dispatchedOrders", Form::list,
                  "Send references (Type/id) to the orders; the older name order is read too."},
    ContextMember{"order-dispatch", "performer", Form::reference,
                  "Send Type/id of who carries the orders out."},
    ContextMember{"patient-view", "userId", Form::reference, user_fix},
    ContextMember{"encounter-start", "userId", Form::reference, user_fix},
    ContextMember{"encounter-start", "encounterId", Form::text, encounter_fix},
    ContextMember{"encounter-discharge", "userId", Form::reference, user_fix},
    ContextMember{"encounter-discharge", "encounterId", Form::text, encounter_fix},
    ContextMember{"appointment-book", "userId", Form::reference, user_fix},
    ContextMember{"appointment-book", "appointments", Form::object,
                  "Send a Bundle of Appointments."},
};

void look_at_context_members(std::string_view hook, Value context, Complaints& complaints) {
    auto const require = [&](ContextMember const& rule) {
        auto const value = context[rule.name];
        if (is_absent(value)) {
            // The names of version 1.0 of order-dispatch.
            if (rule.name == "dispatchedOrders" && context["order"]) return;
            complaints.add({below("/context", rule.name), "9-context", Severity::error,
                            "A member that the hook requires is missing.", rule.fix});
        } else if (!has_form(value, rule.form)) {
            complaints.add({below("/context", rule.name),
                            rule.name == "userId" ? "ord-1" : "9-context", Severity::error,
                            wanted(rule.form), rule.fix});
        }
    };
    require({hook, "patientId", Form::text, patient_fix});
    for (auto const& rule : context_members)
        if (rule.hook == hook) require(rule);
    for (std::string_view const name : {"patientId", "encounterId"})
        if (context[name].string().find('/') != std::string_view::npos)
            complaints.add({below("/context", name), "H5", Severity::error,
                            "This is a reference where a bare id belongs.",
                            "Send the id without its type."});
    std::size_t index = 0;
    for (auto const selection : context["selections"].each())
        if (auto const place = below("/context/selections", index++);
            !has_form(selection, Form::reference))
            complaints.add({place, "ord-1", Severity::error, wanted(Form::reference),
                            "Send Type/id of a draft."});
}

/// Whether an order names somebody else than the patient of the context.
bool is_of_another(Value order, std::string_view patient_id) {
    auto const subject = order["subject"] ? order["subject"] : order["patient"];
    auto const reference = subject["reference"].string();
    auto const slash = reference.rfind('/');
    return slash != std::string_view::npos && reference.substr(slash + 1) != patient_id;
}

void look_at_draft(Value order, std::string_view patient_id, std::string const& where,
                   Complaints& complaints) {
    if (order["resourceType"].string().empty())
        return complaints.add({where, "G2", Severity::error, "This is no FHIR resource.",
                               "Send entry.resource with its resourceType."});
    if (order["id"].string().empty())
        complaints.add({below(where, "id"), "C14", Severity::warning,
                        "A draft without id cannot be changed or deleted by a suggestion.",
                        "Give each draft an id, temporary or not."});
    if (is_of_another(order, patient_id))
        complaints.add({below(where, "subject"), "H6", Severity::error,
                        "The order is of another patient than the context.",
                        "Send orders of the context's patient only."});
    bool const is_drug = order["resourceType"].string() == "MedicationRequest";
    if (is_drug && is_absent(order["intent"]))
        complaints.add({below(where, "intent"), "G2", Severity::warning, "FHIR requires an intent.",
                        "Send order or plan."});
    if (is_drug && is_absent(order["medicationCodeableConcept"]) &&
        is_absent(order["medicationReference"]) && is_absent(order["medication"]))
        complaints.add({where, "G2", Severity::warning, "The order names no medication.",
                        "Send medicationCodeableConcept or medicationReference."});
}

void look_at_drafts(Value context, Complaints& complaints) {
    auto const bundle = context["draftOrders"];
    if (!bundle.is_object()) return;
    std::string const where = "/context/draftOrders";
    if (bundle["resourceType"].string() != "Bundle")
        return complaints.add({where, "9-context", Severity::error, "This is no Bundle.",
                               "Send the orders as a Bundle of type collection."});
    if (!is_one_of(bundle["type"], {"collection"}))
        complaints.add({below(where, "type"), "H4", Severity::warning,
                        "The Bundle should be of type collection.", "Send type collection."});
    std::size_t index = 0;
    for (auto const entry : bundle["entry"].each())
        look_at_draft(entry["resource"], context["patientId"].string(),
                      below(where + "/entry", index++) + "/resource", complaints);
}

}  // namespace

Tables request_tables() { return {members, checks}; }

void look_at_context(Value request, Complaints& complaints) {
    auto const context = request["context"];
    if (!context.is_object()) return;
    look_at_context_members(request["hook"].string(), context, complaints);
    look_at_drafts(context, complaints);
}

void look_at_prefetch(Value prefetch, Complaints& complaints) {
    if (!prefetch.is_object()) return;
    for (auto const value : prefetch) {
        auto const where = below("/prefetch", value.key());
        if (value.is_null()) continue;
        auto const type = value["resourceType"].string();
        if (value["response"] && value["resource"])
            complaints.add({where, "4.3-wrapper", Severity::warning,
                            "The resource is wrapped as before version 1.0.",
                            "Send the resource itself."});
        else if (type.empty())
            complaints.add({where, "4.3-value", Severity::error,
                            "This is neither a FHIR resource nor null.",
                            "Send what the FHIR server gave, null for no result, or leave the key "
                            "out."});
        if (type == "OperationOutcome")
            complaints.add(
                {where, "R11", Severity::note,
                 "The query failed, and the service may not repeat it.",
                 "Send its result, or leave the key out so that the service can fetch it."});
        for (auto const link : value["link"].each())
            if (is_one_of(link["relation"], {"next"}))
                complaints.add({below(where, "link"), "R12", Severity::warning,
                                "The Bundle is one page of several, so the record is not whole.",
                                "Send all pages in one Bundle."});
    }
}

}  // namespace cds::hooks::lint
