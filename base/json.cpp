#include "base/json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cstring>
#include <functional>
#include <limits>

#include "base/number_range.hpp"

namespace cds::base::json {
namespace {

constexpr std::uint32_t no_container = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t deepest =
    1024;  ///< Boost's parser recurses; its stack must not be the sender's to spend
constexpr std::size_t kept_nodes = 256 * 1024;
constexpr std::size_t kept_bytes = 8 * 1024 * 1024;

enum class Refusal : std::uint8_t { none, repeated_member, not_finite, too_deep, too_many_nodes };

std::uint64_t load(char const* from, std::size_t count) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, from, count);
    return word;
}

/// A number that equal names share and different names hardly ever do, from at most 16 bytes of the
/// name.
std::uint64_t signature(std::string_view name) noexcept {
    constexpr std::uint64_t mix_first = 0x9E3779B97F4A7C15U;
    constexpr std::uint64_t mix_last = 0xC2B2AE3D27D4EB4FU;
    auto const* const text = name.data();
    auto const length = name.size();
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    if (length >= 8) {
        first = load(text, 8);
        last = load(text + length - 8, 8);
    } else if (length >= 4) {
        first = load(text, 4);
        last = load(text + length - 4, 4);
    } else if (length != 0) {
        first =
            load(text, 1) | load(text + length / 2, 1) << 8U | load(text + length - 1, 1) << 16U;
    }
    return (first * mix_first) ^ (last * mix_last) ^ length;
}

bool all_distinct(std::uint64_t const* from, std::size_t count,
                  std::vector<std::uint64_t>& scratch) {
    constexpr std::size_t few = 24;
    if (count > few) {
        scratch.assign(from, from + count);
        std::sort(scratch.begin(), scratch.end());
        return std::adjacent_find(scratch.begin(), scratch.end()) == scratch.end();
    }
    for (std::size_t i = 1; i < count; ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (from[i] == from[j]) return false;
    return true;
}

/// Whether a member name may stand in an error: shaped like an element name, so hardly patient
/// data.
bool may_be_named(std::string_view name) noexcept {
    constexpr std::size_t longest = 64;
    auto const letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    auto const ordinary = [&](char c) {
        return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    return !name.empty() && name.size() <= longest && letter(name.front()) &&
           std::all_of(name.begin(), name.end(), ordinary);
}

/// Takes the events of Boost's parser and writes the tape. While a container is open, its node's
/// `end` holds the index of the container around it.
class Tape {
public:
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_object_size = max_array_size;
    static constexpr std::size_t max_string_size = max_array_size;
    static constexpr std::size_t max_key_size = max_array_size;
    using Code = boost::json::error_code;
    using Text = boost::json::string_view;

    void start(std::string_view input, Limits limits);
    void clear() noexcept { nodes_.clear(); }
    std::vector<Node> const& nodes() const noexcept { return nodes_; }
    Refusal refusal() const noexcept { return refusal_; }
    std::string where() const;
    std::size_t last_offset() const noexcept;

    bool on_document_begin(Code&) { return true; }
    bool on_document_end(Code&) { return true; }
    bool on_array_begin(Code& code) { return open(Kind::array, code); }
    bool on_object_begin(Code& code) { return open(Kind::object, code); }
    bool on_array_end(std::size_t count, Code&) {
        close(count);
        return true;
    }
    bool on_object_end(std::size_t count, Code& code);
    bool on_string_part(Text part, std::size_t, Code&) {
        keep(part);
        return true;
    }
    bool on_string(Text rest, std::size_t, Code& code) {
        return add(Kind::string, finished(rest), code);
    }
    bool on_key_part(Text part, std::size_t, Code&) {
        keep(part);
        return true;
    }
    bool on_key(Text rest, std::size_t, Code&) {
        key_ = finished(rest);
        signatures_.push_back(signature(key_));
        return true;
    }
    bool on_number_part(Text part, Code&) {
        if (number_.data() == nullptr) number_ = {part.data(), 0};
        number_ = {number_.data(), number_.size() + part.size()};
        return true;
    }
    bool on_int64(std::int64_t, Text rest, Code& code) { return add_number(rest, code); }
    bool on_uint64(std::uint64_t, Text rest, Code& code) { return add_number(rest, code); }
    bool on_double(double, Text rest, Code& code) { return add_number(rest, code); }
    bool on_bool(bool value, Code& code) {
        return add(Kind::boolean, value ? "true" : "false", code);
    }
    bool on_null(Code& code) { return add(Kind::null, {}, code); }
    bool on_comment_part(Text, Code&) { return true; }
    bool on_comment(Text, Code&) { return true; }

private:
    bool refuse(Refusal reason, Code& code) noexcept {
        refusal_ = reason;
        code = boost::json::error::syntax;
        return false;
    }
    bool add(Kind kind, std::string_view text, Code& code) {
        if (nodes_.size() >= max_nodes_) return refuse(Refusal::too_many_nodes, code);
        auto const after = static_cast<std::uint32_t>(nodes_.size() + 1);
        nodes_.push_back({key_, text, after, 0, kind});
        key_ = {};
        return true;
    }
    bool open(Kind kind, Code& code) {
        if (depth_ >= max_depth_) return refuse(Refusal::too_deep, code);
        if (!add(kind, {}, code)) return false;
        ++depth_;
        nodes_.back().end = open_;
        open_ = static_cast<std::uint32_t>(nodes_.size() - 1);
        return true;
    }
    void close(std::size_t count) noexcept {
        auto& node = nodes_[open_];
        open_ = node.end;
        node.end = static_cast<std::uint32_t>(nodes_.size());
        node.count = static_cast<std::uint32_t>(count);
        --depth_;
    }
    bool add_number(Text rest, Code& code) {
        std::string_view text{rest.data(), rest.size()};
        if (number_.data() != nullptr) text = {number_.data(), number_.size() + rest.size()};
        number_ = {};
        if (!is_finite_double(text)) return refuse(Refusal::not_finite, code);
        return add(Kind::number, text, code);
    }
    bool in_input(char const* place) const noexcept {
        std::less_equal<char const*> const before;
        return before(input_.data(), place) && before(place, input_.data() + input_.size());
    }
    void keep(Text part);
    std::string_view finished(Text rest);
    /// Finds the repeated name, if any: signatures have met, which names may do without being
    /// equal.
    bool has_repeated_member();

    std::vector<Node> nodes_;
    std::vector<std::uint64_t> signatures_;  ///< of the names in all open objects, innermost last
    std::vector<std::uint64_t> scratch_;
    std::vector<std::string_view> names_;
    std::unique_ptr<char[]>
        arena_;  ///< unescaped text is never longer than the input: one block will do
    std::size_t arena_size_ = 0;
    std::size_t arena_used_ = 0;
    std::size_t string_start_ = 0;  ///< where in the arena the string being read starts
    std::string_view input_;
    std::string_view key_;
    std::string_view number_;
    std::size_t max_nodes_ = 0;
    std::size_t max_depth_ = 0;
    std::size_t depth_ = 0;
    std::uint32_t open_ = no_container;
    Refusal refusal_ = Refusal::none;
};

void Tape::start(std::string_view input, Limits limits) {
    nodes_.clear();
    signatures_.clear();
    if (nodes_.capacity() > kept_nodes && input.size() < kept_nodes)
        std::vector<Node>{}.swap(nodes_);
    if (arena_size_ > kept_bytes && input.size() < kept_bytes) {
        arena_.reset();
        arena_size_ = 0;
    }
    arena_used_ = 0;
    string_start_ = 0;
    input_ = input;
    key_ = {};
    number_ = {};
    max_nodes_ = std::min<std::size_t>(limits.max_nodes, no_container - 1);
    max_depth_ = std::min(limits.max_depth, deepest);
    depth_ = 0;
    open_ = no_container;
    refusal_ = Refusal::none;
}

void Tape::keep(Text part) {
    if (arena_size_ <
        input_.size()) {  // only before anything is kept: views into the arena never move
        arena_ = std::make_unique_for_overwrite<char[]>(input_.size());
        arena_size_ = input_.size();
    }
    if (part.empty()) return;
    std::memcpy(arena_.get() + arena_used_, part.data(), part.size());
    arena_used_ += part.size();
}

std::string_view Tape::finished(Text rest) {
    if (string_start_ == arena_used_ && in_input(rest.data())) return {rest.data(), rest.size()};
    keep(rest);
    std::string_view const text{arena_.get() + string_start_, arena_used_ - string_start_};
    string_start_ = arena_used_;
    return text;
}

bool Tape::on_object_end(std::size_t count, Code& code) {
    auto const from = signatures_.size() - count;
    if (count > 1 && !all_distinct(signatures_.data() + from, count, scratch_) &&
        has_repeated_member())
        return refuse(Refusal::repeated_member, code);
    signatures_.resize(from);
    close(count);
    return true;
}

bool Tape::has_repeated_member() {
    names_.clear();
    for (auto i = open_ + 1; i != nodes_.size(); i = nodes_[i].end) names_.push_back(nodes_[i].key);
    std::sort(names_.begin(), names_.end());
    auto const repeated = std::adjacent_find(names_.begin(), names_.end());
    if (repeated == names_.end()) return false;
    key_ = *repeated;
    return true;
}

/// The place as far as it is known: the member or element being read in the innermost open
/// container.
std::string Tape::where() const {
    std::vector<std::string> steps;
    auto child = nodes_.size();
    auto name = key_;
    for (auto container = open_; container != no_container; container = nodes_[container].end) {
        if (nodes_[container].kind == Kind::array) {
            std::size_t position = 0;
            for (std::size_t i = container + 1; i < child; i = nodes_[i].end) ++position;
            steps.push_back(std::to_string(position));
        } else if (name.data() != nullptr) {
            steps.emplace_back(may_be_named(name) ? name : std::string_view{"*"});
        }
        child = container;
        name = nodes_[container].key;
    }
    std::string pointer;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step)
        pointer.append("/").append(*step);
    return pointer;
}

/// Bytes of the input known to have been read; Boost's parser does not tell where it failed.
std::size_t Tape::last_offset() const noexcept {
    std::size_t offset = 0;
    auto const look = [&](std::string_view text) {
        if (text.data() != nullptr && !input_.empty() && in_input(text.data()))
            offset = std::max(offset,
                              static_cast<std::size_t>(text.data() + text.size() - input_.data()));
    };
    look(key_);
    for (auto i = nodes_.size(); i != 0 && offset == 0; --i) {
        look(nodes_[i - 1].text);
        look(nodes_[i - 1].key);
    }
    return offset;
}

Error refused(Tape const& tape, boost::json::error_code code) {
    auto const near = " near byte " + std::to_string(tape.last_offset());
    switch (tape.refusal()) {
        case Refusal::repeated_member:
            return {ErrorCode::malformed, tape.where(),
                    "a member name stands twice in one object" + near};
        case Refusal::not_finite:
            return {ErrorCode::malformed, tape.where(),
                    "a number is too large for a double" + near};
        case Refusal::too_deep:
            return {ErrorCode::malformed, tape.where(), "nested too deep" + near};
        case Refusal::too_many_nodes:
            return {ErrorCode::too_large, tape.where(), "too many values" + near};
        case Refusal::none:
            break;
    }
    return {ErrorCode::malformed, tape.where(), "not valid JSON" + near + ": " + code.message()};
}

boost::json::parse_options strict() {
    boost::json::parse_options options;
    options.max_depth =
        deepest + 1;  // the tape counts, so that the limit may change from parse to parse
    return options;
}

}  // namespace

struct Document::State {
    boost::json::basic_parser<Tape> parser{strict()};
};

Document::Document() : state_{std::make_unique<State>()} {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Result<Value> Document::parse(std::string_view text, Limits limits) {
    if (!state_) state_ = std::make_unique<State>();
    auto& parser = state_->parser;
    auto& tape = parser.handler();
    if (text.data() == nullptr) text = "";
    tape.start(text, limits);
    if (text.substr(0, 3) == "\xEF\xBB\xBF")
        return Error{ErrorCode::malformed, "",
                     "starts with a byte order mark: send UTF-8 without one (byte 0)"};

    boost::json::error_code code;
    parser.reset();
    auto const read = parser.write_some(false, text.data(), text.size(), code);
    if (!code && read != text.size()) code = boost::json::error::extra_data;
    if (code) {
        auto error = refused(tape, code);
        tape.clear();
        return error;
    }
    return root();
}

Value Document::root() const noexcept {
    if (!state_ || state_->parser.handler().nodes().empty()) return {};
    return Value{state_->parser.handler().nodes().data(), 0};
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
