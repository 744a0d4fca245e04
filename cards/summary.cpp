#include "cards/summary.hpp"

#include "base/code_point.hpp"
#include "base/text.hpp"

namespace cds::cards {

namespace {

/// UTF-16 units of a code point of UTF-8: clients in JavaScript count these.
std::size_t units(char32_t code_point) { return code_point > 0xFFFF ? 2 : 1; }

std::size_t utf16_units(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size();) {
        auto const [value, size] = base::code_point_at(text, at);
        count += units(value);
        at += size;
    }
    return count;
}

/// Longest start of `text` with at most `limit` units.
std::string_view start_of(std::string_view text, std::size_t limit) {
    std::size_t count = 0, at = 0;
    while (at < text.size()) {
        auto const [value, size] = base::code_point_at(text, at);
        if (count + units(value) > limit) break;
        count += units(value);
        at += size;
    }
    return text.substr(0, at);
}

/// Whether the text is a summary as it stands, as nearly all are: short, printable ASCII, without
/// double blanks. Looks at every character, since the compiler then takes many at a time.
bool is_summary(std::string_view text) {
    if (text.empty() || text.size() > max_summary || text.front() == ' ' || text.back() == ' ')
        return false;
    int odd = (text.back() < ' ') | (text.back() > '~');
    for (std::size_t i = 1; i < text.size(); ++i) {
        auto const c = text[i - 1];
        odd |= (c < ' ') | (c > '~') | ((c == ' ') & (text[i] == ' '));
    }
    return odd == 0;
}

}  // namespace

std::string as_summary(std::string_view text) {
    if (is_summary(text)) return std::string{text};
    std::string line;
    base::append_plain(text, line, text.size());
    // A code point has at least as many bytes as units.
    if (line.size() <= max_summary || utf16_units(line) <= max_summary) return line;
    auto cut = start_of(line, max_summary - 1);
    // A word longer than half the line is cut inside.
    if (auto const blank = cut.rfind(' '); blank != cut.npos && blank > cut.size() / 2)
        cut = cut.substr(0, blank);
    while (!cut.empty() && (cut.back() == ',' || cut.back() == ';' || cut.back() == ' '))
        cut.remove_suffix(1);
    std::string out{cut};
    out += "…";
    return out;
}

}  // namespace cds::cards
