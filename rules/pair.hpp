#pragma once
#include "rules/scene.hpp"

namespace cds::rules {

/// How infliximab and ciclosporin meet in this request. At least one of them is drafted to start or
/// go on.
struct Pair {
    enum class Timing : std::uint8_t { none, concurrent, within_28_days, within_3_months };
    Timing timing = Timing::none;
    Day day{};         ///< D of the draft that decides
    DraftList drafts;  ///< start drafts of either agent
    Draft const* infliximab_draft = nullptr;
    Draft const* ciclosporin_draft = nullptr;
    Exposure const* infliximab = nullptr;   ///< ongoing
    Exposure const* ciclosporin = nullptr;  ///< ongoing
    std::optional<LastExposure> last;       ///< of the other agent, when it has ended
    bool last_is_infliximab = false;
    int gap_days = 0;
    Indication indication = Indication::unknown;
    bool stated = false;           ///< a recognised reason stands on a draft of the pair
    MethotrexateBar methotrexate;  ///< why methotrexate cannot be used; asked in RA only

    bool concurrent() const { return timing == Timing::concurrent; }
    bool sequential() const {
        return timing == Timing::within_28_days || timing == Timing::within_3_months;
    }
    bool rheumatoid_exception() const {
        return indication == Indication::rheumatoid_arthritis && static_cast<bool>(methotrexate);
    }
};

Pair find_pair(Scene& scene);

/// The indicator of the pair's sequential card, as its rule gives it; none when no such card is
/// due.
std::optional<Indicator> sequential_indicator(Pair const& pair);

/// Which card shows the concurrent pair (exactly one does).
enum class PairCard : std::uint8_t {
    none,
    uc,
    derm,
    ra_contraindicated,
    ra_preferred,
    behcet,
    avoid
};
PairCard concurrent_card(Scene& scene);

/// `agents` (list), `infliximab`, `ciclosporin` facts that every pair card shows.
void show_pair(Scene& scene, Finding& finding);
/// DEL(this draft) recommended, DEL(the other draft) when both are drafted.
void offer_removals(Scene& scene, Finding& finding, bool recommend = true);

}  // namespace cds::rules
