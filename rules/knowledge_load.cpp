#include "rules/knowledge_load.hpp"

#include <utility>

#include "base/date.hpp"

namespace cds::rules {

void KnowledgeLoader::read_manifest() {
    constexpr std::string_view file = "knowledge.json";
    auto const root = root_of(file);
    Place const place{file};
    members(root, place, {"title", "version", "reviewBy", "attributes", "order"});
    made_->title_ = text(root, "title", place);
    made_->version_ = text(root, "version", place);
    auto const review_by = base::parse_date(root["reviewBy"].string(), base::Zone{});
    if (review_by.precision != base::Precision::day)
        fail(place.at("reviewBy"), "a day is needed, as in 2027-05-31");
    made_->review_by_ = review_by.first;
    for (auto const attribute : root["attributes"]) {
        defaults_.emplace(attribute.key(),
                          text(root["attributes"], attribute.key(), place.at("attributes")));
    }
    order_ = texts(root, "order", place);
}

namespace {

/// The page that shows the item: as given, else the DOI's or PubMed's.
std::string page_of(EvidenceItem const& item, std::string url) {
    if (!url.empty()) return url;
    if (!item.doi.empty()) return "https://doi.org/" + item.doi;
    if (!item.pmid.empty()) return "https://pubmed.ncbi.nlm.nih.gov/" + item.pmid + "/";
    return {};
}

}  // namespace

void KnowledgeLoader::read_evidence() {
    constexpr std::string_view file = "evidence.json";
    auto const root = root_of(file);
    Place const place{file};
    members(root, place, {"evidence"});
    auto const here = place.at("evidence");
    std::size_t number = 0;
    for (auto const value : list(root, "evidence", place)) {
        auto const one = here.at(number++);
        members(value, one,
                {"id", "state", "citation", "doi", "pmid", "url", "label", "shows", "limits"});
        EvidenceItem item;
        item.id = text(value, "id", one);
        item.citation = text(value, "citation", one);
        item.doi = optional_text(value, "doi", one);
        item.pmid = optional_text(value, "pmid", one);
        item.label = text(value, "label", one);
        item.shows = text(value, "shows", one);
        item.limits = text(value, "limits", one);
        auto const state = text(value, "state", one);
        if (state != "checked" && state != "existence" && state != "source")
            fail(one.at("state"), "one of checked, existence, source is needed");
        auto url = optional_text(value, "url", one);
        if (!url.empty() && !url.starts_with("https://"))
            fail(one.at("url"), "an https address is needed");
        item.url = page_of(item, std::move(url));
        // What nobody has read is never offered as a link.
        item.linkable = state == "checked" && !item.url.empty();
        auto id = item.id;
        if (!made_->evidence_.emplace(std::move(id), std::move(item)).second)
            fail(one.at("id"), "this id stands here twice");
    }
}

void KnowledgeLoader::read_not_covered() {
    constexpr std::string_view file = "not-covered.json";
    auto const root = root_of(file);
    Place const place{file};
    members(root, place, {"summary", "notCovered"});
    made_->not_covered_summary_ = text(root, "summary", place);
    auto const here = place.at("notCovered");
    for (auto const value : list(root, "notCovered", place)) {
        auto const one = here.at(made_->not_covered_.size());
        members(value, one, {"with", "what", "examples", "why"});
        made_->not_covered_.push_back({text(value, "with", one), text(value, "what", one),
                                       texts(value, "examples", one), text(value, "why", one)});
    }
    if (made_->not_covered_.empty()) fail(here, "at least one is needed");
}

void KnowledgeLoader::read_override_reasons() {
    constexpr std::string_view file = "override-reasons.json";
    auto const root = root_of(file);
    Place const place{file};
    members(root, place, {"reasons"});
    auto const here = place.at("reasons");
    std::size_t number = 0;
    for (auto const value : list(root, "reasons", place)) {
        auto const one = here.at(number++);
        members(value, one, {"key", "code", "system", "display", "note"});
        OverrideReason reason{text(value, "code", one), text(value, "system", one),
                              text(value, "display", one), ""};
        reason.json = R"({"code":)";
        base::json::write_string(reason.code, reason.json);
        reason.json += R"(,"system":)";
        base::json::write_string(reason.system, reason.json);
        reason.json += R"(,"display":)";
        base::json::write_string(reason.display, reason.json);
        reason.json += '}';
        optional_text(value, "note", one);
        if (reason.system.find("://example.") != reason.system.npos ||
            reason.system.find(".example.") != reason.system.npos)
            fail(one.at("system"), "a code system that exists is needed");
        for (auto const& [key, other] : made_->overrides_) {
            if (other.code == reason.code && other.system == reason.system)
                fail(one.at("code"), "'" + key + "' has this code already");
        }
        if (!made_->overrides_.emplace(text(value, "key", one), std::move(reason)).second)
            fail(one.at("key"), "this key stands here twice");
    }
}

void KnowledgeLoader::phrases_of(Value values, Place const& place, Words const* words,
                                 std::string const& language) {
    if (!values.is_object()) return fail(place, "an object is needed");
    auto& phrases = made_->phrases_[language];
    for (auto const value : values) {
        auto phrase = text(values, value.key(), place);
        if (words != nullptr) phrase = respelled(phrase, *words);
        phrases.insert_or_assign(std::string{value.key()}, std::move(phrase));
    }
}

/// phrases.json in the first language; a language that has none of its own for a key uses it,
/// respelled when it is a spelling of the first.
void KnowledgeLoader::read_phrases() {
    constexpr std::string_view file = "phrases.json";
    std::string const first{first_language};
    auto const root = root_of(file);
    phrases_of(root, Place{file}, nullptr, first);
    for (auto const& language : languages_) {
        auto const derived = derived_.find(language);
        phrases_of(root, Place{file}, derived == derived_.end() ? nullptr : &derived->second,
                   language);
    }
    for (auto const& language : languages_) {
        auto const* own = pack_.find("wording/" + language + "/phrases.json");
        if (own == nullptr) continue;
        auto const translated = parse(*own);
        for (auto const phrase : translated) {
            if (!made_->phrases_[first].contains(std::string{phrase.key()}))
                fail(Place{own->name}.at(phrase.key()), "phrases.json has no such phrase");
        }
        phrases_of(translated, Place{own->name}, nullptr, language);
    }
}

base::Result<std::shared_ptr<Knowledge const>> KnowledgeLoader::load() {
    auto terminology = fhir::Terminology::load(pack_);
    if (!terminology) return std::move(terminology).error();
    made_ = std::make_unique<Knowledge>();
    made_->terminology_ = std::make_shared<fhir::Terminology const>(*std::move(terminology));
    made_->digest_ = pack_.digest();
    read_manifest();
    read_evidence();
    read_not_covered();
    read_override_reasons();
    read_languages();
    read_phrases();
    read_orders();
    put_common_texts_into_words();
    put_orders_into_words();
    read_rules();
    if (error_) return *std::move(error_);
    return std::shared_ptr<Knowledge const>{std::move(made_)};
}

base::Result<std::shared_ptr<Knowledge const>> Knowledge::load(base::Pack const& pack) {
    return KnowledgeLoader{pack}.load();
}

}  // namespace cds::rules
