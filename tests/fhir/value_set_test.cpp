#include <gmock/gmock.h>

#include "tests/fhir/shipped_terminology.hpp"

// What the codes of the knowledge mean: at least one code of every row of the fact tables.

namespace cds::fhir {
namespace {

using testing::ElementsAre;

struct DrugCode {
    Drug drug;
    std::vector<Code> codes;
};

std::vector<DrugCode> const drug_codes{
    {Drug::infliximab,
     {{rxnorm, "191831"},
      {rxnorm, "1790542"},
      {rxnorm, "2675749"},
      {atc, "L04AB02"},
      {snomed, "386891004"}}},
    {Drug::ciclosporin,
     {{rxnorm, "3008"},
      {rxnorm, "236077"},
      {rxnorm, "202816"},
      {atc, "L04AD01"},
      {snomed, "387467008"}}},
    {Drug::ciclosporin_ophthalmic, {{rxnorm, "352951"}, {rxnorm, "2055026"}, {atc, "S01XA18"}}},
    {Drug::azathioprine,
     {{rxnorm, "1256"}, {rxnorm, "197388"}, {atc, "L04AX01"}, {snomed, "372574004"}}},
    {Drug::mercaptopurine, {{rxnorm, "103"}, {atc, "L01BB02"}, {snomed, "386835005"}}},
    {Drug::tioguanine, {{atc, "L01BB03"}}},
    {Drug::methotrexate,
     {{rxnorm, "6851"}, {atc, "L01BA01"}, {atc, "L04AX03"}, {snomed, "387381009"}}},
    {Drug::mycophenolate, {{rxnorm, "68149"}, {rxnorm, "7145"}, {atc, "L04AA06"}}},
    {Drug::tacrolimus, {{rxnorm, "42316"}, {atc, "L04AD02"}}},
    {Drug::tacrolimus_topical, {{atc, "D11AH01"}}},
    {Drug::pimecrolimus, {{atc, "D11AH02"}}},
    {Drug::sirolimus, {{rxnorm, "349208"}, {atc, "L04AH01"}}},
    {Drug::everolimus, {{atc, "L04AH02"}}},
    {Drug::voclosporin, {{rxnorm, "2475400"}, {atc, "L04AD03"}}},
    {Drug::leflunomide, {{rxnorm, "27169"}, {atc, "L04AK01"}}},
    {Drug::cyclophosphamide, {{atc, "L01AA01"}}},
    {Drug::jak_inhibitor,
     {{rxnorm, "2196092"}, {rxnorm, "1193331"}, {atc, "L04AF01"}, {atc, "L04AF04"}}},
    {Drug::ruxolitinib_topical, {{atc, "D11AH09"}}},
    {Drug::adalimumab, {{rxnorm, "327361"}, {atc, "L04AB04"}}},
    {Drug::etanercept, {{rxnorm, "214555"}, {atc, "L04AB01"}, {snomed, "387045004"}}},
    {Drug::golimumab, {{atc, "L04AB06"}}},
    {Drug::certolizumab, {{atc, "L04AB05"}}},
    {Drug::abatacept, {{atc, "L04AA24"}}},
    {Drug::tocilizumab, {{atc, "L04AC07"}}},
    {Drug::anakinra, {{atc, "L04AC03"}}},
    {Drug::rituximab, {{atc, "L01FA01"}}},
    {Drug::ustekinumab, {{rxnorm, "847083"}, {atc, "L04AC05"}}},
    {Drug::vedolizumab, {{atc, "L04AG05"}}},
    {Drug::sarilumab, {{atc, "L04AC14"}}},
    {Drug::il17_il23_inhibitor, {{atc, "L04AC10"}, {atc, "L04AC16"}, {atc, "L04AC24"}}},
    {Drug::omalizumab, {{rxnorm, "302379"}, {rxnorm, "356767"}, {atc, "R03DX05"}}},
    {Drug::dupilumab, {{atc, "D11AH05"}}},
    {Drug::mepolizumab, {{atc, "R03DX09"}}},
    {Drug::other_type2_biologic, {{atc, "D11AH07"}, {atc, "R03DX10"}}},
    {Drug::apremilast, {{atc, "L04AA32"}}},
    {Drug::acitretin, {{atc, "D05BB02"}}},
    {Drug::hepatitis_b_antiviral,
     {{atc, "J05AF10"},
      {atc, "J05AF07"},
      {atc, "J05AF13"},
      {atc, "J05AF05"},
      {atc, "J05AR09"},
      {rxnorm, "1306292"}}},
    {Drug::systemic_corticosteroid,
     {{rxnorm, "8640"}, {rxnorm, "6902"}, {atc, "H02AB09"}, {snomed, "116602009"}}},
    {Drug::topical_corticosteroid,
     {{atc, "D07AD01"}, {atc, "D07AC13"}, {atc, "D07AC01"}, {atc, "D07AA02"}}},
    {Drug::budesonide, {{atc, "A07EA06"}}},
    {Drug::allopurinol, {{rxnorm, "519"}, {atc, "M04AA01"}}},
    {Drug::febuxostat, {{rxnorm, "73689"}, {atc, "M04AA03"}}},
    {Drug::thiazide, {{rxnorm, "5487"}, {rxnorm, "2409"}, {atc, "C03BA11"}, {atc, "C09DA01"}}},
    {Drug::potassium_sparing_diuretic,
     {{rxnorm, "9997"}, {atc, "C03DA04"}, {atc, "C03EA01"}, {atc, "C03EB01"}}},
    {Drug::dihydropyridine_ccb,
     {{rxnorm, "17767"},
      {rxnorm, "7417"},
      {atc, "C08CA01"},
      {atc, "C08CA03"},
      {atc, "C08CA05"},
      {atc, "C09DB01"}}},
    {Drug::other_antihypertensive,
     {{rxnorm, "29046"},
      {rxnorm, "979492"},
      {rxnorm, "6918"},
      {atc, "C07AB07"},
      {atc, "C07AB02"},
      {atc, "C02CA04"},
      {atc, "C09CA01"}}},
    {Drug::cyp3a4_inhibitor,
     {{rxnorm, "28031"},
      {rxnorm, "21212"},
      {rxnorm, "4053"},
      {atc, "J02AB02"},
      {atc, "C08DA01"},
      {atc, "C01BD01"},
      {atc, "G03XA01"},
      {atc, "L01EA01"},
      {atc, "J05AE03"},
      {atc, "V03AX03"},
      {atc, "C08CA04"}}},
    {Drug::cyp3a4_inducer,
     {{rxnorm, "8183"},
      {rxnorm, "75207"},
      {atc, "N03AF01"},
      {atc, "N03AA03"},
      {atc, "J04AB02"},
      {atc, "J04AB04"},
      {atc, "N06AX25"}}},
    {Drug::pjp_prophylaxis,
     {{rxnorm, "198335"}, {atc, "J01EE01"}, {atc, "P01AX06"}, {atc, "J04BA02"}, {atc, "P01CX01"}}},
    {Drug::ltbi_treatment,
     {{rxnorm, "6038"}, {atc, "J04AC01"}, {atc, "J04AB05"}, {atc, "J04AM02"}}},
    {Drug::epinephrine_autoinjector, {{rxnorm, "1870230"}, {rxnorm, "727341"}}},
    {Drug::psoralen, {{rxnorm, "6854"}, {atc, "D05AD02"}}},
    {Drug::ics_laba, {{atc, "R03AK07"}, {atc, "R03AK06"}}},
    {Drug::live_vaccine,
     {{cvx, "03"},        {cvx, "94"},        {cvx, "21"},        {cvx, "37"},
      {cvx, "149"},       {cvx, "19"},        {cvx, "25"},        {cvx, "119"},
      {cvx, "121"},       {cvx, "178"},       {cvx, "75"},        {rxnorm, "218128"},
      {rxnorm, "606051"}, {rxnorm, "287578"}, {rxnorm, "220976"}, {rxnorm, "762599"},
      {rxnorm, "493191"}, {atc, "J07BD52"},   {atc, "J07BK01"},   {atc, "J07BL01"},
      {atc, "J07BB03"},   {atc, "J07AN01"},   {atc, "J07AP01"},   {atc, "J07BK02"}}},
};

TEST(ValueSet, EveryDrugHasCodes) {
    DrugSet seen;
    for (auto const& row : drug_codes) {
        seen |= set_of(row.drug);
        for (auto const& [system, code] : row.codes) {
            EXPECT_TRUE(has(drugs_of(meaning(system, code).ingredients), row.drug))
                << name(row.drug) << " " << code;
        }
    }
    EXPECT_TRUE(seen.all()) << names_of<Drug>(~seen);
}

TEST(ValueSet, NeighbouringProductsAreNotTheDrug) {
    auto const drugs = [](std::string_view system, std::string_view code) {
        return drugs_of(meaning(system, code).ingredients);
    };
    EXPECT_FALSE(has(drugs(rxnorm, "352951"), Drug::ciclosporin)) << "Restasis";
    EXPECT_FALSE(has(drugs(atc, "S01XA18"), Drug::ciclosporin));
    EXPECT_FALSE(has(drugs(atc, "D11AH01"), Drug::tacrolimus));
    EXPECT_FALSE(has(drugs(atc, "D11AH09"), Drug::jak_inhibitor));
    EXPECT_FALSE(has(drugs(atc, "D07AA02"), Drug::systemic_corticosteroid));
    EXPECT_FALSE(has(drugs(atc, "L01BB03"), Drug::mercaptopurine));
    EXPECT_TRUE(drugs(atc, "J01FA10").none()) << "azithromycin";
    EXPECT_TRUE(drugs(atc, "J01MA02").none())
        << "ciprofloxacin is a CYP3A4 inhibitor outside the catalogue's list";
    EXPECT_TRUE(drugs(atc, "J05AG03").none())
        << "efavirenz is an inducer outside the catalogue's list";
    EXPECT_TRUE(drugs(rxnorm, "864675").none())
        << "atovaquone with proguanil is no PJP prophylaxis";
    EXPECT_TRUE(drugs(atc, "L04AG03").none()) << "natalizumab";
    EXPECT_TRUE(drugs(rxnorm, "213744").none()) << "BCG into the bladder is no vaccine";
    EXPECT_FALSE(has(drugs(atc, "R03AK07"), Drug::budesonide))
        << "the inhaled combination is a class of its own";
}

TEST(ValueSet, CombinationsNameEveryIngredientOnce) {
    EXPECT_THAT(ingredient_names(meaning(rxnorm, "197885").ingredients),
                ElementsAre("hydrochlorothiazide", "lisinopril"));
    EXPECT_THAT(ingredient_names(meaning(rxnorm, "198316").ingredients),
                ElementsAre("hydrochlorothiazide", "triamterene"));
    EXPECT_THAT(ingredient_names(meaning(rxnorm, "2049671").ingredients),
                ElementsAre("cobicistat", "darunavir", "tenofovir"));
    EXPECT_THAT(ingredient_names(meaning(atc, "J04AM02").ingredients),
                ElementsAre("isoniazid", "rifampicin"));
    EXPECT_THAT(ingredient_names(meaning(atc, "J05AE30").ingredients), ElementsAre("ritonavir"));
    EXPECT_THAT(ingredient_names(meaning(atc, "C09BB10").ingredients),
                ElementsAre("trandolapril", "verapamil"));
}

TEST(ValueSet, ClassLevelCodesNameAClass) {
    auto const losartan = meaning(atc, "C09DA01");
    EXPECT_THAT(ingredient_names(losartan.ingredients),
                ElementsAre("losartan", "thiazide diuretic"));
    auto const& terminology = shipped_terminology();
    for (auto const id : losartan.ingredients) {
        auto const& ingredient = terminology.ingredient(id);
        EXPECT_EQ(ingredient.class_only, has(ingredient.drugs, Drug::thiazide)) << ingredient.name;
    }
    EXPECT_THAT(ingredient_names(meaning(atc, "C03EB01").ingredients),
                ElementsAre("potassium-sparing diuretic"));
}

TEST(ValueSet, CiclosporinCodesNameTheFormulation) {
    EXPECT_EQ(meaning(rxnorm, "236077").formulation, Formulation::modified);
    EXPECT_EQ(meaning(rxnorm, "202817").formulation, Formulation::modified) << "Neoral";
    EXPECT_EQ(meaning(rxnorm, "261530").formulation, Formulation::modified) << "Gengraf";
    EXPECT_EQ(meaning(rxnorm, "202816").formulation, Formulation::nonmodified) << "Sandimmune";
    EXPECT_EQ(meaning(rxnorm, "3008").formulation, Formulation::unspecified);
    EXPECT_EQ(meaning(atc, "L04AD01").formulation, Formulation::unspecified);
}

TEST(ValueSet, CodesHintAtTheRoute) {
    EXPECT_EQ(meaning(rxnorm, "197388").route, RouteHint::oral);
    EXPECT_EQ(meaning(rxnorm, "205175").route, RouteHint::injection) << "ciclosporin ampoule";
    EXPECT_EQ(meaning(rxnorm, "2055026").route, RouteHint::ophthalmic);
    EXPECT_EQ(meaning(atc, "D07AD01").route, RouteHint::topical);
    EXPECT_EQ(meaning(rxnorm, "861597").route, RouteHint::other) << "pentamidine, inhaled";
    EXPECT_EQ(meaning(rxnorm, "3008").route, RouteHint::unknown);
    EXPECT_TRUE(meaning(rxnorm, "3008").route_ambiguous);
    EXPECT_FALSE(meaning(rxnorm, "197388").route_ambiguous);
}

TEST(ValueSet, NeutralDrugsAreKnownAndMeanNothing) {
    auto const& terminology = shipped_terminology();
    for (auto const& [system, code] :
         std::vector<Code>{{rxnorm, "4603"},  {atc, "C03CA01"}, {atc, "D01AC08"},  {atc, "D01AC01"},
                           {rxnorm, "4511"},  {atc, "B03BB01"}, {rxnorm, "10582"}, {atc, "H03AA01"},
                           {rxnorm, "7646"},  {atc, "A02BC01"}, {rxnorm, "161"},   {atc, "N02BE01"},
                           {rxnorm, "20610"}, {atc, "R06AE07"}, {rxnorm, "2418"},  {atc, "A11CC05"},
                           {rxnorm, "6809"},  {atc, "A10BA02"}, {rxnorm, "36437"}, {atc, "N06AB06"},
                           {atc, "S01EE01"},  {cvx, "150"},     {cvx, "187"},      {cvx, "43"},
                           {cvx, "33"}}) {
        auto const* found = terminology.find(terminology.system(system), code);
        ASSERT_NE(found, nullptr) << code;
        EXPECT_TRUE(found->ingredients.empty()) << code;
    }
}

TEST(ValueSet, ProcedureCodes) {
    auto const services = [](std::string_view code) { return meaning(snomed, code).services; };
    for (auto const code : {"46467001", "428908000", "428083009"})
        EXPECT_EQ(services(code), set_of(Service::puva)) << code;
    EXPECT_EQ(services("450522005"), set_of(Service::nbuvb));
    for (auto const code : {"229588000", "426234008"})
        EXPECT_EQ(services(code), set_of(Service::uvb)) << code;
    for (auto const code : {"428545002", "31394004", "363695005", "439149000"}) {
        EXPECT_EQ(services(code), set_of(Service::phototherapy)) << code;
    }
    EXPECT_EQ(services("236886002"), set_of(Service::hysterectomy));
    EXPECT_EQ(services("287664005"), set_of(Service::tubal_ligation));
    for (auto const code : {"18027006", "70536003"})
        EXPECT_EQ(services(code), set_of(Service::transplant)) << code;
    EXPECT_TRUE(services("182836005").none())
        << "a review of medication is one of biologics only by its text";
}

TEST(ValueSet, AllergenCodes) {
    struct Row {
        Allergen allergen;
        Code code;
    };
    for (auto const& [allergen, code] :
         std::vector<Row>{{Allergen::ciclosporin, {rxnorm, "3008"}},
                          {Allergen::ciclosporin, {snomed, "387467008"}},
                          {Allergen::infliximab, {rxnorm, "191831"}},
                          {Allergen::infliximab, {rxnorm, "1790542"}},
                          {Allergen::methotrexate, {rxnorm, "6851"}},
                          {Allergen::methotrexate, {snomed, "387381009"}},
                          {Allergen::sulfonamide, {rxnorm, "10180"}},
                          {Allergen::sulfonamide, {snomed, "363528007"}},
                          {Allergen::alpha_gal, {snomed, "788778006"}},
                          {Allergen::red_meat, {snomed, "226915003"}},
                          {Allergen::omalizumab, {rxnorm, "302379"}},
                          {Allergen::azathioprine, {rxnorm, "1256"}},
                          {Allergen::mercaptopurine, {rxnorm, "103"}},
                          {Allergen::co_trimoxazole, {rxnorm, "198335"}},
                          {Allergen::amlodipine, {rxnorm, "17767"}},
                          {Allergen::isoniazid, {rxnorm, "6038"}},
                          {Allergen::rifampicin, {atc, "J04AB02"}},
                          {Allergen::epinephrine, {rxnorm, "3992"}}}) {
        EXPECT_TRUE(has(meaning(code.system, code.code).allergens, allergen))
            << name(allergen) << " " << code.code;
    }
    EXPECT_TRUE(meaning(rxnorm, "70618").allergens.none()) << "penicillin";
}

}  // namespace
}  // namespace cds::fhir
