#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace cds::base {

struct CodePoint {
    char32_t value = 0;
    std::size_t size = 1;  ///< bytes that it takes in the text
};

/// The code point at `place`, which must be inside `text`. A byte that is no UTF-8 gives U+FFFD of
/// size 1.
CodePoint code_point_at(std::string_view text, std::size_t place) noexcept;
void append_utf8(char32_t code_point, std::string& out);

/// Controls, line and paragraph separators, and every kind of white space: what may be shown as a
/// blank.
bool is_blank_or_control(char32_t code_point) noexcept;
/// Characters that show nothing or change how their neighbours are shown: bidi controls, zero-width
/// and other format characters, variation selectors, blank fillers, tags.
bool is_invisible(char32_t code_point) noexcept;

}  // namespace cds::base
