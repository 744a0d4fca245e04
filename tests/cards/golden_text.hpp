#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace cds::cards {

enum class Order { as_written, by_name };

/// What may stand on one line: `lines` breaks every value that has parts, `compact` only those that
/// would be longer than a line of this project.
enum class Layout { lines, compact };

/// Indented JSON, two spaces a level.
inline void lay_out(base::json::Value value, Order order, Layout layout, std::string const& margin,
                    std::string& out) {
    constexpr std::size_t line = 100;
    bool const has_parts = (value.is_object() || value.is_array()) && value.size() != 0;
    std::string compact;
    if (!has_parts || layout == Layout::compact) base::json::write(value, compact);
    auto const used = margin.size() + value.key().size() + 4;
    if (!has_parts || (layout == Layout::compact && used + compact.size() < line)) {
        out += compact;
        return;
    }
    std::vector<base::json::Value> children{value.begin(), value.end()};
    if (value.is_object() && order == Order::by_name)
        std::sort(children.begin(), children.end(),
                  [](auto a, auto b) { return a.key() < b.key(); });
    auto const inner = margin + "  ";
    char before = value.is_object() ? '{' : '[';
    for (auto const child : children) {
        out += before;
        before = ',';
        out += '\n' + inner;
        if (value.is_object()) {
            base::json::write_string(child.key(), out);
            out += ": ";
        }
        lay_out(child, order, layout, inner, out);
    }
    out += '\n' + margin + (value.is_object() ? '}' : ']');
}

/// Every edit of the knowledge changes its version and digest; neither is part of a story.
inline std::string without_version(std::string text) {
    std::string_view const start = "Knowledge version ", shown = "VERSION (DIGEST)";
    for (auto at = text.find(start); at != text.npos; at = text.find(start, at)) {
        at += start.size();
        auto const end = text.find(')', at);
        if (end == text.npos) break;
        text.replace(at, end + 1 - at, shown);
    }
    return text;
}

}  // namespace cds::cards
