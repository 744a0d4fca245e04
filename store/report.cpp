#include "store/report.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <optional>

namespace cds::store {
namespace {

using base::Result;
using std::chrono::days;

std::string iso_week(base::Day day) {
    // The week belongs to the year of its Thursday.
    std::chrono::weekday const weekday{day};
    auto const thursday = day - days{weekday.iso_encoding()} + days{4};
    std::chrono::year_month_day const date{thursday};
    base::Day const first{date.year() / 1 / 1};
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04d-W%02d", static_cast<int>(date.year()),
                  static_cast<int>((thursday - first).count() / 7 + 1));
    return text.data();
}

/// The cards of a client come one after the other, each with all that was reported about it, the
/// last report last.
class Counter {
public:
    Counter(base::Zone const& zone, Step step, Report& report)
        : zone_{zone}, step_{step}, report_{report} {}

    void take(Row const& row) {
        auto const client = row.text(0).value_or("");
        auto const uuid = row.text(1).value_or("");
        if (!open_ || client != client_ || uuid != uuid_) {
            finish();
            open_ = true;
            client_ = client;
            uuid_ = uuid;
            rule_ = row.text(2).value_or("");
            sent_at_ = base::Instant{std::chrono::milliseconds{row.number(3)}};
        }
        outcome_ = row.text(4).value_or("");
        FeedbackRow feedback;
        auto const text = [&](int column) {
            auto const found = row.text(column);
            return found ? std::optional{std::string{*found}} : std::nullopt;
        };
        feedback.reason_code = text(5);
        feedback.reason_system = text(6);
        feedback.reason_display = text(7);
        feedback.comment = text(8);
        reason_ = reason_name(feedback);
    }

    void finish() {
        if (!open_) return;
        auto& outcomes = report_.rules[rule_][period_of(sent_at_, zone_, step_)];
        ++outcomes.shown;
        if (outcome_ == "accepted") ++outcomes.accepted;
        if (outcome_ == "overridden") {
            ++outcomes.overridden;
            ++outcomes.reasons[reason_];
        }
        open_ = false;
    }

private:
    base::Zone const& zone_;
    Step step_;
    Report& report_;
    bool open_ = false;
    std::string client_, uuid_, rule_, outcome_, reason_;
    base::Instant sent_at_{};
};

}  // namespace

void Outcomes::add(Outcomes const& other) {
    shown += other.shown;
    accepted += other.accepted;
    overridden += other.overridden;
    for (auto const& [reason, count] : other.reasons) reasons[reason] += count;
}

std::string period_of(base::Instant instant, base::Zone const& zone, Step step) {
    auto const day = zone.day_of(instant);
    switch (step) {
        case Step::day:
            break;
        case Step::week:
            return iso_week(day);
        case Step::month:
            return base::iso(day).substr(0, 7);
    }
    return base::iso(day);
}

std::string reason_name(FeedbackRow const& row) {
    // Some clients send the display of our reasons back and some do not: the code is the same.
    bool const ours = row.reason_system && row.reason_system->starts_with("urn:countersign:");
    if (ours && row.reason_code && !row.reason_code->empty()) return *row.reason_code;
    if (row.reason_display && !row.reason_display->empty()) return *row.reason_display;
    if (row.reason_code && !row.reason_code->empty()) return *row.reason_code;
    return row.comment ? "free text only" : "no reason given";
}

Result<Report> make_report(Database& database, Span span, base::Zone const& zone, Step step) {
    Report report;
    Counter counter{zone, step, report};
    auto const since = span.since.time_since_epoch().count();
    auto const until = span.until.time_since_epoch().count();
    std::array const values{Value{std::int64_t{since}}, Value{std::int64_t{until}}};
    auto const cards = database.query(
        "SELECT c.client, c.uuid, c.rule, c.sent_at, f.outcome, f.reason_code, f.reason_system, "
        "f.reason_display, f.comment FROM card_sent c "
        "LEFT JOIN feedback f ON f.client = c.client AND f.card = c.uuid "
        "WHERE c.sent_at >= $1 AND c.sent_at < $2 "
        "ORDER BY c.client, c.uuid, f.outcome_at, f.received_at, f.id",
        values, [&](Row const& row) { counter.take(row); });
    if (!cards) return cards.error();
    counter.finish();
    auto const unmatched = database.query(
        "SELECT f.outcome, count(*) FROM feedback f "
        "LEFT JOIN card_sent c ON c.client = f.client AND c.uuid = f.card "
        "WHERE f.received_at >= $1 AND f.received_at < $2 AND c.uuid IS NULL GROUP BY f.outcome",
        values, [&](Row const& row) {
            auto& count =
                row.text(0) == "accepted" ? report.unmatched_accepted : report.unmatched_overridden;
            count = static_cast<std::uint64_t>(row.number(1));
        });
    if (!unmatched) return unmatched.error();
    return report;
}

}  // namespace cds::store
