#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.hpp"
#include "base/rational.hpp"
#include "base/result.hpp"
#include "rules/finding.hpp"

namespace cds::rules {

class Knowledge;
struct RuleInfo;

/// One thing that a site does differently from the knowledge, who answers for it and until when.
struct PolicyEntry {
    enum class Change : std::uint8_t {
        off,        ///< the rule is not run
        shadow,     ///< the rule runs, its card is not shown; what it would have shown is counted
        indicator,  ///< the card has another weight
        threshold,  ///< the rule compares with another number
        quiet,      ///< the card is not shown to some specialties or clients
        add,        ///< the card also carries a local guideline, a contact, a sentence
    };
    struct Specialty {
        std::string system, code;
        bool operator==(Specialty const&) const = default;
    };

    std::string rule;
    Change change = Change::off;
    std::string owner, reason;
    base::Day expires{};  ///< the last day on which it holds

    std::optional<Indicator> indicator;  ///< indicator: the weight itself, or none: see `step`
    int step = 0;                        ///< indicator: one up (1) or down (-1)
    std::string threshold;               ///< threshold: its name in the rule
    base::Rational value;                ///< threshold: in the rule's own unit
    std::vector<Specialty> specialties;  ///< quiet: codes of Encounter.serviceType
    std::vector<std::string> clients;    ///< quiet: ids of registered clients
    std::string guideline_label, guideline_url;  ///< add; empty: none
    std::string contact, sentence;               ///< add; as given, plain text; empty: none
};

/// What a site decided about the rules: one JSON file, laid over the knowledge when it is loaded
/// (Knowledge::with_policy). docs/policy.md describes the file.
class Policy {
public:
    /// Reads a policy for `knowledge`. Fails with malformed or invalid, the place as a JSON pointer
    /// and the fix: an unknown member, rule or threshold, a missing owner, reason or date, entries
    /// that repeat or contradict each other, a number that makes no sense in its place. An entry
    /// whose day has passed is no fault: it has no effect any more.
    static base::Result<Policy> read(std::string_view json, Knowledge const& knowledge);

    std::string title, version, owner;
    base::Day review_by{};
    std::string digest;  ///< SHA-256 of the file, 64 hexadecimal digits
    std::vector<PolicyEntry> entries;
    /// Departures from the default list of safety-critical rules, and who answers for them.
    struct SafetyCritical {
        std::string owner, reason;
        std::vector<std::string> added, removed;
    };
    SafetyCritical safety_critical;

    /// Whether an entry still holds on `today`.
    static bool holds(PolicyEntry const& entry, base::Day today) { return today <= entry.expires; }
};

/// Safety-critical are every rule that can be critical, `csa-dose-unverifiable`,
/// `data-quality-unusable` and `not-evaluated`, unless the policy's list says otherwise.
bool is_safety_critical(Policy const& policy, RuleInfo const& rule);

/// Whether an entry makes its rule less visible: off, shadow, quiet, or a lower indicator.
bool silences(PolicyEntry const& entry, RuleInfo const& rule);

/// The entries that silence a safety-critical rule on `today`, in the file's order. `knowledge` is
/// the one that the policy was read for.
std::vector<PolicyEntry const*> silenced_safety_critical(Policy const& policy,
                                                         Knowledge const& knowledge,
                                                         base::Day today);

/// "off", "shadow", …: as the file says it.
std::string_view name(PolicyEntry::Change change);

/// `value` of `unit` in `wanted` (UCUM); none when the two cannot be converted.
std::optional<base::Rational> converted(base::Rational const& value, std::string_view unit,
                                        std::string_view wanted);

/// What the policy changes on `today`, in words, for the person who answers for it; entries whose
/// day has passed are named as such. `knowledge` is the one that the policy was read for.
std::string difference_in_words(Policy const& policy, Knowledge const& knowledge, base::Day today);

}  // namespace cds::rules
