#pragma once
#include <string>
#include <string_view>

namespace cds::rules {

/// Appends `text` as the inside of a JSON string, for strings that are put together from pieces.
void append_json_text(std::string_view text, std::string& out);

/// Appends each line of `text` that is not empty as a Markdown list item, as the inside of a JSON
/// string.
void append_json_items(std::string_view text, std::string& out);

}  // namespace cds::rules
