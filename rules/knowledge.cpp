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

bool RuleInfo::shown_to(Audience const& audience) const {
    if (!enabled) return false;
    if (!local) return true;
    if (local->shadow) return false;
    auto const& clients = local->quiet_clients;
    if (std::find(clients.begin(), clients.end(), audience.client) != clients.end()) return false;
    return std::none_of(
        audience.specialties.begin(), audience.specialties.end(), [&](Specialty const& theirs) {
            return std::any_of(local->quiet_specialties.begin(), local->quiet_specialties.end(),
                               [&](auto const& ours) {
                                   return ours.system == theirs.system && ours.code == theirs.code;
                               });
        });
}

Indicator RuleInfo::weighed(Indicator indicator) const {
    if (!local) return indicator;
    if (local->indicator) return *local->indicator;
    auto const weight = static_cast<int>(indicator) + local->step;
    return static_cast<Indicator>(std::clamp(weight, 0, 2));
}

Knowledge const& Knowledge::on(base::Day today) const noexcept {
    for (auto const& phase : phases_) {
        if (today <= phase.until) return *phase.knowledge;
    }
    return *this;
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

std::size_t Knowledge::language_index(std::string_view language) const noexcept {
    auto const found = std::find_if(common_.begin(), common_.end(), [&](CommonText const& one) {
        return one.language == language;
    });
    return found == common_.end() ? 0 : static_cast<std::size_t>(found - common_.begin());
}

}  // namespace cds::rules
