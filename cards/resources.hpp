#pragma once
#include <string>
#include <string_view>

#include "cards/call.hpp"
#include "rules/finding.hpp"

// The FHIR resources that suggestions bring along. Each function appends one complete R4 resource
// without id.

namespace cds::cards {

/// A draft order from orders.json for order_test, refer or prescribe. `reason` is the Condition
/// that it is for; empty when none is known. Returns false, with nothing written, when the
/// knowledge has no such order.
bool write_order(Context const& context, rules::Action const& action, std::string_view reason,
                 std::string& out);

/// A Task for a person. `focus` is the order that it is about: null, or without id, when it cannot
/// be referred to.
void write_task(Context const& context, std::string_view words, fhir::MedicationRow const* focus,
                bool urgent, std::string& out);

/// "MedicationRequest/1" of a drafted order; empty when it carries no id or is no draft.
std::string draft_reference(rules::Action const& action);

}  // namespace cds::cards
