#include <algorithm>
#include <array>
#include <utility>

#include "rules/current_therapies.hpp"
#include "rules/knowledge_load.hpp"
#include "rules/rule_list.hpp"

namespace cds::rules {
namespace {

constexpr std::string_view folder = "rules/";
constexpr std::string_view ending = ".json";

/// What certified decision support must say about an evidence-based intervention, 45 CFR
/// 170.315(b)(11)(iv)(A).
constexpr std::array<std::string_view, 13> source_attributes{"citation",
                                                             "developer",
                                                             "funding",
                                                             "dates",
                                                             "useOfRace",
                                                             "useOfEthnicity",
                                                             "useOfLanguage",
                                                             "useOfSexualOrientation",
                                                             "useOfGenderIdentity",
                                                             "useOfSex",
                                                             "useOfDateOfBirth",
                                                             "useOfSocialDeterminants",
                                                             "useOfHealthStatus"};

template <class E, std::size_t size>
std::optional<E> one_of(std::array<std::pair<std::string_view, E>, size> const& all,
                        std::string_view key) {
    for (auto const& [name, value] : all) {
        if (name == key) return value;
    }
    return std::nullopt;
}

constexpr std::array<std::pair<std::string_view, Kind>, 3> kinds{
    {{"combination", Kind::combination},
     {"monitoring", Kind::monitoring},
     {"service", Kind::service}}};
constexpr std::array<std::pair<std::string_view, Tier>, 3> tiers{
    {{"core", Tier::core}, {"label", Tier::label}, {"off", Tier::off}}};
constexpr std::array<std::pair<std::string_view, Indicator>, 3> indicators{
    {{"info", Indicator::info},
     {"warning", Indicator::warning},
     {"critical", Indicator::critical}}};

}  // namespace

void KnowledgeLoader::read_thresholds(Value values, Place const& place, RuleInfo& rule) {
    std::size_t number = 0;
    for (auto const value : values) {
        auto const one = place.at(number++);
        members(value, one, {"name", "value", "unit", "source"});
        Threshold threshold;
        threshold.name = text(value, "name", one);
        threshold.unit = text(value, "unit", one);
        threshold.source = text(value, "source", one);
        auto const parsed = base::Rational::parse(value["value"].number());
        if (!parsed) fail(one.at("value"), "a number is needed");
        threshold.value = parsed.value_or(base::Rational{});
        for (auto const* revision : revisions_) {
            if (revision->rule != rule.id || revision->threshold != threshold.name) continue;
            threshold.value = revision->value;
            threshold.source = "policy of this site";
        }
        if (threshold.unit == "d" && threshold.value.floor_to(1) != threshold.value)
            fail(one.at("value"), "whole days are needed");
        for (auto const& other : rule.thresholds) {
            if (other.name == threshold.name) fail(one.at("name"), "this name stands here twice");
        }
        rule.thresholds.push_back(std::move(threshold));
    }
}

void KnowledgeLoader::read_attributes(Value values, Place const& place, RuleInfo& rule) {
    if (!values.is_object()) return fail(place, "an object is needed");
    for (auto const value : values) {
        auto const known =
            std::find(source_attributes.begin(), source_attributes.end(), value.key());
        if (known == source_attributes.end()) fail(place.at(value.key()), "no such attribute");
    }
    for (auto const name : source_attributes) {
        auto const shared = defaults_.find(std::string{name});
        if (!values[name] && shared != defaults_.end()) {
            rule.attributes.emplace(name, shared->second);
        } else if (values[name].string().empty()) {
            fail(place.at(name), "missing; write 'not used' when there is nothing to say");
        } else {
            rule.attributes.emplace(name, values[name].string());
        }
    }
}

void KnowledgeLoader::check_references(Place const& place, RuleInfo const& rule) {
    for (std::size_t i = 0; i < rule.evidence.size(); ++i) {
        if (made_->evidence(rule.evidence[i]) == nullptr)
            fail(place.at("evidence").at(i), "evidence.json has no such id");
    }
    for (std::size_t i = 0; i < rule.overrides.size(); ++i) {
        if (made_->override_reason(rule.overrides[i]) == nullptr)
            fail(place.at("overrides").at(i), "override-reasons.json has no such key");
    }
}

void KnowledgeLoader::read_rule(base::Pack::File const& file) {
    auto const root = parse(file);
    Place const place{file.name};
    members(root, place,
            {"id", "kind", "tier", "indicators", "title", "catalogue", "evidence", "overrides",
             "facts", "thresholds", "attributes", "wording"});
    RuleInfo rule;
    rule.id = text(root, "id", place);
    if (folder.size() + rule.id.size() + ending.size() != file.name.size() ||
        file.name.find(rule.id) != folder.size())
        fail(place.at("id"), "the id must be the file's name");
    if (auto const kind = one_of(kinds, root["kind"].string())) {
        rule.kind = *kind;
    } else {
        fail(place.at("kind"), "one of combination, monitoring, service is needed");
    }
    if (auto const tier = one_of(tiers, root["tier"].string())) {
        rule.tier = *tier;
    } else {
        fail(place.at("tier"), "one of core, label, off is needed");
    }
    rule.enabled = rule.tier != Tier::off;
    for (auto const& name : texts(root, "indicators", place)) {
        auto const indicator = one_of(indicators, name);
        if (!indicator) fail(place.at("indicators"), "'" + name + "' is no indicator");
        rule.indicators.push_back(indicator.value_or(Indicator::info));
    }
    if (rule.indicators.empty()) fail(place.at("indicators"), "at least one is needed");
    rule.title = text(root, "title", place);
    rule.catalogue = text(root, "catalogue", place);
    rule.evidence = texts(root, "evidence", place);
    rule.overrides = texts(root, "overrides", place);
    rule.facts = texts(root, "facts", place);
    check_references(place, rule);
    read_thresholds(list(root, "thresholds", place), place.at("thresholds"), rule);
    read_attributes(root["attributes"], place.at("attributes"), rule);

    auto const texts_place = place.at("wording");
    members(root["wording"], texts_place, {first_language});
    auto const words = root["wording"][first_language];
    auto const here = texts_place.at(first_language);
    rule.wording.emplace(first_language, wording(words, here, rule, nullptr));
    for (auto const& language : languages_) {
        auto const derived = derived_.find(language);
        rule.wording.emplace(
            language,
            wording(words, here, rule, derived == derived_.end() ? nullptr : &derived->second));
    }
    put_into_words(rule);
    made_->rules_.push_back(std::move(rule));
}

/// The order of knowledge.json, which names every rule file once.
void KnowledgeLoader::put_in_order() {
    auto const place = Place{"knowledge.json"};
    auto const here = place.at("order");
    auto const position = [this](RuleInfo const& rule) {
        return std::find(order_.begin(), order_.end(), rule.id) - order_.begin();
    };
    for (std::size_t i = 0; i < order_.size(); ++i) {
        if (made_->find(order_[i]) == nullptr)
            fail(here.at(i), "there is no file rules/" + order_[i] + ".json");
    }
    for (auto const& rule : made_->rules_) {
        if (std::find(order_.begin(), order_.end(), rule.id) == order_.end())
            fail(here, "'" + rule.id + "' is missing");
    }
    // A rule whose file is left out would never speak, and nobody would notice: it is switched off
    // in its file, where that can be seen.
    for (auto const& rule : rule_list()) {
        if (made_->find(rule.id) == nullptr) {
            fail(here, "there is no file for the rule '" + std::string{rule.id} + "'");
        }
    }
    for (auto const& therapy : current_therapies()) {
        if (made_->find(therapy.id) == nullptr)
            fail(here, "there is no file for the therapy '" + std::string{therapy.id} + "'");
    }
    std::sort(made_->rules_.begin(), made_->rules_.end(),
              [&](RuleInfo const& a, RuleInfo const& b) { return position(a) < position(b); });
    for (auto const& rule : rule_list()) {
        if (auto const* known = made_->find(rule.id))
            made_->places_.push_back(static_cast<std::uint16_t>(known - made_->rules_.data()));
    }
}

void KnowledgeLoader::read_rules() {
    for (auto const* const file : pack_.below(folder)) {
        if (file->name.ends_with(ending)) read_rule(*file);
    }
    for (auto& rule : made_->rules_) read_translations(rule);
    put_in_order();
}

}  // namespace cds::rules
