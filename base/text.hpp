#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace cds::base {

/// Appends `text` folded for matching: lower case, accents removed (Latin letters), `-` `/` `_` and
/// runs of white space as one blank, none at either end; a typographic apostrophe as ', invisible
/// characters removed. "Behçet’s" -> "behcet's", "Co-Trimoxazole" -> "co trimoxazole".
void fold(std::string_view text, std::string& out);

/// Appends text that came from a chart so that it is inert in GitHub-flavoured Markdown, also where
/// a client renders raw HTML: `<`, `>`, `&` as entities, Markdown punctuation escaped, bare URLs
/// broken, line breaks and control characters as blanks, bidi and other invisible format characters
/// removed, cut to `max_code_points` with an ellipsis. Runs of blanks become one, none at either
/// end. The limit counts what a reader sees, not the escapes.
void append_inert(std::string_view text, std::string& out, std::size_t max_code_points = 120);
/// The same cleaning without Markdown escapes, for plain-text members (summary, label,
/// description).
void append_plain(std::string_view text, std::string& out, std::size_t max_code_points = 120);

/// Unicode code points of valid UTF-8.
std::size_t code_points(std::string_view text);
/// At most `max_code_points`, cut at a code point and closed with "…" when something was lost.
std::string shortened(std::string_view text, std::size_t max_code_points);

}  // namespace cds::base
