#include <gtest/gtest.h>

#include "tests/rules/patient.hpp"

// The mg/kg/day limits of ciclosporin: just below, at and just above; old, estimated and missing
// weights; doses that cannot be read; two strengths; child and adult.

namespace {

using namespace cds::acceptance;

constexpr char const* ciclosporin = "3008";
constexpr char const* child_birth = "2017-05-20";

std::string eczema() { return reason("atopic dermatitis"); }

Patient with_draft(std::string const& mg_each, std::string const& why,
                   std::string const& birth = "1981-01-15", int times = 2) {
    Patient patient{"male", birth};
    patient.draft("d1", ciclosporin, "cyclosporine capsule", dose(mg_each, times) + why);
    return patient;
}

struct Limit {
    char const* what;
    std::string mg_each;
    std::string kg;
    std::string reason_text;
    std::string birth;
    char const* rule;
    std::string expected;
};

class CiclosporinLimit : public testing::TestWithParam<Limit> {};

TEST_P(CiclosporinLimit, IsMetAfterRoundingHalfUpToOneDecimal) {
    auto const& one = GetParam();
    auto patient = with_draft(one.mg_each, reason(one.reason_text), one.birth);
    patient.weight(one.kg, -5);
    EXPECT_EQ(patient.card(one.rule), one.expected) << one.what;
}

std::string const adult = "1981-01-15";
INSTANTIATE_TEST_SUITE_P(
    Boundaries, CiclosporinLimit,
    testing::Values(
        Limit{"5.04 rounds to 5.0", "126", "50", "atopic dermatitis", adult,
              "csa-ad-dose-above-range", ""},
        Limit{"5.05 rounds to 5.1", "126.25", "50", "atopic dermatitis", adult,
              "csa-ad-dose-above-range", "warning"},
        Limit{"other disease", "200", "50", "ulcerative colitis", adult, "csa-ad-dose-above-range",
              ""},
        Limit{"2.95 rounds to 3.0", "73.75", "50", "atopic dermatitis", adult,
              "csa-ad-dose-below-range", ""},
        Limit{"2.94 rounds to 2.9", "73.5", "50", "atopic dermatitis", adult,
              "csa-ad-dose-below-range", "info"},
        Limit{"300 mg at 75 kg", "150", "75", "atopic dermatitis", adult,
              "csa-ad-absolute-dose-atypical", ""},
        Limit{"300.5 mg at 75 kg", "150.25", "75", "atopic dermatitis", adult,
              "csa-ad-absolute-dose-atypical", "info"},
        Limit{"150 mg at 45 kg", "75", "45", "atopic dermatitis", adult,
              "csa-ad-absolute-dose-atypical", ""},
        Limit{"149.5 mg at 45 kg", "74.75", "45", "atopic dermatitis", adult,
              "csa-ad-absolute-dose-atypical", "info"},
        Limit{"out of range for the weight", "200", "70", "atopic dermatitis", adult,
              "csa-ad-absolute-dose-atypical", ""},
        Limit{"child 6.0", "90", "30", "atopic dermatitis", child_birth, "csa-peds-dose-range", ""},
        Limit{"child 6.1", "91", "30", "atopic dermatitis", child_birth, "csa-peds-dose-range",
              "warning"},
        Limit{"child 2.0", "30", "30", "atopic dermatitis", child_birth, "csa-peds-dose-range", ""},
        Limit{"child 1.9", "28.5", "30", "atopic dermatitis", child_birth, "csa-peds-dose-range",
              "info"},
        Limit{"child is no adult", "85", "30", "atopic dermatitis", child_birth,
              "csa-ad-dose-above-range", ""},
        Limit{"psoriasis 4.0", "101", "50", "psoriasis", adult, "csa-label-dose-max", ""},
        Limit{"psoriasis 4.1", "101.25", "50", "psoriasis", adult, "csa-label-dose-max", "warning"},
        Limit{"arthritis 4.1", "101.25", "50", "rheumatoid arthritis", adult, "csa-label-dose-max",
              "warning"},
        Limit{"child with psoriasis", "65", "30", "psoriasis", child_birth, "csa-label-dose-max",
              "warning"},
        Limit{"10.0", "351.5", "70", "ulcerative colitis", adult, "csa-dose-implausible", ""},
        Limit{"10.1", "352", "70", "ulcerative colitis", adult, "csa-dose-implausible", "critical"},
        Limit{"transplant", "400", "70", "kidney transplant", adult, "csa-dose-implausible", ""}));

TEST(CiclosporinDose, ImplausibleSilencesTheLowerLimits) {
    auto patient = with_draft("400", eczema());
    patient.weight("70", -5);
    EXPECT_EQ(patient.card("csa-dose-implausible"), "critical");
    EXPECT_EQ(patient.card("csa-ad-dose-above-range"), "");
}

TEST(CiclosporinDose, TheLowestLimitStandsWhenTwoDiseasesAreListed) {
    Patient patient;
    patient.draft("d1", ciclosporin, "cyclosporine", dose("150", 2));
    patient.condition("L20.9", "Atopic dermatitis", -400)
        .condition("L40.0", "Psoriasis", -400)
        .weight("50", -5);
    EXPECT_EQ(patient.card("csa-label-dose-max"), "warning");
    EXPECT_EQ(patient.card("csa-ad-dose-above-range"), "");
}

TEST(CiclosporinDose, ARenewalIsJudgedAgainstTheUpperLimitButNotTheStartingRange) {
    for (auto const& [mg, rule, expected] :
         {std::tuple{"200", "csa-ad-dose-above-range", "warning"},
          std::tuple{"75", "csa-ad-dose-below-range", ""}}) {
        auto patient = with_draft(mg, eczema());
        patient.order("o1", ciclosporin, "cyclosporine", -60, dose("100", 2)).weight("70", -5);
        EXPECT_EQ(patient.card(rule), expected) << mg;
    }
}

TEST(CiclosporinDose, TwoStrengthsAreAddedAndOrdersOneAfterTheOtherAreNot) {
    Patient together;
    together.draft("d1", "", "cyclosporine modified 100 MG Oral Capsule",
                   dose("100", 2) + reason("psoriasis"));
    together.draft("d2", "", "cyclosporine modified 50 MG Oral Capsule",
                   dose("50", 2) + reason("psoriasis"));
    together.weight("70", -5);
    EXPECT_EQ(together.card("csa-label-dose-max"), "warning");
    Patient tapering;
    tapering.draft("d1", "", "cyclosporine modified 100 MG Oral Capsule",
                   bounded_dose("125", 2, 0, 13) + reason("psoriasis"));
    tapering.draft("d2", "", "cyclosporine modified 50 MG Oral Capsule",
                   bounded_dose("100", 2, 14) + reason("psoriasis"));
    tapering.weight("70", -5);
    EXPECT_EQ(tapering.card("csa-label-dose-max"), "");
}

TEST(CiclosporinDose, CannotBeVerifiedWithoutWeightDoseOrUnit) {
    auto const no_weight = with_draft("100", eczema());
    EXPECT_EQ(no_weight.card("csa-dose-unverifiable"), "warning");
    auto other_unit = with_draft("100", eczema());
    other_unit.lab("29463-7", "70", "cm", -5);
    EXPECT_EQ(other_unit.card("csa-dose-unverifiable"), "warning");
    EXPECT_EQ(other_unit.card("data-quality-unusable"), "info");
    auto no_unit = with_draft("100", eczema());
    no_unit.lab("29463-7", "70", "", -5);
    EXPECT_EQ(no_unit.card("csa-dose-unverifiable"), "warning");
    Patient no_dose;
    no_dose.draft("d1", ciclosporin, "cyclosporine",
                  R"(,"dosageInstruction":[{"text":"as directed"}])" + eczema());
    no_dose.weight("70", -5);
    EXPECT_EQ(no_dose.card("csa-dose-unverifiable"), "warning");
    auto pounds = with_draft("150", eczema());
    pounds.lab("29463-7", "130", "[lb_av]", -5);
    EXPECT_EQ(pounds.card("csa-ad-dose-above-range"), "warning");
    EXPECT_EQ(pounds.card("csa-dose-unverifiable"), "");
}

TEST(CiclosporinDose, AWeightGoesOutOfDateAfter180DaysAndAfter60DaysInChildren) {
    struct Row {
        std::string birth;
        int days;
        std::string expected;
    };
    for (auto const& row : {Row{adult, -180, ""}, Row{adult, -181, "info"},
                            Row{child_birth, -60, ""}, Row{child_birth, -61, "info"}}) {
        auto patient = with_draft("75", eczema(), row.birth);
        patient.weight("40", row.days);
        EXPECT_EQ(patient.card("csa-dose-unverifiable"), row.expected) << row.birth << row.days;
    }
}

TEST(CiclosporinDose, AFailedObservationQueryIsReportedInsteadOfAMissingWeight) {
    auto patient = with_draft("100", eczema());
    patient.prefetch("observations", "");
    EXPECT_EQ(patient.card("csa-dose-unverifiable"), "unknown");
    EXPECT_EQ(patient.card("csa-ad-dose-above-range"), "unknown");
}

TEST(CiclosporinDose, InfusionsAreCheckedForSkinDiseaseOnly) {
    for (auto const& [why, expected] :
         {std::pair{"psoriasis", "warning"}, std::pair{"ulcerative colitis", ""}}) {
        Patient patient;
        patient.draft("d1", ciclosporin, "cyclosporine 50 MG/ML Injection",
                      dose("140", 1, "intravenous") + reason(why));
        EXPECT_EQ(patient.card("csa-dose-unverifiable"), expected) << why;
    }
    for (auto const& [mg, expected] : {std::pair{"420", ""}, std::pair{"424", "critical"}}) {
        Patient patient;
        patient.draft("d1", ciclosporin, "cyclosporine",
                      dose(mg, 1, "intravenous") + reason("ulcerative colitis"));
        patient.weight("70", -5);
        EXPECT_EQ(patient.card("csa-dose-implausible"), expected) << mg;
    }
}

TEST(CiclosporinDose, TheConcentrateForInfusionIsIntravenousWithoutARoute) {
    auto const unrouted = [](std::string const& code, std::string const& text) {
        Patient patient;
        patient.draft(
            "d1", code, text,
            R"(,"dosageInstruction":[{"timing":{"code":{"coding":[{"code":"QD"}]}},)"
            R"("doseAndRate":[{"doseQuantity":{"value":140,"unit":"mg","code":"mg"}}]}])" +
                reason("ulcerative colitis"));
        return patient.allergy("Cremophor EL").card("csa-contra-hypersensitivity");
    };
    EXPECT_EQ(unrouted("1732369", ""), "critical");
    EXPECT_EQ(unrouted("1732364", ""), "critical");
    EXPECT_EQ(unrouted("670177", ""), "");  // an oral solution of 50 mg/mL
    EXPECT_EQ(unrouted("", "cyclosporine 50 MG/ML Injection"), "critical");
    EXPECT_EQ(unrouted("", "Sandimmune injection"), "critical");
    EXPECT_EQ(unrouted("", "cyclosporine modified 100 MG/ML Oral Solution"), "");
    EXPECT_EQ(unrouted(ciclosporin, ""), "");
}

TEST(CiclosporinDose, TheStoredOrderOfAnArthritisPairMustBeVerifiableWhenOnlyInfliximabIsDrafted) {
    Patient patient;
    patient.draft("d1", "191831", "infliximab", reason("rheumatoid arthritis"));
    patient
        .order("o1", ciclosporin, "cyclosporine", -60,
               R"(,"dosageInstruction":[{"text":"as directed"}])")
        .weight("70", -5);
    EXPECT_EQ(patient.card("csa-dose-unverifiable"), "warning");
}

TEST(CiclosporinDose, TwoDosesADayAreUsual) {
    struct Row {
        int times;
        std::string why, expected;
    };
    for (auto const& row :
         {Row{1, "psoriasis", "info"}, Row{2, "psoriasis", ""},
          Row{3, "rheumatoid arthritis", "info"}, Row{1, "ulcerative colitis", ""}}) {
        auto patient = with_draft("100", reason(row.why), adult, row.times);
        patient.weight("70", -5);
        EXPECT_EQ(patient.card("csa-dose-not-divided"), row.expected) << row.times << row.why;
    }
    Patient no_schedule;
    no_schedule.draft("d1", ciclosporin, "cyclosporine",
                      R"(,"dosageInstruction":[{"text":"as directed"}])" + reason("psoriasis"));
    EXPECT_EQ(no_schedule.card("csa-dose-not-divided"), "");
}

TEST(CiclosporinDose, WithoutABirthDateTheAdultLimitHolds) {
    auto patient = with_draft("140", eczema());
    patient.weight("50", -5).prefetch("patient", R"({"resourceType":"Patient","id":"p1"})");
    EXPECT_EQ(patient.card("csa-ad-dose-above-range"), "warning");
    EXPECT_EQ(patient.card("csa-peds-dose-range"), "");
}

}  // namespace
