#include "server/rules_document.hpp"

#include <algorithm>
#include <map>

namespace cds::server {

using rules::RuleInfo;
using rules::Template;
using rules::Wording;

namespace {

constexpr std::string_view language = "en-GB";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

/// Text inside a table's cell or a list's line.
std::string cell(std::string_view text) { return replaced(std::string{text}, "|", "\\|"); }

template <class List>
std::string joined(List const& list, std::string_view separator) {
    std::string out;
    for (auto const& one : list) out.append(out.empty() ? "" : separator).append(one);
    return out;
}

std::string indicators(RuleInfo const& rule) {
    std::string out;
    for (auto const one : rule.indicators)
        out.append(out.empty() ? "" : ", ").append(rules::name(one));
    return out;
}

std::string in_markdown(Template const& text) {
    return replaced(readable_template(text.source()), "[", "\\[");
}

void append_lines(std::string_view heading, std::vector<Template> const& lines, std::string& out) {
    if (lines.empty()) return;
    out.append("\n**").append(heading).append("**\n\n");
    for (auto const& line : lines) out.append("- ").append(in_markdown(line)).append("\n");
}

void append_wording(Wording const& wording, std::string& out) {
    out += "\n**The card says**\n\n";
    for (auto const& [variant, summary] : wording.summaries) {
        out += "- ";
        if (!variant.empty()) out.append("(").append(variant).append(") ");
        out.append(in_markdown(summary)).append("\n");
    }
    append_lines("Found", wording.found, out);
    append_lines("Why it matters", wording.why, out);
    append_lines("Consider", wording.consider, out);
    append_lines("Limits", wording.limits, out);
    if (wording.suggestions.empty()) return;
    out += "\n**What it offers**\n\n";
    for (auto const& [key, text] : wording.suggestions)
        out.append("- ").append(in_markdown(text.label)).append("\n");
}

void append_thresholds(RuleInfo const& rule, std::string& out) {
    if (rule.thresholds.empty()) return;
    out += "\n| number | value | unit | source |\n|---|---|---|---|\n";
    for (auto const& one : rule.thresholds)
        out += "| `" + one.name + "` | " + one.value.text(6) + " | `" + one.unit + "` | " +
               cell(one.source) + " |\n";
}

void append_evidence(rules::Knowledge const& knowledge, RuleInfo const& rule, std::string& out) {
    if (rule.evidence.empty()) return;
    out += "\n**Evidence**\n\n";
    for (auto const& id : rule.evidence) {
        auto const* evidence = knowledge.evidence(id);
        if (!evidence) continue;
        out += "- " + id + ": " + evidence->citation;
        if (evidence->linkable) out += " [" + evidence->label + "](" + evidence->url + ")";
        out += " Shows: " + evidence->shows + " Limits: " + evidence->limits + "\n";
    }
}

void append_overrides(rules::Knowledge const& knowledge, RuleInfo const& rule, std::string& out) {
    if (rule.overrides.empty()) return;
    out += "\n**Reasons to keep the order**\n\n";
    for (auto const& key : rule.overrides) {
        if (auto const* reason = knowledge.override_reason(key))
            out += "- " + reason->display + "\n";
    }
}

/// The 13 attributes; those that say nothing in one line.
void append_attributes(RuleInfo const& rule, std::string& out) {
    out += "\n**Source attributes**\n\n";
    std::vector<std::string> unused;
    for (auto const& [attribute, value] : rule.attributes) {
        if (value == "not used")
            unused.push_back("`" + attribute + "`");
        else
            out += "- `" + attribute + "`: " + value + "\n";
    }
    if (!unused.empty()) out += "- not used: " + joined(unused, ", ") + "\n";
}

void append_rule(rules::Knowledge const& knowledge, RuleInfo const& rule, std::string& out) {
    out += "\n### " + rule.title + "\n\n`" + rule.id + "`: " + std::string{name(rule.kind)} + ", " +
           std::string{name(rule.tier)} + "; " + indicators(rule) + "; catalogue " +
           rule.catalogue + "\n";
    if (!rule.enabled) out += "\nSwitched off: not run.\n";
    if (is_safety_critical(rules::Policy{}, rule)) out += "\nSafety-critical.\n";
    auto const wording = rule.wording.find(language);
    if (wording != rule.wording.end()) append_wording(wording->second, out);
    append_overrides(knowledge, rule, out);
    append_thresholds(rule, out);
    append_evidence(knowledge, rule, out);
    append_attributes(rule, out);
}

}  // namespace

std::string_view name(rules::Tier tier) {
    switch (tier) {
        case rules::Tier::core:
            return "core";
        case rules::Tier::label:
            return "label";
        case rules::Tier::off:
            return "off";
    }
    return {};
}

std::string_view name(rules::Kind kind) {
    switch (kind) {
        case rules::Kind::combination:
            return "combination";
        case rules::Kind::monitoring:
            return "monitoring";
        case rules::Kind::service:
            return "service";
    }
    return {};
}

std::string readable_template(std::string_view source) {
    std::string out;
    while (!source.empty()) {
        auto const open = source.find("{{");
        out += source.substr(0, open);
        if (open == source.npos) break;
        auto const close = source.find("}}", open);
        if (close == source.npos) break;
        auto name = std::string{source.substr(open + 2, close - open - 2)};
        source.remove_prefix(close + 2);
        char const mark = name.empty() ? ' ' : name.front();
        if (name == "^first" || name == "^last") {
            // What stands between two items of a list says nothing by itself.
            auto const end = source.find("{{/" + name.substr(1) + "}}");
            if (end == source.npos) break;
            source.remove_prefix(end + name.size() + 4);
        } else if (mark == '#' || mark == '^') {
            out += mark == '#' ? "[" : "[otherwise: ";
        } else if (mark == '/') {
            out += ']';
        } else {
            std::replace(name.begin(), name.end(), '_', ' ');
            out.append("‹").append(name).append("›");
        }
    }
    return replaced(replaced(out, "\n- ", "; "), "\n", " ");
}

std::string not_checked_markdown(rules::Knowledge const& knowledge) {
    std::string out = "| with | not checked | for example | why |\n|---|---|---|---|\n";
    for (auto const& one : knowledge.not_covered())
        out += "| " + cell(one.with) + " | " + cell(one.what) + " | " +
               cell(joined(one.examples, ", ")) + " | " + cell(one.why) + " |\n";
    return out;
}

std::string rules_markdown(rules::Knowledge const& knowledge) {
    std::string out =
        "# Rules\n\nWritten by `countersign rules --markdown` from the knowledge; do not edit. "
        "[rules.json](rules.json) says the same to programs.\n\n";
    out += std::string{knowledge.title()} + ". Knowledge version " +
           std::string{knowledge.version()} + ", to be reviewed by " +
           base::iso(knowledge.review_by()) + ".\n\n";
    out +=
        "‹Such names› are filled in from the chart, and what stands in \\[brackets\\] is said "
        "only where it applies. Rules of the tier `core` come from the guidance texts, `label` "
        "from a drug's label (on, and can be switched off by a site's [policy](policy.md)); "
        "`off` is not run.\n\n";
    out +=
        "## What is not checked\n\nNo card means that none of the rules below spoke. It is no "
        "clearance.\n\n" +
        not_checked_markdown(knowledge);
    for (auto const kind :
         {rules::Kind::combination, rules::Kind::monitoring, rules::Kind::service}) {
        out += kind == rules::Kind::combination  ? "\n## Combinations, contraindications, doses\n"
               : kind == rules::Kind::monitoring ? "\n## Monitoring\n"
                                                 : "\n## About the service itself\n";
        for (auto const& rule : knowledge.rules()) {
            if (rule.kind == kind) append_rule(knowledge, rule, out);
        }
    }
    return out;
}

}  // namespace cds::server
