#include "rules/rule_list.hpp"

#include <array>

#include "rules/biologic_rules.hpp"
#include "rules/ciclosporin_rules.hpp"
#include "rules/monitoring_rules.hpp"
#include "rules/rules.hpp"

namespace cds::rules {

namespace {

/// What can make any data-quality report necessary: a draft of any covered drug.
DrugSet any_drug() {
    DrugSet all;
    all.set();
    return all;
}

}  // namespace

std::span<Rule const> rule_list() {
    static std::array const rules{
        Rule{"uc-ifx-csa-concurrent", uc_ifx_csa_concurrent, infliximab() | ciclosporin()},
        Rule{"ifx-csa-sequential-salvage-28d", ifx_csa_sequential_salvage_28d,
             infliximab() | ciclosporin()},
        Rule{"ifx-csa-sequential-3mo", ifx_csa_sequential_3mo, infliximab() | ciclosporin()},
        Rule{"ifx-csa-concurrent-avoid", ifx_csa_concurrent_avoid, infliximab() | ciclosporin()},
        Rule{"ra-ifx-csa-mtx-contraindicated", ra_ifx_csa_mtx_contraindicated,
             infliximab() | ciclosporin()},
        Rule{"ra-ifx-csa-mtx-preferred", ra_ifx_csa_mtx_preferred, infliximab() | ciclosporin()},
        Rule{"ra-ifx-csa-dose-above-low-dose", ra_ifx_csa_dose_above_low_dose,
             infliximab() | ciclosporin()},
        Rule{"ra-ifx-without-mtx", ra_ifx_without_mtx, infliximab()},
        Rule{"behcet-ifx-csa-concurrent", behcet_ifx_csa_concurrent, infliximab() | ciclosporin()},
        Rule{"csa-aza-level-interaction", csa_aza_level_interaction,
             ciclosporin() | azathioprine_mercaptopurine()},
        Rule{"psoriasis-etanercept-csa", psoriasis_etanercept_csa,
             ciclosporin() | set_of(Drug::etanercept)},
        Rule{"csa-derm-immunosuppressant-contraindicated",
             csa_derm_immunosuppressant_contraindicated,
             ciclosporin() | derm_partners() | set_of(Drug::etanercept)},
        Rule{"csa-phototherapy-concurrent", csa_phototherapy_concurrent, ciclosporin(), true},
        Rule{"csa-prior-puva", csa_prior_puva, ciclosporin()},
        Rule{"csa-thiazide", csa_thiazide, ciclosporin() | set_of(Drug::thiazide)},
        Rule{"csa-potassium-sparing-diuretic", csa_potassium_sparing_diuretic,
             ciclosporin() | set_of(Drug::potassium_sparing_diuretic)},
        Rule{"csa-cyp3a4-interaction", csa_cyp3a4_interaction, ciclosporin() | cyp3a4_partners()},
        Rule{"csa-multiple-interactions-nephrology", csa_multiple_interactions_nephrology,
             ciclosporin() | cyp3a4_partners() |
                 set_of(Drug::thiazide, Drug::potassium_sparing_diuretic)},
        Rule{"csa-htn-prefer-ccb", csa_htn_prefer_ccb, set_of(Drug::other_antihypertensive)},
        Rule{"csa-contra-renal", csa_contra_renal, ciclosporin()},
        Rule{"csa-contra-uncontrolled-htn", csa_contra_uncontrolled_htn, ciclosporin()},
        Rule{"csa-contra-malignancy", csa_contra_malignancy, ciclosporin()},
        Rule{"csa-contra-hypersensitivity", csa_contra_hypersensitivity, ciclosporin()},
        Rule{"csa-contra-active-infection", csa_contra_active_infection, ciclosporin()},
        Rule{"csa-pregnancy", csa_pregnancy, ciclosporin()},
        Rule{"csa-systemic-steroid-ad", csa_systemic_steroid_ad,
             set_of(Drug::systemic_corticosteroid)},
        Rule{"csa-formulation-switch", csa_formulation_switch, ciclosporin()},
        Rule{"csa-ad-dose-above-range", csa_ad_dose_above_range, ciclosporin()},
        Rule{"csa-ad-dose-below-range", csa_ad_dose_below_range, ciclosporin()},
        Rule{"csa-ad-absolute-dose-atypical", csa_ad_absolute_dose_atypical, ciclosporin()},
        Rule{"csa-peds-dose-range", csa_peds_dose_range, ciclosporin()},
        Rule{"csa-label-dose-max", csa_label_dose_max, ciclosporin()},
        Rule{"csa-dose-not-divided", csa_dose_not_divided, ciclosporin()},
        Rule{"csa-dose-unverifiable", csa_dose_unverifiable, ciclosporin() | infliximab()},
        Rule{"csa-dose-implausible", csa_dose_implausible, ciclosporin()},
        Rule{"csa-ad-selection-criteria", csa_ad_selection_criteria, ciclosporin()},
        Rule{"multi-immunosuppressant-burden", multi_immunosuppressant_burden,
             all_immunosuppressants()},
        Rule{"pjp-prophylaxis-missing", pjp_prophylaxis_missing, all_immunosuppressants()},
        Rule{"hstcl-young-male-combination", hstcl_young_male_combination,
             thiopurines() | anti_tnf()},
        Rule{"thiopurine-malignancy-history", thiopurine_malignancy_history, thiopurines()},
        Rule{"ifx-asuc-aza-timing", ifx_asuc_aza_timing, infliximab() | thiopurines()},
        Rule{"asuc-first-rescue-checklist", asuc_first_rescue_checklist,
             infliximab() | ciclosporin()},
        Rule{"ifx-contra-active-infection", ifx_contra_active_infection,
             infliximab() | omalizumab()},
        Rule{"ifx-alpha-gal-risk", ifx_alpha_gal_risk, infliximab()},
        Rule{"ifx-prior-ada-immunogenicity", ifx_prior_ada_immunogenicity, infliximab()},
        Rule{"ifx-induction-schedule", ifx_induction_schedule, infliximab()},
        Rule{"biologic-contra-hypersensitivity", biologic_contra_hypersensitivity,
             infliximab() | omalizumab()},
        Rule{"ifx-heart-failure-dose", ifx_heart_failure_dose, infliximab()},
        Rule{"ifx-biologic-duplication", ifx_biologic_duplication,
             infliximab() | other_biologics()},
        Rule{"live-vaccine-contraindicated", live_vaccine_contraindicated,
             set_of(Drug::live_vaccine)},
        Rule{"aza-xanthine-oxidase-inhibitor", aza_xanthine_oxidase_inhibitor,
             azathioprine_mercaptopurine() | set_of(Drug::allopurinol, Drug::febuxostat)},
        Rule{"duplicate-immunosuppressant-order", duplicate_immunosuppressant_order,
             duplicate_checked()},
        Rule{"oma-ifx-coadministration", oma_ifx_coadministration, infliximab() | omalizumab()},
        Rule{"oma-epinephrine-missing", oma_epinephrine_missing, omalizumab()},
        Rule{"oma-dose-exceeds-max", oma_dose_exceeds_max, omalizumab()},
        Rule{"oma-asthma-dose-mismatch", oma_asthma_dose_mismatch, omalizumab()},
        Rule{"oma-csu-dose", oma_csu_dose, omalizumab()},
        Rule{"oma-indication-unverified", oma_indication_unverified, omalizumab()},
        Rule{"csa-baseline-incomplete", csa_baseline_incomplete, ciclosporin()},
        Rule{"csa-renal-bp-monitoring-overdue", csa_renal_bp_monitoring_overdue,
             ciclosporin() | infliximab()},
        Rule{"csa-monthly-labs-overdue", csa_monthly_labs_overdue, ciclosporin()},
        Rule{"csa-creatinine-rise", csa_creatinine_rise, ciclosporin()},
        Rule{"csa-creatinine-persistent-stop", csa_creatinine_persistent_stop, ciclosporin()},
        Rule{"csa-bp-elevated-on-therapy", csa_bp_elevated_on_therapy, ciclosporin()},
        Rule{"csa-bp-persistent-stop", csa_bp_persistent_stop, ciclosporin()},
        Rule{"csa-duration-max-1y", csa_duration_max_1y, ciclosporin()},
        Rule{"csa-course-length-review", csa_course_length_review, ciclosporin()},
        Rule{"csa-level-not-routine", csa_level_not_routine, DrugSet{}, true},
        Rule{"csa-level-indicated", csa_level_indicated, ciclosporin()},
        Rule{"csa-post-stop-followup", csa_post_stop_followup, ciclosporin()},
        Rule{"csa-response-review", csa_response_review, ciclosporin()},
        Rule{"ifx-tb-screen-missing", ifx_tb_screen_missing, infliximab()},
        Rule{"ifx-latent-tb-untreated", ifx_latent_tb_untreated, infliximab()},
        Rule{"ifx-hbv-screen-missing", ifx_hbv_screen_missing, infliximab()},
        Rule{"ifx-csa-combination-labs", ifx_csa_combination_labs, infliximab() | ciclosporin()},
        Rule{"ifx-preinfusion-infection-check", ifx_preinfusion_infection_check, infliximab()},
        Rule{"ifx-csa-level-check", ifx_csa_level_check, infliximab()},
        Rule{"thiopurine-cbc-overdue", thiopurine_cbc_overdue, thiopurines()},
        Rule{"thiopurine-tpmt-missing", thiopurine_tpmt_missing, thiopurines()},
        Rule{"aza-withdrawal-criteria-met", aza_withdrawal_criteria_met,
             thiopurines() | infliximab()},
        Rule{"aza-withdrawal-premature", aza_withdrawal_premature, thiopurines()},
        Rule{"aza-withdrawal-data-missing", aza_withdrawal_data_missing,
             thiopurines() | infliximab()},
        Rule{"aza-post-withdrawal-tdm-due", aza_post_withdrawal_tdm_due, infliximab()},
        Rule{"aza-post-withdrawal-immunogenicity", aza_post_withdrawal_immunogenicity,
             infliximab()},
        Rule{"ifx-loss-of-response-tdm", ifx_loss_of_response_tdm, infliximab()},
        Rule{"oma-observation-plan", oma_observation_plan, omalizumab()},
        Rule{"oma-dose-inputs-missing", oma_dose_inputs_missing, omalizumab()},
        Rule{"oma-response-review", oma_response_review, omalizumab()},
        Rule{"biologic-annual-review", biologic_annual_review, infliximab() | omalizumab()},
        Rule{"data-quality-unusable", data_quality_unusable, any_drug(), true},
    };
    return rules;
}

}  // namespace cds::rules
