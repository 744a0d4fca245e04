#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace cds::rules {

/// Words that all cards use, by key ("heading.found"), in British English, for a knowledge folder
/// that brings none of its own. Empty for a key that does not exist.
std::string_view built_in_phrase(std::string_view key);

using Blanks = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// Appends `pattern` with each `{{name}}` replaced; a name that is not given becomes nothing.
void append_filled(std::string_view pattern, Blanks blanks, std::string& out);

}  // namespace cds::rules
