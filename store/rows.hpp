#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/date.hpp"
#include "base/result.hpp"
#include "store/database.hpp"

namespace cds::store {

/// A card that a client was sent. Nothing of the patient.
struct CardRow {
    std::string uuid;
    std::string client;  ///< empty: the default client
    std::string rule;
    std::string indicator;  ///< info, warning or critical
    base::Instant sent_at{};
};

/// What a client reported about one card. Absent and empty texts are different things.
struct FeedbackRow {
    std::string id;  ///< what makes two reports one: see `feedback_id`
    std::string client, service;
    std::string card;     ///< uuid; whether that card was ever sent is found out by the reader
    std::string outcome;  ///< accepted or overridden
    base::Instant outcome_at{}, received_at{};
    std::vector<std::string> accepted;  ///< uuids of suggestions, in the order of the report
    std::optional<std::string> reason_code, reason_system, reason_display;
    std::optional<std::string> comment;    ///< free text: may hold anything
    std::optional<std::string> extension;  ///< of the override reason, as JSON
};

/// The name of a report: made from all that the client said. A retry gives the same name, so it is
/// stored once; the same card reported otherwise is a report of its own.
std::string feedback_id(FeedbackRow const& row);

/// A report beside the card that it is about, when that client was sent such a card.
struct ReportedCard {
    FeedbackRow feedback;
    std::optional<CardRow> card;
};

/// A span of time: from `since`, included, to `until`, not included.
struct Span {
    base::Instant since{}, until{};
};

/// All the time there is: both ends are far away, and still fit into 64 bits of milliseconds.
constexpr Span all_time() {
    constexpr std::chrono::milliseconds far{std::int64_t{1} << 52};
    return {base::Instant{-far}, base::Instant{far}};
}

// Inside a transaction of the caller. Rows that are there already are left as they are; the numbers
// count those that are new.
base::Result<std::int64_t> insert_cards(Database& database, std::span<CardRow const> rows);
base::Result<std::int64_t> insert_feedback(Database& database, std::span<FeedbackRow const> rows);

/// Calls `found` for each report received in `span`, oldest first.
base::Result<void> each_feedback(Database& database, Span span,
                                 std::function<void(ReportedCard const&)> const& found);
/// Calls `found` for each card sent in `span`, oldest first.
base::Result<void> each_card(Database& database, Span span,
                             std::function<void(CardRow const&)> const& found);

/// What is older goes: rows sent or received before these instants.
struct Horizon {
    base::Instant cards{}, feedback{}, comments{};
    base::Instant tokens{};  ///< uses to be remembered until before it
};

/// What was removed, or, of comments, emptied.
struct Removed {
    std::int64_t cards = 0, feedback = 0, comments = 0, tokens = 0;
    bool more = false;  ///< a limit was reached; there may be more
};

/// Removes up to `most` rows of each kind.
base::Result<Removed> remove_older(Database& database, Horizon horizon, std::int64_t most);

}  // namespace cds::store
