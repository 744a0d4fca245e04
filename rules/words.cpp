#include "rules/words.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cds::rules {

namespace {

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool says(std::string_view folded, std::string_view phrase) {
    auto const open_end = phrase.ends_with('*');
    if (open_end) phrase.remove_suffix(1);
    for (auto at = folded.find(phrase); at != folded.npos; at = folded.find(phrase, at + 1)) {
        auto const after = at + phrase.size();
        if (at > 0 && is_word(folded[at - 1])) continue;
        if (open_end || after == folded.size() || !is_word(folded[after])) return true;
    }
    return false;
}

void append_part(std::string_view text, std::string& out) {
    if (text.empty()) return;
    std::string folded;
    base::fold(text, folded);
    if (!out.empty()) out += " ; ";
    out += folded;
}

}  // namespace

bool says_any(std::string_view folded, std::initializer_list<std::string_view> phrases) {
    return std::any_of(phrases.begin(), phrases.end(),
                       [&](std::string_view phrase) { return says(folded, phrase); });
}

void append_folded_concept(base::json::Value concept_value, std::string& out) {
    append_part(concept_value["text"].string(), out);
    for (auto const coding : concept_value["coding"].each())
        append_part(coding["display"].string(), out);
}

}  // namespace cds::rules
