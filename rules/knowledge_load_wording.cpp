#include <algorithm>
#include <array>
#include <memory_resource>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "rules/knowledge_load.hpp"

namespace cds::rules {
namespace {

constexpr std::string_view folder = "wording/";
/// CDS Hooks: a summary is shorter than 140 characters. What the facts add is cut by the card
/// writer.
constexpr std::size_t max_summary = 139;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

void append_word(std::string_view word, Words const& words, std::string& out) {
    std::string folded{word};
    std::transform(folded.begin(), folded.end(), folded.begin(), lower);
    auto const found = words.find(folded);
    if (found == words.end()) {
        out += word;
        return;
    }
    auto const start = out.size();
    out += found->second;
    if (word.front() != lower(word.front())) out[start] = upper(out[start]);
}

constexpr std::string_view threshold_mark = "{{threshold:";

/// The text with `{{threshold:name}}` replaced by the rule's own number, so that the words follow a
/// changed figure. Empty when it names a threshold that the rule does not have.
std::optional<std::string> with_thresholds(std::string_view text, RuleInfo const& rule) {
    std::string out;
    while (true) {
        auto const open = text.find(threshold_mark);
        out += text.substr(0, open);
        if (open == text.npos) return out;
        text.remove_prefix(open + threshold_mark.size());
        auto const close = text.find("}}");
        auto const name = text.substr(0, close);
        auto const found =
            std::find_if(rule.thresholds.begin(), rule.thresholds.end(),
                         [&](Threshold const& threshold) { return threshold.name == name; });
        if (close == text.npos || found == rule.thresholds.end()) return std::nullopt;
        out += found->value.text(6);
        text.remove_prefix(close + 2);
    }
}

/// Names of the wording's maps, in order.
template <class T>
std::vector<std::string> keys(std::map<std::string, T, std::less<>> const& map) {
    std::vector<std::string> found;
    for (auto const& [key, value] : map) found.push_back(key);
    return found;
}

}  // namespace

std::string respelled(std::string_view text, Words const& words) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        if (text.substr(at).starts_with("{{")) {
            auto const close = text.find("}}", at);
            auto const end = close == text.npos ? text.size() : close + 2;
            out += text.substr(at, end - at);
            at = end;
        } else if (is_letter(text[at])) {
            auto end = at + 1;
            while (end < text.size() && is_letter(text[end])) ++end;
            append_word(text.substr(at, end - at), words, out);
            at = end;
        } else {
            out += text[at++];
        }
    }
    return out;
}

/// `wording/<language>.json` is a spelling of the first language; a folder `wording/<language>/`
/// holds whole texts, for some rules of a spelling or for all rules of a further language.
void KnowledgeLoader::read_languages() {
    for (auto const* const file : pack_.below(folder)) {
        auto name = file->name.substr(folder.size());
        auto const slash = name.find('/');
        if (slash != name.npos) {
            name.resize(slash);
        } else if (name.ends_with(".json")) {
            name.resize(name.size() - 5);
            Place const place{file->name};
            auto const root = parse(*file);
            members(root, place, {"from", "words"});
            if (root["from"].string() != first_language)
                fail(place.at("from"), "only " + std::string{first_language} + " is possible");
            auto& words = derived_[name];
            for (auto const word : root["words"])
                words.emplace(word.key(), text(root["words"], word.key(), place.at("words")));
        } else {
            continue;
        }
        if (name == first_language)
            fail(Place{file->name}, "texts of this language stand in the rules' own files");
        if (std::find(languages_.begin(), languages_.end(), name) == languages_.end())
            languages_.push_back(name);
    }
    for (auto const* const file : pack_.below(folder)) {
        auto const slash = file->name.rfind('/');
        if (slash < folder.size()) continue;
        auto const name = file->name.substr(slash + 1);
        bool const of_rule = name.ends_with(".json") && pack_.find("rules/" + name) != nullptr;
        if (!of_rule && name != "phrases.json")
            fail(Place{file->name}, "there is no rule of this name");
    }
}

void KnowledgeLoader::read_translations(RuleInfo& rule) {
    for (auto const& language : languages_) {
        auto const* const file =
            pack_.find(std::string{folder} + language + "/" + rule.id + ".json");
        if (file == nullptr) continue;
        Place const place{file->name};
        auto translated = wording(parse(*file), place, rule, nullptr);
        check_same_keys(rule.wording.at(std::string{first_language}), translated, place);
        rule.wording.insert_or_assign(language, std::move(translated));
    }
}

/// A translation may say things in other lines, but has the same summaries and suggestions.
void KnowledgeLoader::check_same_keys(Wording const& original, Wording const& translated,
                                      Place const& place) {
    if (keys(original.summaries) != keys(translated.summaries))
        fail(place.at("summary"), "other variants than the rule's own file");
    if (keys(original.suggestions) != keys(translated.suggestions))
        fail(place.at("suggestions"), "other keys than the rule's own file");
}

Template KnowledgeLoader::text_template(Value value, Place const& place, RuleInfo const& rule,
                                        Words const* words) {
    if (!value.is_string()) {
        fail(place, "a text is needed");
        return {};
    }
    auto text = with_thresholds(value.string(), rule);
    if (!text) {
        fail(place, "the rule has no threshold of this name");
        return {};
    }
    auto parsed = Template::parse(words == nullptr ? *text : respelled(*text, *words));
    if (!parsed) {
        fail(place, parsed.error().where + ": " + parsed.error().what);
        return {};
    }
    for (auto const& name : parsed->names()) {
        bool const known =
            name == "first" || name == "last" ||
            std::find(rule.facts.begin(), rule.facts.end(), name) != rule.facts.end();
        if (!known) fail(place, "the rule's facts have no '" + name + "'");
    }
    return *std::move(parsed);
}

/// Both ways through each section must leave a summary that an EHR shows whole.
void KnowledgeLoader::check_summary(Template const& summary, Place const& place,
                                    RuleInfo const& rule) {
    std::pmr::monotonic_buffer_resource arena;
    Facts all{&arena};
    for (auto const& name : rule.facts) all.flag(name);
    for (auto const& facts : {Facts{&arena}, all}) {
        std::string rendered;
        summary.render(facts, Template::Mode::plain, rendered);
        if (base::code_points(rendered) > max_summary)
            fail(place, "the words alone are longer than 139 characters");
    }
}

Wording KnowledgeLoader::wording(Value value, Place const& place, RuleInfo const& rule,
                                 Words const* words) {
    members(value, place, {"summary", "found", "why", "consider", "limits", "suggestions"});
    Wording made;
    auto const summaries = place.at("summary");
    for (auto const summary : value["summary"]) {
        auto const here = summaries.at(summary.key());
        auto parsed = text_template(summary, here, rule, words);
        if (summary.string().empty()) fail(here, "a text that is not empty is needed");
        check_summary(parsed, here, rule);
        made.summaries.emplace(summary.key(), std::move(parsed));
    }
    if (made.summaries.empty()) fail(summaries, "a summary is needed");
    std::array<std::pair<std::string_view, std::vector<Template>*>, 4> const sections{
        {{"found", &made.found},
         {"why", &made.why},
         {"consider", &made.consider},
         {"limits", &made.limits}}};
    for (auto const& [name, lines] : sections) {
        auto const here = place.at(name);
        for (auto const line : list(value, name, place))
            lines->push_back(text_template(line, here.at(lines->size()), rule, words));
    }
    auto const suggestions = place.at("suggestions");
    for (auto const suggestion : value["suggestions"]) {
        auto const here = suggestions.at(suggestion.key());
        members(suggestion, here, {"label", "description"});
        made.suggestions.emplace(
            suggestion.key(),
            Wording::Text{
                text_template(suggestion["label"], here.at("label"), rule, words),
                text_template(suggestion["description"], here.at("description"), rule, words)});
    }
    return made;
}

}  // namespace cds::rules
