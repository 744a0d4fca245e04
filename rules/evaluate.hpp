#pragma once
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_list.hpp"

namespace cds::rules {

/// A check that was not done, or not finished, and why.
struct NotChecked {
    std::uint16_t rule = 0;
    static constexpr std::uint16_t no_rule = 0xffff;  ///< an unidentified draft: `order` names it
    QuerySet open;
    Reason reason = Reason::none;
    std::string_view detail;
    std::string_view order;  ///< label of the draft that it concerns
};

/// What all rules say about one chart.
struct Evaluation {
    std::vector<Finding> findings;  ///< shown and suppressed (see `suppressed_by`), cards' order
    std::vector<NotChecked> not_checked;
    std::vector<std::uint16_t> quiet;  ///< rules that ran and said no
    /// What the site's policy keeps from these readers, in shadow or quiet: never shown, and no
    /// other card stands back for it.
    std::vector<Finding> withheld;
    /// Advice that this client is shown at order-sign, not now (hooks/answer.cpp).
    std::vector<Finding> deferred;
    /// Monitoring that could not be judged, of a patient for whom nothing suggests that it matters:
    /// counted and explained, not on a card (rules/current_therapies.cpp).
    std::vector<NotChecked> unsaid;
};

/// Runs every rule that a draft can touch. A rule that throws is listed as not checked (internal),
/// never stops others. `trace` keeps what the rules asked, for an explanation.
Evaluation evaluate(Knowledge const& knowledge, Chart const& chart, Region region,
                    std::pmr::memory_resource* arena, Audience const& audience = {},
                    Trace* trace = nullptr);

/// The cards of at least `least` (warning or critical) that the chart would show and that `known`
/// does not show at that height; cards' order. Rules that can raise no such card are not asked:
/// only cards of at least a warning silence others.
std::vector<Finding> newly_raised(Knowledge const& knowledge, Chart const& chart, Region region,
                                  std::pmr::memory_resource* arena, Evaluation const& known,
                                  Indicator least, Audience const& audience = {});

/// Catalogue 3.9: one card for a drug pair, higher cards silence lower ones that repeat them. Sets
/// `suppressed_by`, also of withheld findings that the shown ones would have made superfluous.
void suppress(Knowledge const& knowledge, std::vector<Finding>& findings,
              std::vector<Finding>& withheld);

}  // namespace cds::rules
