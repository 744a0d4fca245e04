#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "rules/knowledge.hpp"

namespace cds::cards {

/// Words that all cards use, by key ("heading.found"): the knowledge's in that language, else in
/// British English, else the ones built in here. Empty only for a key that does not exist.
std::string_view phrase(rules::Knowledge const& knowledge, std::string_view language,
                        std::string_view key);

using Blanks = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// Appends `pattern` with each `{{name}}` replaced; a name that is not given becomes nothing.
void append_filled(std::string_view pattern, Blanks blanks, std::string& out);

}  // namespace cds::cards
