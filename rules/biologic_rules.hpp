#pragma once
#include "rules/scene.hpp"

// Rules about infliximab's own safety, omalizumab, vaccines and duplicate orders. Catalogue 4.A
// and 4.B.

namespace cds::rules {

// infliximab_rules.cpp
Answer ifx_contra_active_infection(Scene& scene);
Answer ifx_alpha_gal_risk(Scene& scene);
Answer ifx_prior_ada_immunogenicity(Scene& scene);
Answer ifx_biologic_duplication(Scene& scene);
Answer biologic_contra_hypersensitivity(Scene& scene);
// infliximab_dose_rules.cpp
Answer ifx_induction_schedule(Scene& scene);
Answer ifx_heart_failure_dose(Scene& scene);
// infliximab_screen_rules.cpp
Answer ifx_latent_tb_untreated(Scene& scene);
Answer ifx_hbv_screen_missing(Scene& scene);
Answer ifx_preinfusion_infection_check(Scene& scene);
// vaccine_rules.cpp
Answer live_vaccine_contraindicated(Scene& scene);
// duplicate_rules.cpp
Answer duplicate_immunosuppressant_order(Scene& scene);
// omalizumab_rules.cpp
Answer oma_ifx_coadministration(Scene& scene);
Answer oma_epinephrine_missing(Scene& scene);
Answer oma_indication_unverified(Scene& scene);
Answer oma_observation_plan(Scene& scene);
// omalizumab_dose_rules.cpp
Answer oma_dose_exceeds_max(Scene& scene);
Answer oma_asthma_dose_mismatch(Scene& scene);
Answer oma_csu_dose(Scene& scene);
Answer oma_dose_inputs_missing(Scene& scene);
// biologic_review_rules.cpp
Answer oma_response_review(Scene& scene);
Answer biologic_annual_review(Scene& scene);

}  // namespace cds::rules
