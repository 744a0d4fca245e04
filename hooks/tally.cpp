#include "hooks/tally.hpp"

#include <algorithm>
#include <cstdio>
#include <set>
#include <vector>

#include "cards/json_list.hpp"
#include "cards/json_object.hpp"
#include "cards/not_checked.hpp"
#include "cards/shape.hpp"
#include "rules/rule_list.hpp"

namespace cds::hooks {

using cards::JsonList;
using cards::JsonObject;
using rules::Indicator;

namespace {

/// Whether the order is about a drug that some rule's trigger names.
bool is_covered(fhir::DrugSet const& drugs) {
    auto const rules = rules::rule_list();
    return std::any_of(rules.begin(), rules.end(),
                       [&](rules::Rule const& rule) { return (rule.trigger & drugs).any(); });
}

bool is_covered(fhir::Chart const& chart) {
    auto const drafts = chart.drafts();
    auto const services = chart.service_drafts();
    return std::any_of(drafts.begin(), drafts.end(),
                       [](fhir::Draft const& draft) { return is_covered(draft.row->drugs); }) ||
           std::any_of(services.begin(), services.end(), [](fhir::ServiceRow const* row) {
               return is_covered(row->drugs) || row->services.any();
           });
}

/// Why a check was not done: the reasons of the queries that it waits for, else its own.
std::set<std::string_view> reasons(rules::NotChecked const& check,
                                   fhir::QueryStates const& states) {
    std::set<std::string_view> found;
    for (std::size_t i = 0; i < check.open.size(); ++i) {
        auto const reason = states[static_cast<fhir::Query>(i)];
        if (check.open.test(i) && reason != fhir::Reason::none) found.insert(fhir::name(reason));
    }
    if (found.empty()) found.insert(fhir::name(check.reason));
    return found;
}

std::string per_hundred(std::uint32_t count, std::uint32_t orders) {
    if (orders == 0) return "0";
    std::array<char, 32> text{};
    auto const rate = 100.0 * static_cast<double>(count) / static_cast<double>(orders);
    auto const length = std::snprintf(text.data(), text.size(), "%.2f", rate);
    return {text.data(), static_cast<std::size_t>(length)};
}

void write_counts(std::map<std::string, std::uint32_t, std::less<>> const& counts,
                  std::string_view name, JsonObject& object) {
    auto& out = object.member(name);
    JsonObject inner{out};
    for (auto const& [key, count] : counts) inner.member(key) += std::to_string(count);
    // Always there, so that a reader need not look whether it is.
    if (!inner.close()) out += "{}";
}

std::string in_words(std::map<std::string, std::uint32_t, std::less<>> const& counts) {
    std::string out;
    for (auto const& [key, count] : counts) {
        if (!out.empty()) out += ", ";
        out += key + " " + std::to_string(count);
    }
    return out.empty() ? "0" : out;
}

/// The rule whose card has a topic: the topic's code may be spelled for the client.
std::string_view rule_of(Observed const& call, std::string_view topic) {
    if (!call.call.dialect.plain_topics) return topic;
    for (auto const& info : call.knowledge.rules()) {
        if (cards::topic_code(call.call.dialect, info.id) == topic) return info.id;
    }
    return topic;
}

}  // namespace

void Tally::count_card(std::string_view id, std::string_view indicator) {
    auto& rule = rules_[std::string{id}];
    ++totals_.cards;
    for (auto const one : {Indicator::info, Indicator::warning, Indicator::critical}) {
        if (rules::name(one) == indicator) ++rule.fired[static_cast<std::size_t>(one)];
    }
    if (indicator != rules::name(Indicator::info)) ++totals_.interruptions;
}

void Tally::answered(Observed const& call) {
    ++totals_.requests;
    totals_.orders += call.stats.drafts;
    auto const covered = is_covered(call.chart);
    if (covered) ++totals_.covered;
    if (call.stats.cards == 0) ++totals_.silent;
    if (call.stats.cards > 0 && !covered) ++totals_.uncovered_with_card;
    if (auto const root = response_.parse(call.response)) {
        for (auto const card : (*root)["cards"].each())
            count_card(rule_of(call, card["source"]["topic"]["code"].string()),
                       card["indicator"].string());
    }
    auto const known = call.knowledge.rules();
    for (auto const& finding : call.evaluation.findings) {
        if (!finding.suppressed_by.empty())
            ++rules_[known[finding.rule].id].suppressed[std::string{finding.suppressed_by}];
    }
    for (auto const& check : call.evaluation.not_checked) {
        auto const id = check.rule == rules::NotChecked::no_rule
                            ? cards::not_evaluated
                            : std::string_view{known[check.rule].id};
        for (auto const reason : reasons(check, call.chart.record().queries))
            ++rules_[std::string{id}].unknown[std::string{reason}];
    }
}

std::string Tally::json(rules::Knowledge const& knowledge) const {
    std::string out;
    JsonObject object{out};
    auto const add = [&](std::string_view name, std::uint32_t value) {
        object.member(name) += std::to_string(value);
    };
    add("requests", totals_.requests);
    add("orders", totals_.orders);
    add("requestsWithCoveredDrug", totals_.covered);
    add("requestsWithoutCard", totals_.silent);
    add("requestsWithCardButNoCoveredDrug", totals_.uncovered_with_card);
    add("cards", totals_.cards);
    add("interruptions", totals_.interruptions);
    object.member("cardsPerHundredOrders") += per_hundred(totals_.cards, totals_.orders);
    object.member("interruptionsPerHundredOrders") +=
        per_hundred(totals_.interruptions, totals_.orders);
    JsonList list{object.member("rules")};
    for (auto const& info : knowledge.rules()) {
        auto const found = rules_.find(info.id);
        if (found == rules_.end()) continue;
        JsonObject rule{list.next()};
        rule.text("id", info.id);
        for (auto const one : {Indicator::critical, Indicator::warning, Indicator::info}) {
            rule.member(rules::name(one)) +=
                std::to_string(found->second.fired[static_cast<std::size_t>(one)]);
        }
        write_counts(found->second.suppressed, "suppressedBy", rule);
        write_counts(found->second.unknown, "unknown", rule);
        rule.close();
    }
    list.close();
    object.close();
    return out;
}

std::string Tally::table(rules::Knowledge const& knowledge) const {
    auto const& all = totals_;
    std::string out = "Requests: " + std::to_string(all.requests) + " with " +
                      std::to_string(all.orders) + " orders; " + std::to_string(all.covered) +
                      " of them about a drug that some rule concerns.\n";
    out += "Without a card: " + std::to_string(all.silent) +
           ". With a card although no rule concerns the order: " +
           std::to_string(all.uncovered_with_card) + ".\n";
    out += "Cards: " + std::to_string(all.cards) + ", " + per_hundred(all.cards, all.orders) +
           " per 100 orders.\n";
    out += "Interruptions (critical and warning cards): " + std::to_string(all.interruptions) +
           ", " + per_hundred(all.interruptions, all.orders) + " per 100 orders.\n";
    if (rules_.empty()) return out + "\nNo rule spoke, and none was left unanswered.\n";
    out +=
        "\n| rule | critical | warning | info | suppressed by | unknown, by reason |\n"
        "|---|---:|---:|---:|---|---|\n";
    for (auto const& info : knowledge.rules()) {
        auto const found = rules_.find(info.id);
        if (found == rules_.end()) continue;
        auto const& rule = found->second;
        out += "| " + info.id;
        for (auto const one : {Indicator::critical, Indicator::warning, Indicator::info})
            out += " | " + std::to_string(rule.fired[static_cast<std::size_t>(one)]);
        out += " | " + in_words(rule.suppressed) + " | " + in_words(rule.unknown) + " |\n";
    }
    return out;
}

}  // namespace cds::hooks
