#include <array>
#include <bit>
#include <cstring>

#include "base/json.hpp"
#include "base/json_scan.hpp"

namespace cds::base::json {
namespace {

#if !defined(__SSE2__)
constexpr std::uint64_t every_byte(std::uint64_t byte) { return byte * 0x0101010101010101U; }

/// Whether one of eight bytes is a quote, a backslash or below 0x20. Bytes of UTF-8 sequences are
/// above 0x7F.
bool needs_escape(std::uint64_t eight) noexcept {
    auto const zero_byte = [](std::uint64_t x) { return (x - every_byte(0x01)) & ~x; };
    auto const quote = zero_byte(eight ^ every_byte('"'));
    auto const backslash = zero_byte(eight ^ every_byte('\\'));
    auto const control = (eight - every_byte(0x20)) & ~eight;
    return ((quote | backslash | control) & every_byte(0x80)) != 0;
}
#endif

bool needs_escape(char c) noexcept {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

/// First position from `from` on that must be escaped, or the size, looking at one byte after the
/// other.
std::size_t next_escape_bytewise(std::string_view text, std::size_t from) noexcept {
    while (from < text.size() && !needs_escape(text[from])) ++from;
    return from;
}

#if defined(__SSE2__)
/// One bit for each byte of a block: set where the byte must be escaped.
unsigned escapes_in(char const* bytes) noexcept {
    auto const text = load_block(bytes);
    auto const last_control = _mm_set1_epi8(0x1F);
    auto const control = _mm_cmpeq_epi8(_mm_max_epu8(text, last_control), last_control);
    return bits(_mm_or_si128(quotes_in(text), control));
}

std::size_t next_escape(std::string_view text, std::size_t from) noexcept {
    for (; from + block <= text.size(); from += block) {
        if (auto const found = escapes_in(text.data() + from); found != 0)
            return from + static_cast<std::size_t>(std::countr_zero(found));
    }
    if (from == text.size() || text.size() < block) return next_escape_bytewise(text, from);
    // The last block again, without what was already looked at.
    auto const last = text.size() - block;
    auto const found = escapes_in(text.data() + last) >> (from - last);
    return found == 0 ? text.size() : from + static_cast<std::size_t>(std::countr_zero(found));
}
#else
std::size_t next_escape(std::string_view text, std::size_t from) noexcept {
    std::uint64_t eight = 0;
    for (; from + sizeof eight <= text.size(); from += sizeof eight) {
        std::memcpy(&eight, text.data() + from, sizeof eight);
        if (needs_escape(eight)) break;
    }
    return next_escape_bytewise(text, from);
}
#endif

void write_escape(char c, std::string& out) {
    constexpr std::string_view digits = "0123456789abcdef";
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    auto const code = static_cast<unsigned char>(c);
    out += "\\u00";
    out += digits[code >> 4U];
    out += digits[code & 0xFU];
}

void write_members(Value value, std::string& out) {
    bool first = true;
    for (auto const child : value) {
        if (!first) out += ',';
        first = false;
        if (value.is_object()) {
            write_string(child.key(), out);
            out += ':';
        }
        write(child, out);
    }
}

}  // namespace

void write_string(std::string_view text, std::string& out) {
    out += '"';
    std::size_t done = 0;
    while (done < text.size()) {
        auto const stop = next_escape(text, done);
        out.append(text.data() + done, stop - done);
        if (stop < text.size()) write_escape(text[stop], out);
        done = stop + 1;
    }
    out += '"';
}

// Recursion is as deep as the value, which Document::parse has limited.
void write(Value value, std::string& out) {
    switch (value.kind()) {
        case Kind::missing:
        case Kind::null:
            out += "null";
            return;
        case Kind::boolean:
            out += *value.boolean() ? "true" : "false";
            return;
        case Kind::number:
            out += value.number();
            return;
        case Kind::string:
            write_string(value.string(), out);
            return;
        case Kind::array:
            out += '[';
            write_members(value, out);
            out += ']';
            return;
        case Kind::object:
            out += '{';
            write_members(value, out);
            out += '}';
            return;
    }
}

}  // namespace cds::base::json
