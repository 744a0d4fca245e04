#pragma once
#include <string>

#include "cards/call.hpp"
#include "rules/evaluate.hpp"

// The one card that says what was not checked (catalogue: not-evaluated).

namespace cds::cards {

/// Its rule id.
inline constexpr std::string_view not_evaluated = "not-evaluated";

/// "Not checked: …", at most 139 characters.
std::string not_checked_summary(Context const& context, rules::Evaluation const& evaluation);

/// Every check in plain words, with the order that it concerns and what was missing: the inside of
/// a JSON string.
void write_not_checked_detail(Context const& context, rules::Evaluation const& evaluation,
                              std::string& out);

}  // namespace cds::cards
