#include "hooks/request.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace cds::hooks {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::json::Kind;
using base::json::Value;

namespace {

constexpr std::size_t max_id = 256;

Error invalid(std::string_view where, std::string_view what) {
    return {ErrorCode::invalid, std::string{where}, std::string{what}};
}

bool has_control(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7F) return true;
        // U+0080 to U+009F, the second set of control characters.
        if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0)
            return true;
    }
    return false;
}

bool is_absent(Value value) { return !value || value.is_null(); }

/// "order-sign and order-select".
std::string hooks_of(CdsService const& service) {
    std::string out;
    for (auto const hook : service.answers) {
        if (!out.empty()) out += " and ";
        out += name(hook);
    }
    return out;
}

/// The hook of a call, when the service answers it. A name that is not ours is never echoed.
Result<Hook> read_hook(Value hook, CdsService const& service) {
    auto const place = "/hook";
    auto const answers = "This service answers " + hooks_of(service);
    if (is_absent(hook)) {
        return invalid(place, "The call names no hook. " + answers + R"(; send "hook": ")" +
                                  std::string{name(service.hook)} + "\".");
    }
    if (!hook.is_string()) return invalid(place, "The hook must be a string. " + answers + ".");
    auto const called = hook.string();
    if (called == "medication-prescribe" || called == "order-review") {
        return invalid(place,
                       "This hook is deprecated and not answered. Call the service "
                       "immunosuppressant-safety on order-sign, with the orders as a Bundle in "
                       "context.draftOrders.");
    }
    auto const known = hook_named(called);
    if (!known) return invalid(place, answers + "; discovery lists all hooks at /cds-services.");
    if (service.answers_hook(*known)) return *known;
    std::string const id{service_for(*known).id};
    return invalid(place, answers + ". For " + std::string{name(*known)} + " call the service " +
                              id + ", at /cds-services/" + id + ".");
}

/// Reads the members of a call one after the other; the first that cannot be read is the answer.
class Reader {
public:
    Reader(Value root, std::string_view body, CdsService const& service)
        : root_{root}, context_{root["context"]}, body_{body}, service_{service} {}

    Result<Request> read() {
        auto const hook = read_hook(root_["hook"], service_);
        if (!hook) return hook.error();
        request_.hook = *hook;
        if (auto error = read_instance()) return *error;
        if (is_absent(context_))
            return invalid("/context", "The call has no context. Send " + members() + " in it.");
        if (!context_.is_object())
            return invalid("/context", "The context must be an object with " + members() + ".");
        if (auto error = read_patient()) return *error;
        if (auto error = read_encounter()) return *error;
        if (auto error = read_user()) return *error;
        if (auto error = read_prefetch()) return *error;
        if (auto error = read_orders()) return *error;
        count_other_tolerances();
        return std::move(request_);
    }

private:
    std::optional<Error> read_instance() {
        auto const value = root_["hookInstance"];
        if (is_absent(value) || (value.is_string() && value.string().empty())) {
            // Cards need a uuid of their own for each call; the same call again must have the same.
            request_.hook_instance = base::name_uuid({"call without hookInstance", body_});
            tolerate("/hookInstance", Leniency::hook_instance);
            return std::nullopt;
        }
        if (!value.is_string())
            return invalid("/hookInstance", "The hookInstance must be a string, a UUID.");
        auto const text = value.string();
        if (!is_id(text))
            return invalid("/hookInstance",
                           "The hookInstance must be a UUID: at most 256 characters, without '/' "
                           "and control characters.");
        request_.hook_instance = text;
        return std::nullopt;
    }

    /// An id as it is, or as `Type/id`. Empty when the value is absent.
    Result<std::string_view> read_id(Value value, std::string_view where, std::string_view type) {
        if (is_absent(value)) return std::string_view{};
        std::string const place{where};
        if (!value.is_string())
            return invalid(where, "This must be a string, the bare id of the resource.");
        auto id = value.string();
        if (id.starts_with(type) && id.substr(type.size()).starts_with('/')) {
            id.remove_prefix(type.size() + 1);
            tolerate(where, Leniency::typed_id);
        }
        if (id.empty() || is_id(id)) return id;
        return invalid(where,
                       "This must be the bare id of the resource: at most 256 characters, without "
                       "'/' and control "
                       "characters.");
    }

    std::optional<Error> read_patient() {
        auto value = context_["patientId"];
        auto where = "/context/patientId";
        if (is_absent(value) && root_["patient"].is_string()) {  // CDS Hooks before 1.0
            value = root_["patient"];
            where = "/patient";
            tolerate(where, Leniency::old_place);
        }
        auto const id = read_id(value, where, "Patient");
        if (!id) return id.error();
        if (id->empty())
            return invalid(
                "/context/patientId",
                "The context names no patient. Send the id of the Patient in patientId.");
        request_.patient_id = *id;
        return std::nullopt;
    }

    std::optional<Error> read_encounter() {
        auto const value = context_["encounterId"];
        auto const id = read_id(value, "/context/encounterId", "Encounter");
        if (!id) return id.error();
        if (value && id->empty()) tolerate("/context/encounterId", Leniency::empty_encounter);
        request_.encounter_id = *id;
        return std::nullopt;
    }

    std::optional<Error> read_user() {
        auto value = context_["userId"];
        if (is_absent(value)) {
            // order-dispatch has no user.
            if (request_.hook != Hook::order_dispatch)
                tolerate("/context/userId", Leniency::no_user);
            value = root_["userId"].is_string() ? root_["userId"] : root_["user"];
        }
        if (is_absent(value)) return std::nullopt;
        if (!value.is_string())
            return invalid("/context/userId",
                           "The userId must be a string such as Practitioner/ followed by the id.");
        auto const text = value.string();
        if (base::code_points(text) > 2 * max_id || has_control(text))
            return invalid("/context/userId",
                           "The userId must be Type/id, without control characters and not longer "
                           "than 512 characters.");
        if (is_requester(text))
            request_.user_id = text;
        else
            tolerate("/context/userId", Leniency::user_form);
        return std::nullopt;
    }

    /// What a context of the hook must hold.
    std::string members() const {
        if (is_without_orders(request_.hook)) return "patientId";
        return request_.hook == Hook::order_dispatch ? "patientId and dispatchedOrders"
                                                     : "patientId and draftOrders";
    }

    std::optional<Error> read_orders() {
        switch (request_.hook) {
            case Hook::order_sign:
                return read_drafts();
            case Hook::order_select:
                read_selections();
                return read_drafts();
            case Hook::order_dispatch: {
                auto found = read_dispatched(context_, request_.prefetch);
                if (!found) return found.error();
                request_.dispatched = *std::move(found);
                auto& own = request_.dispatched.tolerated;
                std::move(own.begin(), own.end(), std::back_inserter(request_.tolerated));
                return std::nullopt;
            }
            case Hook::patient_view:
            case Hook::encounter_discharge:
                break;
        }
        return std::nullopt;
    }

    std::optional<Error> read_drafts() {
        auto const value = context_["draftOrders"];
        constexpr std::string_view where = "/context/draftOrders";
        if (is_absent(value))
            return invalid(
                where,
                "The context has no draftOrders. Send the orders to be signed as a FHIR Bundle.");
        if (!value.is_object() && !value.is_array())
            return invalid(
                where,
                "The draftOrders must be a FHIR Bundle with the orders to be signed as entries.");
        auto const is_bundle = value["resourceType"].string() == "Bundle";
        if (!is_bundle) tolerate(where, Leniency::drafts_form);
        if (is_bundle && !value["type"]) tolerate(where, Leniency::bundle_type);
        auto const entries = value.is_array() ? value : value["entry"];
        std::size_t place = 0;
        for (auto const entry : entries.each()) look_at_draft(entry, is_bundle, place++);
        request_.draft_orders = value;
        return std::nullopt;
    }

    /// What was selected narrows nothing (docs/decisions/210-hooks-and-services.md), so a call
    /// without it can be answered.
    void read_selections() {
        request_.selections = context_["selections"];
        if (!request_.selections.is_array())
            tolerate("/context/selections", Leniency::selections_form);
    }

    void look_at_draft(Value entry, bool in_bundle, std::size_t place) {
        auto const is_entry = static_cast<bool>(entry["resource"]);
        auto const resource = is_entry ? entry["resource"] : entry;
        auto const at = [&](std::string_view member) {
            return std::string{"/context/draftOrders/"} + (in_bundle ? "entry/" : "") +
                   std::to_string(place) + std::string{member};
        };
        if (!is_entry) tolerate(at(""), Leniency::bare_entry);
        if (resource["resourceType"].string() != "Medication" && resource["id"].string().empty())
            tolerate(at(is_entry ? "/resource/id" : "/id"), Leniency::draft_without_id);
    }

    std::optional<Error> read_prefetch() {
        auto value = root_["prefetch"];
        std::string_view where = "/prefetch";
        if (is_absent(value) && context_["prefetch"].is_object()) {
            value = context_["prefetch"];
            where = "/context/prefetch";
            tolerate(where, Leniency::prefetch_place);
        }
        if (is_absent(value)) return std::nullopt;
        if (!value.is_object())
            return invalid(where,
                           "The prefetch must be an object with one member for each key of the "
                           "discovery document.");
        request_.prefetch = value;
        return std::nullopt;
    }

    void count_other_tolerances() {
        for (auto const* name : {"/fhirServer", "/fhirAuthorization"}) {
            if (root_[name + 1].is_null()) tolerate(name, Leniency::null_member);
        }
        if (root_["fhirServer"].string().starts_with("http://"))
            tolerate("/fhirServer", Leniency::plain_http);
        if (root_["fhirAuthorization"].is_object() && !root_["fhirServer"].is_string())
            tolerate("/fhirAuthorization", Leniency::authorization_alone);
    }

    void tolerate(std::string_view where, Leniency rule) {
        request_.tolerated.push_back({std::string{where}, rule});
    }

    Value root_, context_;
    std::string_view body_;
    CdsService const& service_;
    Request request_;
};

}  // namespace

bool is_id(std::string_view id) {
    return !id.empty() && base::code_points(id) <= max_id && id.find('/') == id.npos &&
           !has_control(id);
}

bool is_requester(std::string_view reference) {
    static constexpr std::array<std::string_view, 6> types{
        "Practitioner", "PractitionerRole", "Organization", "Patient", "RelatedPerson", "Device"};
    auto const slash = reference.find('/');
    if (slash == reference.npos || !is_id(reference.substr(slash + 1))) return false;
    return std::find(types.begin(), types.end(), reference.substr(0, slash)) != types.end();
}

Result<Request> read_request(Value root, std::string_view body, CdsService const& service) {
    if (root.kind() != Kind::object)
        return invalid("", "The body must be a JSON object with hook, hookInstance and context.");
    return Reader{root, body, service}.read();
}

}  // namespace cds::hooks
