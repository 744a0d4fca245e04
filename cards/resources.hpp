#pragma once
#include <string>
#include <string_view>

#include "cards/call.hpp"
#include "rules/finding.hpp"

// The FHIR resources that suggestions bring along. Each function appends one complete R4 resource
// without id.

namespace cds::cards {

/// A draft order of the knowledge for order_test, refer or prescribe. `reason` is the Condition
/// that it is for; empty when none is known.
void write_order(Context const& context, rules::Action const& action,
                 rules::Knowledge::OrderText const& order, std::string_view reason,
                 std::string& out);

/// A Task for a person. `focus` is the order that it is about: null, or without id, when it cannot
/// be referred to.
void write_task(Context const& context, std::string_view words, fhir::MedicationRow const* focus,
                bool urgent, std::string& out);

/// What a drafted order is referred to by. False when it carries no id or is no draft.
struct DraftReference {
    std::string_view type, id;  ///< "MedicationRequest", "1"
    explicit operator bool() const noexcept { return !type.empty() && !id.empty(); }
};
DraftReference draft_reference(rules::Action const& action);

}  // namespace cds::cards
