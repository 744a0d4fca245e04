#include "cards/write.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "cards/detail.hpp"
#include "cards/local.hpp"
#include "cards/not_checked.hpp"
#include "cards/shape.hpp"
#include "cards/summary.hpp"

namespace cds::cards {

using rules::Finding;
using rules::Indicator;
using rules::RuleInfo;
using rules::Template;
using rules::Wording;

namespace {

/// The wording in the call's language, else in British English, else in any; nullptr when the rule
/// has none.
Wording const* wording_of(RuleInfo const& rule, std::string_view language) {
    if (auto const own = rule.wording.find(language); own != rule.wording.end())
        return &own->second;
    if (auto const british = rule.wording.find("en-GB"); british != rule.wording.end())
        return &british->second;
    return rule.wording.empty() ? nullptr : &rule.wording.begin()->second;
}

std::string summary_of(Context const& context, Finding const& finding, RuleInfo const& rule,
                       Wording const* wording) {
    if (wording) {
        auto found = wording->summaries.find(finding.variant);
        if (found == wording->summaries.end()) found = wording->summaries.find(std::string_view{});
        if (found == wording->summaries.end()) found = wording->summaries.begin();
        if (found != wording->summaries.end()) {
            auto& text = context.scratch.text;
            text.clear();
            found->second.render(finding.facts, Template::Mode::plain, text);
            if (!text.empty()) return as_summary(text);
        }
    }
    return as_summary(rule.title);
}

/// Names the drafts that a card is about: by id, or by place among the drafts when they carry none.
std::string orders_of(Context const& context, Finding const& finding) {
    std::string out;
    auto const& record = context.chart.record();
    for (auto const* row : finding.medications) {
        out += "m:";
        if (!row->id.empty()) {
            out += row->id;
        } else if (!record.drafts.empty() && row >= record.drafts.data()) {
            out += '#' + std::to_string(row - record.drafts.data());
        }
        out += '\n';
    }
    for (auto const* row : finding.services) out.append("s:").append(row->id).append("\n");
    return out;
}

std::string card_uuid(Context const& context, std::string_view rule_id, std::string_view orders) {
    auto const& call = context.call;
    return base::name_uuid({call.client_id, call.hook_instance, call.patient_id, rule_id, orders});
}

/// Everything up to and with `source`. `detail` is in scratch.markdown.
void write_head(Context const& context, std::string_view uuid, std::string_view summary,
                Indicator indicator, std::string_view rule_id, std::string_view title,
                std::string& out) {
    auto& sent = context.scratch.sent.emplace_back();
    std::copy_n(uuid.begin(), std::min(uuid.size(), sent.uuid.size()), sent.uuid.begin());
    sent.rule = rule_id;
    sent.indicator = indicator;
    out += R"({"uuid":")";
    out += uuid;
    out += R"(","summary":)";
    base::json::write_string(summary, out);
    out += R"(,"detail":)";
    base::json::write_string(context.scratch.markdown, out);
    out += R"(,"indicator":")";
    out += rules::name(indicator);
    out += R"(","source":{"label":"Countersign","topic":{"system":"urn:countersign:rules","code":)";
    if (context.call.dialect.plain_topics)
        base::json::write_string(topic_code(context.call.dialect, rule_id), out);
    else
        base::json::write_string(rule_id, out);
    out += R"(,"display":)";
    base::json::write_string(title, out);
    out += "}}";
}

void write_override_reasons(Context const& context, Finding const& finding, RuleInfo const& rule,
                            std::string& out) {
    bool first = true;
    auto const add = [&](std::string_view code) {
        auto const* reason = context.knowledge.override_reason(code);
        if (!reason) return;
        out += first ? R"(,"overrideReasons":[{"code":)" : R"(,{"code":)";
        first = false;
        base::json::write_string(reason->code, out);
        out += R"(,"system":)";
        base::json::write_string(reason->system, out);
        out += R"(,"display":)";
        base::json::write_string(reason->display, out);
        out += '}';
    };
    if (finding.overrides.empty()) {
        for (auto const& code : rule.overrides) add(code);
    } else {
        for (auto const code : finding.overrides) add(code);
    }
    if (!first) out += ']';
}

/// Links come from the knowledge alone, and only to evidence that was looked at.
void write_links(Context const& context, RuleInfo const& rule, std::string& out) {
    bool first = true;
    if (std::string local; write_local_link(rule, local)) {
        out += R"(,"links":[)";
        out += local;
        first = false;
    }
    for (auto const& id : rule.evidence) {
        auto const* evidence = context.knowledge.evidence(id);
        if (!evidence || !evidence->linkable || evidence->url.empty()) continue;
        out += first ? R"(,"links":[{"label":)" : R"(,{"label":)";
        first = false;
        base::json::write_string(evidence->label.empty() ? evidence->citation : evidence->label,
                                 out);
        out += R"(,"url":)";
        base::json::write_string(evidence->url, out);
        out += R"(,"type":"absolute"})";
    }
    if (!first) out += ']';
}

void write_card(Context const& context, Finding const& finding, Gate& gate, std::string& out) {
    auto const& rule = context.knowledge.rules()[finding.rule];
    auto const* wording = wording_of(rule, context.call.language);
    auto plans = plan_suggestions(finding, gate);
    shape(context, finding, wording, plans);
    auto const uuid = card_uuid(context, rule.id, orders_of(context, finding));
    auto const summary = summary_of(context, finding, rule, wording);
    context.scratch.markdown.clear();
    write_detail(context, finding, rule, wording, plans, context.scratch.markdown);
    write_head(context, uuid, summary, finding.indicator, rule.id, rule.title, out);
    write_suggestions(context, finding, wording, plans, uuid, out);
    write_override_reasons(context, finding, rule, out);
    write_links(context, rule, out);
    out += '}';
}

void write_not_checked(Context const& context, rules::Evaluation const& evaluation,
                       std::string& out) {
    auto const* rule = context.knowledge.find(not_evaluated);
    std::string_view const title =
        rule && !rule->title.empty() ? std::string_view{rule->title} : "Not checked";
    context.scratch.markdown.clear();
    write_not_checked_detail(context, evaluation, context.scratch.markdown);
    write_head(context, card_uuid(context, not_evaluated, {}),
               not_checked_summary(context, evaluation), Indicator::info, not_evaluated, title,
               out);
    if (rule) write_links(context, *rule, out);
    out += '}';
}

/// The findings to show, in the cards' order.
std::vector<Finding const*> shown(rules::Evaluation const& evaluation) {
    std::vector<Finding const*> findings;
    findings.reserve(evaluation.findings.size());
    for (auto const& finding : evaluation.findings) {
        if (finding.suppressed_by.empty()) findings.push_back(&finding);
    }
    std::stable_sort(findings.begin(), findings.end(), [](Finding const* a, Finding const* b) {
        if (a->indicator != b->indicator) return a->indicator > b->indicator;
        return a->rule < b->rule;
    });
    return findings;
}

}  // namespace

Counts write(Context const& context, rules::Evaluation const& evaluation, std::string& out) {
    Counts counts;
    context.scratch.call_members = {};
    context.scratch.documents_used = 0;
    context.scratch.sent.clear();
    Gate gate{context, evaluation};
    out += R"({"cards":[)";
    for (auto const* finding : shown(evaluation)) {
        if (counts.cards++ != 0) out += ',';
        write_card(context, *finding, gate, out);
        switch (finding->indicator) {
            case Indicator::critical:
                ++counts.critical;
                break;
            case Indicator::warning:
                ++counts.warning;
                break;
            case Indicator::info:
                ++counts.info;
                break;
        }
    }
    if (!evaluation.not_checked.empty()) {
        if (counts.cards++ != 0) out += ',';
        write_not_checked(context, evaluation, out);
        ++counts.info;
    }
    out += "]}";
    return counts;
}

}  // namespace cds::cards
