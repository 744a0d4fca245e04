#include <gmock/gmock.h>

#include "tests/fhir/shipped_terminology.hpp"

// What the codes of conditions mean: all that a code means, so that neighbours stay apart.

namespace cds::fhir {
namespace {

struct CodeRow {
    Code code;
    DiseaseSet diseases;  ///< all that the code means
};

std::vector<CodeRow> const condition_codes{
    {{icd10cm, "K51.90"}, set_of(Disease::ulcerative_colitis)},
    {{snomed, "64766004"}, set_of(Disease::ulcerative_colitis)},
    {{snomed, "404908004"}, set_of(Disease::ulcerative_colitis, Disease::acute_severe_uc_label)},
    {{snomed, "14311001"}, set_of(Disease::ulcerative_colitis)},
    {{icd10cm, "K50.00"}, set_of(Disease::crohns_disease)},
    {{snomed, "34000006"}, set_of(Disease::crohns_disease)},
    {{icd10cm, "M05.79"}, set_of(Disease::rheumatoid_arthritis)},
    {{snomed, "69896004"}, set_of(Disease::rheumatoid_arthritis)},
    {{icd10cm, "M35.2"}, set_of(Disease::behcet)},
    {{snomed, "310701003"}, set_of(Disease::behcet)},
    {{icd10cm, "L40.0"}, set_of(Disease::psoriasis)},
    {{snomed, "9014002"}, set_of(Disease::psoriasis)},
    {{icd10cm, "L20.89"}, set_of(Disease::atopic_dermatitis)},
    {{snomed, "24079001"}, set_of(Disease::atopic_dermatitis)},
    {{icd10cm, "L88"}, set_of(Disease::other_dermatosis)},
    {{icd10cm, "L43.9"}, set_of(Disease::other_dermatosis)},
    {{snomed, "74578003"}, set_of(Disease::other_dermatosis)},
    {{icd10cm, "J45.50"}, set_of(Disease::asthma)},
    {{snomed, "195967001"}, set_of(Disease::asthma)},
    {{icd10cm, "L50.1"}, set_of(Disease::chronic_urticaria)},
    {{icd10cm, "L50.9"}, {}},
    {{snomed, "51611005"}, set_of(Disease::chronic_urticaria)},
    {{icd10cm, "J33.0"}, set_of(Disease::nasal_polyps)},
    {{snomed, "52756005"}, set_of(Disease::nasal_polyps)},
    {{icd10cm, "Z91.010"}, set_of(Disease::food_allergy)},
    {{snomed, "91935009"}, set_of(Disease::food_allergy)},
    {{snomed, "414285001"}, set_of(Disease::food_allergy)},
    {{icd10cm, "N18.30"}, set_of(Disease::kidney_disease)},
    {{icd10cm, "N18.4"}, set_of(Disease::kidney_disease, Disease::ckd_stage_4_5)},
    {{icd10cm, "N18.6"}, set_of(Disease::kidney_disease, Disease::ckd_stage_4_5)},
    {{snomed, "433144002"}, set_of(Disease::kidney_disease)},
    {{icd10cm, "N17.9"}, set_of(Disease::acute_kidney_injury)},
    {{icd10cm, "I13.0"},
     set_of(Disease::kidney_disease, Disease::heart_failure, Disease::hypertension)},
    {{icd10cm, "I50.20"}, set_of(Disease::heart_failure)},
    {{snomed, "84114007"}, set_of(Disease::heart_failure)},
    {{icd10cm, "I10"}, set_of(Disease::hypertension)},
    {{snomed, "38341003"}, set_of(Disease::hypertension)},
    {{icd10cm, "Z22.7"}, set_of(Disease::latent_tb)},
    {{icd10cm, "R76.12"}, set_of(Disease::latent_tb)},
    {{snomed, "11999007"}, set_of(Disease::latent_tb)},
    {{icd10cm, "Z86.15"}, set_of(Disease::latent_tb_treated)},
    {{icd10cm, "A15.0"},
     set_of(Disease::active_tb, Disease::serious_infection, Disease::persistent_infection)},
    {{snomed, "154283005"},
     set_of(Disease::active_tb, Disease::serious_infection, Disease::persistent_infection)},
    {{icd10cm, "A41.9"}, set_of(Disease::serious_infection)},
    {{snomed, "91302008"}, set_of(Disease::serious_infection)},
    {{icd10cm, "A04.72"}, set_of(Disease::serious_infection)},
    {{snomed, "423590009"}, set_of(Disease::serious_infection)},
    {{icd10cm, "B25.9"}, set_of(Disease::serious_infection, Disease::persistent_infection)},
    {{icd10cm, "J18.9"}, set_of(Disease::serious_infection)},
    {{snomed, "53084003"}, set_of(Disease::serious_infection)},
    {{icd10cm, "B59"}, set_of(Disease::serious_infection, Disease::persistent_infection)},
    {{icd10cm, "L03.90"}, set_of(Disease::serious_infection)},
    {{icd10cm, "A31.0"}, set_of(Disease::serious_infection, Disease::persistent_infection)},
    {{snomed, "277869007"}, set_of(Disease::serious_infection, Disease::persistent_infection)},
    {{icd10cm, "A43.9"}, set_of(Disease::serious_infection, Disease::persistent_infection)},
    {{icd10cm, "B39.4"}, set_of(Disease::serious_infection, Disease::persistent_infection)},
    {{icd10cm, "M86.9"}, set_of(Disease::serious_infection, Disease::persistent_infection)},
    {{icd10cm, "B58.2"}, set_of(Disease::serious_infection)},
    {{icd10cm, "B78.9"}, set_of(Disease::serious_infection)},
    {{icd10cm, "A81.2"}, set_of(Disease::serious_infection)},
    {{icd10cm, "B01.9"}, set_of(Disease::serious_infection)},
    {{icd10cm, "J11.1"}, set_of(Disease::serious_infection)},
    {{icd10cm, "N39.0"}, {}},
    {{icd10cm, "J00"}, {}},
    {{icd10cm, "B18.1"}, set_of(Disease::hepatitis_b, Disease::liver_disease)},
    {{snomed, "61977001"}, set_of(Disease::hepatitis_b)},
    {{snomed, "161638000"}, {}},
    {{snomed, "303233001"}, {}},
    {{icd10cm, "C44.91"}, set_of(Disease::nmsc, Disease::thiopurine_malignancy)},
    {{icd10cm, "D04.9"},
     set_of(Disease::nmsc, Disease::thiopurine_malignancy, Disease::in_situ_malignancy)},
    {{icd10cm, "Z85.828"}, set_of(Disease::nmsc, Disease::thiopurine_malignancy)},
    {{snomed, "254701007"}, set_of(Disease::nmsc, Disease::thiopurine_malignancy)},
    {{icd10cm, "C43.9"}, set_of(Disease::melanoma, Disease::malignancy)},
    {{icd10cm, "Z85.820"}, set_of(Disease::melanoma, Disease::malignancy)},
    {{icd10cm, "D03.9"}, set_of(Disease::in_situ_malignancy)},
    {{snomed, "93655004"}, set_of(Disease::melanoma, Disease::malignancy)},
    {{icd10cm, "C18.9"}, set_of(Disease::malignancy)},
    {{icd10cm, "Z85.3"}, set_of(Disease::malignancy)},
    {{snomed, "363406005"}, set_of(Disease::malignancy)},
    {{icd10cm, "C85.90"},
     set_of(Disease::malignancy, Disease::thiopurine_malignancy, Disease::lymphoma)},
    {{icd10cm, "Z85.72"},
     set_of(Disease::malignancy, Disease::thiopurine_malignancy, Disease::lymphoma)},
    {{snomed, "118601006"},
     set_of(Disease::malignancy, Disease::thiopurine_malignancy, Disease::lymphoma)},
    {{icd10cm, "C67.9"}, set_of(Disease::malignancy, Disease::thiopurine_malignancy)},
    {{snomed, "399326009"}, set_of(Disease::malignancy, Disease::thiopurine_malignancy)},
    {{icd10cm, "C92.01"}, set_of(Disease::malignancy, Disease::thiopurine_malignancy)},
    {{icd10cm, "Z85.6"}, set_of(Disease::malignancy, Disease::thiopurine_malignancy)},
    {{snomed, "91861009"}, set_of(Disease::malignancy, Disease::thiopurine_malignancy)},
    {{icd10cm, "D46.9"}, set_of(Disease::thiopurine_malignancy)},
    {{icd10cm, "D06.9"}, set_of(Disease::in_situ_malignancy)},
    {{snomed, "92564006"}, set_of(Disease::in_situ_malignancy)},
    {{icd10cm, "Z80.3"}, {}},
    {{snomed, "429740004"}, {}},
    {{icd10cm, "Z33.1"}, set_of(Disease::pregnancy)},
    {{icd10cm, "Z34.90"}, set_of(Disease::pregnancy)},
    {{snomed, "77386006"}, set_of(Disease::pregnancy)},
    {{icd10cm, "Z39.1"}, set_of(Disease::lactation)},
    {{snomed, "413712001"}, set_of(Disease::lactation)},
    {{icd10cm, "Z78.0"}, set_of(Disease::postmenopausal)},
    {{snomed, "76498008"}, set_of(Disease::postmenopausal)},
    {{icd10cm, "Z90.710"}, set_of(Disease::hysterectomy)},
    {{snomed, "161800001"}, set_of(Disease::hysterectomy)},
    {{icd10cm, "Z90.722"}, set_of(Disease::oophorectomy)},
    {{icd10cm, "Z98.51"}, set_of(Disease::tubal_ligation)},
    {{icd10cm, "K73.9"}, set_of(Disease::liver_disease)},
    {{snomed, "328383001"}, set_of(Disease::liver_disease)},
    {{icd10cm, "K74.60"}, set_of(Disease::severe_liver_disease, Disease::liver_disease)},
    {{icd10cm, "K70.30"}, set_of(Disease::severe_liver_disease, Disease::liver_disease)},
    {{snomed, "19943007"}, set_of(Disease::severe_liver_disease, Disease::liver_disease)},
    {{icd10cm, "F10.20"}, set_of(Disease::alcohol_use_disorder)},
    {{snomed, "66590003"}, set_of(Disease::alcohol_use_disorder)},
    {{icd10cm, "Z91.014"}, set_of(Disease::alpha_gal)},
    {{snomed, "703930000"}, set_of(Disease::alpha_gal)},
    {{icd10cm, "Z87.892"}, set_of(Disease::anaphylaxis)},
    {{snomed, "39579001"}, set_of(Disease::anaphylaxis)},
    {{icd10cm, "L56.8"}, set_of(Disease::photosensitivity, Disease::phototherapy_contraindicated)},
    {{icd10cm, "Z94.0"}, set_of(Disease::transplant)},
    {{icd10cm, "Z94.84"}, set_of(Disease::transplant)},
    {{icd10cm, "Z94.5"}, {}},
    {{snomed, "161665007"}, set_of(Disease::transplant)},
    {{snomed, "420300004"}, set_of(Disease::nyha_1)},
    {{snomed, "421704003"}, set_of(Disease::nyha_2)},
    {{snomed, "420913000"}, set_of(Disease::nyha_3)},
    {{snomed, "422293003"}, set_of(Disease::nyha_4)},
    {{icd10cm, "M10.9"}, set_of(Disease::gout)},
    {{snomed, "90560007"}, set_of(Disease::gout)},
    {{icd10cm, "E87.5"}, set_of(Disease::hyperkalaemia)},
    {{snomed, "14140009"}, set_of(Disease::hyperkalaemia)},
};

TEST(ConditionCode, ConditionCodesMeanWhatTheFactTableSays) {
    for (auto const& row : condition_codes) {
        auto const found = meaning(row.code.system, row.code.code).diseases;
        EXPECT_EQ(found, row.diseases) << row.code.code << ": " << names_of<Disease>(found);
    }
}

TEST(ConditionCode, IcdCodesFallBackToTheLongestListedPrefix) {
    EXPECT_TRUE(has(meaning(icd10cm, "K51.9999").diseases, Disease::ulcerative_colitis));
    EXPECT_TRUE(has(meaning(icd10cm, "k5190").diseases, Disease::ulcerative_colitis))
        << "without dot, in small letters";
    EXPECT_TRUE(has(meaning(icd10cm, "C99.9").diseases, Disease::malignancy));
    EXPECT_TRUE(meaning(icd10cm, "X99").diseases.none());
    EXPECT_TRUE(meaning(icd10cm, "COVID").diseases.none()) << "no ICD-10-CM code at all";
}

}  // namespace
}  // namespace cds::fhir
