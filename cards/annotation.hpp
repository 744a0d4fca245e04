#pragma once
#include <string>

#include "cards/call.hpp"
#include "rules/evaluate.hpp"

// What was checked, written on the orders themselves: a system action, which the EHR carries out
// without asking.

namespace cds::cards {

/// Appends system actions with commas between them: for each drafted MedicationRequest that rules
/// look at, an update with the whole order and one note more, which says the day, the cards about
/// it and what was not checked. A note of ours that is there already is replaced. Nothing for
/// orders without an id. Returns how many.
std::size_t write_annotations(Context const& context, rules::Evaluation const& evaluation,
                              std::string& out);

}  // namespace cds::cards
