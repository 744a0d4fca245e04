#include "base/json.hpp"
#include "server/rules_document.hpp"

namespace cds::server {

using rules::RuleInfo;
using rules::Template;

namespace {

/// Opens a member; the caller writes its value.
std::string& member(std::string_view name, std::string& out) {
    if (out.back() != '{') out += ',';
    base::json::write_string(name, out);
    out += ':';
    return out;
}

void text(std::string_view name, std::string_view value, std::string& out) {
    base::json::write_string(value, member(name, out));
}

/// An array; `write` appends one element.
template <class List, class Write>
void list(std::string_view name, List const& values, std::string& out, Write write) {
    member(name, out) += '[';
    bool first = true;
    for (auto const& value : values) {
        if (!first) out += ',';
        first = false;
        write(value);
    }
    out += ']';
}

void texts(std::string_view name, std::vector<std::string> const& values, std::string& out) {
    list(name, values, out, [&](std::string const& one) { base::json::write_string(one, out); });
}

void templates(std::string_view name, std::vector<Template> const& values, std::string& out) {
    list(name, values, out,
         [&](Template const& one) { base::json::write_string(one.source(), out); });
}

void write_wording(rules::Wording const& wording, std::string& out) {
    member("summary", out) += '{';
    for (auto const& [variant, summary] : wording.summaries) text(variant, summary.source(), out);
    out += '}';
    templates("found", wording.found, out);
    templates("why", wording.why, out);
    templates("consider", wording.consider, out);
    templates("limits", wording.limits, out);
    member("suggestions", out) += '{';
    for (auto const& [key, words] : wording.suggestions) text(key, words.label.source(), out);
    out += '}';
}

void write_threshold(rules::Threshold const& threshold, std::string& out) {
    out += '{';
    text("name", threshold.name, out);
    member("value", out) += threshold.value.text(6);
    text("unit", threshold.unit, out);
    text("source", threshold.source, out);
    out += '}';
}

void write_overrides(rules::Knowledge const& knowledge, RuleInfo const& rule, std::string& out) {
    list("overrideReasons", rule.overrides, out, [&](std::string const& key) {
        auto const* reason = knowledge.override_reason(key);
        out += '{';
        text("code", reason ? reason->code : key, out);
        if (reason) {
            text("system", reason->system, out);
            text("display", reason->display, out);
        }
        out += '}';
    });
}

void write_rule(rules::Knowledge const& knowledge, RuleInfo const& rule, std::string& out) {
    out += '{';
    text("id", rule.id, out);
    text("title", rule.title, out);
    text("kind", name(rule.kind), out);
    text("tier", name(rule.tier), out);
    member("enabled", out) += rule.enabled ? "true" : "false";
    member("safetyCritical", out) += is_safety_critical(rules::Policy{}, rule) ? "true" : "false";
    list("indicators", rule.indicators, out,
         [&](rules::Indicator one) { base::json::write_string(rules::name(one), out); });
    text("catalogue", rule.catalogue, out);
    if (auto const words = rule.wording.find("en-GB"); words != rule.wording.end())
        write_wording(words->second, out);
    texts("facts", rule.facts, out);
    list("thresholds", rule.thresholds, out,
         [&](rules::Threshold const& one) { write_threshold(one, out); });
    write_overrides(knowledge, rule, out);
    texts("evidence", rule.evidence, out);
    member("attributes", out) += '{';
    for (auto const& [attribute, value] : rule.attributes) text(attribute, value, out);
    out += "}}";
}

void write_evidence(rules::EvidenceItem const& evidence, std::string& out) {
    out += '{';
    text("id", evidence.id, out);
    text("citation", evidence.citation, out);
    if (evidence.linkable) text("url", evidence.url, out);
    text("shows", evidence.shows, out);
    text("limits", evidence.limits, out);
    out += '}';
}

/// Every item that a rule cites, once, in the order of the rules.
std::vector<rules::EvidenceItem const*> cited(rules::Knowledge const& knowledge) {
    std::vector<rules::EvidenceItem const*> items;
    for (auto const& rule : knowledge.rules()) {
        for (auto const& id : rule.evidence) {
            auto const* item = knowledge.evidence(id);
            bool known = item == nullptr;
            for (auto const* other : items) known = known || other == item;
            if (!known) items.push_back(item);
        }
    }
    return items;
}

}  // namespace

std::string rules_json(rules::Knowledge const& knowledge) {
    std::string out = "{";
    text("title", knowledge.title(), out);
    text("version", knowledge.version(), out);
    text("reviewBy", base::iso(knowledge.review_by()), out);
    list("notCovered", knowledge.not_covered(), out, [&](rules::NotCovered const& one) {
        out += "\n{";
        text("with", one.with, out);
        text("what", one.what, out);
        texts("examples", one.examples, out);
        text("why", one.why, out);
        out += '}';
    });
    list("rules", knowledge.rules(), out, [&](RuleInfo const& rule) {
        out += '\n';
        write_rule(knowledge, rule, out);
    });
    list("evidence", cited(knowledge), out, [&](rules::EvidenceItem const* one) {
        out += '\n';
        write_evidence(*one, out);
    });
    return out + "}\n";
}

}  // namespace cds::server
