#pragma once
#include "rules/scene.hpp"

namespace cds::rules {

/// Ciclosporin for eczema or psoriasis beside another immunosuppressant
/// (`csa-derm-immunosuppressant-contraindicated`), with the interplay of catalogue 3.9.
struct DermConflict {
    struct Partner {
        MedicationRow const* row = nullptr;
        Exposure const* exposure =
            nullptr;  ///< ongoing (infliximab also up to 56 d after its last infusion)
        Draft const* draft = nullptr;
    };
    std::vector<Partner>
        partners;  ///< those the card names (infliximab left out when the UC card shows it)
    bool with_infliximab = false;  ///< the infliximab-ciclosporin pair is shown by this card
    bool ambiguous =
        false;  ///< RA stands beside AD/psoriasis and the order states no reason: warning
    Draft const* ciclosporin_draft = nullptr;
    Exposure const* ciclosporin = nullptr;
    Day day{};
    bool fires() const { return !partners.empty(); }
};

DermConflict find_derm_conflict(Scene& scene);

}  // namespace cds::rules
