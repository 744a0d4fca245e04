#pragma once
#include "rules/scene.hpp"

// Monitoring of ciclosporin and thiopurines, and what several immunosuppressants add up to.
// Catalogue 4.A and 4.B.

namespace cds::rules {

// ciclosporin_baseline_rules.cpp
Answer csa_baseline_incomplete(Scene& scene);
// ciclosporin_monitoring_rules.cpp: tests that are due
Answer csa_renal_bp_monitoring_overdue(Scene& scene);
Answer csa_monthly_labs_overdue(Scene& scene);
// ciclosporin_course_rules.cpp: how long, and which levels
Answer csa_duration_max_1y(Scene& scene);
Answer csa_course_length_review(Scene& scene);
Answer csa_level_not_routine(Scene& scene);
Answer csa_level_indicated(Scene& scene);
Answer csa_post_stop_followup(Scene& scene);
Answer csa_response_review(Scene& scene);
// ciclosporin_creatinine_rules.cpp
Answer csa_creatinine_rise(Scene& scene);
Answer csa_creatinine_persistent_stop(Scene& scene);
// ciclosporin_pressure_rules.cpp
Answer csa_bp_elevated_on_therapy(Scene& scene);
Answer csa_bp_persistent_stop(Scene& scene);
// burden_rules.cpp: what drugs and illnesses add up to
Answer multi_immunosuppressant_burden(Scene& scene);
Answer hstcl_young_male_combination(Scene& scene);
// thiopurine_rules.cpp
Answer thiopurine_malignancy_history(Scene& scene);
Answer aza_xanthine_oxidase_inhibitor(Scene& scene);
Answer thiopurine_cbc_overdue(Scene& scene);
Answer thiopurine_tpmt_missing(Scene& scene);
// acute_colitis_rules.cpp
Answer ifx_asuc_aza_timing(Scene& scene);
Answer asuc_first_rescue_checklist(Scene& scene);
// withdrawal_rules.cpp: stopping azathioprine while infliximab goes on
Answer aza_withdrawal_criteria_met(Scene& scene);
Answer aza_withdrawal_premature(Scene& scene);
Answer aza_withdrawal_data_missing(Scene& scene);
// after_withdrawal_rules.cpp
Answer aza_post_withdrawal_tdm_due(Scene& scene);
Answer aza_post_withdrawal_immunogenicity(Scene& scene);
Answer ifx_loss_of_response_tdm(Scene& scene);

}  // namespace cds::rules
