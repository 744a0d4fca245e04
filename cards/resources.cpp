#include "cards/resources.hpp"

namespace cds::cards {

using base::json::Value;

namespace {

/// `,"name":{"reference":"Type/id"}`; nothing without an id.
void append_reference(std::string_view name, std::string_view type, std::string_view id,
                      std::string& out) {
    if (id.empty()) return;
    out += ",\"";
    out += name;
    out += R"(":{"reference":")";
    out += type;
    out += '/';
    auto const place = out.size();
    base::json::write_string(id, out);
    out.erase(place, 1);  // one string with the type
    out += '}';
}

/// Every resource of an answer names the same patient, encounter, day and requester.
CallMembers const& call_members(Context const& context) {
    auto& members = context.scratch.call_members;
    if (members.subject.empty()) {
        auto const& call = context.call;
        append_reference("subject", "Patient", call.patient_id, members.subject);
        append_reference("encounter", "Encounter", call.encounter_id, members.encounter);
        append_reference("for", "Patient", call.patient_id, members.for_patient);
        // A day, not an instant: the same request gives the same bytes.
        members.authored = R"(,"authoredOn":")";
        base::append_iso(context.today(), members.authored);
        members.authored += '"';
        if (!call.requester.empty()) {
            members.authored += R"(,"requester":{"reference":)";
            base::json::write_string(call.requester, members.authored);
            members.authored += '}';
        }
    }
    return members;
}

}  // namespace

bool write_order(Context const& context, rules::Action const& action, std::string_view reason,
                 std::string& out) {
    auto const* order = context.knowledge.order(action.key);
    if (!order) return false;
    bool const is_service = order->type == "ServiceRequest";
    auto const& call = call_members(context);
    out += action.urgent ? order->urgent_head : order->head;
    out += call.subject;
    out += call.encounter;
    if (is_service && action.occurrence) {
        out += R"(,"occurrenceDateTime":")";
        base::append_iso(*action.occurrence, out);
        out += '"';
    }
    out += call.authored;
    if (is_service && !reason.empty()) {
        std::string reference{"Condition/"};
        reference += reason;
        out += R"(,"reasonReference":[{"reference":)";
        base::json::write_string(reference, out);
        out += "}]";
    }
    out += '}';
    return true;
}

void write_task(Context const& context, std::string_view words, fhir::MedicationRow const* focus,
                bool urgent, std::string& out) {
    auto const& call = call_members(context);
    out += R"({"resourceType":"Task","status":"requested","intent":"order","priority":)";
    out += urgent ? R"("urgent","code":{"text":)" : R"("routine","code":{"text":)";
    auto const from = out.size();
    base::json::write_string(words, out);
    auto const written = out.size() - from;
    out += R"(},"description":)";
    out.append(out, from, written);
    if (focus) append_reference("focus", focus->node["resourceType"].string(), focus->id, out);
    out += call.for_patient;
    out += call.encounter;
    out += call.authored;
    out += '}';
}

std::string draft_reference(rules::Action const& action) {
    std::string_view type, id;
    if (action.medication && action.medication->draft) {
        type = action.medication->node["resourceType"].string();
        id = action.medication->id;
    } else if (action.service && action.service->draft) {
        type = action.service->node["resourceType"].string();
        id = action.service->id;
    }
    if (type.empty() || id.empty()) return {};
    return std::string{type} + '/' + std::string{id};
}

}  // namespace cds::cards
