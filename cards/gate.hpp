#pragma once
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "cards/call.hpp"
#include "rules/evaluate.hpp"

namespace cds::cards {

/// An action that is not offered, and why, in Markdown.
struct LeftOut {
    rules::Action const* action = nullptr;
    std::string why;
};

/// What is left of a suggestion after the gate.
struct Offer {
    std::vector<rules::Action const*> actions;
    std::vector<LeftOut> left_out;
};

/// Decides whether a prescription or a changed dose may be suggested (catalogue 3.9): never to a
/// patient with an active allergy to it, never methotrexate that anything on record speaks against,
/// and never when the orders, as they would stand after the whole suggestion, raise a warning or
/// critical card that the answer does not already carry. Suggestions without such an action cost
/// nothing here.
class Gate {
public:
    Gate(Context const& context, rules::Evaluation const& answer)
        : context_{context}, answer_{answer} {}

    Offer offer(rules::Suggestion const& suggestion);

    /// Whether a suggestion needs the gate at all.
    static bool concerns(rules::Suggestion const& suggestion);

private:
    /// A resource as it would be written, read back.
    struct Read {
        rules::Action const* action;
        fhir::MedicationRow const* row;
    };
    /// One set of orders that was tried.
    struct Tried {
        std::string key;     ///< what differs from the call's own drafts
        std::string raises;  ///< titles of the new cards; empty: none
    };

    std::optional<Read> read(rules::Action const& action, std::string& key);
    std::string refusal(Read const& read) const;
    std::string raised(rules::Suggestion const& suggestion, std::vector<Read> const& reads,
                       std::string key);
    std::string evaluate(rules::Suggestion const& suggestion, std::vector<Read> const& reads) const;
    std::string what(rules::Action const& action) const;
    std::string say(std::string_view key, rules::Action const& action, std::string_view why) const;

    Context const& context_;
    rules::Evaluation const& answer_;
    std::deque<std::string> texts_;  ///< resources; rows look into them
    std::deque<fhir::MedicationRow> rows_;
    std::vector<Tried> tried_;
};

}  // namespace cds::cards
