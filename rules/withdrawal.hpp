#pragma once
#include "rules/scene.hpp"

// Stopping a thiopurine while infliximab goes on: what the three `aza-withdrawal-…` cards judge.
// Catalogue 4.B.

namespace cds::rules {

/// The order that asks the question, one a bundle.
struct WithdrawalTrigger {
    Draft const* draft = nullptr;
    bool stop =
        false;  ///< a thiopurine stop; otherwise a renewal of the thiopurine or of infliximab
    Day day{};  ///< D(draft); the stop date of a stop
};

/// None unless thiopurine and infliximab are both in use and neither infliximab is stopped in the
/// bundle nor another thiopurine takes over.
std::optional<WithdrawalTrigger> withdrawal_trigger(Scene& scene);

/// Whether the stop is for safety: by its own reason, or by an allergy, malignancy or infection on
/// record.
bool stopped_for_safety(Scene& scene, Draft const& stop);

enum class Criterion : std::uint8_t { met, failed, missing };

/// One of the six items, as the cards show it.
struct WithdrawalItem {
    std::string_view name;    ///< "infliximab trough"
    std::string_view wanted;  ///< "above 10 mg/L"
    Criterion state = Criterion::missing;
    ResultRow const* row =
        nullptr;             ///< the result that decided, or one that was too old or unclear
    std::string_view value;  ///< our words, when there is no result: "900 days, since 2023-09-21"
    std::string_view order;  ///< key of the test that would fill the gap; empty: none
    bool stale = false;
};

struct WithdrawalCriteria {
    std::vector<WithdrawalItem> items;
    std::vector<std::string_view> continue_factors;  ///< why to go on, our words
    std::vector<ConditionRow const*> factor_conditions;
    ResultRow const* factor_result = nullptr;  ///< a positive HLA-DQA1*05
    bool any_failed() const;
    int missing() const;
};
WithdrawalCriteria withdrawal_criteria(Scene& scene, WithdrawalTrigger const& trigger);

/// `items` (list), `factors` (list), `reasons`, `needs`, the population and the drafts.
void show_withdrawal(Scene& scene, Finding& finding, WithdrawalTrigger const& trigger,
                     WithdrawalCriteria const& criteria);

}  // namespace cds::rules
