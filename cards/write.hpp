#pragma once
#include <cstdint>
#include <string>

#include "cards/call.hpp"
#include "rules/evaluate.hpp"

namespace cds::cards {

/// How many cards were written.
struct Counts {
    std::uint32_t cards = 0, critical = 0, warning = 0, info = 0;
};

/// Appends the response body `{"cards":[…]}`: critical, warning, info, within these in catalogue
/// order, the card of what was not checked last. Findings that another card already tells are not
/// written. The same call gives the same bytes.
Counts write(Context const& context, rules::Evaluation const& evaluation, std::string& out);

}  // namespace cds::cards
