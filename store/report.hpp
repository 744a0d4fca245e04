#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/date.hpp"
#include "base/result.hpp"
#include "store/database.hpp"
#include "store/rows.hpp"

namespace cds::store {

/// Lengths of time that a report is divided into. Weeks are those of ISO 8601.
enum class Step : std::uint8_t { day, week, month };

/// What became of a number of cards. A card counts once, by its last outcome, in the period in
/// which it was sent: shown = accepted + overridden + ignored.
struct Outcomes {
    std::uint64_t shown = 0, accepted = 0, overridden = 0;
    std::map<std::string, std::uint64_t> reasons;  ///< of the overridden ones, by reason

    /// Nothing was reported about them.
    std::uint64_t ignored() const { return shown - accepted - overridden; }
    void add(Outcomes const& other);
};

/// The report of a span of time.
struct Report {
    using Periods = std::map<std::string, Outcomes>;  ///< "2026-11", "2026-W47" or "2026-11-21"
    std::map<std::string, Periods> rules;
    /// Reports about cards that the client was never sent, or that have expired.
    std::uint64_t unmatched_accepted = 0, unmatched_overridden = 0;
};

/// The name of the period that `instant` lies in, by the calendar of `zone`.
std::string period_of(base::Instant instant, base::Zone const& zone, Step step);

/// How a report names the reason of an override: by its code when it is one of ours, else by its
/// display, else by its code; without a reason it says whether there was free text.
std::string reason_name(FeedbackRow const& row);

/// Counts what became of the cards that were sent in `span`.
base::Result<Report> make_report(Database& database, Span span, base::Zone const& zone, Step step);

}  // namespace cds::store
