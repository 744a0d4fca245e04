#include "rules/json_text.hpp"

#include "base/json.hpp"

namespace cds::rules {

namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\r')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

}  // namespace

void append_json_text(std::string_view text, std::string& out) {
    auto const place = out.size();
    base::json::write_string(text, out);
    out.pop_back();
    out.erase(place, 1);
}

void append_json_items(std::string_view text, std::string& out) {
    while (!text.empty()) {
        auto const end = text.find('\n');
        auto line = trimmed(text.substr(0, end));
        if (!line.empty()) {
            if (line.starts_with("- ")) line.remove_prefix(2);
            out += '-';
            auto const place = out.size();
            base::json::write_string(line, out);
            out[place] = ' ';  // the quotes make room for what stands around the words
            out.back() = '\\';
            out += 'n';
        }
        if (end == text.npos) return;
        text.remove_prefix(end + 1);
    }
}

}  // namespace cds::rules
