#include "base/json_tape.hpp"

#include <algorithm>

namespace cds::base::json {
namespace {

constexpr std::size_t kept_nodes = 256 * 1024;
constexpr std::size_t kept_bytes = 8 * 1024 * 1024;

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

}  // namespace

void Tape::start(std::string_view input, Limits limits) {
    if (nodes_.size() > kept_nodes && input.size() < kept_nodes) std::vector<Node>{}.swap(nodes_);
    if (arena_.capacity() > kept_bytes && input.size() < kept_bytes) std::string{}.swap(arena_);
    arena_.clear();
    input_size_ = input.size();
    used_ = 0;
    max_nodes_ = std::min<std::size_t>(limits.max_nodes, no_container - 1);
    room_ = std::min(nodes_.size(), max_nodes_);
    open_ = no_container;
    name_ = {};
}

bool Tape::grow() {
    constexpr std::size_t least = 64;
    if (used_ >= max_nodes_) return false;
    nodes_.resize(std::max(least, nodes_.size() * 2));
    room_ = std::min(nodes_.size(), max_nodes_);
    return true;
}

std::string& Tape::arena() {
    arena_.reserve(input_size_);  // takes room only once, before anything is kept
    return arena_;
}

bool Tape::close_object(std::uint32_t count) {
    auto const object = ++object_;
    auto const* const nodes = nodes_.data();
    auto const end = static_cast<std::uint32_t>(used_);
    std::uint32_t names = 0;
    bool met = false;
    for (auto member = open_ + 1; member != end; member = nodes[member].end) {
        auto const hash = name_hash(nodes[member].key);
        names |= name_bit(hash);
        auto& last = last_object_with_[hash >> unused_hash_bits];
        met |= last == object;
        last = object;
    }
    // Two names of one hash are seldom equal.
    if (met && has_repeated_name()) return false;
    nodes_[open_].names = names;
    close(count);
    return true;
}

bool Tape::has_repeated_name() {
    names_.clear();
    for (auto member = open_ + 1; member != used_; member = nodes_[member].end)
        names_.push_back(nodes_[member].key);
    std::sort(names_.begin(), names_.end());
    auto const repeated = std::adjacent_find(names_.begin(), names_.end());
    if (repeated == names_.end()) return false;
    name_ = *repeated;
    return true;
}

std::string Tape::where() const {
    std::vector<std::string> steps;
    auto child = used_;
    auto name = name_;
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

}  // namespace cds::base::json
