#include "rules/knowledge.hpp"

#include <algorithm>
#include <cmath>

namespace cds::rules {
namespace {

/// The value of a key; nullptr when there is none.
template <class Map>
auto const* value_of(Map const& map, std::string_view key) {
    auto const found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

}  // namespace

base::Rational const& RuleInfo::threshold(std::string_view name) const {
    auto const found = std::find_if(thresholds.begin(), thresholds.end(),
                                    [&](Threshold const& one) { return one.name == name; });
    if (found == thresholds.end()) {
        base::throw_error({base::ErrorCode::internal, "rules/" + id + ".json#/thresholds",
                           "the rule asks for the threshold '" + std::string{name} +
                               "', which its file does not have"});
    }
    return found->value;
}

int RuleInfo::days(std::string_view name) const {
    return static_cast<int>(std::lround(threshold(name).approximate()));
}

RuleInfo const* Knowledge::find(std::string_view rule_id) const noexcept {
    auto const found = std::find_if(rules_.begin(), rules_.end(),
                                    [&](RuleInfo const& rule) { return rule.id == rule_id; });
    return found == rules_.end() ? nullptr : &*found;
}

EvidenceItem const* Knowledge::evidence(std::string_view id) const noexcept {
    return value_of(evidence_, id);
}

OverrideReason const* Knowledge::override_reason(std::string_view code) const noexcept {
    return value_of(overrides_, code);
}

Knowledge::OrderText const* Knowledge::order(std::string_view key) const noexcept {
    return value_of(orders_, key);
}

std::string_view Knowledge::phrase(std::string_view language, std::string_view key) const noexcept {
    for (auto const& one : {language, std::string_view{"en-GB"}}) {
        auto const* const phrases = value_of(phrases_, one);
        if (phrases == nullptr) continue;
        if (auto const found = phrases->find(key); found != phrases->end()) return found->second;
    }
    return {};
}

}  // namespace cds::rules
