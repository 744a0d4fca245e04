#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"
#include "server/feedback_lines.hpp"

namespace cds::server {
namespace {

using store::Outcomes;

/// "12.5 %", or "-" when there is nothing to take a part of.
std::string percent(std::uint64_t part, std::uint64_t whole) {
    if (whole == 0) return "-";
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f %%",
                  100.0 * static_cast<double>(part) / static_cast<double>(whole));
    return text.data();
}

void append_row(std::string_view rule, std::string_view period, Outcomes const& outcomes,
                std::string& out) {
    auto const number = [](std::uint64_t count) { return std::to_string(count); };
    for (auto const& cell :
         {std::string{rule}, std::string{period}, number(outcomes.shown), number(outcomes.accepted),
          number(outcomes.overridden), number(outcomes.ignored()),
          percent(outcomes.accepted, outcomes.shown), percent(outcomes.overridden, outcomes.shown)})
        out += "| " + cell + " ";
    out += "|\n";
}

Outcomes sum(store::Report::Periods const& periods) {
    Outcomes all;
    for (auto const& [period, outcomes] : periods) all.add(outcomes);
    return all;
}

/// What a client wrote, so that it stays within its cell.
std::string cell(std::string const& text) {
    std::string out;
    base::append_inert(text, out);
    return out;
}

void append_reasons(store::Report const& report, std::string& out) {
    std::string rows;
    for (auto const& [rule, periods] : report.rules) {
        auto const all = sum(periods);
        std::vector<std::pair<std::string, std::uint64_t>> reasons{all.reasons.begin(),
                                                                   all.reasons.end()};
        std::stable_sort(reasons.begin(), reasons.end(),
                         [](auto const& a, auto const& b) { return a.second > b.second; });
        for (auto const& [reason, count] : reasons)
            rows += "| " + rule + " | " + cell(reason) + " | " + std::to_string(count) + " | " +
                    percent(count, all.overridden) + " |\n";
    }
    if (rows.empty()) return;
    out +=
        "\nOverridden cards by reason:\n\n| rule | reason | cards | of the overridden |\n"
        "|---|---|---|---|\n" +
        rows;
}

void append_line(std::string const& rule, std::string const& period, std::string_view outcome,
                 std::string_view reason, std::uint64_t cards, std::string& out) {
    for (std::string_view const field :
         {std::string_view{rule}, std::string_view{period}, outcome, reason}) {
        append_csv_field(field, out);
        out += ',';
    }
    out += std::to_string(cards) + "\r\n";
}

void append_period(std::string const& period, Outcomes const& outcomes, std::string& out) {
    out += out.back() == '[' ? R"({"period":)" : R"(,{"period":)";
    base::json::write_string(period, out);
    out += R"(,"shown":)" + std::to_string(outcomes.shown) + R"(,"accepted":)" +
           std::to_string(outcomes.accepted) + R"(,"overridden":)" +
           std::to_string(outcomes.overridden) + R"(,"ignored":)" +
           std::to_string(outcomes.ignored()) + R"(,"reasons":[)";
    for (auto const& [reason, count] : outcomes.reasons) {
        out += out.back() == '[' ? R"({"reason":)" : R"(,{"reason":)";
        base::json::write_string(reason, out);
        out += R"(,"cards":)" + std::to_string(count) + "}";
    }
    out += "]}";
}

}  // namespace

std::string report_text(store::Report const& report) {
    std::string out =
        "| rule | period | shown | accepted | overridden | ignored | accepted of shown | "
        "overridden of shown |\n|---|---|---|---|---|---|---|---|\n";
    Outcomes everything;
    for (auto const& [rule, periods] : report.rules) {
        auto const all = sum(periods);
        everything.add(all);
        append_row(rule, "all", all, out);
        if (periods.size() > 1)
            for (auto const& [period, outcomes] : periods) append_row(rule, period, outcomes, out);
    }
    append_row("all rules", "all", everything, out);
    append_reasons(report, out);
    out +=
        "\nA card counts once, by its last outcome, in the period in which it was sent; ignored: "
        "nothing was reported about it.\nReports about cards that are not on record: " +
        std::to_string(report.unmatched_accepted) + " accepted, " +
        std::to_string(report.unmatched_overridden) + " overridden.\n";
    return out;
}

std::string report_csv(store::Report const& report) {
    std::string out = "rule,period,outcome,reason,cards\r\n";
    for (auto const& [rule, periods] : report.rules)
        for (auto const& [period, outcomes] : periods) {
            append_line(rule, period, "shown", "", outcomes.shown, out);
            append_line(rule, period, "accepted", "", outcomes.accepted, out);
            for (auto const& [reason, count] : outcomes.reasons)
                append_line(rule, period, "overridden", reason, count, out);
            append_line(rule, period, "ignored", "", outcomes.ignored(), out);
        }
    append_line("(not on record)", "", "accepted", "", report.unmatched_accepted, out);
    append_line("(not on record)", "", "overridden", "", report.unmatched_overridden, out);
    return out;
}

std::string report_json(store::Report const& report) {
    std::string out = R"({"rules":[)";
    for (auto const& [rule, periods] : report.rules) {
        out += out.back() == '[' ? R"({"rule":)" : R"(,{"rule":)";
        base::json::write_string(rule, out);
        out += R"(,"periods":[)";
        for (auto const& [period, outcomes] : periods) append_period(period, outcomes, out);
        out += "]}";
    }
    return out + R"(],"notOnRecord":{"accepted":)" + std::to_string(report.unmatched_accepted) +
           R"(,"overridden":)" + std::to_string(report.unmatched_overridden) + "}}";
}

}  // namespace cds::server
