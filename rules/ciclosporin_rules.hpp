#pragma once
#include <optional>

#include "rules/scene.hpp"

// The rules about ciclosporin alone and with other drugs or treatments, one function each, named
// after their catalogue entry. The pair with infliximab is in rules.hpp.

namespace cds::rules {

// ciclosporin_skin_rules.cpp: ciclosporin for eczema or psoriasis
Answer psoriasis_etanercept_csa(Scene& scene);
Answer csa_derm_immunosuppressant_contraindicated(Scene& scene);
Answer csa_phototherapy_concurrent(Scene& scene);
Answer csa_prior_puva(Scene& scene);
// ciclosporin_eczema_rules.cpp
Answer csa_systemic_steroid_ad(Scene& scene);
Answer csa_ad_selection_criteria(Scene& scene);
// ciclosporin_interaction_rules.cpp
Answer csa_thiazide(Scene& scene);
Answer csa_potassium_sparing_diuretic(Scene& scene);
Answer csa_cyp3a4_interaction(Scene& scene);
Answer csa_multiple_interactions_nephrology(Scene& scene);
Answer csa_htn_prefer_ccb(Scene& scene);
Answer csa_formulation_switch(Scene& scene);
// ciclosporin_contraindication_rules.cpp
Answer csa_contra_renal(Scene& scene);
Answer csa_contra_uncontrolled_htn(Scene& scene);
Answer csa_contra_malignancy(Scene& scene);
Answer csa_contra_hypersensitivity(Scene& scene);
Answer csa_contra_active_infection(Scene& scene);
Answer csa_pregnancy(Scene& scene);
// ciclosporin_dose_rules.cpp
Answer csa_ad_dose_above_range(Scene& scene);
Answer csa_ad_dose_below_range(Scene& scene);
Answer csa_ad_absolute_dose_atypical(Scene& scene);
Answer csa_peds_dose_range(Scene& scene);
Answer csa_label_dose_max(Scene& scene);
Answer csa_dose_not_divided(Scene& scene);
Answer csa_dose_unverifiable(Scene& scene);
Answer csa_dose_implausible(Scene& scene);

/// A drafted oral ciclosporin beside the one that the patient had before
/// (`csa-formulation-switch`).
struct FormulationSwitch {
    Draft const* draft = nullptr;
    MedicationRow const* previous = nullptr;
    Exposure const* exposure = nullptr;
    bool draft_named =
        false;  ///< false: the draft names no formulation, so a switch is only possible
};
/// The first draft whose formulation differs from, or cannot be compared with, the known previous
/// one. `days` is how long ago the previous one may have ended.
std::optional<FormulationSwitch> formulation_switch(Scene& scene, int days);

}  // namespace cds::rules
