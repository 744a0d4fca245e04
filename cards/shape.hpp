#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cards/suggestion.hpp"

// Cards in a client's dialect (cards/dialect.hpp).

namespace cds::cards {

/// Makes of the planned suggestions what the client can carry out. What it cannot is taken out and
/// listed in `left_out`, in words.
void shape(Context const& context, rules::Finding const& finding, rules::Wording const* wording,
           std::vector<Plan>& plans);

/// The code of a card's topic.
std::string topic_code(Dialect const& dialect, std::string_view rule_id);

/// "any" or "at-most-one".
std::string_view selection_behavior(Dialect const& dialect, rules::Selection meant);

/// A resource that a suggestion creates, from `from` on in `out`: its code systems as the client
/// names them.
void rename_systems(Dialect const& dialect, std::size_t from, std::string& out);

}  // namespace cds::cards
