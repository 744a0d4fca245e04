#include <algorithm>

#include "rules/knowledge_load.hpp"

namespace cds::rules {

/// An order that a card offers is complete but for the patient's own members, which the card writer
/// adds.
void KnowledgeLoader::check_order(Value resource, Place const& place) {
    auto const type = resource["resourceType"].string();
    if (type != "ServiceRequest" && type != "MedicationRequest")
        fail(place.at("resourceType"), "ServiceRequest or MedicationRequest is needed");
    for (auto const* const name :
         {"id", "status", "intent", "subject", "encounter", "requester", "authoredOn"}) {
        if (resource[name]) fail(place.at(name), "this is added for each patient; remove it");
    }
    if (type == "MedicationRequest") return check_medication(resource, place);
    if (resource["code"]["text"].string().empty())
        fail(place.at("code").at("text"), "a text is needed");
    if (resource["code"]["coding"].size() == 0)
        fail(place.at("code").at("coding"), "a code is needed");
    if (resource["category"].size() == 0) fail(place.at("category"), "a category is needed");
}

/// EHRs read text and first code only, and our own rules must recognise what they offer.
void KnowledgeLoader::check_medication(Value resource, Place const& place) {
    auto const drug = resource["medicationCodeableConcept"];
    auto const here = place.at("medicationCodeableConcept");
    if (drug["text"].string().empty()) fail(here.at("text"), "a text is needed");
    auto const coding = drug["coding"].first();
    auto const& terminology = made_->terminology();
    auto const* const meaning =
        terminology.find(terminology.system(coding["system"].string()), coding["code"].string());
    if (meaning == nullptr || meaning->ingredients.empty())
        fail(here.at("coding").at(std::size_t{0}),
             "the first code is in no value set of a drug, so it would not be recognised");
    auto const dosage = resource["dosageInstruction"].first();
    auto const dose = place.at("dosageInstruction").at(std::size_t{0});
    for (auto const* const name : {"text", "route", "doseAndRate"}) {
        if (!dosage[name]) fail(dose.at(name), "a prescription needs it");
    }
    if (!dosage["timing"] && !dosage["asNeededBoolean"])
        fail(dose.at("timing"), "a prescription needs it, or asNeededBoolean");
}

namespace {

bool is_of_the_call(std::string_view name) {
    for (std::string_view const ours :
         {"resourceType", "id", "status", "intent", "priority", "subject", "encounter", "requester",
          "authoredOn", "occurrenceDateTime", "reasonReference"}) {
        if (name == ours) return true;
    }
    return false;
}

/// A service request without a stated priority is routine.
std::string head_of(Knowledge::OrderText const& order, std::string_view priority) {
    if (priority.empty() && order.type == "ServiceRequest") priority = "routine";
    std::string head{R"({"resourceType":)"};
    base::json::write_string(order.type, head);
    head += R"(,"status":"draft","intent":"order")";
    if (!priority.empty()) {
        head += R"(,"priority":)";
        base::json::write_string(priority, head);
    }
    if (!order.members.empty()) head += ',';
    head += order.members;
    return head;
}

}  // namespace

void KnowledgeLoader::read_orders() {
    constexpr std::string_view file = "orders.json";
    auto const root = root_of(file);
    Place const place{file};
    members(root, place, {"orders"});
    auto const here = place.at("orders");
    std::size_t number = 0;
    for (auto const value : list(root, "orders", place)) {
        auto const one = here.at(number++);
        members(value, one, {"key", "display", "note", "resource"});
        Knowledge::OrderText order;
        order.key = text(value, "key", one);
        order.display = text(value, "display", one);
        optional_text(value, "note", one);
        check_order(value["resource"], one.at("resource"));
        order.type = value["resource"]["resourceType"].string();
        order.priority = value["resource"]["priority"].string();
        for (auto const member : value["resource"]) {
            // These belong to the call: the card writer says them.
            if (is_of_the_call(member.key())) continue;
            if (!order.members.empty()) order.members += ',';
            base::json::write_string(member.key(), order.members);
            order.members += ':';
            base::json::write(member, order.members);
        }
        order.head = head_of(order, order.priority);
        order.urgent_head = head_of(order, "urgent");
        auto parsed = std::make_shared<Knowledge::OrderText::Parsed>();
        parsed->text = order.head + '}';
        if (!parsed->document.parse(parsed->text)) fail(one.at("resource"), "cannot be read back");
        order.parsed = std::move(parsed);
        auto key = order.key;
        if (!made_->orders_.emplace(std::move(key), std::move(order)).second)
            fail(one.at("key"), "this key stands here twice");
    }
}

}  // namespace cds::rules
