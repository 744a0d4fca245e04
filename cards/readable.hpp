#pragma once
#include <cstddef>
#include <string>

#include "base/json.hpp"

namespace cds::cards {

/// A response body as a person reads it at a terminal: for each card its indicator, summary, detail
/// without Markdown marks and its suggestions, wrapped at `columns`. Says so when there is no card.
std::string readable(base::json::Value response, std::size_t columns = 80);

/// Our own Markdown without its marks: bold as it stands with a colon, escapes and entities undone.
std::string without_markdown(std::string_view markdown);

/// Appends `text` wrapped at blanks; the first line begins with `first`, the others with as many
/// blanks.
void append_wrapped(std::string_view text, std::string_view first, std::size_t columns,
                    std::string& out);

}  // namespace cds::cards
