#include <array>

#include "rules/json_text.hpp"
#include "rules/knowledge_load.hpp"
#include "rules/phrase.hpp"

namespace cds::rules {

namespace {

constexpr std::size_t shown_digest_size = 12;

void append_citation(EvidenceItem const& evidence, std::string& items) {
    auto line = evidence.citation;
    if (!evidence.doi.empty() && line.find(evidence.doi) == line.npos)
        line += " doi:" + evidence.doi;
    append_json_items(line, items);
}

/// Links lead only to evidence that was looked at.
void append_link(EvidenceItem const& evidence, std::string& links) {
    if (!evidence.linkable || evidence.url.empty()) return;
    links += links.empty() ? R"({"label":)" : R"(,{"label":)";
    base::json::write_string(evidence.label.empty() ? evidence.citation : evidence.label, links);
    links += R"(,"url":)";
    base::json::write_string(evidence.url, links);
    links += R"(,"type":"absolute"})";
}

}  // namespace

std::string source_member(std::string_view rule_id, std::string_view title) {
    std::string out{
        R"(,"source":{"label":"Countersign","topic":{"system":"urn:countersign:rules","code":)"};
    base::json::write_string(rule_id, out);
    out += R"(,"display":)";
    base::json::write_string(title, out);
    out += "}}";
    return out;
}

std::string_view KnowledgeLoader::phrase(std::string_view language, std::string_view key) const {
    auto const words = made_->phrase(language, key);
    return words.empty() ? built_in_phrase(key) : words;
}

void KnowledgeLoader::put_into_words(RuleInfo& rule) const {
    auto& card = rule.card;
    card.source = source_member(rule.id, rule.title);
    for (auto const& key : rule.overrides) {
        auto const* reason = made_->override_reason(key);
        if (!reason) continue;
        if (!card.override_reasons.empty()) card.override_reasons += ',';
        card.override_reasons += reason->json;
    }
    for (auto const& id : rule.evidence) {
        auto const* evidence = made_->evidence(id);
        if (!evidence) continue;
        append_citation(*evidence, card.citations);
        append_link(*evidence, card.links);
    }
}

void KnowledgeLoader::put_common_texts_into_words() {
    std::vector<std::string> languages{std::string{first_language}};
    languages.insert(languages.end(), languages_.begin(), languages_.end());
    for (auto const& language : languages) {
        auto& common = made_->common_.emplace_back();
        common.language = language;
        std::array<std::pair<std::string_view, std::string*>, 7> const headings{
            {{"heading.found", &common.found},
             {"heading.why", &common.why},
             {"heading.consider", &common.consider},
             {"heading.local", &common.local},
             {"heading.limits", &common.limits},
             {"heading.sources", &common.sources},
             {"heading.not-checked", &common.not_checked}}};
        for (auto const& [key, heading] : headings) {
            heading->append(CommonText::line_end).append("**");
            append_json_text(phrase(language, key), *heading);
            heading->append("**").append(CommonText::line_end).append(CommonText::line_end);
        }
        std::string footer{"\n"};
        append_filled(phrase(language, "footer.knowledge"),
                      {{"version", made_->version_},
                       {"digest", std::string_view{made_->digest_}.substr(0, shown_digest_size)}},
                      footer);
        append_json_text(footer, common.footer);
    }
}

void KnowledgeLoader::put_orders_into_words() {
    for (auto& [key, order] : made_->orders_) {
        for (auto const& common : made_->common_) {
            auto const say = [&](std::string_view phrase_key) {
                std::string out;
                append_filled(phrase(common.language, phrase_key), {{"what", order.display}}, out);
                return out;
            };
            order.words.push_back({say("action.test"), say("action.refer"),
                                   say("action.refer-urgent"), say("action.prescribe")});
        }
    }
}

}  // namespace cds::rules
