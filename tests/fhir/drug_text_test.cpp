#include <gmock/gmock.h>

#include "tests/fhir/shipped_terminology.hpp"

// Which drugs are read from text when no code is recognised: for every row of the drug table a text
// that means it, and texts that look like it and do not.

namespace cds::fhir {
namespace {

using testing::ElementsAre;
using Texts = std::vector<std::string_view>;

struct DrugTexts {
    Drug drug;
    Texts means, does_not;
};

std::vector<DrugTexts> const drug_texts{
    {Drug::infliximab,
     {"Infliximab", "infliximab-qbtx 100 mg", "REMICADE (infliximab) IV", "Zymfentra pen"},
     {"adalimumab"}},
    {Drug::ciclosporin,
     {"Ciclosporin capsules", "cyclosporine modified", "Cyclosporin A", "Neoral",
      "Sandimmune 50 mg", "ciclosporín", "Ciclosporine 50 mg", "Ciclosporina"},
     {"Restasis eye drops", "Cequa", "Ikervis 1 mg/mL", "cyclosporine ophthalmic emulsion 0.05%",
      "cycloSPORINE 0.05 % ophth emul", "voclosporin"}},
    {Drug::ciclosporin_ophthalmic,
     {"Restasis", "Verkazia", "Vevye", "Cyclosporine 0.05% eye drops"},
     {"Neoral"}},
    {Drug::azathioprine, {"Imuran 50 mg", "azathioprine"}, {"mercaptopurine"}},
    {Drug::mercaptopurine, {"6-mercaptopurine", "Purixan"}, {"tioguanine"}},
    {Drug::tioguanine, {"Thioguanine 40 mg", "Lanvis"}, {"mercaptopurine"}},
    {Drug::methotrexate, {"Methotrexate 2.5 mg", "Otrexup"}, {"folic acid"}},
    {Drug::mycophenolate, {"Mycophenolate mofetil", "mycophenolic acid", "CellCept"}, {}},
    {Drug::tacrolimus,
     {"Tacrolimus 1 mg capsule", "Prograf"},
     {"Tacrolimus 0.1% ointment", "Protopic"}},
    {Drug::tacrolimus_topical, {"tacrolimus 0.1 % ointment", "Protopic"}, {"Advagraf"}},
    {Drug::pimecrolimus, {"Elidel cream"}, {}},
    {Drug::sirolimus, {"Rapamune"}, {"temsirolimus"}},
    {Drug::everolimus, {"Everolimus 0.75 mg", "Certican"}, {}},
    {Drug::voclosporin, {"Voclosporin 7.9 mg"}, {"ciclosporin"}},
    {Drug::leflunomide, {"Arava"}, {"teriflunomide"}},
    {Drug::cyclophosphamide, {"cyclophosphamide IV"}, {}},
    {Drug::jak_inhibitor,
     {"Xeljanz 5 mg", "Upadacitinib", "ruxolitinib 5 mg tablet", "filgotinib"},
     {"Opzelura", "ruxolitinib 1.5% cream"}},
    {Drug::ruxolitinib_topical, {"Opzelura", "Ruxolitinib cream"}, {"ruxolitinib tablet"}},
    {Drug::adalimumab, {"Humira 40 mg", "adalimumab-adaz"}, {}},
    {Drug::etanercept, {"Enbrel"}, {}},
    {Drug::golimumab, {"Simponi"}, {}},
    {Drug::certolizumab, {"certolizumab pegol", "Cimzia"}, {}},
    {Drug::abatacept, {"Orencia"}, {"belatacept"}},
    {Drug::tocilizumab, {"Actemra"}, {}},
    {Drug::anakinra, {"Kineret"}, {"canakinumab"}},
    {Drug::rituximab, {"MabThera", "rituximab-abbs"}, {}},
    {Drug::ustekinumab, {"Stelara"}, {}},
    {Drug::vedolizumab, {"Entyvio"}, {"natalizumab"}},
    {Drug::sarilumab, {"Kevzara"}, {}},
    {Drug::il17_il23_inhibitor, {"Cosentyx", "guselkumab", "Skyrizi", "mirikizumab-mrkz"}, {}},
    {Drug::omalizumab, {"Xolair 150 mg", "omalizumab-igec"}, {}},
    {Drug::dupilumab, {"Dupixent"}, {}},
    {Drug::mepolizumab, {"Nucala"}, {}},
    {Drug::other_type2_biologic, {"Tralokinumab", "Fasenra", "nemolizumab"}, {}},
    {Drug::apremilast, {"Otezla 30 mg"}, {}},
    {Drug::acitretin, {"Neotigason"}, {"isotretinoin"}},
    {Drug::hepatitis_b_antiviral, {"Baraclude", "tenofovir disoproxil", "Zeffix"}, {"aciclovir"}},
    {Drug::systemic_corticosteroid,
     {"Prednisone tablet", "Solu-Medrol 1 g", "hydrocortisone 100 mg IV", "methyl-prednisolone"},
     {"Hydrocortisone 1% cream", "dexamethasone eye drops", "budesonide 9 mg",
      "prednisolone enema"}},
    {Drug::topical_corticosteroid,
     {"Clobetasol propionate 0.05% ointment", "Dermovate", "cream betamethasone"},
     {"betamethasone tablet"}},
    {Drug::budesonide, {"Budesonide 9 mg"}, {}},
    {Drug::allopurinol, {"Zyloprim"}, {"oxypurinol"}},
    {Drug::febuxostat, {"Uloric", "Adenuric"}, {}},
    {Drug::thiazide,
     {"HCTZ 25 mg", "Chlortalidone", "chlorthalidone", "co-amilozide", "indapamide"},
     {"furosemide"}},
    {Drug::potassium_sparing_diuretic,
     {"Spironolactone", "co-amilozide", "finerenone"},
     {"potassium chloride"}},
    {Drug::dihydropyridine_ccb, {"Amlodipine 5 mg", "lercanidipine"}, {"verapamil"}},
    {Drug::other_antihypertensive,
     {"Lisinopril 10 mg", "spirapril", "Losartan-hydrochlorothiazide", "fimasartan", "bisoprolol",
      "moxonidine"},
     {"next dose in April", "furosemide", "amlodipine"}},
    {Drug::cyp3a4_inhibitor,
     {"Itraconazole", "Biaxin", "diltiazem 120 mg", "Paxlovid", "darunavir/cobicistat",
      "simeprevir", "isavuconazonium", "Gleevec"},
     {"Azithromycin 250 mg", "ciprofloxacin", "Ketoconazole 2% shampoo", "clotrimazole cream",
      "raltegravir"}},
    {Drug::cyp3a4_inducer,
     {"Tegretol", "fosphenytoin", "Rifampin 300 mg", "rifabutin", "St. John's wort",
      "St John\xE2\x80\x99s wort", "Hyperici herba", "Tracleer"},
     {"efavirenz", "isoniazid", "rifaximin"}},
    {Drug::pjp_prophylaxis,
     {"Co-trimoxazole 480 mg", "sulfamethoxazole-trimethoprim", "Bactrim DS", "Atovaquone 750 mg",
      "dapsone", "pentamidine nebulised"},
     {"atovaquone/proguanil", "Malarone", "trimethoprim 100 mg", "dapsone gel"}},
    {Drug::ltbi_treatment, {"isoniazid", "Rifampicin", "rifapentine"}, {"rifabutin"}},
    {Drug::epinephrine_autoinjector,
     {"EpiPen 0.3 mg", "Adrenaline 300 microgram auto-injector", "epinephrine pen", "Jext",
      "Auvi-Q"},
     {"epinephrine 1 mg/mL ampoule", "adrenaline vial", "lidocaine with epinephrine"}},
    {Drug::psoralen, {"Methoxsalen 10 mg", "trioxsalen", "psoralen bath"}, {}},
    {Drug::ics_laba,
     {"Symbicort", "budesonide/formoterol", "salmeterol and fluticasone"},
     {"budesonide inhaler", "salmeterol"}},
    {Drug::live_vaccine,
     {"MMR vaccine", "MMRV vaccine (ProQuad)", "Varicella live vaccine", "yellow fever", "FluMist",
      "BCG vaccine", "oral typhoid", "Rotarix", "Zoster vaccine live (Zostavax)",
      "Oral polio vaccine (OPV)", "ACAM2000", "live attenuated vaccine"},
     {"Recombinant zoster vaccine (Shingrix)", "Inactivated influenza vaccine",
      "pneumococcal polysaccharide vaccine", "BCG intravesical", "Measles immune globulin",
      "varicella zoster immunoglobulin"}},
};

TEST(DrugText, DrugsAreReadFromNamesAndBrands) {
    DrugSet seen;
    for (auto const& row : drug_texts) {
        seen |= set_of(row.drug);
        for (auto const text : row.means)
            EXPECT_TRUE(has(drugs_in_text(text), row.drug)) << name(row.drug) << ": " << text;
        for (auto const text : row.does_not)
            EXPECT_FALSE(has(drugs_in_text(text), row.drug)) << name(row.drug) << ": " << text;
    }
    EXPECT_TRUE(seen.all()) << names_of<Drug>(~seen);
}

TEST(DrugText, NeutralDrugsHaveNoMeaning) {
    for (auto const text : {"levothyroxine sodium", "Omeprazole 20 mg", "paracetamol",
                            "Folic acid 5 mg", "vitamin D3", "", " "}) {
        EXPECT_TRUE(drugs_in_text(text).none()) << text;
    }
}

TEST(DrugText, EachIngredientIsNamedOnce) {
    EXPECT_THAT(ingredient_names(ingredients_in_text("Remicade (infliximab) infliximab-dyyb")),
                ElementsAre("infliximab"));
    EXPECT_THAT(ingredient_names(ingredients_in_text("co-amilozide 5/50")),
                ElementsAre("amiloride", "hydrochlorothiazide"));
    EXPECT_THAT(ingredient_names(ingredients_in_text("Losartan-hydrochlorothiazide 50-12.5 mg")),
                ElementsAre("hydrochlorothiazide", "losartan"));
    EXPECT_THAT(ingredient_names(ingredients_in_text("Paxlovid (nirmatrelvir and ritonavir)")),
                ElementsAre("ritonavir"));
    EXPECT_THAT(ingredient_names(ingredients_in_text("darunavir")), ElementsAre("darunavir"));
    EXPECT_THAT(ingredient_names(ingredients_in_text("Measles, mumps and rubella live vaccine")),
                ElementsAre("measles, mumps and rubella vaccine"));
    EXPECT_THAT(ingredient_names(ingredients_in_text("methylprednisolone")),
                ElementsAre("methylprednisolone"));
}

}  // namespace
}  // namespace cds::fhir
