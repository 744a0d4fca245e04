#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cards/suggestion.hpp"

// A card's `detail`: GitHub-flavoured Markdown without HTML and without tables (client-demands 24),
// in a shape that a clinician reads in ten seconds.

namespace cds::cards {

/// Found, why it matters, what to consider, limits, sources; then which knowledge and clock it
/// rests on. Suggestions that were left out say why under "Consider".
void write_detail(Context const& context, rules::Finding const& finding,
                  rules::RuleInfo const& rule, rules::Wording const* wording,
                  std::vector<Plan> const& plans, std::string& markdown);

/// Appends a bold heading line.
void append_heading(Context const& context, std::string_view phrase_key, std::string& markdown);

/// Appends each non-empty line of `text` as a list item.
void append_items(std::string_view text, std::string& markdown);

/// "Knowledge version 1.0.0 (0123456789ab)."; and, with a frozen clock, its instant.
void append_footer(Context const& context, std::string& markdown);

}  // namespace cds::cards
