#include "base/text.hpp"

#include <algorithm>
#include <array>

#include "base/code_point.hpp"

namespace cds::base {
namespace {

constexpr std::string_view ellipsis = "…";

/// What fold() puts for U+00C0 to U+017F, one entry each. Letters that are two letters elsewhere
/// (æ, ß, œ, þ) are spelled out, as registries do.
constexpr std::array<std::string_view, 0x180 - 0xC0> latin{
    // U+00C0
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o",
    "o", "o", "o", "o", "×", "o", "u", "u", "u", "u", "y", "th", "ss", "a", "a", "a", "a", "a", "a",
    "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o", "o", "o", "o", "÷", "o",
    "u", "u", "u", "u", "y", "th", "y",
    // U+0100
    "a", "a", "a", "a", "a", "a", "c", "c", "c", "c", "c", "c", "c", "c", "d", "d", "d", "d", "e",
    "e", "e", "e", "e", "e", "e", "e", "e", "e", "g", "g", "g", "g", "g", "g", "g", "g", "h", "h",
    "h", "h", "i", "i", "i", "i", "i", "i", "i", "i", "i", "i", "ij", "ij", "j", "j", "k", "k", "k",
    "l", "l", "l", "l", "l", "l", "l", "l", "l", "l", "n", "n", "n", "n", "n", "n", "n", "n", "n",
    "o", "o", "o", "o", "o", "o", "oe", "oe", "r", "r", "r", "r", "r", "r", "s", "s", "s", "s", "s",
    "s", "s", "s", "t", "t", "t", "t", "t", "t", "u", "u", "u", "u", "u", "u", "u", "u", "u", "u",
    "u", "u", "w", "w", "y", "y", "y", "z", "z", "z", "z", "z", "z", "s"};

bool is_combining_accent(char32_t c) noexcept { return c >= 0x0300 && c <= 0x036F; }
bool is_typographic_dash(char32_t c) noexcept {
    return (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}
bool is_typographic_apostrophe(char32_t c) noexcept {
    return c == 0x2018 || c == 0x2019 || c == 0x02BC;
}

/// What fold() puts for ASCII: the character in lower case, or a blank. No ASCII is invisible.
constexpr auto folded_ascii = [] {
    std::array<char, 128> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        auto const c = static_cast<char>(i);
        auto const blank = i <= 0x20 || i == 0x7F || c == '-' || c == '/' || c == '_';
        table[i] = blank ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return table;
}();

/// The ASCII at the beginning of a text.
std::string_view ascii_run(std::string_view text) noexcept {
    auto const beyond = [](char c) { return static_cast<unsigned char>(c) >= folded_ascii.size(); };
    auto const end = std::find_if(text.begin(), text.end(), beyond);
    return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// Appends the folded form of ASCII, of which nearly all text consists. `blank`: whether a run of
/// blanks stands before it, then behind it; none is written at `start`.
void fold_ascii(std::string_view ascii, std::size_t start, bool& blank, std::string& out) {
    auto const before = out.size();
    out.resize(before + ascii.size() + 1);  // at most one blank more than there are characters
    auto const* const begin = out.data() + start;
    auto* to = out.data() + before;
    bool owed = blank;
    for (char const c : ascii) {
        auto const folded = folded_ascii[static_cast<unsigned char>(c)];
        if (folded == ' ') {
            owed = true;
            continue;
        }
        if (owed && to != begin) *to++ = ' ';
        owed = false;
        *to++ = folded;
    }
    blank = owed;
    out.resize(static_cast<std::size_t>(to - out.data()));
}

/// Appends the folded form of a character beyond ASCII that is neither blank nor invisible.
void append_folded(char32_t c, std::string& out) {
    if (is_combining_accent(c)) return;
    if (c >= 0xC0 && c < 0xC0 + latin.size()) {
        out += latin[c - 0xC0];
    } else if (is_typographic_apostrophe(c)) {
        out += '\'';
    } else if (c == 0x0218 ||
               c == 0x0219) {  // Romanian, with the comma that Latin Extended-A lacks
        out += 's';
    } else if (c == 0x021A || c == 0x021B) {
        out += 't';
    } else {
        append_utf8(c, out);
    }
}

/// Appends chart text as a reader would see it: invisible characters gone, runs of blanks and
/// controls one blank, none at either end, cut to the limit with an ellipsis as its last code
/// point.
void append_visible(std::string_view text, std::string& out, std::size_t max_code_points) {
    // Nearly all text is printable ASCII without double blanks: it is taken as it stands.
    auto const plain = [](std::string_view ascii) {
        char before = ' ';
        for (char const c : ascii) {
            if (c < ' ' || c > '~' || (c == ' ' && before == ' ')) return false;
            before = c;
        }
        return !ascii.empty() && before != ' ';
    };
    if (text.size() <= max_code_points && plain(text)) {
        out += text;
        return;
    }
    std::size_t written = 0;
    auto before_last = out.size();  // where the ellipsis goes when the text turns out too long
    auto const put = [&](char32_t c) {
        if (written + 1 == max_code_points) before_last = out.size();
        if (written == max_code_points) {
            out.resize(before_last);
            if (max_code_points != 0) out += ellipsis;
            return false;
        }
        append_utf8(c, out);
        ++written;
        return true;
    };
    bool blank = false;
    for (std::size_t place = 0; place < text.size();) {
        auto const [value, size] = code_point_at(text, place);
        place += size;
        if (is_blank_or_control(value)) {
            blank = true;
        } else if (!is_invisible(value)) {
            if (blank && written != 0 && !put(U' ')) return;
            if (!put(value)) return;
            blank = false;
        }
    }
}

/// Markup wherever it stands, so escaped wherever it stands.
constexpr std::string_view always_markup = "\\`*_{}[]|~";
/// Markup only as the first character of a line (headings, lists, underlines of headings) or behind
/// a `]` of ours.
constexpr std::string_view markup_at_start = "#+-=(:";

/// Characters that are markup nowhere but, some of them, at the start of a line.
constexpr auto harmless_inside = [] {
    std::array<bool, 256> table{};
    for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = table[c - 'a' + 'A'] = true;
    for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
    for (char const c : std::string_view{" ,;%/'\"?-+("})
        table[static_cast<unsigned char>(c)] = true;
    return table;
}();

/// Whether the text is shown as it stands wherever it stands: most names of drugs and tests are.
bool is_inert(std::string_view text) noexcept {
    if (text.empty() || markup_at_start.find(text.front()) != std::string_view::npos) return false;
    char before = ' ';
    for (char const c : text) {
        if (!harmless_inside[static_cast<unsigned char>(c)] || (c == ' ' && before == ' '))
            return false;
        before = c;
    }
    return before != ' ';
}

bool ends_with_www(std::string_view text) noexcept {
    constexpr std::size_t length = 3;
    if (text.size() < length) return false;
    text.remove_prefix(text.size() - length);
    return text.find_first_not_of("wW") == std::string_view::npos;
}

/// Whether the ASCII punctuation at `place` could be read as markup there.
bool could_be_markup(std::string_view text, std::size_t place) noexcept {
    auto const c = text[place];
    auto const before = text.substr(0, place);
    if (always_markup.find(c) != std::string_view::npos) return true;
    if (place == 0 && markup_at_start.find(c) != std::string_view::npos) return true;
    if (c == '(') return before.ends_with(']');
    // An image, also when the `[` is ours and follows the text.
    if (c == '!') return place + 1 == text.size() || text[place + 1] == '[';
    // A numbered list.
    if (c == '.' || c == ')')
        return !before.empty() && before.find_first_not_of("0123456789") == std::string_view::npos;
    return false;
}

}  // namespace

void fold(std::string_view text, std::string& out) {
    auto const start = out.size();
    bool blank = false;
    for (std::size_t place = 0; place < text.size();) {
        if (auto const run = ascii_run(text.substr(place)); !run.empty()) {
            fold_ascii(run, start, blank, out);
            place += run.size();
            continue;
        }
        auto const [c, size] = code_point_at(text, place);
        place += size;
        if (is_blank_or_control(c) || is_typographic_dash(c)) {
            blank = true;
            continue;
        }
        if (is_invisible(c)) continue;
        if (blank && out.size() != start) out += ' ';
        blank = false;
        append_folded(c, out);
    }
}

// Renderers look for bare links after they have resolved escapes and entities, so only a blank
// breaks one for sure.
void append_inert(std::string_view text, std::string& out, std::size_t max_code_points) {
    if (text.size() <= max_code_points && is_inert(text)) {
        out += text;
        return;
    }
    std::string visible;
    append_visible(text, visible, max_code_points);
    std::string_view const shown = visible;
    for (std::size_t i = 0; i < shown.size(); ++i) {
        auto const c = shown[i];
        bool const last = i + 1 == shown.size();
        if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else {
            if (c == '.' && ends_with_www(shown.substr(0, i))) out += ' ';
            if (could_be_markup(shown, i)) out += '\\';
            out += c;
            bool const link = c == '@' || shown.substr(0, i + 1).ends_with("://");
            if (link && !last && shown[i + 1] != ' ') out += ' ';
        }
    }
}

void append_plain(std::string_view text, std::string& out, std::size_t max_code_points) {
    append_visible(text, out, max_code_points);
}

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

std::string shortened(std::string_view text, std::size_t max_code_points) {
    std::size_t before_last = 0;
    std::size_t seen = 0;
    for (std::size_t place = 0; place < text.size(); ++seen) {
        if (seen + 1 == max_code_points) before_last = place;
        if (seen == max_code_points) {
            std::string cut{text.substr(0, before_last)};
            if (max_code_points != 0) cut += ellipsis;
            return cut;
        }
        place += code_point_at(text, place).size;
    }
    return std::string{text};
}

}  // namespace cds::base
