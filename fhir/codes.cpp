#include "fhir/codes.hpp"

#include <algorithm>
#include <type_traits>

namespace cds::fhir {
namespace {

template <class E>
using Names = std::array<std::string_view, static_cast<std::size_t>(E::count_)>;

constexpr Names<Drug> drug_names{"infliximab",
                                 "ciclosporin",
                                 "ciclosporin_ophthalmic",
                                 "azathioprine",
                                 "mercaptopurine",
                                 "tioguanine",
                                 "methotrexate",
                                 "mycophenolate",
                                 "tacrolimus",
                                 "tacrolimus_topical",
                                 "pimecrolimus",
                                 "sirolimus",
                                 "everolimus",
                                 "voclosporin",
                                 "leflunomide",
                                 "cyclophosphamide",
                                 "jak_inhibitor",
                                 "ruxolitinib_topical",
                                 "adalimumab",
                                 "etanercept",
                                 "golimumab",
                                 "certolizumab",
                                 "abatacept",
                                 "tocilizumab",
                                 "anakinra",
                                 "rituximab",
                                 "ustekinumab",
                                 "vedolizumab",
                                 "sarilumab",
                                 "il17_il23_inhibitor",
                                 "omalizumab",
                                 "dupilumab",
                                 "mepolizumab",
                                 "other_type2_biologic",
                                 "apremilast",
                                 "acitretin",
                                 "hepatitis_b_antiviral",
                                 "systemic_corticosteroid",
                                 "topical_corticosteroid",
                                 "budesonide",
                                 "allopurinol",
                                 "febuxostat",
                                 "thiazide",
                                 "potassium_sparing_diuretic",
                                 "dihydropyridine_ccb",
                                 "other_antihypertensive",
                                 "cyp3a4_inhibitor",
                                 "cyp3a4_inducer",
                                 "pjp_prophylaxis",
                                 "ltbi_treatment",
                                 "epinephrine_autoinjector",
                                 "psoralen",
                                 "ics_laba",
                                 "live_vaccine"};

constexpr Names<Disease> disease_names{"ulcerative_colitis",
                                       "acute_severe_uc_label",
                                       "crohns_disease",
                                       "rheumatoid_arthritis",
                                       "behcet",
                                       "psoriasis",
                                       "atopic_dermatitis",
                                       "other_dermatosis",
                                       "asthma",
                                       "chronic_urticaria",
                                       "nasal_polyps",
                                       "food_allergy",
                                       "kidney_disease",
                                       "ckd_stage_4_5",
                                       "acute_kidney_injury",
                                       "heart_failure",
                                       "hypertension",
                                       "latent_tb",
                                       "latent_tb_treated",
                                       "active_tb",
                                       "serious_infection",
                                       "persistent_infection",
                                       "hepatitis_b",
                                       "false_positive_tb",
                                       "nmsc",
                                       "melanoma",
                                       "malignancy",
                                       "thiopurine_malignancy",
                                       "in_situ_malignancy",
                                       "lymphoma",
                                       "pregnancy",
                                       "pregnancy_planned",
                                       "lactation",
                                       "postmenopausal",
                                       "hysterectomy",
                                       "oophorectomy",
                                       "tubal_ligation",
                                       "severe_liver_disease",
                                       "liver_disease",
                                       "alcohol_use_disorder",
                                       "alpha_gal",
                                       "tick_bite",
                                       "infliximab_first_dose_reaction",
                                       "anaphylaxis",
                                       "omalizumab_anaphylaxis",
                                       "photosensitivity",
                                       "methotrexate_intolerance",
                                       "transplant",
                                       "infliximab_loss_of_response",
                                       "infliximab_rapid_antibody",
                                       "nyha_1",
                                       "nyha_2",
                                       "nyha_3",
                                       "nyha_4",
                                       "in_remission",
                                       "gout",
                                       "hyperkalaemia",
                                       "phototherapy_contraindicated"};

constexpr Names<Test> test_names{"creatinine",
                                 "egfr",
                                 "bun",
                                 "crp",
                                 "leukocytes",
                                 "haemoglobin",
                                 "platelets",
                                 "neutrophils",
                                 "alt",
                                 "ast",
                                 "alp",
                                 "bilirubin",
                                 "potassium",
                                 "magnesium",
                                 "uric_acid",
                                 "cholesterol",
                                 "ldl",
                                 "hdl",
                                 "triglycerides",
                                 "infliximab_level",
                                 "infliximab_antibody",
                                 "other_biologic_antibody",
                                 "ciclosporin_level",
                                 "ige",
                                 "alpha_gal_ige",
                                 "temperature",
                                 "tpmt_nudt15",
                                 "igra",
                                 "igra_raw",
                                 "igra_control",
                                 "tst",
                                 "hbsag",
                                 "anti_hbc",
                                 "hcg",
                                 "hla_dqa1_05",
                                 "urine_protein",
                                 "aeroallergen_ige",
                                 "skin_prick",
                                 "weight",
                                 "weight_estimated",
                                 "systolic",
                                 "diastolic",
                                 "blood_pressure",
                                 "cbc_panel",
                                 "lft_panel",
                                 "lipid_panel",
                                 "metabolic_panel",
                                 "comprehensive_metabolic_panel",
                                 "urinalysis_panel",
                                 "remission",
                                 "remission_since",
                                 "response_review",
                                 "infection_check",
                                 "biologic_review",
                                 "clinical_response",
                                 "nyha"};

constexpr Names<Allergen> allergen_names{"ciclosporin",  "polyoxyl_castor_oil", "infliximab",
                                         "methotrexate", "sulfonamide",         "alpha_gal",
                                         "red_meat",     "omalizumab",          "murine_protein",
                                         "azathioprine", "mercaptopurine",      "co_trimoxazole",
                                         "atovaquone",   "amlodipine",          "isoniazid",
                                         "rifampicin",   "epinephrine"};

constexpr Names<Service> service_names{"puva",
                                       "nbuvb",
                                       "uvb",
                                       "phototherapy",
                                       "hysterectomy",
                                       "tubal_ligation",
                                       "oophorectomy",
                                       "transplant",
                                       "ltbi_treatment_completed",
                                       "biologic_review",
                                       "infection_check",
                                       "observation_after_injection"};

// A list that is too short leaves an empty name at its end.
static_assert(!drug_names.back().empty() && !disease_names.back().empty() &&
              !test_names.back().empty() && !allergen_names.back().empty() &&
              !service_names.back().empty());

template <class E>
constexpr Names<E> const& names() {
    if constexpr (std::is_same_v<E, Drug>)
        return drug_names;
    else if constexpr (std::is_same_v<E, Disease>)
        return disease_names;
    else if constexpr (std::is_same_v<E, Test>)
        return test_names;
    else if constexpr (std::is_same_v<E, Allergen>)
        return allergen_names;
    else
        return service_names;
}

}  // namespace

std::string_view name(Drug drug) { return drug_names[static_cast<std::size_t>(drug)]; }
std::string_view name(Disease disease) { return disease_names[static_cast<std::size_t>(disease)]; }
std::string_view name(Test test) { return test_names[static_cast<std::size_t>(test)]; }
std::string_view name(Allergen allergen) {
    return allergen_names[static_cast<std::size_t>(allergen)];
}
std::string_view name(Service service) { return service_names[static_cast<std::size_t>(service)]; }

template <class E>
std::optional<E> from_name(std::string_view key) {
    auto const& all = names<E>();
    auto const found = std::find(all.begin(), all.end(), key);
    if (found == all.end()) return std::nullopt;
    return static_cast<E>(found - all.begin());
}
template std::optional<Drug> from_name<Drug>(std::string_view);
template std::optional<Disease> from_name<Disease>(std::string_view);
template std::optional<Test> from_name<Test>(std::string_view);
template std::optional<Allergen> from_name<Allergen>(std::string_view);
template std::optional<Service> from_name<Service>(std::string_view);

}  // namespace cds::fhir
