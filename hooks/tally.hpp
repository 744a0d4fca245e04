#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "hooks/observed.hpp"

namespace cds::hooks {

/// What one rule did over many requests.
struct RuleTally {
    std::array<std::uint32_t, 3> fired{};  ///< cards shown, by rules::Indicator
    std::map<std::string, std::uint32_t, std::less<>> suppressed;  ///< by the id of the other rule
    std::map<std::string, std::uint32_t, std::less<>> unknown;     ///< by fhir::Reason
    std::uint32_t cards() const { return fired[0] + fired[1] + fired[2]; }
    std::uint32_t interruptions() const { return fired[1] + fired[2]; }
};

/// Counts over the requests of a replay. An interruption is a critical or a warning card.
struct Totals {
    std::uint32_t requests = 0, orders = 0;
    std::uint32_t covered = 0;              ///< requests with a draft whose drug some rule is about
    std::uint32_t silent = 0;               ///< requests without a card
    std::uint32_t uncovered_with_card = 0;  ///< requests with a card although no rule is about them
    std::uint32_t cards = 0, interruptions = 0;
};

/// Counts what each rule says about the requests that it looks on.
class Tally : public Observer {
public:
    void answered(Observed const& call) override;
    Totals const& totals() const noexcept { return totals_; }
    /// By rule id; rules that said nothing but no are not listed. Orders that could not be
    /// identified count as unknown of `not-evaluated`.
    std::map<std::string, RuleTally, std::less<>> const& rules() const noexcept { return rules_; }

    /// Appends the totals and the rules as JSON members, in the order of the knowledge.
    std::string json(rules::Knowledge const& knowledge) const;
    /// The same as a Markdown table that is also readable at a terminal.
    std::string table(rules::Knowledge const& knowledge) const;

private:
    void count_card(std::string_view id, std::string_view indicator);

    Totals totals_;
    std::map<std::string, RuleTally, std::less<>> rules_;
    base::json::Document response_;
};

}  // namespace cds::hooks
