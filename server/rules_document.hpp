#pragma once
#include <string>
#include <string_view>

#include "rules/knowledge.hpp"

namespace cds::server {

/// docs/rules.md: what is not checked, then every rule in the words of its card.
std::string rules_markdown(rules::Knowledge const& knowledge);

/// docs/rules.json: the same for programs. Texts are mustache templates, as the knowledge has them
/// with its thresholds filled in.
std::string rules_json(rules::Knowledge const& knowledge);

/// The table of what no rule looks at, as README and docs/rules.md show it.
std::string not_checked_markdown(rules::Knowledge const& knowledge);

/// A mustache template as a person reads it: `‹name›` for what the chart fills in, `[…]` for what
/// is said only at times.
std::string readable_template(std::string_view source);

std::string_view name(rules::Tier tier);
std::string_view name(rules::Kind kind);

}  // namespace cds::server
