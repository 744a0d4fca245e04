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

void write_summary(Context const& context, Finding const& finding, RuleInfo const& rule,
                   Wording const* wording, std::string& out) {
    if (wording) {
        auto found = wording->summaries.find(finding.variant);
        if (found == wording->summaries.end()) found = wording->summaries.find(std::string_view{});
        if (found == wording->summaries.end()) found = wording->summaries.begin();
        if (found != wording->summaries.end()) {
            auto& text = context.scratch.text;
            text.clear();
            found->second.render(finding.facts, Template::Mode::plain, text);
            if (!text.empty()) return base::json::write_string(as_summary(text), out);
        }
    }
    base::json::write_string(as_summary(rule.title), out);
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

/// The card up to its summary.
void write_head(Context const& context, std::string_view uuid, Indicator indicator,
                std::string_view rule_id, std::string& out) {
    auto& sent = context.scratch.sent.emplace_back();
    std::copy_n(uuid.begin(), std::min(uuid.size(), sent.uuid.size()), sent.uuid.begin());
    sent.rule = rule_id;
    sent.indicator = indicator;
    out += R"({"uuid":")";
    out += uuid;
    out += R"(","summary":)";
}

void write_indicator(Indicator indicator, std::string& out) {
    out += R"(","indicator":")";
    out += rules::name(indicator);
    out += '"';
}

void write_source(Context const& context, RuleInfo const& rule, std::string& out) {
    auto const& dialect = context.call.dialect;
    out += dialect.plain_topics ? rules::source_member(topic_code(dialect, rule.id), rule.title)
                                : rule.card.source;
}

void write_override_reasons(Context const& context, Finding const& finding, RuleInfo const& rule,
                            std::string& out) {
    auto const before = out.size();
    out += R"(,"overrideReasons":[)";
    auto const start = out.size();
    if (finding.overrides.empty()) out += rule.card.override_reasons;
    for (auto const code : finding.overrides) {
        auto const* reason = context.knowledge.override_reason(code);
        if (!reason) continue;
        if (out.size() != start) out += ',';
        out += reason->json;
    }
    if (out.size() == start)
        out.resize(before);
    else
        out += ']';
}

/// Links come from the knowledge alone.
void write_links(RuleInfo const& rule, std::string& out) {
    auto const before = out.size();
    out += R"(,"links":[)";
    auto const start = out.size();
    if (write_local_link(rule, out) && !rule.card.links.empty()) out += ',';
    out += rule.card.links;
    if (out.size() == start)
        out.resize(before);
    else
        out += ']';
}

void write_card(Context const& context, Finding const& finding, Gate& gate, std::string& out) {
    auto const& rule = context.knowledge.rules()[finding.rule];
    auto const* wording = wording_of(rule, context.call.language);
    auto plans = plan_suggestions(finding, gate);
    shape(context, finding, wording, plans);
    auto const uuid = card_uuid(context, rule.id, orders_of(context, finding));
    write_head(context, uuid, finding.indicator, rule.id, out);
    write_summary(context, finding, rule, wording, out);
    out += R"(,"detail":")";
    write_detail(context, finding, rule, wording, plans, out);
    write_indicator(finding.indicator, out);
    write_source(context, rule, out);
    write_suggestions(context, finding, wording, plans, uuid, out);
    write_override_reasons(context, finding, rule, out);
    write_links(rule, out);
    out += '}';
}

void write_not_checked(Context const& context, rules::Evaluation const& evaluation,
                       std::string& out) {
    auto const* rule = context.knowledge.find(not_evaluated);
    write_head(context, card_uuid(context, not_evaluated, {}), Indicator::info, not_evaluated, out);
    base::json::write_string(not_checked_summary(context, evaluation), out);
    out += R"(,"detail":")";
    write_not_checked_detail(context, evaluation, out);
    write_indicator(Indicator::info, out);
    if (rule) write_source(context, *rule, out);
    if (!rule) out += rules::source_member(not_evaluated, "Not checked");
    if (rule) write_links(*rule, out);
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
    context.scratch.call_members.clear();
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
