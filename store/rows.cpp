#include "store/rows.hpp"

#include <algorithm>
#include <array>

#include "base/digest.hpp"
#include "store/tokens.hpp"

namespace cds::store {
namespace {

using base::Result;

std::int64_t stored(base::Instant instant) { return instant.time_since_epoch().count(); }

base::Instant instant(std::int64_t stored_value) {
    return base::Instant{std::chrono::milliseconds{stored_value}};
}

std::string copy(Row const& row, int column) {
    return std::string{row.text(column).value_or(std::string_view{})};
}

std::optional<std::string> copy_if_any(Row const& row, int column) {
    auto const text = row.text(column);
    return text ? std::optional{std::string{*text}} : std::nullopt;
}

/// "($1,$2),($3,$4)" for two rows of two columns.
std::string places(std::size_t rows, std::size_t columns) {
    std::string out;
    std::size_t number = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        out += row == 0 ? "(" : ",(";
        for (std::size_t column = 0; column < columns; ++column) {
            if (column > 0) out += ',';
            out += '$' + std::to_string(++number);
        }
        out += ')';
    }
    return out;
}

Result<std::int64_t> insert_card_group(Database& database, std::span<CardRow const> rows) {
    std::vector<Value> values;
    values.reserve(rows.size() * 5);
    for (auto const& row : rows) {
        values.emplace_back(std::string_view{row.client});
        values.emplace_back(std::string_view{row.uuid});
        values.emplace_back(std::string_view{row.rule});
        values.emplace_back(std::string_view{row.indicator});
        values.emplace_back(stored(row.sent_at));
    }
    return database.execute(
        "INSERT INTO card_sent (client, uuid, rule, indicator, sent_at) "
        "VALUES " +
            places(rows.size(), 5) + " ON CONFLICT DO NOTHING",
        values);
}

Result<void> insert_suggestions(Database& database, FeedbackRow const& row) {
    std::int64_t place = 0;
    for (auto const& suggestion : row.accepted) {
        std::array const values{Value{std::string_view{row.id}}, Value{place++},
                                Value{std::string_view{suggestion}}};
        auto const done = database.execute(
            "INSERT INTO accepted_suggestion (feedback, place, suggestion) VALUES ($1, $2, $3)",
            values);
        if (!done) return done.error();
    }
    return {};
}

}  // namespace

std::string feedback_id(FeedbackRow const& row) {
    auto suggestions = row.accepted;
    std::sort(suggestions.begin(), suggestions.end());
    suggestions.erase(std::unique(suggestions.begin(), suggestions.end()), suggestions.end());
    std::string accepted;
    for (auto const& suggestion : suggestions) accepted += suggestion + "\n";
    auto const told = [](std::optional<std::string> const& text) {
        return text ? "=" + *text : std::string{};
    };
    return base::name_uuid({"feedback", row.client, row.service, row.card, row.outcome,
                            std::to_string(stored(row.outcome_at)), accepted, told(row.reason_code),
                            told(row.reason_system), told(row.reason_display), told(row.comment),
                            told(row.extension)});
}

Result<std::int64_t> insert_cards(Database& database, std::span<CardRow const> rows) {
    // One statement for the cards of an answer: one round trip where the database is elsewhere.
    constexpr std::size_t group = 16;
    std::int64_t fresh = 0;
    while (!rows.empty()) {
        auto const count = std::min(rows.size(), group);
        auto const added = insert_card_group(database, rows.first(count));
        if (!added) return added.error();
        fresh += *added;
        rows = rows.subspan(count);
    }
    return fresh;
}

Result<std::int64_t> insert_feedback(Database& database, std::span<FeedbackRow const> rows) {
    std::int64_t fresh = 0;
    for (auto const& row : rows) {
        std::array const values{Value{std::string_view{row.id}},
                                Value{std::string_view{row.client}},
                                Value{std::string_view{row.service}},
                                Value{std::string_view{row.card}},
                                Value{std::string_view{row.outcome}},
                                Value{stored(row.outcome_at)},
                                Value{stored(row.received_at)},
                                value_of(row.reason_code),
                                value_of(row.reason_system),
                                value_of(row.reason_display),
                                value_of(row.comment),
                                value_of(row.extension)};
        auto const added = database.execute(
            "INSERT INTO feedback (id, client, service, card, outcome, outcome_at, received_at, "
            "reason_code, reason_system, reason_display, comment, extension) VALUES "
            "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
            values);
        if (!added) return added.error();
        if (*added == 0) continue;
        ++fresh;
        if (auto const done = insert_suggestions(database, row); !done) return done.error();
    }
    return fresh;
}

Result<void> each_feedback(Database& database, Span span,
                           std::function<void(ReportedCard const&)> const& found) {
    std::optional<ReportedCard> one;
    auto const take = [&](Row const& row) {
        if (!one || one->feedback.id != row.text(0)) {
            if (one) found(*one);
            one.emplace();
            auto& feedback = one->feedback;
            feedback.id = copy(row, 0);
            feedback.client = copy(row, 1);
            feedback.service = copy(row, 2);
            feedback.card = copy(row, 3);
            feedback.outcome = copy(row, 4);
            feedback.outcome_at = instant(row.number(5));
            feedback.received_at = instant(row.number(6));
            feedback.reason_code = copy_if_any(row, 7);
            feedback.reason_system = copy_if_any(row, 8);
            feedback.reason_display = copy_if_any(row, 9);
            feedback.comment = copy_if_any(row, 10);
            feedback.extension = copy_if_any(row, 11);
            if (row.text(12))
                one->card = CardRow{feedback.card, feedback.client, copy(row, 12), copy(row, 13),
                                    instant(row.number(14))};
        }
        if (row.text(15)) one->feedback.accepted.push_back(copy(row, 15));
    };
    std::array const values{Value{stored(span.since)}, Value{stored(span.until)}};
    auto const done = database.query(
        "SELECT f.id, f.client, f.service, f.card, f.outcome, f.outcome_at, f.received_at, "
        "f.reason_code, f.reason_system, f.reason_display, f.comment, f.extension, c.rule, "
        "c.indicator, c.sent_at, s.suggestion FROM feedback f "
        "LEFT JOIN card_sent c ON c.client = f.client AND c.uuid = f.card "
        "LEFT JOIN accepted_suggestion s ON s.feedback = f.id "
        "WHERE f.received_at >= $1 AND f.received_at < $2 "
        "ORDER BY f.received_at, f.id, s.place",
        values, take);
    if (!done) return done.error();
    if (one) found(*one);
    return {};
}

Result<void> each_card(Database& database, Span span,
                       std::function<void(CardRow const&)> const& found) {
    std::array const values{Value{stored(span.since)}, Value{stored(span.until)}};
    return database.query(
        "SELECT uuid, client, rule, indicator, sent_at FROM card_sent "
        "WHERE sent_at >= $1 AND sent_at < $2 ORDER BY sent_at, client, uuid",
        values, [&](Row const& row) {
            found({copy(row, 0), copy(row, 1), copy(row, 2), copy(row, 3), instant(row.number(4))});
        });
}

Result<Removed> remove_older(Database& database, Horizon horizon, std::int64_t most) {
    Removed removed;
    struct {
        std::string_view sql;
        base::Instant before;
        std::int64_t& count;
    } const steps[] = {
        {"UPDATE feedback SET comment = NULL, extension = NULL WHERE id IN (SELECT id FROM "
         "feedback WHERE received_at < $1 AND (comment IS NOT NULL OR extension IS NOT NULL) "
         "LIMIT $2)",
         horizon.comments, removed.comments},
        {"DELETE FROM feedback WHERE id IN (SELECT id FROM feedback WHERE received_at < $1 "
         "LIMIT $2)",
         horizon.feedback, removed.feedback},
        {"DELETE FROM card_sent WHERE (client, uuid) IN (SELECT client, uuid FROM card_sent "
         "WHERE sent_at < $1 LIMIT $2)",
         horizon.cards, removed.cards},
    };
    for (auto const& step : steps) {
        std::array const values{Value{stored(step.before)}, Value{most}};
        auto const changed = database.execute(step.sql, values);
        if (!changed) return changed.error();
        step.count = *changed;
        removed.more = removed.more || *changed >= most;
    }
    auto const forgotten = forget_tokens(database, horizon.tokens, most);
    if (!forgotten) return forgotten.error();
    removed.tokens = *forgotten;
    removed.more = removed.more || *forgotten >= most;
    return removed;
}

}  // namespace cds::store
