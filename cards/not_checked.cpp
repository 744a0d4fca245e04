#include "cards/not_checked.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cards/detail.hpp"
#include "cards/local.hpp"
#include "cards/phrase.hpp"
#include "cards/summary.hpp"
#include "rules/json_text.hpp"

namespace cds::cards {

using fhir::Query;
using fhir::Reason;
using rules::append_json_items;
using rules::append_json_text;
using rules::NotChecked;

namespace {

std::string_view say(Context const& context, std::string_view key) {
    return phrase(context.knowledge, context.call.language, key);
}

std::string_view reason_words(Context const& context, Reason reason) {
    std::string key{"reason."};
    key += fhir::name(reason);
    return say(context, key);
}

void append_joined(std::string& out, std::string_view text, std::string_view separator) {
    if (!out.empty()) out += separator;
    out += text;
}

/// "medication orders, allergies (not supplied); test results (only a part was supplied)".
std::string missing_queries(Context const& context, fhir::QuerySet const& open) {
    auto const& states = context.chart.record().queries;
    std::string out;
    for (std::size_t r = 0; r < static_cast<std::size_t>(Reason::count_); ++r) {
        auto const reason = static_cast<Reason>(r);
        std::string names;
        for (std::size_t q = 0; q < static_cast<std::size_t>(Query::count_); ++q) {
            auto const query = static_cast<Query>(q);
            if (!open.test(q) || states[query] != reason) continue;
            std::string key{"query."};
            key += fhir::key(query);
            append_joined(names, say(context, key), ", ");
        }
        if (names.empty()) continue;
        append_joined(out, names, "; ");
        if (reason != Reason::none)
            out.append(" (").append(reason_words(context, reason)).append(")");
    }
    return out;
}

/// Why a check was not done: the queries, else the reason, and what exactly.
std::string why(Context const& context, NotChecked const& check) {
    auto out = check.open.any() ? missing_queries(context, check.open) : std::string{};
    if (out.empty() && check.reason != Reason::none) out = reason_words(context, check.reason);
    if (!check.detail.empty()) append_joined(out, check.detail, ": ");
    return out;
}

bool same_reason(NotChecked const& a, NotChecked const& b) {
    return a.open == b.open && a.reason == b.reason && a.detail == b.detail && a.order == b.order;
}

std::string order_in_markdown(Context const& context, NotChecked const& check) {
    std::string label;
    base::append_inert(check.order, label);
    if (label.empty()) label = say(context, "not-checked.no-name");
    return label;
}

/// An order of which nothing could be checked.
std::string whole_order(Context const& context, NotChecked const& check, std::string_view label) {
    std::string out;
    auto const key = check.reason == Reason::other_patient  ? "not-checked.other-patient"
                     : check.reason == Reason::not_supplied ? "not-checked.not-sent"
                                                            : "not-checked.unidentified";
    append_filled(say(context, key), {{"order", label}}, out);
    return out;
}

/// Different orders that the checks concern; "these orders" when there are several, "this patient"
/// when the call has none.
std::string concerned(Context const& context, std::vector<NotChecked> const& checks) {
    std::string_view only;
    if (context.chart.drafts().empty() && context.chart.service_drafts().empty())
        return std::string{say(context, "not-checked.this-patient")};
    for (auto const& check : checks) {
        if (check.rule == NotChecked::no_rule || check.order.empty()) continue;
        if (!only.empty() && only != check.order)
            return std::string{say(context, "not-checked.these-orders")};
        only = check.order;
    }
    std::string label;
    base::append_plain(only, label, 40);
    return label.empty() ? std::string{say(context, "not-checked.these-orders")} : label;
}

void append_rules_of_group(Context const& context, std::vector<NotChecked> const& checks,
                           std::size_t first, std::string& out) {
    std::string titles;
    for (auto i = first; i < checks.size(); ++i) {
        if (checks[i].rule == NotChecked::no_rule || !same_reason(checks[first], checks[i]))
            continue;
        append_joined(titles, context.knowledge.rules()[checks[i].rule].title, "; ");
    }
    std::string line;
    if (!checks[first].order.empty())
        line.append(order_in_markdown(context, checks[first])).append(": ");
    line.append(titles).append(". ");
    if (auto const missing = why(context, checks[first]); !missing.empty())
        append_filled(say(context, "not-checked.because"), {{"why", missing}}, line);
    append_json_items(line, out);
}

}  // namespace

std::string not_checked_summary(Context const& context, rules::Evaluation const& evaluation) {
    auto const& checks = evaluation.not_checked;
    std::vector<std::uint16_t> rules_named;
    std::vector<NotChecked const*> orders;
    for (auto const& check : checks) {
        if (check.rule == NotChecked::no_rule) {
            orders.push_back(&check);
        } else if (std::find(rules_named.begin(), rules_named.end(), check.rule) ==
                   rules_named.end()) {
            rules_named.push_back(check.rule);
        }
    }
    std::string what;
    if (orders.size() == 1) {
        std::string label;
        base::append_plain(orders.front()->order, label, 60);
        if (label.empty()) label = say(context, "not-checked.no-name");
        what = whole_order(context, *orders.front(), label);
    } else if (!orders.empty()) {
        append_filled(say(context, "not-checked.orders"),
                      {{"count", std::to_string(orders.size())}}, what);
    }
    if (rules_named.size() == 1) {
        append_joined(what, context.knowledge.rules()[rules_named.front()].title, "; ");
    } else if (!rules_named.empty()) {
        std::string many;
        append_filled(
            say(context, "not-checked.many"),
            {{"count", std::to_string(rules_named.size())}, {"order", concerned(context, checks)}},
            many);
        append_joined(what, many, "; ");
    }
    std::string out;
    append_filled(say(context, "not-checked.summary"), {{"what", what}}, out);
    return as_summary(out);
}

void write_not_checked_detail(Context const& context, rules::Evaluation const& evaluation,
                              std::string& out) {
    auto const& checks = evaluation.not_checked;
    auto const start = out.size();
    append_heading(context.common().not_checked, start, out);
    for (std::size_t i = 0; i < checks.size(); ++i) {
        auto const& check = checks[i];
        if (check.rule == NotChecked::no_rule) {
            std::string line;
            append_filled(
                say(context, "not-checked.nothing-done"),
                {{"what", whole_order(context, check, order_in_markdown(context, check))}}, line);
            append_json_items(line, out);
            continue;
        }
        bool const listed = std::any_of(
            checks.begin(), checks.begin() + static_cast<std::ptrdiff_t>(i),
            [&](NotChecked const& earlier) {
                return earlier.rule != NotChecked::no_rule && same_reason(earlier, check);
            });
        if (!listed) append_rules_of_group(context, checks, i, out);
    }
    std::string meaning{"\n"};
    meaning.append(say(context, "not-checked.meaning")).append("\n");
    append_json_text(meaning, out);
    if (auto const* rule = context.knowledge.find(not_evaluated))
        append_local(context, *rule, start, out);
    append_footer(context, out);
}

}  // namespace cds::cards
