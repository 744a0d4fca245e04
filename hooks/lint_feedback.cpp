#include <array>

#include "hooks/lint_table.hpp"

// What holds of a feedback call: CDS Hooks 2.0, "Feedback".

namespace cds::hooks::lint {

using base::json::Value;

namespace {

constexpr std::array members{
    Member{Part::feedback, "feedback", Form::list, Need::required, "F1",
           "Send {\"feedback\": [ … ]}, also for one report."},
    Member{Part::report, "card", Form::uuid, Need::required, "6-card",
           "Send the uuid that the card had."},
    Member{Part::report, "outcome", Form::text, Need::required, "6-outcome",
           "Send accepted or overridden."},
    Member{Part::report, "acceptedSuggestions", Form::list, Need::optional, "6-acceptedSuggestions",
           "Send an array of objects, each with the id of a suggestion."},
    Member{Part::report, "overrideReason", Form::object, Need::optional, "6-overrideReason",
           "Send an object with reason or userComment."},
    Member{Part::report, "outcomeTimestamp", Form::instant, Need::required, "6-outcomeTimestamp",
           "Send the time with zone, as 2026-03-10T09:00:00Z."},
    Member{Part::accepted_suggestion, "id", Form::uuid, Need::required, "6-acceptedSuggestions",
           "Send the uuid that the suggestion had."},
    Member{Part::given_reason, "reason", Form::object, Need::optional, "6-overrideReason",
           "Send a coding with code and system."},
    Member{Part::given_reason, "userComment", Form::text, Need::optional, "6-overrideReason",
           "Send what the user wrote, or leave it out."},
    Member{Part::reason_code, "code", Form::text, Need::required, "C21", "Send the code."},
    Member{Part::reason_code, "system", Form::text, Need::recommended, "F4",
           "Send the system of the card's override reason."},
    Member{Part::reason_code, "display", Form::text, Need::optional, "F4", "Send words."},
};

constexpr std::array checks{
    Check{Part::report, "outcome", "cds-fb-1", Severity::error,
          [](Value report) {
              return report["outcome"].is_string() &&
                     !is_one_of(report["outcome"], {"accepted", "overridden"});
          },
          "This is no outcome.", "Send accepted or overridden."},
    Check{Part::report, "acceptedSuggestions", "cds-fb-2", Severity::error,
          [](Value report) {
              return is_one_of(report["outcome"], {"accepted"}) &&
                     report["acceptedSuggestions"].size() == 0;
          },
          "An accepted card names the suggestions that were accepted.",
          "Send acceptedSuggestions."},
    Check{Part::report, "outcomeTimestamp", "6-outcomeTimestamp", Severity::warning,
          [](Value report) {
              auto const text = report["outcomeTimestamp"].string();
              return has_form(report["outcomeTimestamp"], Form::instant) && !text.ends_with('Z') &&
                     !text.ends_with("+00:00");
          },
          "The time is not in UTC.", "Send it with Z at its end."},
    Check{Part::given_reason, "", "cds-fb-3", Severity::error,
          [](Value given) { return is_absent(given["reason"]) && is_absent(given["userComment"]); },
          "An override reason holds a reason or a comment.",
          "Send one of them, or leave overrideReason out."},
};

}  // namespace

Tables feedback_tables() { return {members, checks}; }

}  // namespace cds::hooks::lint
