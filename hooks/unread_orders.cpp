#include "hooks/unread_orders.hpp"

#include <algorithm>

#include "fhir/element.hpp"
#include "rules/rule_list.hpp"

namespace cds::hooks {

using base::json::Value;
using fhir::Reason;

namespace {

bool calls_for_a_check(fhir::MedicationRow const& row) {
    if (!row.identified) return true;
    auto const rules = rules::rule_list();
    return std::any_of(rules.begin(), rules.end(),
                       [&](rules::Rule const& rule) { return (rule.trigger & row.drugs).any(); });
}

bool is_medication_order(std::string_view type) {
    return type == "MedicationRequest" || type == "MedicationOrder";
}

/// The type in front of an id: "MedicationRequest" of "https://ehr/fhir/MedicationRequest/1"; empty
/// when the reference shows none.
std::string_view type_of(std::string_view reference) {
    auto const slash = reference.rfind('/');
    if (slash == reference.npos || slash == 0) return {};
    auto const before = reference.substr(0, slash);
    return before.substr(before.rfind('/') + 1);
}

/// Whether a check might have concerned the order behind a reference: one of a drug, a vaccination
/// or a treatment, or one that does not show its type.
bool may_be_drug_order(std::string_view reference) {
    auto const type = type_of(reference);
    return type.empty() || is_medication_order(type) || type == "ServiceRequest" ||
           type == "ProcedureRequest" || type == "RequestGroup";
}

class Lister {
public:
    Lister(fhir::PatientRecord const& record, rules::Evaluation& evaluation)
        : record_{record}, evaluation_{evaluation} {}

    void list(Reason reason, std::string_view order) {
        rules::NotChecked item;
        item.rule = rules::NotChecked::no_rule;
        item.reason = reason;
        item.order = order;
        evaluation_.not_checked.push_back(item);
    }

    void look_at(Value resource) {
        auto const type = resource["resourceType"].string();
        if (type.empty()) return list(Reason::unreadable, {});
        if (!is_medication_order(type)) return;
        auto const foreign = !fhir::belongs_to(resource, record_.context.patient_id);
        if (!foreign && !fhir::has_unknown_modifier(resource)) return;
        auto const row = fhir::read_draft(record_, resource);
        if (!calls_for_a_check(row)) return;
        list(foreign ? Reason::other_patient : Reason::unreadable, row.label);
    }

    void look_at_drafts(Value draft_orders) {
        auto const entries = draft_orders.is_array() ? draft_orders : draft_orders["entry"];
        for (auto const entry : entries.each())
            look_at(entry["resource"] ? entry["resource"] : entry);
        for (auto const link : draft_orders["link"].each()) {
            if (link["relation"].string() == "next") list(Reason::incomplete, {});
        }
        if (draft_orders["resourceType"] && draft_orders["resourceType"].string() != "Bundle")
            look_at(draft_orders);
    }

private:
    fhir::PatientRecord const& record_;
    rules::Evaluation& evaluation_;
};

/// Whether a draft of the call is the one that was selected. One without an id may be any.
bool is_drafted(std::string_view selection, Value draft_orders) {
    auto const is_it = [&](Value entry) {
        auto const resource = entry["resource"] ? entry["resource"] : entry;
        if (!is_medication_order(resource["resourceType"].string())) return false;
        auto const id = resource["id"].string();
        return id.empty() || (selection.ends_with(id) && selection.size() > id.size() &&
                              selection[selection.size() - id.size() - 1] == '/');
    };
    auto const entries = draft_orders.is_array() ? draft_orders : draft_orders["entry"];
    for (auto const entry : entries.each()) {
        if (is_it(entry)) return true;
    }
    return is_it(draft_orders);
}

}  // namespace

void list_unread_orders(Request const& request, fhir::PatientRecord const& record,
                        rules::Evaluation& evaluation) {
    Lister lister{record, evaluation};
    lister.look_at_drafts(request.draft_orders);
    for (auto const order : request.dispatched.orders) lister.look_at(order);
    for (auto const reference : request.dispatched.not_found) {
        if (may_be_drug_order(reference)) lister.list(Reason::not_supplied, reference);
    }
    // An order of a drug that is selected but not sent was not looked at. Of other orders (diets,
    // devices) nothing would have been checked.
    for (auto const selection : request.selections.each()) {
        auto const reference =
            selection.is_object() ? selection["reference"].string() : selection.string();
        if (is_medication_order(type_of(reference)) && !is_drafted(reference, request.draft_orders))
            lister.list(Reason::not_supplied, reference);
    }
}

}  // namespace cds::hooks
