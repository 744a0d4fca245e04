#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace cds::base::json {

enum class Kind : std::uint8_t { missing, null, boolean, number, string, array, object };

/// One node of the tape. A container's children follow it; `end` is the index after its subtree.
struct Node {
    std::string_view key;  ///< member name; empty in arrays and at the root
    std::string_view
        text;  ///< string: unescaped text; number: the digits as written; boolean: true/false
    std::uint32_t end = 0;
    std::uint32_t count = 0;  ///< elements of an array, members of an object
    Kind kind = Kind::missing;
    /// Object: a bit for each member's name (`name_bit`). Most look-ups are for members that are
    /// not there, and this says so at once.
    std::uint32_t names = 0;
};

/// A number that equal names share and different names seldom do, mixed best in its high bits. With
/// a literal name the compiler works it out.
[[gnu::always_inline]] inline std::uint32_t name_hash(std::string_view name) noexcept {
    constexpr std::uint32_t mix = 0x9E3779B1U;
    constexpr std::size_t word = sizeof mix;
    auto const* const text = name.data();
    auto const size = name.size();
    auto const byte = [text](std::size_t at) {
        return std::uint32_t{static_cast<unsigned char>(text[at])};
    };
    auto mixed = static_cast<std::uint32_t>(size);
    if (size >= word) {
        std::uint32_t first = 0;
        std::uint32_t last = 0;
        std::memcpy(&first, text, word);
        std::memcpy(&last, text + size - word, word);
        mixed += first ^ (last << 13U | last >> 19U);
    } else if (size != 0) {
        mixed += byte(0) << 8U | byte(size / 2) << 16U | byte(size - 1) << 24U;
    }
    return mixed * mix;
}
/// One of 32 bits.
[[gnu::always_inline]] inline std::uint32_t name_bit(std::uint32_t hash) noexcept {
    return 1U << (hash >> 27U);
}

class Document;

/// A view of one node: two words, cheap to copy, valid as long as its Document holds the parse.
/// A default or looked-up-but-absent Value has kind `missing`; every accessor is safe on it.
class Value {
public:
    Value() = default;
    Value(Node const* tape, std::uint32_t index) noexcept : tape_{tape}, index_{index} {}

    Kind kind() const noexcept { return tape_ ? tape_[index_].kind : Kind::missing; }
    explicit operator bool() const noexcept { return tape_ != nullptr; }
    bool is_null() const noexcept { return kind() == Kind::null; }
    bool is_object() const noexcept { return kind() == Kind::object; }
    bool is_array() const noexcept { return kind() == Kind::array; }
    bool is_string() const noexcept { return kind() == Kind::string; }

    /// Member by name; missing when this is no object or has no such member.
    Value operator[](std::string_view name) const noexcept;
    /// First element of an array, or the value itself when it is no array (EHRs send one where R4
    /// has many).
    Value first() const noexcept;
    /// Elements of an array, members of an object, else 0.
    std::size_t size() const noexcept;
    std::string_view key() const noexcept { return tape_ ? tape_[index_].key : std::string_view{}; }
    /// Text of a string; empty for everything else.
    std::string_view string() const noexcept;
    /// Text of a number exactly as written; empty for everything else.
    std::string_view number() const noexcept;
    std::optional<bool> boolean() const noexcept;
    /// A number written as a plain integer ("5", not "5.0" or "5e0") that fits; else none.
    std::optional<long long> integer() const noexcept;

    class Iterator;
    /// Iterates elements or members; over a single non-array value where R4 has an array: see
    /// `each()`.
    Iterator begin() const noexcept;
    Iterator end() const noexcept;
    /// Like iterating an array, but a lone object or string counts as an array of one and
    /// missing/null as none.
    struct Each;
    Each each() const noexcept;

    /// Identity of the node within its document; stable, usable as a key.
    Node const* node() const noexcept { return tape_ ? tape_ + index_ : nullptr; }

private:
    Node const* tape_ = nullptr;
    std::uint32_t index_ = 0;
    friend class Iterator;
};

class Value::Iterator {
public:
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::forward_iterator_tag;
    using reference = Value;
    using pointer = void;
    Iterator() = default;
    Iterator(Node const* tape, std::uint32_t index) noexcept : tape_{tape}, index_{index} {}
    Value operator*() const noexcept { return Value{tape_, index_}; }
    Iterator& operator++() noexcept {
        index_ = tape_[index_].end;
        return *this;
    }
    Iterator operator++(int) noexcept {
        auto old = *this;
        ++*this;
        return old;
    }
    bool operator==(Iterator const&) const = default;

private:
    Node const* tape_ = nullptr;
    std::uint32_t index_ = 0;
};

struct Value::Each {
    Iterator from, to;
    Iterator begin() const noexcept { return from; }
    Iterator end() const noexcept { return to; }
};

struct Limits {
    std::size_t max_depth = 64;
    std::size_t max_nodes = 4'000'000;
};

/// Reads JSON text into a tape. Keeps its buffers between parses, so one Document a thread serves
/// all requests.
///
/// Refused, with the place as a JSON pointer: anything RFC 8259 refuses, repeated member names
/// (also when one is spelled with \u escapes), invalid UTF-8, lone surrogates, a byte order mark,
/// numbers that are not finite as a double (1e400), nesting beyond the limit, text after the
/// document. Strings without escapes are views into `text`, so `text` must outlive the values. The
/// pointer names only members that look like element names; any other member stands as `*`, so that
/// nothing a stranger wrote is echoed. Too many values are too_large, all else is malformed,
/// nesting too deep as well; it is at most 1,024 whatever the limit says.
class Document {
public:
    Document();
    ~Document();
    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;

    Result<Value> parse(std::string_view text, Limits limits = {});
    Value root() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Appends `value` as compact JSON: member order kept, numbers as they were written, strings
/// escaped minimally. A missing value is written as null.
void write(Value value, std::string& out);
/// Appends `text` as a JSON string with quotes.
void write_string(std::string_view text, std::string& out);

// The accessors below run thousands of times a request, so they stand where they can be inlined.

inline Value::Iterator Value::begin() const noexcept {
    auto const here = kind();
    bool const holds_values = here == Kind::array || here == Kind::object;
    return holds_values ? Iterator{tape_, index_ + 1} : Iterator{};
}

inline Value::Iterator Value::end() const noexcept {
    auto const here = kind();
    bool const holds_values = here == Kind::array || here == Kind::object;
    return holds_values ? Iterator{tape_, tape_[index_].end} : Iterator{};
}

inline Value::Each Value::each() const noexcept {
    switch (kind()) {
        case Kind::array:
            return {begin(), end()};
        case Kind::missing:
        case Kind::null:
            return {};
        case Kind::boolean:
        case Kind::number:
        case Kind::string:
        case Kind::object:
            break;
    }
    return {Iterator{tape_, index_}, Iterator{tape_, tape_[index_].end}};
}

[[gnu::always_inline]] inline Value Value::operator[](std::string_view name) const noexcept {
    if (kind() != Kind::object || (tape_[index_].names & name_bit(name_hash(name))) == 0) return {};
    auto const after = tape_[index_].end;
    // Lengths first; with a literal name the compiler then compares words in place.
    for (auto member = index_ + 1; member != after; member = tape_[member].end) {
        auto const& key = tape_[member].key;
        if (key.size() == name.size() && std::memcmp(key.data(), name.data(), name.size()) == 0)
            return Value{tape_, member};
    }
    return {};
}

inline Value Value::first() const noexcept {
    if (kind() != Kind::array) return *this;
    return tape_[index_].count == 0 ? Value{} : Value{tape_, index_ + 1};
}

inline std::size_t Value::size() const noexcept { return tape_ ? tape_[index_].count : 0; }

inline std::string_view Value::string() const noexcept {
    return kind() == Kind::string ? tape_[index_].text : std::string_view{};
}

inline std::string_view Value::number() const noexcept {
    return kind() == Kind::number ? tape_[index_].text : std::string_view{};
}

}  // namespace cds::base::json
