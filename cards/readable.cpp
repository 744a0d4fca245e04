#include "cards/readable.hpp"

#include <array>

#include "base/text.hpp"

namespace cds::cards {

using base::json::Value;

namespace {

struct Entity {
    std::string_view written;
    char meant;
};
constexpr std::array entities{Entity{"&amp;", '&'}, Entity{"&lt;", '<'}, Entity{"&gt;", '>'}};

std::string upper(std::string_view text) {
    std::string out;
    for (char const c : text) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

void append_detail(std::string_view markdown, std::size_t columns, std::string& out) {
    while (!markdown.empty()) {
        auto const end = markdown.find('\n');
        auto const line = markdown.substr(0, end);
        auto const plain = without_markdown(line);
        if (line.starts_with("**")) {
            out += "\n  " + plain + '\n';
        } else if (line.starts_with("- ")) {
            append_wrapped(std::string_view{plain}.substr(2), "  - ", columns, out);
        } else if (!line.empty()) {
            out += '\n';
            append_wrapped(plain, "  ", columns, out);
        }
        if (end == markdown.npos) return;
        markdown.remove_prefix(end + 1);
    }
}

void append_suggestions(Value card, std::size_t columns, std::string& out) {
    auto const suggestions = card["suggestions"];
    if (suggestions.size() == 0) return;
    out += card["selectionBehavior"].string() == "at-most-one" ? "\n  Suggestions (at most one)\n"
                                                               : "\n  Suggestions\n";
    for (auto const suggestion : suggestions.each()) {
        std::string label{suggestion["label"].string()};
        if (suggestion["isRecommended"].boolean().value_or(false)) label += " (recommended)";
        append_wrapped(label, "  * ", columns, out);
        for (auto const action : suggestion["actions"].each()) {
            std::string text{action["type"].string()};
            text += ": ";
            text += action["description"].string();
            append_wrapped(text, "      ", columns, out);
        }
    }
}

void append_reasons(Value card, std::size_t columns, std::string& out) {
    std::string reasons;
    for (auto const reason : card["overrideReasons"].each()) {
        if (!reasons.empty()) reasons += "; ";
        reasons += reason["display"].string();
    }
    if (reasons.empty()) return;
    out += "\n  Reasons to keep the order\n";
    append_wrapped(reasons, "    ", columns, out);
}

}  // namespace

std::string without_markdown(std::string_view markdown) {
    std::string out;
    while (!markdown.empty()) {
        if (markdown.starts_with("**")) {
            markdown.remove_prefix(2);
        } else if (markdown.front() == '\\' && markdown.size() > 1) {
            out += markdown[1];
            markdown.remove_prefix(2);
        } else {
            std::size_t taken = 1;
            char meant = markdown.front();
            for (auto const& entity : entities) {
                if (!markdown.starts_with(entity.written)) continue;
                meant = entity.meant;
                taken = entity.written.size();
            }
            out += meant;
            markdown.remove_prefix(taken);
        }
    }
    return out;
}

void append_wrapped(std::string_view text, std::string_view first, std::size_t columns,
                    std::string& out) {
    auto const indent = base::code_points(first);
    out += first;
    std::size_t column = indent;
    while (!text.empty()) {
        auto const end = text.find(' ');
        auto const word = text.substr(0, end);
        auto const width = base::code_points(word);
        if (column > indent && column + 1 + width > columns) {
            out += '\n';
            out.append(indent, ' ');
            column = indent;
        } else if (column > indent) {
            out += ' ';
            ++column;
        }
        out += word;
        column += width;
        if (end == text.npos) break;
        text.remove_prefix(end + 1);
    }
    out += '\n';
}

std::string readable(Value response, std::size_t columns) {
    std::string out;
    auto const cards = response["cards"];
    if (cards.size() == 0)
        return "No card: every check that these orders call for was done and found nothing.\n";
    for (auto const card : cards.each()) {
        if (!out.empty()) out += '\n' + std::string(columns, '-') + "\n\n";
        auto const indicator = upper(card["indicator"].string()) + "  ";
        append_wrapped(card["summary"].string(), indicator, columns, out);
        append_detail(card["detail"].string(), columns, out);
        append_suggestions(card, columns, out);
        append_reasons(card, columns, out);
    }
    return out;
}

}  // namespace cds::cards
