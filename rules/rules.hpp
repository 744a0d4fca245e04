#pragma once
#include "rules/scene.hpp"

// The rules, one function each, named after their catalogue entry. Each says yes, no or unknown.

namespace cds::rules {

// pair_rules.cpp: infliximab and ciclosporin together, or one soon after the other
Answer uc_ifx_csa_concurrent(Scene& scene);
Answer ifx_csa_sequential_salvage_28d(Scene& scene);
Answer ifx_csa_sequential_3mo(Scene& scene);
Answer ifx_csa_concurrent_avoid(Scene& scene);
Answer behcet_ifx_csa_concurrent(Scene& scene);
// ra_rules.cpp
Answer ra_ifx_csa_mtx_contraindicated(Scene& scene);
Answer ra_ifx_csa_mtx_preferred(Scene& scene);
Answer ra_ifx_csa_dose_above_low_dose(Scene& scene);
Answer ra_ifx_without_mtx(Scene& scene);
// pair_monitoring_rules.cpp
Answer csa_aza_level_interaction(Scene& scene);
Answer pjp_prophylaxis_missing(Scene& scene);
Answer ifx_csa_combination_labs(Scene& scene);
Answer ifx_csa_level_check(Scene& scene);
// infection_screen_rules.cpp
Answer ifx_tb_screen_missing(Scene& scene);
// data_quality_rule.cpp
Answer data_quality_unusable(Scene& scene);

}  // namespace cds::rules
