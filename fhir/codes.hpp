#pragma once
#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

// The closed lists of clinical concepts that rules speak of. Which codes and texts mean a concept
// is data (rules/knowledge/*.json); each concept's `name()` is its key there. Source:
// fact-encodings sections 2, 4, 5, 7.

namespace cds::fhir {

/// Code systems that are told apart; any other (local) system is `other`.
enum class System : std::uint8_t { other, rxnorm, ndc, atc, snomed, cvx, loinc, icd10cm };

/// A drug, or a drug class where the rules only speak of the class. One medication may be several
/// (combinations).
enum class Drug : std::uint8_t {
    infliximab,
    ciclosporin,
    ciclosporin_ophthalmic,
    azathioprine,
    mercaptopurine,
    tioguanine,
    methotrexate,
    mycophenolate,
    tacrolimus,
    tacrolimus_topical,
    pimecrolimus,
    sirolimus,
    everolimus,
    voclosporin,
    leflunomide,
    cyclophosphamide,
    jak_inhibitor,
    ruxolitinib_topical,
    adalimumab,
    etanercept,
    golimumab,
    certolizumab,
    abatacept,
    tocilizumab,
    anakinra,
    rituximab,
    ustekinumab,
    vedolizumab,
    sarilumab,
    il17_il23_inhibitor,
    omalizumab,
    dupilumab,
    mepolizumab,
    other_type2_biologic,
    apremilast,
    acitretin,
    hepatitis_b_antiviral,
    systemic_corticosteroid,
    topical_corticosteroid,
    budesonide,
    allopurinol,
    febuxostat,
    thiazide,
    potassium_sparing_diuretic,
    dihydropyridine_ccb,
    other_antihypertensive,
    cyp3a4_inhibitor,
    cyp3a4_inducer,
    pjp_prophylaxis,
    ltbi_treatment,
    epinephrine_autoinjector,
    psoralen,
    ics_laba,
    live_vaccine,
    count_
};

/// A fact that a Condition (or a reasonCode) can state. Section 4.2.
enum class Disease : std::uint8_t {
    ulcerative_colitis,
    acute_severe_uc_label,
    crohns_disease,
    rheumatoid_arthritis,
    behcet,
    psoriasis,
    atopic_dermatitis,
    other_dermatosis,
    asthma,
    chronic_urticaria,
    nasal_polyps,
    food_allergy,
    kidney_disease,
    ckd_stage_4_5,
    acute_kidney_injury,
    heart_failure,
    hypertension,
    latent_tb,
    latent_tb_treated,
    active_tb,
    serious_infection,
    persistent_infection,
    hepatitis_b,
    false_positive_tb,
    nmsc,
    melanoma,
    malignancy,
    thiopurine_malignancy,
    in_situ_malignancy,
    lymphoma,
    pregnancy,
    pregnancy_planned,
    lactation,
    postmenopausal,
    hysterectomy,
    oophorectomy,
    tubal_ligation,
    severe_liver_disease,
    liver_disease,
    alcohol_use_disorder,
    alpha_gal,
    tick_bite,
    infliximab_first_dose_reaction,
    anaphylaxis,
    omalizumab_anaphylaxis,
    photosensitivity,
    methotrexate_intolerance,
    transplant,
    infliximab_loss_of_response,
    infliximab_rapid_antibody,
    nyha_1,
    nyha_2,
    nyha_3,
    nyha_4,
    in_remission,
    gout,
    hyperkalaemia,
    phototherapy_contraindicated,
    count_
};

/// A measurement, test or documented assessment. Sections 5 and 6.
enum class Test : std::uint8_t {
    creatinine,
    egfr,
    bun,
    crp,
    leukocytes,
    haemoglobin,
    platelets,
    neutrophils,
    alt,
    ast,
    alp,
    bilirubin,
    potassium,
    magnesium,
    uric_acid,
    cholesterol,
    ldl,
    hdl,
    triglycerides,
    infliximab_level,
    infliximab_antibody,
    other_biologic_antibody,
    ciclosporin_level,
    ige,
    alpha_gal_ige,
    temperature,
    tpmt_nudt15,
    igra,
    igra_raw,
    igra_control,
    tst,
    hbsag,
    anti_hbc,
    hcg,
    hla_dqa1_05,
    urine_protein,
    aeroallergen_ige,
    skin_prick,
    weight,
    weight_estimated,
    systolic,
    diastolic,
    blood_pressure,
    cbc_panel,
    lft_panel,
    lipid_panel,
    metabolic_panel,
    comprehensive_metabolic_panel,
    urinalysis_panel,
    remission,
    remission_since,
    response_review,
    infection_check,
    biologic_review,
    clinical_response,
    nyha,
    count_
};

enum class Allergen : std::uint8_t {
    ciclosporin,
    polyoxyl_castor_oil,
    infliximab,
    methotrexate,
    sulfonamide,
    alpha_gal,
    red_meat,
    omalizumab,
    murine_protein,
    azathioprine,
    mercaptopurine,
    co_trimoxazole,
    atovaquone,
    amlodipine,
    isoniazid,
    rifampicin,
    epinephrine,
    count_
};

/// What a Procedure, or a ServiceRequest that is no laboratory test, is about.
enum class Service : std::uint8_t {
    puva,
    nbuvb,
    uvb,
    phototherapy,
    hysterectomy,
    tubal_ligation,
    oophorectomy,
    transplant,
    ltbi_treatment_completed,
    biologic_review,
    infection_check,
    observation_after_injection,
    count_
};

template <class E>
using SetOf = std::bitset<static_cast<std::size_t>(E::count_)>;
using DrugSet = SetOf<Drug>;
using DiseaseSet = SetOf<Disease>;
using TestSet = SetOf<Test>;
using AllergenSet = SetOf<Allergen>;
using ServiceSet = SetOf<Service>;

template <class E, class... More>
SetOf<E> set_of(E first, More... more) {
    SetOf<E> set;
    set.set(static_cast<std::size_t>(first));
    (set.set(static_cast<std::size_t>(more)), ...);
    return set;
}
template <class E>
bool has(SetOf<E> const& set, E member) {
    return set.test(static_cast<std::size_t>(member));
}

/// The concept's key in the knowledge, e.g. "il17_il23_inhibitor": the enumerator as spelled above.
std::string_view name(Drug);
std::string_view name(Disease);
std::string_view name(Test);
std::string_view name(Allergen);
std::string_view name(Service);
/// The concept of a key; none when there is no such concept.
template <class E>
std::optional<E> from_name(std::string_view key);

}  // namespace cds::fhir
