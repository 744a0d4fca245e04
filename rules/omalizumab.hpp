#pragma once
#include "rules/scene.hpp"

// What several omalizumab rules ask about an omalizumab order.

namespace cds::rules {

/// What omalizumab is given for: the draft's recognised reason, else the first of these on the
/// problem list.
enum class OmalizumabUse : std::uint8_t { asthma, urticaria, nasal_polyps, food_allergy, unknown };
/// Rests on the problem list when nothing is found and the order states no reason.
OmalizumabUse omalizumab_use(Scene& scene, Draft const& draft);
std::string_view name(OmalizumabUse use);

/// Documented hypersensitivity to a drug that is drafted (`biologic-contra-hypersensitivity`).
struct Hypersensitivity {
    std::vector<AllergyRow const*> allergies;
    std::vector<ConditionRow const*> conditions;
    explicit operator bool() const { return !allergies.empty() || !conditions.empty(); }
};
Hypersensitivity infliximab_hypersensitivity(Scene& scene);
Hypersensitivity omalizumab_hypersensitivity(Scene& scene);
/// Whether omalizumab must not be given at all: its own card makes advice on precautions
/// superfluous. Untracked.
bool omalizumab_ruled_out(Scene& scene);

/// One dose of an omalizumab order and the days between two; parts are absent when they cannot be
/// read.
struct OmalizumabDose {
    std::optional<Rational> mg;
    std::optional<Rational> interval_days;  ///< the shortest gap when the order lists dates
    /// 14 to 16 days, or twice a month, read as every 2 weeks (catalogue `oma-dose-exceeds-max`).
    bool every_two_weeks() const { return between(14, 16); }
    /// 28 to 31 days, or once a month, read as every 4 weeks.
    bool every_four_weeks() const { return between(28, 31); }

private:
    bool between(int from, int to) const {
        return interval_days && *interval_days >= Rational{from} && *interval_days <= Rational{to};
    }
};
OmalizumabDose omalizumab_dose(Scene& scene, Draft const& draft);
/// `dose` and `interval` facts, as far as they can be read.
void show_dose(Scene& scene, Finding& finding, OmalizumabDose const& dose);

/// The IgE that doses are chosen by: drawn before the therapy, since it rises two- to fivefold
/// during it.
struct PretreatmentIge {
    std::optional<Reading> reading;
    ResultRow const* during = nullptr;  ///< the newest IgE that does not count, for the explanation
    bool start_unknown = false;         ///< the course's start is known by year only or not at all
};
/// Newest usable total IgE dated on or before the first dose of the current course (gaps of at most
/// 56 d), not within 365 d after an earlier course; failing that, the earlier course's own when the
/// interruption was under a year.
PretreatmentIge pretreatment_ige(Scene& scene, Draft const& draft);

/// The first start draft of omalizumab for asthma in a patient of 12 years or more; nullptr when
/// there is none.
Draft const* asthma_draft(Scene& scene);

/// A cell of the US dose table for asthma.
struct TableCell {
    enum class State : std::uint8_t { found, no_cell, undecided };
    State state = State::undecided;  ///< undecided: a comparator leaves the row or column open
    Rational mg;
    int every_days = 0;
};
/// Looks the cell up in the rule's thresholds (`oma-asthma-dose-mismatch`): both ends belong to the
/// lower band.
TableCell table_cell(RuleInfo const& rule, ResultRow const& ige, ResultRow const& weight);

}  // namespace cds::rules
