#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace cds::base::json {

/// The nodes of one text and the room for its unescaped strings, kept from text to text. While a
/// container is open, its node's `end` holds the index of the container around it.
class Tape {
public:
    void start(std::string_view input, Limits limits);
    void clear() noexcept { used_ = 0; }
    Node const* nodes() const noexcept { return used_ == 0 ? nullptr : nodes_.data(); }

    /// False: there are too many.
    [[gnu::always_inline]] bool add(Kind kind, std::string_view name, std::string_view text) {
        if (used_ == room_ && !grow()) return false;
        auto& node = nodes_[used_++];
        node.key = name;
        node.text = text;
        node.end = static_cast<std::uint32_t>(used_);
        node.count = 0;
        node.kind = kind;
        node.names = 0;
        return true;
    }
    /// The node just added becomes the innermost open container.
    void open() noexcept {
        auto const self = static_cast<std::uint32_t>(used_ - 1);
        nodes_[self].end = open_;
        open_ = self;
    }
    void close_array(std::uint32_t count) noexcept { close(count); }
    /// False when two members have one name; `where` then points at that name.
    bool close_object(std::uint32_t count);
    /// The innermost open container.
    std::uint32_t innermost() const noexcept { return open_; }
    /// Reading stopped at the member `name` of an object, or further in: `where` points there.
    void stopped_at(std::uint32_t object, std::string_view name) noexcept {
        if (object == open_) name_ = name;
    }

    /// Where unescaped text is kept. It is never longer than the input, for which there is room:
    /// views into it never move.
    std::string& arena();

    /// The place as far as it is known, as a JSON pointer: the member or element being read in the
    /// innermost open container.
    std::string where() const;

private:
    static constexpr std::uint32_t no_container = std::numeric_limits<std::uint32_t>::max();

    bool grow();
    /// Closes the innermost open container.
    void close(std::uint32_t count) noexcept {
        auto& node = nodes_[open_];
        open_ = node.end;
        node.end = static_cast<std::uint32_t>(used_);
        node.count = count;
    }
    /// Compares the names of the innermost open object one by one, which is slow.
    bool has_repeated_name();

    std::vector<Node> nodes_;
    std::size_t used_ = 0;
    std::size_t room_ = 0;
    std::size_t max_nodes_ = 0;
    std::uint32_t open_ = no_container;
    std::string_view name_;  ///< of the member of the innermost open object where reading stopped
    std::string arena_;
    std::size_t input_size_ = 0;
    /// For each part of the range of hashes, the last object that had a member there.
    static constexpr unsigned unused_hash_bits = 22;
    std::array<std::uint32_t, 1U << (32U - unused_hash_bits)> last_object_with_{};
    std::uint32_t object_ = 0;
    std::vector<std::string_view> names_;
};

}  // namespace cds::base::json
