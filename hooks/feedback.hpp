#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "hooks/tolerance.hpp"

// What clients report about cards: POST /cds-services/{id}/feedback
// (https://cds-hooks.hl7.org/2.0/#feedback).

namespace cds::hooks {

/// Most reports of one call.
inline constexpr std::size_t most_reports = 100;
/// Most suggestions that one report may accept.
inline constexpr std::size_t most_suggestions = 100;
/// Longest free text, and longest extension of an override reason.
inline constexpr std::size_t longest_comment_bytes = 4096;
/// Longest code or display of a reason.
inline constexpr std::size_t longest_code_bytes = 512;

/// A uuid in lower case and without urn:uuid:; none when the text is something else.
std::optional<std::string> as_uuid(std::string_view text);

/// One report. Views into the parsed body, or texts of its own where they were changed.
struct Report {
    std::string card;  ///< uuid, in lower case and without urn:uuid:
    bool accepted = false;
    std::vector<std::string> suggestions;  ///< uuids, as `card`; each once
    base::Instant at{};
    std::optional<std::string> reason_code, reason_system, reason_display;
    std::optional<std::string> comment;
    std::optional<std::string> extension;  ///< of the override reason, as compact JSON
};

struct Feedback {
    std::vector<Report> reports;  ///< may be empty: the array may
    Tolerances tolerated;         ///< departures from the specification that were read all the same
};

/// Reads the body of a feedback call: `{"feedback":[…]}`, one report where the array should be, or
/// one by itself. `overrideReasons`, as large EHRs write it, is read as `overrideReason`, and their
/// extension gives the reason when there is no other.
///
/// Fails, with a JSON pointer and the fix, as `invalid` (a card or suggestion that is no uuid, an
/// unknown outcome, a missing or unreadable time, `accepted` without suggestions) or as `too_large`
/// (the limits above). One report that cannot be read refuses all.
base::Result<Feedback> read_feedback(base::json::Value root);

}  // namespace cds::hooks
