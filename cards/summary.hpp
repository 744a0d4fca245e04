#pragma once
#include <string>
#include <string_view>

namespace cds::cards {

/// CDS Hooks: `summary` has fewer than 140 characters, counted as code points; kept for UTF-16
/// units too.
inline constexpr std::size_t max_summary = 139;

/// One line of at most 139 characters: line breaks become blanks, and a text that is too long ends
/// at a word with "…".
std::string as_summary(std::string_view text);

}  // namespace cds::cards
