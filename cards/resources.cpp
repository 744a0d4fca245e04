#include "cards/resources.hpp"

#include "cards/json_object.hpp"

namespace cds::cards {

using base::json::Value;

namespace {

void write_requester(Context const& context, JsonObject& object, std::string& out) {
    if (context.call.requester.empty()) return;
    object.member("requester") += R"({"reference":)";
    base::json::write_string(context.call.requester, out);
    out += '}';
}

}  // namespace

bool write_order(Context const& context, rules::Action const& action, std::string_view reason,
                 std::string& out) {
    auto const* order = context.knowledge.order(action.key);
    if (!order) return false;
    bool const is_service = order->type == "ServiceRequest";
    JsonObject object{out};
    object.text("resourceType", order->type);
    object.text("status", "draft");
    object.text("intent", "order");
    if (action.urgent) {
        object.text("priority", "urgent");
    } else if (!order->priority.empty() || is_service) {
        object.text("priority", order->priority.empty() ? std::string_view{"routine"} : order->priority);
    }
    if (!order->members.empty()) {
        out += ',';
        out += order->members;
    }
    object.reference("subject", "Patient", context.call.patient_id);
    object.reference("encounter", "Encounter", context.call.encounter_id);
    if (is_service && action.occurrence)
        object.text("occurrenceDateTime", base::iso(*action.occurrence));
    // A day, not an instant: the same request gives the same bytes.
    object.text("authoredOn", base::iso(context.today()));
    write_requester(context, object, out);
    if (is_service && !reason.empty()) {
        std::string reference{"Condition/"};
        reference += reason;
        object.member("reasonReference") += R"([{"reference":)";
        base::json::write_string(reference, out);
        out += "}]";
    }
    object.close();
    return true;
}

void write_task(Context const& context, std::string_view words, fhir::MedicationRow const* focus,
                bool urgent, std::string& out) {
    JsonObject task{out};
    task.text("resourceType", "Task");
    task.text("status", "requested");
    task.text("intent", "order");
    task.text("priority", urgent ? "urgent" : "routine");
    task.member("code") += R"({"text":)";
    base::json::write_string(words, out);
    out += '}';
    task.text("description", words);
    if (focus) task.reference("focus", focus->node["resourceType"].string(), focus->id);
    task.reference("for", "Patient", context.call.patient_id);
    task.reference("encounter", "Encounter", context.call.encounter_id);
    task.text("authoredOn", base::iso(context.today()));
    write_requester(context, task, out);
    task.close();
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
