#pragma once
#include <string_view>
#include <vector>

#include "rules/scene.hpp"

namespace cds::rules {

/// Ciclosporin and other drugs in force together, at least one side of them drafted.
struct Meeting {
    struct Partner {
        MedicationRow const* row = nullptr;
        Exposure const* exposure = nullptr;  ///< ongoing; none for a draft
        Draft const* draft = nullptr;
        std::vector<IngredientId>
            ingredients;  ///< those of the asked drugs, each named once in the meeting
    };
    DraftList ciclosporin_drafts;
    Exposure const* ciclosporin = nullptr;  ///< ongoing, when it is not drafted
    std::vector<Partner> partners;          ///< drafted ones first, one row for each ingredient
    Day day{};                              ///< D of the draft that decides
    explicit operator bool() const { return !partners.empty(); }
    DraftList partner_drafts() const;
    /// Whether some partner is only stored.
    bool stored_partner() const;
};

/// Remembers what it rests on. A drug that is stopped in the bundle, on hold or ended is no
/// partner.
Meeting find_meeting(Scene& scene, DrugSet const& others);

/// `partners` with drug, source and dates, `ciclosporin` as a list, and the drafts that the card is
/// about.
void show_meeting(Scene& scene, Finding& finding, Meeting const& meeting, DrugSet const& others);

/// DEL of the drafted ciclosporin (`remove-ciclosporin`), and of each drafted partner
/// (`remove-partner`).
void offer_meeting_removals(Finding& finding, Meeting const& meeting);

}  // namespace cds::rules
