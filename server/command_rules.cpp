#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "cards/readable.hpp"
#include "server/commands.hpp"
#include "server/live.hpp"
#include "server/rules_document.hpp"

namespace cds::server {
namespace {

constexpr std::size_t columns = 80;

std::string indicators(rules::RuleInfo const& rule) {
    std::string out;
    for (auto const indicator : rule.indicators) {
        if (!out.empty()) out += '/';
        out += rules::name(indicator);
    }
    return out;
}

void append_list(rules::Knowledge const& knowledge, std::string& out) {
    out += "Knowledge " + std::string{knowledge.version()} + ", digest " +
           std::string{knowledge.digest()} + "\n\n";
    for (auto const& rule : knowledge.rules()) {
        cards::append_wrapped(rule.title, "", columns, out);
        auto line = rule.id + " (" + indicators(rule) + ", " + std::string{name(rule.tier)};
        if (!rule.enabled) line += ", switched off";
        cards::append_wrapped(line + ")", "    ", columns, out);
    }
}

void append_templates(std::string_view heading, std::vector<rules::Template> const& lines,
                      std::string& out) {
    if (lines.empty()) return;
    out += '\n';
    out += heading;
    out += '\n';
    for (auto const& line : lines) cards::append_wrapped(line.source(), "  - ", columns, out);
}

void append_wording(rules::Wording const& wording, std::string& out) {
    out += "\nSummary\n";
    for (auto const& [variant, summary] : wording.summaries)
        cards::append_wrapped(variant.empty() ? std::string{summary.source()}
                                              : variant + ": " + std::string{summary.source()},
                              "  - ", columns, out);
    append_templates("Found", wording.found, out);
    append_templates("Why it matters", wording.why, out);
    append_templates("Consider", wording.consider, out);
    append_templates("Limits", wording.limits, out);
    if (!wording.suggestions.empty()) out += "\nSuggestions and tasks\n";
    for (auto const& [key, text] : wording.suggestions)
        cards::append_wrapped(key + ": " + std::string{text.label.source()}, "  - ", columns, out);
}

void append_sources(rules::Knowledge const& knowledge, rules::RuleInfo const& rule,
                    std::string& out) {
    if (!rule.thresholds.empty()) out += "\nThresholds\n";
    for (auto const& threshold : rule.thresholds)
        cards::append_wrapped(threshold.name + " = " + threshold.value.text(6) + " " +
                                  threshold.unit + " (" + threshold.source + ")",
                              "  - ", columns, out);
    if (!rule.evidence.empty()) out += "\nEvidence\n";
    for (auto const& id : rule.evidence) {
        auto const* evidence = knowledge.evidence(id);
        if (evidence) cards::append_wrapped(id + ": " + evidence->citation, "  - ", columns, out);
    }
    if (!rule.overrides.empty()) out += "\nReasons to keep the order\n";
    for (auto const& code : rule.overrides) {
        auto const* reason = knowledge.override_reason(code);
        if (reason) cards::append_wrapped(reason->display, "  - ", columns, out);
    }
    if (!rule.attributes.empty()) out += "\nSource attributes\n";
    for (auto const& [attribute, value] : rule.attributes)
        cards::append_wrapped(attribute + ": " + value, "  - ", columns, out);
}

void append_rule(rules::Knowledge const& knowledge, rules::RuleInfo const& rule,
                 std::string_view language, std::string& out) {
    cards::append_wrapped(rule.title, "", columns, out);
    cards::append_wrapped(rule.id + ", " + indicators(rule) + ", " + std::string{name(rule.tier)} +
                              ", catalogue " + rule.catalogue,
                          "", columns, out);
    auto wording = rule.wording.find(language);
    if (wording == rule.wording.end()) wording = rule.wording.begin();
    if (wording != rule.wording.end()) append_wording(wording->second, out);
    append_sources(knowledge, rule, out);
}

}  // namespace

/// Lists the rules, or shows one with its thresholds, sources and wording; exit status 1 for an
/// unknown id.
int command_rules(Arguments arguments) {
    CLI::App app{"Lists the rules, or shows one with its thresholds, sources and wording.",
                 "countersign rules"};
    std::string id, knowledge_folder, language;
    bool markdown = false, json = false, not_checked = false;
    app.add_option("id", id, "Rule id.");
    app.add_flag("--markdown", markdown, "Print docs/rules.md.");
    app.add_flag("--json", json, "Print docs/rules.json.");
    app.add_flag("--not-checked", not_checked, "Print what no rule looks at, by drug class.");
    auto* const folder = app.add_option("--knowledge", knowledge_folder,
                                        "Folder that replaces the built-in knowledge.");
    auto* const tongue = app.add_option("--language", language, "Language of the wording.");
    try {
        app.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (CLI::ParseError const& failure) {
        return app.exit(failure);
    }
    Sources sources;
    sources.environment = environment_settings(environ);
    if (folder->count() > 0) sources.flags.emplace_back("knowledge", knowledge_folder);
    if (tongue->count() > 0) sources.flags.emplace_back("language", language);
    auto const live = load_live(sources);
    if (!live) {
        std::fprintf(stderr, "%s: %s\n", live.error().where.c_str(), live.error().what.c_str());
        return 1;
    }
    auto const& knowledge = *(*live)->knowledge;
    std::string out;
    if (markdown || json || not_checked) {
        out = markdown ? rules_markdown(knowledge)
              : json   ? rules_json(knowledge)
                       : not_checked_markdown(knowledge);
    } else if (id.empty()) {
        append_list(knowledge, out);
    } else if (auto const* rule = knowledge.find(id)) {
        append_rule(knowledge, *rule, (*live)->site.language, out);
    } else {
        std::fputs("There is no rule of that id; `countersign rules` lists them.\n", stderr);
        return 1;
    }
    std::fputs(out.c_str(), stdout);
    return 0;
}

}  // namespace cds::server
