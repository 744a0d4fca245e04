#include <gtest/gtest.h>

#include <string>

#include "tests/rules/patient.hpp"

// Boundaries of the omalizumab rules.

namespace cds::acceptance {
namespace {

constexpr char const* omalizumab = "302379";
constexpr char const* infliximab = "191831";

std::string every(std::string const& mg, int period, std::string const& unit = "wk",
                  std::string const& more = "") {
    return R"(,"dosageInstruction":[{"timing":{"repeat":{"frequency":1,"period":)" +
           std::to_string(period) + R"(,"periodUnit":")" + unit +
           R"("}},"doseAndRate":[{"doseQuantity":{"value":)" + mg +
           R"(,"unit":"mg","code":"mg"}}])" + more + "}]";
}

Patient drafted(std::string const& disease, std::string const& extra = every("300", 4),
                std::string const& birth = "1981-01-15") {
    return Patient{"male", birth}.draft("d1", omalizumab, "omalizumab",
                                        extra + (disease.empty() ? "" : reason(disease)));
}
/// Treated since `days`, one injection every 28 days.
Patient treated(std::string const& disease, int days, std::string const& extra = every("300", 4)) {
    auto patient = drafted(disease, extra);
    patient.order("m1", omalizumab, "omalizumab", days, every("300", 4));
    for (auto at = days; at < 0; at += 28) patient.given(omalizumab, "omalizumab", at);
    return patient;
}

TEST(OmalizumabWithInfliximab, ConcernsAStartWhileTheOtherIsInUse) {
    auto const rule = "oma-ifx-coadministration";
    EXPECT_EQ(drafted("asthma").card(rule), "");
    EXPECT_EQ(drafted("asthma").given(infliximab, "infliximab", -90).card(rule), "info");
    EXPECT_EQ(drafted("asthma").given(infliximab, "infliximab", -91).card(rule), "");
    EXPECT_EQ(drafted("asthma").draft("d2", infliximab, "infliximab").card(rule), "info");
    EXPECT_EQ(treated("asthma", -100).order("m2", infliximab, "infliximab", -200).card(rule), "");
    auto const starts = [](int days) {
        return Patient{}
            .draft("d1", infliximab, "infliximab")
            .given(omalizumab, "omalizumab", days);
    };
    EXPECT_EQ(starts(-56).card(rule), "info");
    EXPECT_EQ(starts(-57).card(rule), "");
    EXPECT_EQ(drafted("asthma").prefetch("administrations", "").card(rule), "unknown");
}

TEST(OmalizumabAutoinjector, CountsFor18Months) {
    auto const rule = "oma-epinephrine-missing";
    // 2024-09-10 is exactly 18 months before 2026-03-10.
    EXPECT_EQ(drafted("asthma").card(rule), "warning");
    EXPECT_EQ(drafted("asthma").order("m1", "1870230", "", -546).card(rule), "");
    EXPECT_EQ(drafted("asthma").order("m1", "1870230", "", -547).card(rule), "warning");
    EXPECT_EQ(drafted("asthma").order("m1", "", "EpiPen", -30, "", "completed").card(rule), "");
    EXPECT_EQ(drafted("asthma").order("m1", "", "EpiPen", -30, "", "stopped").card(rule),
              "warning");
    EXPECT_EQ(drafted("asthma").order("m1", "", "epinephrine 1 mg/mL ampoule", -30).card(rule),
              "warning");
    EXPECT_EQ(drafted("asthma").draft("d2", "", "epinephrine autoinjector").card(rule), "");
    EXPECT_EQ(drafted("asthma").allergy("omalizumab").card(rule), "");
    EXPECT_EQ(drafted("asthma").prefetch("dispenses", "").card(rule), "unknown");
}

TEST(OmalizumabMaximum, DependsOnTheIndication) {
    struct Row {
        char const* disease;
        char const* mg;
        int days;
        char const* expected;
    };
    for (auto const& row : {
             Row{"asthma", "375", 14, ""},
             Row{"asthma", "376", 14, "warning"},
             Row{"asthma", "300", 13, "warning"},
             Row{"asthma", "600", 14, "warning"},
             Row{"asthma", "601", 14, "critical"},
             Row{"", "375", 28, ""},
             Row{"", "450", 28, "warning"},
             Row{"nasal polyps", "600", 14, ""},
             Row{"nasal polyps", "600", 13, "warning"},
             Row{"food allergy", "601", 28, "critical"},
             Row{"chronic urticaria", "450", 28, ""},
             Row{"chronic urticaria", "300", 7, ""},
             Row{"chronic urticaria", "675", 28, "critical"},
         }) {
        EXPECT_EQ(drafted(row.disease, every(row.mg, row.days, "d")).card("oma-dose-exceeds-max"),
                  row.expected)
            << row.disease << " " << row.mg << " q" << row.days;
    }
}

TEST(OmalizumabMaximum, ReadsTwiceAMonthAsEveryTwoWeeks) {
    auto const twice = std::string{
        R"(,"dosageInstruction":[{"timing":{"repeat":{"frequency":2,"period":1,"periodUnit":"mo"}},)"
        R"("doseAndRate":[{"doseQuantity":{"value":375,"unit":"mg","code":"mg"}}]}])"};
    EXPECT_EQ(drafted("asthma", twice).card("oma-dose-exceeds-max"), "");
    EXPECT_EQ(drafted("asthma", twice)
                  .lab("19113-0", "450", "[IU]/mL", -100)
                  .weight("75", -5)
                  .card("oma-asthma-dose-mismatch"),
              "");
}

TEST(OmalizumabTable, BothEndsBelongToTheLowerBand) {
    struct Row {
        char const* ige;
        char const* kg;
        char const* mg;
        int weeks;
        char const* expected;
    };
    for (auto const& row : {
             Row{"30", "30", "150", 4, ""},           Row{"29.9", "40", "150", 4, "warning"},
             Row{"30", "29.9", "150", 4, "warning"},  Row{"100", "60", "150", 4, ""},
             Row{"100.1", "60", "150", 4, "warning"}, Row{"100.1", "60", "300", 4, ""},
             Row{"100", "90", "150", 4, ""},          Row{"100", "90.1", "300", 4, ""},
             Row{"200", "150", "225", 2, ""},         Row{"200", "150.1", "225", 2, "warning"},
             Row{"300", "70", "225", 2, ""},          Row{"400", "90.1", "300", 2, "warning"},
             Row{"500", "70", "300", 2, ""},          Row{"500", "70.1", "375", 2, ""},
             Row{"600", "60.1", "375", 2, ""},        Row{"700", "60", "375", 2, ""},
             Row{"700.1", "60", "375", 2, "warning"}, Row{"700", "60.1", "375", 2, "warning"},
             Row{"150", "75", "300", 2, "warning"},   Row{"150", "75", "300", 3, "warning"},
         }) {
        auto const patient = drafted("asthma", every(row.mg, row.weeks))
                                 .lab("19113-0", row.ige, "[IU]/mL", -100)
                                 .weight(row.kg, -5);
        EXPECT_EQ(patient.card("oma-asthma-dose-mismatch"), row.expected)
            << row.ige << " IU/mL, " << row.kg << " kg";
    }
}

TEST(OmalizumabTable, ConvertsUnitsAndKeepsToAsthmaFrom12Years) {
    auto const rule = "oma-asthma-dose-mismatch";
    // 240 ng/mL are exactly 100 IU/mL.
    EXPECT_EQ(drafted("asthma", every("150", 4))
                  .lab("19113-0", "240", "ng/mL", -100)
                  .weight("60", -5)
                  .card(rule),
              "");
    EXPECT_EQ(drafted("asthma", every("150", 4))
                  .lab("19113-0", "241", "ng/mL", -100)
                  .weight("60", -5)
                  .card(rule),
              "warning");
    EXPECT_EQ(drafted("asthma", every("150", 4), "2014-03-10")
                  .lab("19113-0", "800", "[IU]/mL", -9)
                  .weight("60", -5)
                  .card(rule),
              "warning");
    EXPECT_EQ(drafted("asthma", every("150", 4), "2014-03-11")
                  .lab("19113-0", "800", "[IU]/mL", -9)
                  .weight("60", -5)
                  .card(rule),
              "");
    EXPECT_EQ(drafted("chronic urticaria", every("150", 4))
                  .lab("19113-0", "800", "[IU]/mL", -9)
                  .weight("60", -5)
                  .card(rule),
              "");
}

TEST(OmalizumabInputs, OnlyAnIgeFromBeforeTherapyCounts) {
    auto const rule = "oma-dose-inputs-missing";
    auto const with = [](int days) {
        return treated("asthma", -56).weight("75", -5).lab("19113-0", "150", "[IU]/mL", days);
    };
    EXPECT_EQ(with(-57).card(rule), "");
    EXPECT_EQ(with(-56).card(rule), "");
    EXPECT_EQ(with(-55).card(rule), "info");
    EXPECT_EQ(treated("asthma", -56).weight("75", -5).card(rule), "info");
    EXPECT_EQ(drafted("asthma").lab("19113-0", "150", "[IU]/mL", -9).card(rule), "info");
    EXPECT_EQ(drafted("asthma").lab("19113-0", "150", "[IU]/mL", -9).weight("75", -180).card(rule),
              "");
    EXPECT_EQ(drafted("asthma").lab("19113-0", "150", "[IU]/mL", -9).weight("75", -181).card(rule),
              "info");
    EXPECT_EQ(drafted("asthma")
                  .lab("19113-0", "150", "", -9)
                  .weight("75", -5)
                  .card("data-quality-unusable"),
              "info");
    EXPECT_EQ(drafted("asthma").prefetch("observations", "").card(rule), "unknown");
}

TEST(OmalizumabInputs, AnEarlierCourseRaisesIgeForAYear) {
    auto const rule = "oma-dose-inputs-missing";
    // An earlier course from 700 to `end` days ago, then the drafted restart.
    auto const after = [](int end) {
        auto patient = drafted("asthma").weight("75", -5);
        for (auto at = -700; at < end; at += 28) patient.given(omalizumab, "omalizumab", at);
        return patient.given(omalizumab, "omalizumab", end);
    };
    EXPECT_EQ(after(-400).lab("19113-0", "150", "[IU]/mL", -34).card(rule),
              "");  // 366 d after its end
    EXPECT_EQ(after(-400).lab("19113-0", "150", "[IU]/mL", -35).card(rule), "info");  // 365 d
    EXPECT_EQ(after(-400).lab("19113-0", "150", "[IU]/mL", -720).card(rule),
              "info");  // interrupted over a year
    EXPECT_EQ(after(-300).lab("19113-0", "150", "[IU]/mL", -720).card(rule),
              "");  // under a year: still valid
}

TEST(OmalizumabUrticaria, ThreeHundredEveryFourWeeksIsStandard) {
    struct Row {
        char const* mg;
        int days;
        char const* expected;
    };
    for (auto const& row : {Row{"300", 28, ""}, Row{"300", 31, ""}, Row{"300", 27, "warning"},
                            Row{"300", 32, "warning"}, Row{"150", 28, "info"},
                            Row{"150", 14, "warning"}, Row{"450", 28, "warning"}}) {
        EXPECT_EQ(drafted("chronic urticaria", every(row.mg, row.days, "d")).card("oma-csu-dose"),
                  row.expected)
            << row.mg << " q" << row.days;
    }
    EXPECT_EQ(drafted("chronic urticaria", "").card("oma-csu-dose"), "");
    auto const both = drafted("", every("150", 4))
                          .condition("L50.1", "Urticaria", -90)
                          .condition("J45.50", "Asthma", -90);
    EXPECT_EQ(both.card("oma-csu-dose"), "");
}

TEST(OmalizumabIndication, NeedsAReasonAndInAsthmaAnAllergenTest) {
    auto const rule = "oma-indication-unverified";
    EXPECT_EQ(drafted("").card(rule), "warning");
    EXPECT_EQ(drafted("").prefetch("conditions", "").card(rule), "unknown");
    EXPECT_EQ(drafted("nasal polyps").card(rule), "");
    EXPECT_EQ(drafted("asthma").card(rule), "info");
    EXPECT_EQ(drafted("asthma").lab("6096-2", "0.34", "k[IU]/L", -900).card(rule), "info");
    EXPECT_EQ(drafted("asthma").lab("6096-2", "0.35", "k[IU]/L", -900).card(rule), "");
    EXPECT_EQ(drafted("asthma")
                  .lab("6096-2", "0.35", "k[IU]/L", -900)
                  .lab("6833-8", "0.1", "k[IU]/L", -9)
                  .card(rule),
              "");
    EXPECT_EQ(drafted("asthma")
                  .result("", "Aeroallergen skin prick test", R"("valueString":"positive")", -900)
                  .card(rule),
              "");
    EXPECT_EQ(drafted("asthma")
                  .result("", "Aeroallergen skin prick test", R"("valueString":"negative")", -9)
                  .card(rule),
              "info");
}

TEST(OmalizumabObservation, HomeNeedsThreeSupervisedDosesAndNoAnaphylaxis) {
    auto const rule = "oma-observation-plan";
    auto const home = every("300", 4, "wk", R"(,"text":"Self-injection at home")");
    auto const doses = [&](int count) {
        auto patient = drafted("chronic urticaria", home);
        for (int i = 0; i < count; ++i) patient.given(omalizumab, "omalizumab", -28 * (i + 1));
        return patient;
    };
    EXPECT_EQ(doses(2).card(rule), "warning");
    EXPECT_EQ(doses(3).card(rule), "");
    EXPECT_EQ(doses(2).given(omalizumab, "omalizumab", -28).card(rule), "warning");
    EXPECT_EQ(doses(3).condition("T78.2XXA", "Anaphylactic shock", -2000).card(rule), "warning");
    EXPECT_EQ(doses(3)
                  .allergy("peanut", R"(,"reaction":[{"manifestation":[{"text":"Anaphylaxis"}]}])")
                  .card(rule),
              "warning");
    EXPECT_EQ(doses(3).prefetch("allergies", "").card(rule), "unknown");
    EXPECT_EQ(doses(2).prefetch("administrations", "").card(rule), "unknown");
}

TEST(OmalizumabObservation, ClinicNeedsAnInstructionOrAServiceRequest) {
    auto const rule = "oma-observation-plan";
    EXPECT_EQ(drafted("asthma").card(rule), "info");
    EXPECT_EQ(
        drafted("asthma", every("300", 4, "wk", R"(,"text":"Observe for 2 hours")")).card(rule),
        "");
    EXPECT_EQ(drafted("asthma")
                  .draft_service("s1", R"({"text":"Observation after injection"})")
                  .card(rule),
              "");
    EXPECT_EQ(drafted("asthma").prefetch("serviceRequests", "").card(rule), "unknown");
    EXPECT_EQ(drafted("asthma").condition("", "Anaphylaxis due to omalizumab", -90).card(rule), "");
}

TEST(OmalizumabResponse, IsDueFrom56Days) {
    auto const rule = "oma-response-review";
    EXPECT_EQ(treated("asthma", -55).card(rule), "");
    EXPECT_EQ(treated("asthma", -56).card(rule), "info");
    EXPECT_EQ(treated("asthma", -84).card(rule), "info");
    EXPECT_EQ(treated("asthma", -85).card(rule), "warning");
    EXPECT_EQ(treated("asthma", -85).result("", "ACT score", "\"valueInteger\":21", -84).card(rule),
              "");
    EXPECT_EQ(treated("asthma", -85).result("", "ACT score", "\"valueInteger\":21", -86).card(rule),
              "warning");
    EXPECT_EQ(drafted("asthma").card(rule), "");
    EXPECT_EQ(treated("asthma", -85).prefetch("observations", "").card(rule), "unknown");
}

TEST(JointReview, IsDueAfterMoreThanAYearOfBoth) {
    auto const rule = "biologic-annual-review";
    auto const both = [](int since) {
        return treated("chronic urticaria", since).order("m2", infliximab, "infliximab", -500);
    };
    auto const review = [](Patient patient, int days) {
        return patient.result("", "Annual biologic review", "\"valueString\":\"done\"", days);
    };
    EXPECT_EQ(both(-365).card(rule), "");
    EXPECT_EQ(both(-366).card(rule), "info");
    EXPECT_EQ(review(both(-400), -365).card(rule), "");
    EXPECT_EQ(review(both(-400), -366).card(rule), "info");
    EXPECT_EQ(
        both(-400).procedure(R"({"text":"Joint review of biologic therapy"})", -30).card(rule), "");
    EXPECT_EQ(both(-400).prefetch("procedures", "").card(rule), "unknown");
    EXPECT_EQ(treated("asthma", -400).card(rule), "");
}

}  // namespace
}  // namespace cds::acceptance
