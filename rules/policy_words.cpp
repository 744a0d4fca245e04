#include <algorithm>

#include "rules/knowledge.hpp"
#include "rules/policy.hpp"

// `countersign policy check`: what a site's policy changes, in words.

namespace cds::rules {

using Change = PolicyEntry::Change;

namespace {

std::string joined(std::vector<Indicator> const& indicators) {
    std::string out;
    for (auto const one : indicators) out.append(out.empty() ? "" : "/").append(name(one));
    return out;
}

std::vector<Indicator> weighed(PolicyEntry const& entry, std::vector<Indicator> const& indicators) {
    std::vector<Indicator> out;
    for (auto const one : indicators) {
        auto const moved = std::clamp(static_cast<int>(one) + entry.step, 0, 2);
        auto const weight = entry.indicator.value_or(static_cast<Indicator>(moved));
        if (std::find(out.begin(), out.end(), weight) == out.end()) out.push_back(weight);
    }
    return out;
}

std::string number(base::Rational const& value, std::string_view unit) {
    return value.text(6) + (unit == "1" ? "" : " " + std::string{unit});
}

/// Other rules that compare with a number of the same name: they keep their own.
std::string unchanged_elsewhere(Knowledge const& knowledge, PolicyEntry const& entry) {
    std::string out;
    for (auto const& rule : knowledge.rules()) {
        auto const same =
            std::any_of(rule.thresholds.begin(), rule.thresholds.end(),
                        [&](Threshold const& one) { return one.name == entry.threshold; });
        if (same && rule.id != entry.rule) out.append(out.empty() ? "" : ", ").append(rule.id);
    }
    return out.empty() ? out : " Other rules keep a number of this name of their own: " + out + ".";
}

std::string threshold_words(PolicyEntry const& entry, RuleInfo const& rule,
                            Knowledge const& knowledge) {
    auto const found =
        std::find_if(rule.thresholds.begin(), rule.thresholds.end(),
                     [&](Threshold const& one) { return one.name == entry.threshold; });
    if (found == rule.thresholds.end() || found->value == entry.value) return {};
    return entry.threshold + ": " + number(found->value, found->unit) + " becomes " +
           number(entry.value, found->unit) + "." + unchanged_elsewhere(knowledge, entry);
}

std::string quiet_words(PolicyEntry const& entry) {
    std::string whom;
    for (auto const& one : entry.specialties)
        whom += (whom.empty() ? "specialty " : ", specialty ") + one.system + "|" + one.code;
    for (auto const& one : entry.clients) whom += (whom.empty() ? "client " : ", client ") + one;
    return "Quiet: the card is not shown to " + whom + ". All others see it.";
}

std::string addition_words(PolicyEntry const& entry) {
    std::string out;
    auto const add = [&](std::string const& text) { out += (out.empty() ? "" : " ") + text; };
    if (!entry.guideline_url.empty())
        add("Adds the link \"" + entry.guideline_label + "\" (" + entry.guideline_url + ").");
    if (!entry.contact.empty()) add("Adds the contact \"" + entry.contact + "\".");
    if (!entry.sentence.empty()) add("Adds \"" + entry.sentence + "\"");
    return out;
}

/// Empty when the entry changes nothing.
std::string change_words(PolicyEntry const& entry, RuleInfo const& rule,
                         Knowledge const& knowledge) {
    if (!rule.enabled) return {};
    switch (entry.change) {
        case Change::off:
            return "Off: the check is not made, and no card says so.";
        case Change::shadow:
            return "Shadow: the check is made, its card is not shown but counted in the log.";
        case Change::indicator: {
            auto const after = weighed(entry, rule.indicators);
            if (after == rule.indicators) return {};
            return "Indicator: " + joined(rule.indicators) + " becomes " + joined(after) + ".";
        }
        case Change::threshold:
            return threshold_words(entry, rule, knowledge);
        case Change::quiet:
            return quiet_words(entry);
        case Change::add:
            return addition_words(entry);
    }
    return {};
}

void append_entry(Policy const& policy, PolicyEntry const& entry, RuleInfo const& rule,
                  std::string const& words, std::string& out) {
    out += "\n" + rule.title + " (" + rule.id + ")\n";
    out += "  " + words + "\n";
    if (is_safety_critical(policy, rule))
        out +=
            silences(entry, rule)
                ? "  This silences a safety-critical rule: a log line says so at every start and "
                  "reload.\n"
                : "  The rule is safety-critical.\n";
    out += "  Owner: " + entry.owner + ". Until " + base::iso(entry.expires) +
           ". Reason: " + entry.reason + "\n";
}

void append_ids(std::string_view before, std::vector<std::string> const& ids, std::string& out) {
    if (ids.empty()) return;
    out += "  ";
    out += before;
    for (auto const& id : ids) out.append(&id == &ids.front() ? " " : ", ").append(id);
    out += '\n';
}

}  // namespace

std::string difference_in_words(Policy const& policy, Knowledge const& knowledge, base::Day today) {
    std::string out = policy.title + ", version " + policy.version + " (" +
                      policy.digest.substr(0, 12) + "), owner " + policy.owner + "\n";
    out += "For knowledge version " + std::string{knowledge.version()} + ", on " +
           base::iso(today) + ". To be reviewed by " + base::iso(policy.review_by) +
           (today > policy.review_by ? ": that day has passed.\n" : ".\n");
    auto const& list = policy.safety_critical;
    if (!list.added.empty() || !list.removed.empty()) {
        out += "\nOther safety-critical rules than by default\n";
        append_ids("Also:", list.added, out);
        append_ids("Not:", list.removed, out);
        out += "  Owner: " + list.owner + ". Reason: " + list.reason + "\n";
    }
    std::size_t differences = 0;
    std::string expired, without_effect;
    for (auto const& entry : policy.entries) {
        auto const* rule = knowledge.find(entry.rule);
        if (!rule) continue;
        auto const line = "  " + rule->title + " (" + rule->id +
                          "): " + std::string{name(entry.change)} + ", until " +
                          base::iso(entry.expires) + ", owner " + entry.owner + "\n";
        auto const words = change_words(entry, *rule, knowledge);
        if (!Policy::holds(entry, today)) {
            expired += line;
        } else if (words.empty()) {
            without_effect += line;
        } else {
            append_entry(policy, entry, *rule, words, out);
            ++differences;
        }
    }
    if (differences == 0) out += "\nNo difference to the knowledge.\n";
    if (!without_effect.empty())
        out += "\nWithout effect: the knowledge says the same already\n" + without_effect;
    if (!expired.empty()) out += "\nNo longer in force: the day has passed\n" + expired;
    return out;
}

}  // namespace cds::rules
