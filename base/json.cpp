#include "base/json.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "base/code_point.hpp"
#include "base/json_scan.hpp"
#include "base/json_tape.hpp"
#include "base/number_range.hpp"

namespace cds::base::json {
namespace {

constexpr std::size_t deepest = 1024;  ///< the reader recurses; its stack must not be the sender's
                                       ///< to spend

enum class Refusal : std::uint8_t {
    syntax,
    bad_string,
    repeated_member,
    not_finite,
    too_deep,
    too_many_nodes
};

std::string_view words_of(Refusal refusal) {
    switch (refusal) {
        case Refusal::syntax:
            return "not valid JSON";
        case Refusal::bad_string:
            return "not valid JSON: a control character, an unknown escape or invalid UTF-8 in a "
                   "string";
        case Refusal::repeated_member:
            return "a member name stands twice in one object, which ends";
        case Refusal::not_finite:
            return "a number is too large for a double";
        case Refusal::too_deep:
            return "nested too deep";
        case Refusal::too_many_nodes:
            return "too many values";
    }
    return {};
}

constexpr std::size_t surely_finite = 300;  ///< characters of a number without an exponent

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Reads a text from its first byte to its last into a tape. Each function takes the place where
/// its part begins and gives the place behind it, or nullptr when it has refused the text.
class Reader {
public:
    Reader(Tape& tape, std::string_view text, std::size_t max_depth) noexcept
        : tape_{tape},
          text_{text},
          end_{text.data() + text.size()},
          last_block_{text.size() < block ? nullptr : end_ - block},
          max_depth_{max_depth} {}

    bool read() {
        auto const* at = value(text_.data(), {});
        if (at != nullptr) at = past_blanks(at);
        if (at != nullptr && at != end_) at = refuse(at);
        return at != nullptr;
    }
    Error error() const {
        auto const code =
            refusal_ == Refusal::too_many_nodes ? ErrorCode::too_large : ErrorCode::malformed;
        return {code, tape_.where(),
                std::string{words_of(refusal_)} + " near byte " +
                    std::to_string(refused_at_ - text_.data())};
    }

private:
    char const* refuse(char const* at, Refusal refusal = Refusal::syntax) noexcept {
        refused_at_ = at;
        refusal_ = refusal;
        return nullptr;
    }
    bool stands(char const* at, char c) const noexcept { return at != end_ && *at == c; }
    char const* past_blanks(char const* at) const noexcept {
        if (at == end_ || static_cast<unsigned char>(*at) > ' ') return at;
        return blank_until(at, end_);
    }
    /// Goes behind `c`; false, at the first byte that is no blank, when something else stands
    /// there. Most senders write no blanks.
    [[gnu::always_inline]] bool take(char c, char const*& at) const noexcept {
        if (!stands(at, c)) at = past_blanks(at);
        if (!stands(at, c)) return false;
        ++at;
        return true;
    }

    /// One value. The loops over members and elements call it, so it stands in them.
    [[gnu::always_inline]] char const* value(char const* at, std::string_view name) {
        if (at == end_) return refuse(at);
        switch (*at) {
            case '"': {
                std::string_view text;
                at = string(at + 1, text);
                return at == nullptr ? at : add(at, Kind::string, name, text);
            }
            case '{':
                return object(at, name);
            case '[':
                return array(at, name);
            default:
                return other_value(at, name);
        }
    }
    [[gnu::always_inline]] char const* add(char const* after, Kind kind, std::string_view name,
                                           std::string_view text) {
        return tape_.add(kind, name, text) ? after : refuse(after, Refusal::too_many_nodes);
    }
    bool open(char const* at, Kind kind, std::string_view name);
    [[gnu::noinline]] char const* object(char const* at, std::string_view own_name);
    [[gnu::noinline]] char const* array(char const* at, std::string_view own_name);
    [[gnu::noinline]] char const* other_value(char const* at, std::string_view name);
    char const* literal(char const* at, Kind kind, std::string_view name, std::string_view word);
    char const* number(char const* at, std::string_view name);
    char const* digits(char const* at);

    /// From behind the opening quote to behind the closing one.
    [[gnu::always_inline]] char const* string(char const* at, std::string_view& text) {
        auto const* const stop = plain_until(at, last_block_);
        if (stop == nullptr || *stop != '"') [[unlikely]] {
            at = unusual_string(at);
            text = unusual_;
            return at;
        }
        text = {at, static_cast<std::size_t>(stop - at)};
        return stop + 1;
    }
    /// Any string; its text is then in `unusual_`.
    [[gnu::noinline]] char const* unusual_string(char const* from);
    char const* escape(char const* at);
    char const* unicode_escape(char const* at);
    /// Four hexadecimal digits; none when they are something else.
    std::optional<char32_t> four_digits(char const* at) const noexcept;

    Tape& tape_;
    std::string_view text_;
    char const* end_;
    char const* last_block_;  ///< the last place with a whole block behind it; nullptr: none
    std::size_t max_depth_;
    std::size_t depth_ = 0;
    char const* refused_at_ = nullptr;
    Refusal refusal_ = Refusal::syntax;
    std::string_view unusual_;
};

bool Reader::open(char const* at, Kind kind, std::string_view name) {
    if (depth_ == max_depth_) {
        refuse(at, Refusal::too_deep);
        return false;
    }
    if (add(at, kind, name, {}) == nullptr) return false;
    tape_.open();
    ++depth_;
    return true;
}

char const* Reader::object(char const* at, std::string_view own_name) {
    if (!open(at, Kind::object, own_name)) return nullptr;
    auto const self = tape_.innermost();
    std::uint32_t count = 0;
    ++at;
    if (!take('}', at)) {
        do {
            if (!take('"', at)) return refuse(at);
            std::string_view name;
            at = string(at, name);
            if (at == nullptr) return at;
            ++count;
            at = take(':', at) ? value(at, name) : refuse(at);
            if (at == nullptr) {
                tape_.stopped_at(self, name);
                return at;
            }
        } while (take(',', at));
        if (!take('}', at)) return refuse(at);
    }
    if (!tape_.close_object(count)) return refuse(at - 1, Refusal::repeated_member);
    --depth_;
    return at;
}

char const* Reader::array(char const* at, std::string_view own_name) {
    if (!open(at, Kind::array, own_name)) return nullptr;
    std::uint32_t count = 0;
    ++at;
    if (!take(']', at)) {
        do {
            at = value(at, {});
            if (at == nullptr) return at;
            ++count;
        } while (take(',', at));
        if (!take(']', at)) return refuse(at);
    }
    tape_.close_array(count);
    --depth_;
    return at;
}

char const* Reader::other_value(char const* at, std::string_view name) {
    if (auto const* const begin = past_blanks(at); begin != at) return value(begin, name);
    switch (*at) {
        case 't':
            return literal(at, Kind::boolean, name, "true");
        case 'f':
            return literal(at, Kind::boolean, name, "false");
        case 'n':
            return literal(at, Kind::null, name, "null");
        default:
            return number(at, name);
    }
}

char const* Reader::literal(char const* at, Kind kind, std::string_view name,
                            std::string_view word) {
    auto const left = static_cast<std::size_t>(end_ - at);
    if (!std::string_view{at, left}.starts_with(word)) return refuse(at);
    return add(at + word.size(), kind, name, kind == Kind::null ? std::string_view{} : word);
}

/// Behind at least one digit.
char const* Reader::digits(char const* at) {
    if (at == end_ || !is_digit(*at)) return refuse(at);
    while (at != end_ && is_digit(*at)) ++at;
    return at;
}

char const* Reader::number(char const* at, std::string_view name) {
    auto const* const from = at;
    if (*at == '-') ++at;
    at = stands(at, '0') ? at + 1 : digits(at);
    if (at != nullptr && stands(at, '.')) at = digits(at + 1);
    bool const scaled = at != nullptr && (stands(at, 'e') || stands(at, 'E'));
    if (scaled) {
        ++at;
        if (stands(at, '+') || stands(at, '-')) ++at;
        at = digits(at);
    }
    if (at == nullptr) return at;
    std::string_view const text{from, static_cast<std::size_t>(at - from)};
    if ((scaled || text.size() > surely_finite) && !is_finite_double(text))
        return refuse(at, Refusal::not_finite);
    return add(at, Kind::number, name, text);
}

/// A string with escapes, which is copied, or with characters outside ASCII, which are looked at.
char const* Reader::unusual_string(char const* from) {
    std::optional<std::size_t> start;  // in the arena, once there was an escape
    auto const* at = plain_until(from, last_block_, end_);
    for (; !stands(at, '"'); at = plain_until(at, last_block_, end_)) {
        if (stands(at, '\\')) {
            auto& arena = tape_.arena();
            if (!start) start = arena.size();
            arena.append(from, at);
            from = at = escape(at + 1);
            if (at == nullptr) return at;
            continue;
        }
        if (at == end_) return refuse(at);
        if (static_cast<unsigned char>(*at) < 0x20) return refuse(at, Refusal::bad_string);
        while (at != end_ && static_cast<unsigned char>(*at) >= 0x80) {
            auto const place = static_cast<std::size_t>(at - text_.data());
            auto const size = code_point_at(text_, place).size;
            if (size == 1) return refuse(at, Refusal::bad_string);
            at += size;
        }
    }
    unusual_ = {from, static_cast<std::size_t>(at - from)};
    if (start) unusual_ = std::string_view{tape_.arena().append(unusual_)}.substr(*start);
    return at + 1;
}

/// What follows a backslash.
char const* Reader::escape(char const* at) {
    constexpr std::string_view letters = R"("\/bfnrt)";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    if (at == end_) return refuse(at, Refusal::bad_string);
    if (*at == 'u') return unicode_escape(at + 1);
    auto const which = letters.find(*at);
    if (which == std::string_view::npos) return refuse(at, Refusal::bad_string);
    tape_.arena() += meanings[which];
    return at + 1;
}

char const* Reader::unicode_escape(char const* at) {
    constexpr std::size_t length = 4;
    constexpr std::string_view between = "\\u";
    auto const is_low = [](char32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; };
    auto const unit = four_digits(at);
    if (!unit || is_low(*unit)) return refuse(at, Refusal::bad_string);
    at += length;
    auto code_point = *unit;
    if (code_point >= 0xD800 && code_point <= 0xDBFF) {
        auto const left = static_cast<std::size_t>(end_ - at);
        if (!std::string_view{at, left}.starts_with(between))
            return refuse(at, Refusal::bad_string);
        at += between.size();
        auto const low = four_digits(at);
        if (!low || !is_low(*low)) return refuse(at, Refusal::bad_string);
        at += length;
        code_point = 0x10000 + ((code_point - 0xD800) << 10U) + (*low - 0xDC00);
    }
    append_utf8(code_point, tape_.arena());
    return at;
}

std::optional<char32_t> Reader::four_digits(char const* at) const noexcept {
    constexpr std::size_t length = 4;
    if (static_cast<std::size_t>(end_ - at) < length) return std::nullopt;
    std::uint16_t unit = 0;
    auto const [stop, failure] = std::from_chars(at, at + length, unit, 16);
    if (failure != std::errc{} || stop != at + length) return std::nullopt;
    return unit;
}

}  // namespace

struct Document::State {
    Tape tape;
};

Document::Document() : state_{std::make_unique<State>()} {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Result<Value> Document::parse(std::string_view text, Limits limits) {
    if (!state_) state_ = std::make_unique<State>();
    auto& tape = state_->tape;
    if (text.data() == nullptr) text = "";
    tape.start(text, limits);
    if (text.starts_with("\xEF\xBB\xBF"))
        return Error{ErrorCode::malformed, "",
                     "starts with a byte order mark: send UTF-8 without one (byte 0)"};
    Reader reader{tape, text, std::min(limits.max_depth, deepest)};
    if (!reader.read()) {
        auto error = reader.error();
        tape.clear();
        return error;
    }
    return root();
}

Value Document::root() const noexcept {
    if (!state_ || state_->tape.nodes() == nullptr) return {};
    return Value{state_->tape.nodes(), 0};
}

std::optional<bool> Value::boolean() const noexcept {
    if (kind() != Kind::boolean) return std::nullopt;
    return tape_[index_].text == "true";
}

std::optional<long long> Value::integer() const noexcept {
    auto const digits = number();
    long long value = 0;
    auto const* const last = digits.data() + digits.size();
    auto const [end, failure] = std::from_chars(digits.data(), last, value);
    if (digits.empty() || failure != std::errc{} || end != last) return std::nullopt;
    return value;
}

}  // namespace cds::base::json
