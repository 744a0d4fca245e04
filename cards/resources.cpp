#include "cards/resources.hpp"

#include "rules/json_text.hpp"

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
    rules::append_json_text(id, out);
    out += "\"}";
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

void write_order(Context const& context, rules::Action const& action,
                 rules::Knowledge::OrderText const& order, std::string_view reason,
                 std::string& out) {
    bool const is_service = order.type == "ServiceRequest";
    auto const& call = call_members(context);
    out += action.urgent ? order.urgent_head : order.head;
    out += call.subject;
    out += call.encounter;
    if (is_service && action.occurrence) {
        out += R"(,"occurrenceDateTime":")";
        base::append_iso(*action.occurrence, out);
        out += '"';
    }
    out += call.authored;
    if (is_service && !reason.empty()) {
        out += R"(,"reasonReference":[{"reference":"Condition/)";
        rules::append_json_text(reason, out);
        out += "\"}]";
    }
    out += '}';
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

DraftReference draft_reference(rules::Action const& action) {
    if (action.medication && action.medication->draft)
        return {action.medication->node["resourceType"].string(), action.medication->id};
    if (action.service && action.service->draft)
        return {action.service->node["resourceType"].string(), action.service->id};
    return {};
}

}  // namespace cds::cards
