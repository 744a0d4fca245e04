#include <gmock/gmock.h>

#include "rules/knowledge.hpp"
#include "tests/fhir/shipped_terminology.hpp"

// How codes, systems and units are looked up, and what a load refuses.

namespace cds::fhir {
namespace {

using base::Rational;

TEST(Terminology, EveryConceptNameComesBack) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(Drug::count_); ++i) {
        EXPECT_EQ(from_name<Drug>(name(static_cast<Drug>(i))), static_cast<Drug>(i));
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(Disease::count_); ++i) {
        EXPECT_EQ(from_name<Disease>(name(static_cast<Disease>(i))), static_cast<Disease>(i));
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(Measured::count_); ++i) {
        EXPECT_EQ(from_name<Measured>(name(static_cast<Measured>(i))), static_cast<Measured>(i));
    }
    EXPECT_EQ(name(Drug::il17_il23_inhibitor), "il17_il23_inhibitor");
    EXPECT_EQ(name(Service::observation_after_injection), "observation_after_injection");
    EXPECT_EQ(from_name<Allergen>("peanut"), std::nullopt);
    EXPECT_EQ(from_name<Drug>(""), std::nullopt);
}

TEST(Terminology, SystemsAreKnownByEveryNameTheyGoBy) {
    struct Row {
        std::string_view uri;
        System system;
    };
    for (auto const& [uri, system] :
         std::vector<Row>{{"http://www.nlm.nih.gov/research/umls/rxnorm", System::rxnorm},
                          {"https://www.nlm.nih.gov/research/umls/rxnorm", System::rxnorm},
                          {"HTTP://www.nlm.nih.gov/research/umls/rxnorm/", System::rxnorm},
                          {"urn:oid:2.16.840.1.113883.6.88", System::rxnorm},
                          {"2.16.840.1.113883.6.88", System::rxnorm},
                          {"http://hl7.org/fhir/sid/ndc", System::ndc},
                          {"urn:oid:2.16.840.1.113883.6.69", System::ndc},
                          {"http://www.whocc.no/atc", System::atc},
                          {"urn:oid:2.16.840.1.113883.6.73", System::atc},
                          {"http://snomed.info/sct", System::snomed},
                          {"http://snomed.info/sct/900000000000207008", System::snomed},
                          {"urn:oid:2.16.840.1.113883.6.96", System::snomed},
                          {"http://hl7.org/fhir/sid/cvx", System::cvx},
                          {"urn:oid:2.16.840.1.113883.12.292", System::cvx},
                          {"http://loinc.org", System::loinc},
                          {"https://loinc.org/", System::loinc},
                          {"urn:oid:2.16.840.1.113883.6.1", System::loinc},
                          {"http://hl7.org/fhir/sid/icd-10-cm", System::icd10cm},
                          {"http://hl7.org/fhir/sid/icd-10", System::icd10cm},
                          {"urn:oid:2.16.840.1.113883.6.90", System::icd10cm},
                          {"urn:oid:1.2.840.114350.1.13.9999.2.7.2.696580", System::other},
                          {"http://snomed.info/sctx", System::other},
                          {"http://loinc.org.example", System::other},
                          {"http://", System::other},
                          {"", System::other}}) {
        EXPECT_EQ(shipped_terminology().system(uri), system) << uri;
    }
}

TEST(Terminology, CodesOfLocalSystemsMeanNothing) {
    EXPECT_EQ(shipped_terminology().find(System::other, "3008"), nullptr);
    EXPECT_EQ(shipped_terminology().find(System::snomed, "3008"), nullptr)
        << "a RxNorm number in another system";
    EXPECT_EQ(shipped_terminology().find(System::rxnorm, ""), nullptr);
    EXPECT_EQ(shipped_terminology().find(System::rxnorm, std::string(300, '1')), nullptr);
    EXPECT_EQ(shipped_terminology().find(System::icd10cm, std::string(300, 'C')), nullptr);
}

TEST(Terminology, NdcInEveryWrittenForm) {
    for (std::string_view const code :
         {"57894003001", "57894-0030-01", "57894-030-01", " 57894003001 "}) {
        auto const found = meaning(ndc, code);
        EXPECT_TRUE(has(drugs_of(found.ingredients), Drug::infliximab)) << code;
        EXPECT_EQ(found.display, "infliximab 100 MG Injection [Remicade]") << code;
    }
    EXPECT_TRUE(has(drugs_of(meaning(ndc, "0078-0248-15").ingredients), Drug::ciclosporin))
        << "4-4-2";
    EXPECT_TRUE(has(drugs_of(meaning(ndc, "00078-0248-15").ingredients), Drug::ciclosporin))
        << "5-4-2";
    EXPECT_TRUE(has(drugs_of(meaning(ndc, "5789403001").ingredients), Drug::infliximab))
        << "10 digits, one reading";
    for (std::string_view const code :
         {"578940030011", "57894-0030", "57894-0030-01-1", "5789-40030-01", "5789A-0030-01",
          "57894x003001", "-", "--", "99999999999"}) {
        EXPECT_EQ(shipped_terminology().find(System::ndc, code), nullptr) << code;
    }
}

TEST(Terminology, CvxLeadingZerosDoNotMatter) {
    EXPECT_TRUE(has(drugs_of(meaning(cvx, "3").ingredients), Drug::live_vaccine));
    EXPECT_TRUE(has(drugs_of(meaning(cvx, "003").ingredients), Drug::live_vaccine));
    EXPECT_EQ(shipped_terminology().find(System::cvx, "0"), nullptr);
}

struct TestCodes {
    Measured test;
    std::vector<std::string_view> codes;
};

TEST(Terminology, EveryMeasurementHasItsCodes) {
    for (auto const& [test, codes] : std::vector<TestCodes>{
             {Measured::creatinine, {"14682-9", "77140-2", "2160-0", "38483-4"}},
             {Measured::egfr, {"98979-8", "33914-3"}},
             {Measured::bun, {"3094-0", "14937-7", "22664-7"}},
             {Measured::crp, {"1988-5", "30522-7"}},
             {Measured::leukocytes, {"6690-2"}},
             {Measured::haemoglobin, {"718-7"}},
             {Measured::platelets, {"777-3", "26515-7"}},
             {Measured::neutrophils, {"751-8", "26499-4", "753-4", "30451-9"}},
             {Measured::alt, {"1742-6"}},
             {Measured::ast, {"1920-8"}},
             {Measured::alp, {"6768-6"}},
             {Measured::bilirubin, {"1975-2"}},
             {Measured::potassium, {"2823-3"}},
             {Measured::magnesium, {"19123-9", "2601-3"}},
             {Measured::uric_acid, {"3084-1", "14933-6"}},
             {Measured::cholesterol, {"2093-3", "14647-2"}},
             {Measured::ldl, {"13457-7"}},
             {Measured::hdl, {"2085-9"}},
             {Measured::triglycerides, {"2571-8"}},
             {Measured::infliximab_level, {"39803-2", "86896-8"}},
             {Measured::infliximab_antibody, {"72623-2", "86897-6"}},
             {Measured::other_biologic_antibody, {"74116-5", "86895-0"}},
             {Measured::ciclosporin_level, {"53828-0", "3520-4"}},
             {Measured::ige, {"19113-0"}},
             {Measured::alpha_gal_ige, {"73837-7"}},
             {Measured::temperature, {"8310-5"}},
             {Measured::tpmt_nudt15, {"79713-4", "93193-1", "21563-2"}},
             {Measured::igra, {"71773-6", "45323-3"}},
             {Measured::igra_raw, {"39017-9", "64084-7"}},
             {Measured::igra_control,
              {"71772-8", "71774-4", "71776-9", "46216-8", "74279-1", "74280-9"}},
             {Measured::tst, {"39263-9"}},
             {Measured::hbsag, {"5195-3", "5196-1"}},
             {Measured::anti_hbc, {"13952-7", "16933-4"}},
             {Measured::hcg, {"2118-8", "2106-3"}},
             {Measured::hla_dqa1_05, {"57090-3"}},
             {Measured::urine_protein, {"20454-5"}},
             {Measured::aeroallergen_ige, {"6096-2", "6833-8"}},
             {Measured::weight, {"29463-7", "3141-9", "3142-7"}},
             {Measured::weight_estimated, {"8335-2"}},
             {Measured::systolic, {"8480-6"}},
             {Measured::diastolic, {"8462-4"}},
             {Measured::blood_pressure, {"85354-9", "55284-4"}},
             {Measured::cbc_panel, {"58410-2", "57021-8"}},
             {Measured::lft_panel, {"24325-3"}},
             {Measured::lipid_panel, {"24331-1"}},
             {Measured::metabolic_panel, {"24321-2", "51990-0"}},
             {Measured::urinalysis_panel, {"24356-8", "24357-6", "50556-0", "50564-4"}},
             {Measured::nyha, {"88020-3"}}}) {
        for (auto const code : codes)
            EXPECT_EQ(meaning(loinc, code).tests, set_of(test)) << name(test) << " " << code;
    }
    EXPECT_EQ(meaning(loinc, "24323-8").tests,
              set_of(Measured::metabolic_panel, Measured::comprehensive_metabolic_panel));
    for (auto const code :
         {"20482-6", "30394-1", "74117-3", "31204-1", "44728-4", "731-0", "3016-3", "8867-4"}) {
        EXPECT_TRUE(meaning(loinc, code).tests.none()) << code;
    }
}

struct UnitRow {
    Measured test;
    std::string_view unit;
    std::string_view value, canonical;
};

TEST(Terminology, UnitsConvertExactly) {
    for (auto const& row :
         std::vector<UnitRow>{{Measured::creatinine, "umol/L", "88", "88"},
                              {Measured::creatinine, "µmol/L", "88", "88"},
                              {Measured::creatinine, "μmol/l", "88", "88"},
                              {Measured::creatinine, "mg/dL", "1.3", "114.92"},
                              {Measured::creatinine, "mg/dl", "1", "88.4"},
                              {Measured::creatinine, "MG/DL", "1", "88.4"},
                              {Measured::crp, "mg/dL", "0.5", "5"},
                              {Measured::crp, "mg/L", "5", "5"},
                              {Measured::platelets, "10*3/uL", "150", "150"},
                              {Measured::platelets, "K/uL", "150", "150"},
                              {Measured::platelets, "10^3/uL", "150", "150"},
                              {Measured::platelets, "x10^9/L", "150", "150"},
                              {Measured::platelets, "/uL", "150000", "150"},
                              {Measured::platelets, "cells/mm³", "150000", "150"},
                              {Measured::platelets, "G/L", "150", "150"},
                              {Measured::haemoglobin, "g/dL", "13.5", "135"},
                              {Measured::haemoglobin, "g/L", "135", "135"},
                              {Measured::infliximab_level, "ug/mL", "7", "7"},
                              {Measured::infliximab_level, "mcg/mL", "7", "7"},
                              {Measured::infliximab_level, "ng/mL", "7000", "7"},
                              {Measured::infliximab_level, "ug/L", "7000", "7"},
                              {Measured::ige, "[IU]/mL", "120", "120"},
                              {Measured::ige, "IU/mL", "120", "120"},
                              {Measured::ige, "kU/L", "120", "120"},
                              {Measured::ige, "ng/mL", "240", "100"},
                              {Measured::alpha_gal_ige, "[IU]/mL", "0.1", "0.1"},
                              {Measured::alpha_gal_ige, "kU/L", "0.1", "0.1"},
                              {Measured::weight, "lb", "154", "69.85322498"},
                              {Measured::weight, "lbs", "1", "0.45359237"},
                              {Measured::weight, "[lb_av]", "1", "0.45359237"},
                              {Measured::weight, "g", "70000", "70"},
                              {Measured::potassium, "meq/L", "4.2", "4.2"},
                              {Measured::potassium, "mEq/L", "4.2", "4.2"},
                              {Measured::temperature, "[degF]", "100.4", "38"},
                              {Measured::temperature, "°F", "98.6", "37"},
                              {Measured::temperature, "degC", "38.0", "38"},
                              {Measured::temperature, "Cel", "38.0", "38"},
                              {Measured::temperature, "C", "38.0", "38"},
                              {Measured::systolic, "mmHg", "141", "141"},
                              {Measured::systolic, "mm[Hg]", "141", "141"},
                              {Measured::egfr, "mL/min/1.73 m²", "59", "59"},
                              {Measured::egfr, "mL/min/{1.73_m2}", "59", "59"},
                              {Measured::magnesium, "meq/L", "1.5", "0.75"},
                              {Measured::ciclosporin_level, "ng/mL", "150", "150"},
                              {Measured::alt, "IU/L", "40", "40"},
                              {Measured::tst, "mm", "12", "12"}}) {
        auto const* conversion = shipped_terminology().conversion(row.test, row.unit);
        ASSERT_NE(conversion, nullptr) << name(row.test) << " " << row.unit;
        auto const value =
            Rational::parse(row.value).value() * conversion->factor + conversion->offset;
        EXPECT_EQ(value, Rational::parse(row.canonical).value())
            << name(row.test) << " " << row.unit;
    }
}

TEST(Terminology, UnitsOfAnotherDimensionAreRefused) {
    struct Row {
        Measured test;
        std::string_view unit;
    };
    for (auto const& [test, unit] : std::vector<Row>{
             {Measured::creatinine, ""},
             {Measured::creatinine, "mg"},
             {Measured::creatinine, "10*9/L"},
             {Measured::creatinine, "mmHg"},
             {Measured::platelets, "g/L"},
             {Measured::platelets, "%"},
             {Measured::platelets, "fL"},
             {Measured::haemoglobin, "G%"},
             {Measured::egfr, "mL/min"},
             {Measured::weight, "mg"},
             {Measured::weight, "stone"},
             {Measured::ige, "mg/dL"},
             {Measured::temperature, "K"},
             {Measured::hbsag, "[IU]/mL"},
             {Measured::infliximab_antibody, "ng/mL"},
             {Measured::crp, "the unit is longer than every unit there is, and unknown"}}) {
        EXPECT_EQ(shipped_terminology().conversion(test, unit), nullptr)
            << name(test) << " " << unit;
    }
}

TEST(Terminology, PlausibleRangesOfTheCatalogue) {
    struct Row {
        Measured test;
        long long low, high;
    };
    for (auto const& [test, low, high] : std::vector<Row>{{Measured::creatinine, 9, 2000},
                                                          {Measured::infliximab_level, 0, 200},
                                                          {Measured::platelets, 5, 2000},
                                                          {Measured::systolic, 50, 300},
                                                          {Measured::diastolic, 20, 200},
                                                          {Measured::temperature, 30, 45},
                                                          {Measured::potassium, 1, 10},
                                                          {Measured::crp, 0, 1000},
                                                          {Measured::ige, 0, 50000},
                                                          {Measured::weight, 2, 350},
                                                          {Measured::weight_estimated, 2, 350}}) {
        auto const& info = shipped_terminology().test(test);
        EXPECT_EQ(info.plausible_low, Rational{low}) << name(test);
        EXPECT_EQ(info.plausible_high, Rational{high}) << name(test);
    }
    EXPECT_EQ(shipped_terminology().test(Measured::ast).plausible_low, std::nullopt);
}

TEST(Terminology, EveryTestHasADisplayAndEveryQuantityAUnit) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(Measured::count_); ++i) {
        auto const& info = shipped_terminology().test(static_cast<Measured>(i));
        EXPECT_FALSE(info.display.empty()) << name(static_cast<Measured>(i));
        EXPECT_EQ(info.canonical_unit.empty(), info.canonical_display.empty());
        EXPECT_EQ(info.loinc.empty(), info.loinc_display.empty());
    }
    EXPECT_EQ(shipped_terminology().test(Measured::creatinine).canonical_display, "µmol/L");
    EXPECT_EQ(shipped_terminology().test(Measured::creatinine).loinc, "2160-0");
}

TEST(Terminology, TheShippedListsAreComplete) {
    auto const counts = shipped_terminology().counts();
    EXPECT_GT(counts.codes, 20'000u);
    EXPECT_GT(counts.ndc, 20'000u);
    EXPECT_GT(counts.value_sets, 100u);
    EXPECT_TRUE(shipped_terminology().has_snomed());
    EXPECT_TRUE(shipped_terminology().has_atc());
}

TEST(Terminology, TheProgramHoldsTheFilesOfTheSourceTree) {
    auto const embedded = rules::embedded_pack();
    auto const& folder = shipped_pack();
    for (auto const& file : embedded.files()) {
        auto const* same = folder.find(file.name);
        ASSERT_NE(same, nullptr) << file.name;
        EXPECT_EQ(same->bytes, file.bytes) << file.name;
    }
    if (!embedded.below("valuesets/snomed/").empty() && !embedded.below("valuesets/atc/").empty()) {
        EXPECT_EQ(embedded.digest(), folder.digest());
    }
}

/// The shipped files with some left out or replaced.
base::Pack changed_pack(std::string_view without, std::string_view name = {},
                        std::string_view bytes = {}) {
    std::vector<base::Pack::File> files;
    for (auto const& file : shipped_pack().files()) {
        if (!without.empty() && file.name.starts_with(without)) continue;
        files.push_back(file.name == name ? base::Pack::File{file.name, bytes} : file);
    }
    return base::Pack::of(std::move(files));
}

TEST(Terminology, LicensedListsCanBeLeftOut) {
    auto const no_snomed = Terminology::load(changed_pack("valuesets/snomed/"));
    ASSERT_TRUE(no_snomed) << no_snomed.error().where;
    EXPECT_FALSE(no_snomed->has_snomed());
    EXPECT_TRUE(no_snomed->has_atc());
    EXPECT_EQ(no_snomed->find(System::snomed, "64766004"), nullptr);
    EXPECT_NE(no_snomed->find(System::icd10cm, "K51.90"), nullptr);

    auto const no_atc = Terminology::load(changed_pack("valuesets/atc/"));
    ASSERT_TRUE(no_atc) << no_atc.error().where;
    EXPECT_FALSE(no_atc->has_atc());
    EXPECT_EQ(no_atc->find(System::atc, "L04AB02"), nullptr);
    EXPECT_TRUE(no_atc->match_diseases("psoriasis").any());
}

struct BrokenFile {
    std::string_view name, bytes, where;
};

TEST(Terminology, AFailedLoadNamesFileAndPlace) {
    for (
        auto const& [name, bytes, where] : std::vector<BrokenFile>{
            {"drugs.json", "{", "drugs.json#"},
            {"drugs.json", "{}", "drugs.json#/drugs"},
            {"drugs.json", R"({"drugs":[{"ingredient":"x","drug":["aspirin"]}]})",
             "drugs.json#/drugs/0/drug"},
            {"drugs.json", R"({"drugs":[{"ingredient":"x","drug":["infliximab"],"text":"["}]})",
             "drugs.json#/drugs/0/text"},
            {"drugs.json",
             R"({"drugs":[{"ingredient":"x","drug":["infliximab"],"text":"a","unless":"(?!b)c"}]})",
             "drugs.json#/drugs/0/text"},
            {"drugs.json",
             R"({"drugs":[{"ingredient":"x","drug":["infliximab"],"valueSets":["infliximab","none"]}]})",
             "drugs.json#/drugs/0/valueSets/1"},
            {"conditions.json", R"({"conditions":[{"condition":"flu"}]})",
             "conditions.json#/conditions/0/condition"},
            {"conditions.json", R"({"unless":"[","conditions":[]})", "conditions.json#/unless"},
            {"conditions.json",
             R"({"conditions":[{"condition":"gout","valueSets":["cond-gout-hyperuricaemia"],"only":["1"]}]})",
             "conditions.json#/conditions/0/only"},
            {"tests.json", R"({"tests":[{"test":"sodium"}]})", "tests.json#/tests/0/test"},
            {"tests.json",
             R"({"tests":[{"test":"alt","display":"x","unit":"y","conversions":[{"factor":"1/0"}]}]})",
             "tests.json#/tests/0/conversions"},
            {"tests.json", R"({"unitAliases":{"K/uL":"10*3/uL"},"tests":[]})",
             "tests.json#/unitAliases"},
            {"procedures.json", R"({"procedures":[{"procedure":"surgery"}]})",
             "procedures.json#/procedures/0/procedure"},
            {"allergens.json", R"({"allergens":[{"allergen":"dust"}]})",
             "allergens.json#/allergens/0/allergen"},
            {"systems.json", R"({"systems":[{"system":"icpc","uris":["x"]}]})",
             "systems.json#/systems/0/system"},
            {"valuesets/core/infliximab.rxnorm.json", R"({"id":"other"})",
             "valuesets/core/infliximab.rxnorm.json#/id"},
            {"valuesets/core/infliximab.rxnorm.json",
             R"({"id":"infliximab","codeSystem":"http://example.org"})",
             "valuesets/core/infliximab.rxnorm.json#/codeSystem"},
            {"valuesets/core/infliximab.rxnorm.json",
             R"({"id":"infliximab","codeSystem":"urn:oid:2.16.840.1.113883.6.88","codes":[{"code":"1"}]})",
             "valuesets/core/infliximab.rxnorm.json#/codes/0"},
            {"valuesets/core/ndc11-to-rxcui.tsv", "# head\n57894003001\t0\n",
             "valuesets/core/ndc11-to-rxcui.tsv:2"}}) {
        auto const loaded = Terminology::load(changed_pack({}, name, bytes));
        ASSERT_FALSE(loaded) << name << " " << bytes;
        EXPECT_EQ(loaded.error().code, base::ErrorCode::invalid);
        EXPECT_THAT(loaded.error().where, testing::StartsWith(std::string{where})) << bytes;
        EXPECT_FALSE(loaded.error().what.empty());
    }
    auto const missing = Terminology::load(changed_pack("tests.json"));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().where, "tests.json");
}

}  // namespace
}  // namespace cds::fhir
