#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cards/suggestion.hpp"

// A card's `detail`: GitHub-flavoured Markdown without HTML and without tables (client-demands 24),
// in a shape that a clinician reads in ten seconds.

namespace cds::cards {

/// Appends, as the inside of a JSON string: found, why it matters, what to consider, limits,
/// sources; then which knowledge and clock it rests on. Suggestions that were left out say why
/// under "Consider".
void write_detail(Context const& context, rules::Finding const& finding,
                  rules::RuleInfo const& rule, rules::Wording const* wording,
                  std::vector<Plan> const& plans, std::string& out);

/// Appends a heading of rules::CommonText; without its first empty line when the detail, which
/// begins at `start`, is empty.
void append_heading(std::string_view heading, std::size_t start, std::string& detail);

/// Appends, as the inside of a JSON string: "Knowledge version 1.0.0 (0123456789ab)."; and, with a
/// frozen clock, its instant.
void append_footer(Context const& context, std::string& detail);

}  // namespace cds::cards
