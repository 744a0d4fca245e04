#include <gmock/gmock.h>

#include "tests/fhir/shipped_terminology.hpp"

// What is read from text when no code is recognised: for every row of the fact tables a text that
// means it, and texts that look like it and do not.

namespace cds::fhir {
namespace {

using Texts = std::vector<std::string_view>;

struct DiseaseTexts {
    Disease disease;
    Texts means, does_not;
};

std::vector<DiseaseTexts> const disease_texts{
    {Disease::ulcerative_colitis,
     {"Ulcerative colitis", "Ulcerative pancolitis", "ulcerative proctitis",
      "Acute severe UC flare"},
     {"Crohn's disease"}},
    {Disease::acute_severe_uc_label,
     {"Acute severe ulcerative colitis", "Fulminant colitis", "ASUC"},
     {"Ulcerative colitis, severe"}},
    {Disease::crohns_disease,
     {"Crohn's disease", "Crohn disease of ileum", "Morbus Crohn"},
     {"microscopic colitis"}},
    {Disease::rheumatoid_arthritis, {"Seropositive rheumatoid arthritis"}, {"osteoarthritis"}},
    {Disease::behcet, {"Behçet syndrome", "Behcet's disease"}, {}},
    {Disease::psoriasis, {"Chronic plaque psoriasis", "psoriatic arthritis"}, {"parapsoriasis"}},
    {Disease::atopic_dermatitis,
     {"Severe atopic eczema", "Atopic dermatitis"},
     {"contact dermatitis"}},
    {Disease::other_dermatosis,
     {"Pyoderma gangrenosum", "Lichen planus", "prurigo nodularis", "pemphigus"},
     {}},
    {Disease::asthma, {"Severe persistent asthma"}, {"No history of asthma"}},
    {Disease::chronic_urticaria,
     {"Chronic spontaneous urticaria", "chronic urticaria"},
     {"acute urticaria"}},
    {Disease::nasal_polyps, {"Chronic rhinosinusitis with nasal polyps"}, {"colon polyp"}},
    {Disease::food_allergy,
     {"IgE-mediated food allergy", "Peanut allergy", "Allergy to peanuts"},
     {"hay fever"}},
    {Disease::kidney_disease,
     {"Chronic kidney disease stage 3", "End-stage renal disease", "Renal failure", "on dialysis"},
     {"Acute renal failure", "kidney stone"}},
    {Disease::ckd_stage_4_5,
     {"Chronic kidney disease, stage 4", "CKD 5", "End stage renal disease"},
     {"Chronic kidney disease stage 3"}},
    {Disease::acute_kidney_injury,
     {"Acute kidney injury", "acute renal failure"},
     {"chronic renal failure"}},
    {Disease::heart_failure, {"Congestive heart failure"}, {}},
    {Disease::hypertension,
     {"Essential hypertension"},
     {"pulmonary hypertension", "Portal hypertension"}},
    {Disease::latent_tb,
     {"Latent tuberculosis infection", "latent TB"},
     {"Screening for latent tuberculosis"}},
    {Disease::latent_tb_treated,
     {"Latent tuberculosis infection, treatment completed", "History of treated latent TB",
      "LTBI therapy completed"},
     {"Latent tuberculosis", "Latent TB, not treated"}},
    {Disease::active_tb, {"Active pulmonary tuberculosis"}, {"Latent tuberculosis"}},
    {Disease::serious_infection,
     {"Sepsis", "C. difficile colitis", "Clostridioides difficile", "CMV colitis", "Pneumonia",
      "Pneumocystis jirovecii", "Cellulitis of leg", "Perianal abscess", "Herpes zoster",
      "Non-tuberculous mycobacteria", "Nocardiosis", "Histoplasmosis", "Osteomyelitis",
      "Toxoplasmosis", "Strongyloidiasis", "Progressive multifocal leukoencephalopathy",
      "Varicella (chickenpox)", "Influenza A", "pulmonary tuberculosis"},
     {"Common cold", "Urinary tract infection", "Varicella vaccination", "influenza vaccine given",
      "No evidence of sepsis", "Pneumonia excluded", "shingles vaccine"}},
    {Disease::persistent_infection,
     {"CMV colitis", "Nocardia infection", "Disseminated histoplasmosis", "Mycobacterium avium"},
     {"Pneumonia", "Sepsis"}},
    {Disease::hepatitis_b,
     {"Chronic hepatitis B"},
     {"Hepatitis B vaccination", "hepatitis B surface antibody positive", "Hepatitis C"}},
    {Disease::false_positive_tb,
     {"False positive QuantiFERON", "TST: false-positive"},
     {"positive QuantiFERON"}},
    {Disease::nmsc,
     {"Basal cell carcinoma of skin", "Squamous cell carcinoma of skin"},
     {"Squamous cell carcinoma of lung"}},
    {Disease::melanoma,
     {"Malignant melanoma"},
     {"Melanoma in situ", "Family history of melanoma", "non-melanoma skin cancer"}},
    {Disease::malignancy,
     {"Colon cancer", "Malignant neoplasm of colon", "leukaemia", "Melanoma", "Lymphoma diagnosed",
      "Squamous cell carcinoma of lung"},
     {"Basal cell carcinoma of skin", "Carcinoma in situ of cervix",
      "Family history of breast cancer", "Screening for colon cancer", "Cancer ruled out"}},
    {Disease::thiopurine_malignancy,
     {"Hodgkin lymphoma", "Squamous cell carcinoma of skin", "History of bladder cancer",
      "Acute myeloid leukaemia"},
     {"Breast cancer"}},
    {Disease::in_situ_malignancy, {"Carcinoma in situ of uterine cervix"}, {"Carcinoma"}},
    {Disease::lymphoma, {"Non-Hodgkin lymphoma"}, {"leukaemia"}},
    {Disease::pregnancy,
     {"Pregnant", "Pregnancy, second trimester"},
     {"Planning pregnancy", "pregnancy planned", "not pregnant"}},
    {Disease::pregnancy_planned, {"Planning pregnancy", "Pregnancy planned"}, {"Pregnancy"}},
    {Disease::lactation, {"Breast-feeding", "lactating"}, {}},
    {Disease::postmenopausal, {"Post-menopausal", "postmenopausal"}, {"menopause clinic"}},
    {Disease::hysterectomy, {"Status post hysterectomy"}, {}},
    {Disease::oophorectomy, {"Bilateral salpingo-oophorectomy"}, {"left oophorectomy"}},
    {Disease::tubal_ligation, {"Tubal ligation", "History of tubal sterilisation"}, {}},
    {Disease::severe_liver_disease,
     {"Cirrhosis of liver", "hepatic failure"},
     {"Chronic liver disease"}},
    {Disease::liver_disease, {"Chronic liver disease", "Liver cirrhosis"}, {}},
    {Disease::alcohol_use_disorder,
     {"Alcohol use disorder", "Alcohol dependence"},
     {"social drinker"}},
    {Disease::alpha_gal,
     {"Alpha-gal syndrome", "Red meat allergy", "Allergy to mammalian meats"},
     {}},
    {Disease::tick_bite, {"Bite of lone star tick (Amblyomma americanum)"}, {"tick bite"}},
    {Disease::infliximab_first_dose_reaction,
     {"Reaction to first dose of infliximab", "Infliximab: reaction at first infusion"},
     {"infliximab reaction"}},
    {Disease::anaphylaxis, {"Anaphylaxis after bee sting", "anaphylactic shock"}, {}},
    {Disease::omalizumab_anaphylaxis,
     {"Anaphylaxis due to omalizumab", "Xolair anaphylaxis"},
     {"Anaphylaxis"}},
    {Disease::photosensitivity, {"Photosensitivity disorder"}, {}},
    {Disease::phototherapy_contraindicated,
     {"Phototherapy is contraindicated", "photosensitivity"},
     {"Phototherapy not contraindicated"}},
    {Disease::methotrexate_intolerance,
     {"Methotrexate intolerance", "Intolerance to methotrexate", "methotrexate contraindicated"},
     {"Methotrexate is not really contraindicated"}},
    {Disease::transplant,
     {"Kidney transplant recipient", "Stem cell transplantation", "bone marrow transplant"},
     {"Corneal graft", "hair transplant"}},
    {Disease::infliximab_loss_of_response,
     {"Secondary loss of response to infliximab"},
     {"good response"}},
    {Disease::infliximab_rapid_antibody,
     {"Rapid antibody development on biologic", "rapid anti-drug antibodies"},
     {}},
    {Disease::nyha_1,
     {"NYHA class I", "NYHA 1"},
     {"NYHA class II", "NYHA class III", "NYHA class IV"}},
    {Disease::nyha_2,
     {"NYHA II", "New York Heart Association Classification - Class II"},
     {"NYHA class III", "New York Heart Association Classification - Class III"}},
    {Disease::nyha_3,
     {"NYHA class III heart failure", "NYHA functional class 3"},
     {"NYHA class II"}},
    {Disease::nyha_4, {"NYHA class IV", "NYHA 4"}, {"NYHA class I"}},
    {Disease::in_remission,
     {"Crohn's disease in remission", "in steroid-free remission"},
     {"not in remission", "remission unknown"}},
    {Disease::gout, {"Gout"}, {"rugout"}},
    {Disease::hyperkalaemia, {"Hyperkalaemia", "hyperkalemia"}, {"hypokalaemia"}},
};

TEST(TextRecognition, ConditionsAreReadFromText) {
    DiseaseSet seen;
    auto const diseases = [](std::string_view text) {
        return shipped_terminology().match_diseases(folded(text));
    };
    for (auto const& row : disease_texts) {
        seen |= set_of(row.disease);
        for (auto const text : row.means)
            EXPECT_TRUE(has(diseases(text), row.disease)) << name(row.disease) << ": " << text;
        for (auto const text : row.does_not)
            EXPECT_FALSE(has(diseases(text), row.disease)) << name(row.disease) << ": " << text;
    }
    EXPECT_TRUE(seen.all()) << names_of<Disease>(~seen);
}

TEST(TextRecognition, SomeFactsAreReadFromTextBesideAnyCode) {
    auto const always = [](std::string_view text) {
        return shipped_terminology().match_always_text(folded(text));
    };
    EXPECT_EQ(always("Acute severe ulcerative colitis"), set_of(Disease::acute_severe_uc_label));
    EXPECT_EQ(always("Heart failure, NYHA class III"), set_of(Disease::nyha_3));
    EXPECT_EQ(always("Crohn's disease in remission"), set_of(Disease::in_remission));
    EXPECT_EQ(always("Anaphylaxis due to omalizumab"), set_of(Disease::omalizumab_anaphylaxis));
    EXPECT_EQ(always("False positive tuberculin test"), set_of(Disease::false_positive_tb));
    EXPECT_EQ(always("methotrexate intolerance"), set_of(Disease::methotrexate_intolerance));
    EXPECT_TRUE(always("Psoriasis with pneumonia").none());
    EXPECT_TRUE(always("Family history of methotrexate intolerance").none());
    EXPECT_TRUE(always("").none());
}

/// The names that the terminologies themselves give their codes, with and without SNOMED CT's kind
/// of concept, and only as a whole.
TEST(TextRecognition, ANameOfATerminologyMeansItsCode) {
    auto const& terminology = shipped_terminology();
    auto const diseases = [&](std::string_view text) {
        return terminology.match_diseases(folded(text));
    };
    EXPECT_TRUE(has(diseases("Ulcerative (chronic) pancolitis without complications"),
                    Disease::ulcerative_colitis));
    EXPECT_TRUE(diseases("Other cytomegaloviral diseases").any());
    EXPECT_TRUE(diseases("Other cytomegaloviral diseases of no importance").none());
    EXPECT_TRUE(has(diseases("Unlisted words ; Chronic ulcerative ileocolitis"),
                    Disease::ulcerative_colitis));
    EXPECT_TRUE(
        has(diseases("Chronic ulcerative ileocolitis (disorder)"), Disease::ulcerative_colitis));
    EXPECT_TRUE(has(terminology.match_tests(folded("Creatinine [Mass/volume] in Serum or Plasma")),
                    Measured::creatinine));
    EXPECT_TRUE(terminology.match_tests(folded("Creatinine [Mass/volume] in Urine")).none());
    auto const drugs = [&](std::string_view text) {
        std::vector<IngredientId> found;
        terminology.match_ingredients(folded(text), found);
        DrugSet all;
        for (auto const id : found) all |= terminology.ingredient(id).drugs;
        return all;
    };
    EXPECT_TRUE(has(drugs("YF-Vax"), Drug::live_vaccine));
    // ATC's name of the autoinjector's code is that of the substance.
    EXPECT_TRUE(drugs("epinephrine").none());
}

TEST(TextRecognition, TestsAreReadFromText) {
    auto const tests = [](std::string_view text) {
        return shipped_terminology().match_tests(folded(text));
    };
    struct Row {
        std::string_view text;
        TestSet tests;
    };
    for (auto const& [text, expected] : std::vector<Row>{
             {"Body temperature", set_of(Measured::temperature)},
             {"Infliximab antibodies", set_of(Measured::infliximab_antibody)},
             {"Anti-infliximab antibody (infliximab Ab)", set_of(Measured::infliximab_antibody)},
             {"infliximab level", {}},
             {"Cyclosporine level, whole blood", set_of(Measured::ciclosporin_level)},
             {"ciclosporin trough", set_of(Measured::ciclosporin_level)},
             {"Thiopurine methyltransferase (TPMT) phenotype", set_of(Measured::tpmt_nudt15)},
             {"NUDT15 genotype", set_of(Measured::tpmt_nudt15)},
             {"IGRA (T-SPOT.TB)", set_of(Measured::igra)},
             {"QuantiFERON-TB Gold Plus", set_of(Measured::igra)},
             {"QuantiFERON mitogen control", set_of(Measured::igra_control)},
             {"Mantoux", set_of(Measured::tst)},
             {"PPD", set_of(Measured::tst)},
             {"Hepatitis B surface antigen", set_of(Measured::hbsag)},
             {"HBsAg", set_of(Measured::hbsag)},
             {"Hepatitis B surface antibody", {}},
             {"Hepatitis B virus core Ab", set_of(Measured::anti_hbc)},
             {"Anti-HBc", set_of(Measured::anti_hbc)},
             {"Urine pregnancy test", set_of(Measured::hcg)},
             {"HLA-DQA1*05:01", set_of(Measured::hla_dqa1_05)},
             {"HLA-DQA1*05", set_of(Measured::hla_dqa1_05)},
             {"House dust mite specific IgE", set_of(Measured::aeroallergen_ige)},
             {"Cat dander IgE", set_of(Measured::aeroallergen_ige)},
             {"Skin prick test house dust mite", set_of(Measured::skin_prick)},
             {"Aeroallergen skin prick test", set_of(Measured::skin_prick)},
             {"total IgE", {}},
             {"creatinine", {}},
             {"Clinical remission", set_of(Measured::remission)},
             {"Remission since", set_of(Measured::remission, Measured::remission_since)},
             {"Date of onset of steroid-free remission",
              set_of(Measured::remission, Measured::remission_since)},
             {"Asthma Control Test (ACT) total score", set_of(Measured::response_review)},
             {"UAS7", set_of(Measured::response_review)},
             {"Omalizumab response assessment", set_of(Measured::response_review)},
             {"ACQ-5", set_of(Measured::response_review)},
             {"Pre-infusion infection assessment", set_of(Measured::infection_check)},
             {"Annual review of biologic therapies", set_of(Measured::biologic_review)},
             {"Annual review", {}},
             {"Clinical response to rescue therapy", set_of(Measured::clinical_response)},
             {"NYHA functional class", set_of(Measured::nyha)},
             {"Thyroid stimulating hormone", {}},
             {"", {}}}) {
        EXPECT_EQ(tests(text), expected) << text << ": " << names_of<Measured>(tests(text));
    }
}

TEST(TextRecognition, ProceduresAreReadFromTextMostSpecificFirst) {
    auto const services = [](std::string_view text) {
        return shipped_terminology().match_services(folded(text));
    };
    struct Row {
        std::string_view text;
        ServiceSet services;
    };
    for (auto const& [text, expected] : std::vector<Row>{
             {"PUVA phototherapy", set_of(Service::puva)},
             {"PUVA photochemotherapy course", set_of(Service::puva)},
             {"Psoralen + UVA", set_of(Service::puva)},
             {"Narrowband UVB phototherapy (NB-UVB)", set_of(Service::nbuvb)},
             {"NB-UVB", set_of(Service::nbuvb)},
             {"UVB phototherapy", set_of(Service::uvb)},
             {"Ultraviolet B therapy", set_of(Service::uvb)},
             {"Phototherapy", set_of(Service::phototherapy)},
             {"Light therapy", set_of(Service::phototherapy)},
             {"Total abdominal hysterectomy", set_of(Service::hysterectomy)},
             {"Tubal ligation", set_of(Service::tubal_ligation)},
             {"Bilateral salpingectomy", set_of(Service::tubal_ligation)},
             {"Bilateral oophorectomy", set_of(Service::oophorectomy)},
             {"Kidney transplantation", set_of(Service::transplant)},
             {"Stem cell transplant", set_of(Service::transplant)},
             {"Corneal graft", {}},
             {"Latent tuberculosis treatment completed", set_of(Service::ltbi_treatment_completed)},
             {"Joint review of biologic therapies", set_of(Service::biologic_review)},
             {"Infection screen before infusion", set_of(Service::infection_check)},
             {"Observe for 2 hours after injection", set_of(Service::observation_after_injection)},
             {"Review of medication", {}},
             {"", {}}}) {
        EXPECT_EQ(services(text), expected) << text << ": " << names_of<Service>(services(text));
    }
}

TEST(TextRecognition, AllergensAreReadFromText) {
    auto const allergens = [](std::string_view text) {
        return shipped_terminology().match_allergens(folded(text));
    };
    struct Row {
        std::string_view text;
        AllergenSet allergens;
    };
    for (auto const& [text, expected] : std::vector<Row>{
             {"Cyclosporine allergy", set_of(Allergen::ciclosporin)},
             {"Polyoxyethylated castor oil", set_of(Allergen::polyoxyl_castor_oil)},
             {"Cremophor", set_of(Allergen::polyoxyl_castor_oil)},
             {"Remicade", set_of(Allergen::infliximab)},
             {"Methotrexate", set_of(Allergen::methotrexate)},
             {"Sulfa drugs", set_of(Allergen::sulfonamide)},
             {"sulphonamides", set_of(Allergen::sulfonamide)},
             {"magnesium sulfate", {}},
             {"Sulfamethoxazole", set_of(Allergen::sulfonamide, Allergen::co_trimoxazole)},
             {"Alpha-gal", set_of(Allergen::alpha_gal)},
             {"Mammalian meat", set_of(Allergen::red_meat)},
             {"Beef", set_of(Allergen::red_meat)},
             {"Xolair", set_of(Allergen::omalizumab)},
             {"Mouse protein", set_of(Allergen::murine_protein)},
             {"Imuran", set_of(Allergen::azathioprine)},
             {"6-mercaptopurine", set_of(Allergen::mercaptopurine)},
             {"Bactrim", set_of(Allergen::co_trimoxazole)},
             {"atovaquone", set_of(Allergen::atovaquone)},
             {"amlodipine", set_of(Allergen::amlodipine)},
             {"isoniazid", set_of(Allergen::isoniazid)},
             {"Rifampin", set_of(Allergen::rifampicin)},
             {"adrenaline", set_of(Allergen::epinephrine)},
             {"Penicillin", {}},
             {"Latex", {}},
             {"peanut", {}},
             {"", {}}}) {
        EXPECT_EQ(allergens(text), expected) << text << ": " << names_of<Allergen>(allergens(text));
    }
}

}  // namespace
}  // namespace cds::fhir
