#include <algorithm>
#include <set>

#include "rules/policy_read.hpp"

namespace cds::rules {

using Change = PolicyEntry::Change;

namespace {

/// Each of these days needs an effective knowledge of its own in memory.
constexpr std::size_t most_days = 24;

bool hides(Change change) { return change == Change::off || change == Change::shadow; }

template <class T>
bool share(std::vector<T> const& a, std::vector<T> const& b) {
    return std::any_of(a.begin(), a.end(),
                       [&](T const& one) { return std::find(b.begin(), b.end(), one) != b.end(); });
}

/// What is wrong with `later` beside `earlier`, of the same rule; empty when nothing is.
std::string conflict(PolicyEntry const& earlier, PolicyEntry const& later) {
    auto const a = earlier.change, b = later.change;
    if (a == b) {
        switch (a) {
            case Change::threshold:
                return earlier.threshold == later.threshold ? "repeats" : "";
            case Change::quiet:
                return share(earlier.specialties, later.specialties) ||
                               share(earlier.clients, later.clients)
                           ? "repeats"
                           : "";
            case Change::off:
            case Change::shadow:
            case Change::indicator:
            case Change::add:
                return "repeats";
        }
    }
    // What is added to a card stays in the file while the rule is off for a time.
    if (a == Change::add || b == Change::add) return {};
    if (a == Change::off || b == Change::off) return "contradicts";
    // Another weight or number can be tried in the shadow; an audience cannot.
    bool const quiet = a == Change::quiet || b == Change::quiet;
    return quiet && (hides(a) || hides(b)) ? "contradicts" : "";
}

}  // namespace

void PolicyReader::check_conflicts() {
    auto const& entries = made_.entries;
    Place const root{""};
    auto const here = root.at("entries");
    std::set<base::Day> days;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        days.insert(entries[i].expires);
        for (std::size_t k = 0; k < i; ++k) {
            if (entries[k].rule != entries[i].rule) continue;
            auto const wrong = conflict(entries[k], entries[i]);
            if (!wrong.empty())
                fail(here.at(i), "this " + wrong + " entry " + std::to_string(k) +
                                     ", which is for the same rule; keep one of them (to renew an "
                                     "entry, change its date)");
        }
    }
    if (days.size() > most_days)
        fail(here, "more than " + std::to_string(most_days) + " different expiry days");
}

bool is_safety_critical(Policy const& policy, RuleInfo const& rule) {
    auto const listed = [&](std::vector<std::string> const& list) {
        return std::find(list.begin(), list.end(), rule.id) != list.end();
    };
    if (listed(policy.safety_critical.added)) return true;
    if (listed(policy.safety_critical.removed)) return false;
    for (std::string_view const id :
         {"csa-dose-unverifiable", "data-quality-unusable", "not-evaluated"}) {
        if (rule.id == id) return true;
    }
    return std::find(rule.indicators.begin(), rule.indicators.end(), Indicator::critical) !=
           rule.indicators.end();
}

bool silences(PolicyEntry const& entry, RuleInfo const& rule) {
    switch (entry.change) {
        case Change::off:
        case Change::shadow:
        case Change::quiet:
            return true;
        case Change::indicator:
            if (!entry.indicator) return entry.step < 0;
            return std::any_of(rule.indicators.begin(), rule.indicators.end(),
                               [&](Indicator one) { return one > *entry.indicator; });
        case Change::threshold:
        case Change::add:
            break;
    }
    return false;
}

std::vector<PolicyEntry const*> silenced_safety_critical(Policy const& policy,
                                                         Knowledge const& knowledge,
                                                         base::Day today) {
    std::vector<PolicyEntry const*> found;
    for (auto const& entry : policy.entries) {
        auto const* rule = knowledge.find(entry.rule);
        if (rule && Policy::holds(entry, today) && silences(entry, *rule) &&
            is_safety_critical(policy, *rule))
            found.push_back(&entry);
    }
    return found;
}

}  // namespace cds::rules
