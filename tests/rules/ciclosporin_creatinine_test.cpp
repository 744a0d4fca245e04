#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/rules/patient.hpp"

// Boundaries of creatinine and blood pressure on ciclosporin. The clock is 2026-03-10.

namespace cds::acceptance {
namespace {

constexpr char const* modified = "835911";
constexpr char const* rise = "csa-creatinine-rise";
constexpr char const* persistent = "csa-creatinine-persistent-stop";
constexpr char const* pressure = "csa-bp-elevated-on-therapy";
constexpr char const* pressure_stop = "csa-bp-persistent-stop";

/// Ciclosporin 250 mg/day since day -60 for 75 kg, renewed with `mg` twice a day; baseline 80
/// umol/L.
Patient on_treatment(std::string const& mg = "125", bool with_baseline = true) {
    Patient patient;
    patient.draft("d1", modified, "Neoral", dose(mg, 2) + reason("Psoriasis"))
        .order("m1", modified, "Neoral", -60, bounded_dose("125", 2, -60, 2))
        .weight("75", -5);
    if (with_baseline) patient.lab("14682-9", "80", "umol/L", -70);
    return patient;
}

/// The same course with orders of 300, 250 and 200 mg/day from the given days on (0: no such
/// order).
Patient stepped(int first, int second, int third = 0) {
    Patient patient;
    patient.draft("d1", modified, "Neoral", dose(third ? "100" : "125", 2) + reason("Psoriasis"))
        .weight("75", -5);
    patient.order("m1", modified, "Neoral", first, bounded_dose("150", 2, first, second),
                  "completed");
    if (third) {
        patient.order("m2", modified, "Neoral", second, bounded_dose("125", 2, second, third),
                      "completed");
        patient.order("m3", modified, "Neoral", third, bounded_dose("100", 2, third, 2));
    } else {
        patient.order("m2", modified, "Neoral", second, bounded_dose("125", 2, second, 2));
    }
    patient.lab("14682-9", "80", "umol/L", first - 6);
    return patient;
}

TEST(CreatinineRise, StepsAtTwentyFiveAndFiftyPercent) {
    struct Row {
        char const* value;
        char const* unit;
        char const* card;
    };
    for (auto const& row : std::vector<Row>{{"99.9", "umol/L", ""},
                                            {"99.95", "umol/L", ""},
                                            {"99.96", "umol/L", "info"},
                                            {"100", "umol/L", "info"},
                                            {"100.03", "umol/L", "info"},
                                            {"100.04", "umol/L", "warning"},
                                            {"100.1", "umol/L", "warning"},
                                            {"119.9", "umol/L", "warning"},
                                            {"120", "umol/L", "critical"},
                                            {"1.2", "mg/dL", "warning"},
                                            {"120", "mm[Hg]", ""},
                                            {"120", "", ""},
                                            {"2100", "umol/L", ""}}) {
        EXPECT_EQ(on_treatment().lab("14682-9", row.value, row.unit, -5).card(rise), row.card)
            << row.value << ' ' << row.unit;
    }
}

TEST(CreatinineRise, ComparesWithTheMeanOfTheTwoLatestValuesBeforeTheStart) {
    auto const based = [](int days) {
        return on_treatment("125", false)
            .lab("14682-9", "80", "umol/L", days)
            .lab("14682-9", "101", "umol/L", -5);
    };
    EXPECT_EQ(based(-60).card(rise), "warning");  // the day of the start is baseline
    EXPECT_EQ(based(-150).card(rise), "warning");
    EXPECT_EQ(based(-151).card(rise), "");
    auto two = based(-70);
    EXPECT_EQ(two.lab("14682-9", "84", "umol/L", -65).card(rise), "");  // 101 against 82
    auto three = based(-70);
    three.lab("14682-9", "80", "umol/L", -65).lab("14682-9", "130", "umol/L", -90);
    EXPECT_EQ(three.card(rise), "warning");
}

TEST(CreatinineRise, LooksAtValuesOfSixtyDays) {
    auto patient = stepped(-200, -100);
    EXPECT_EQ(patient.lab("14682-9", "105", "umol/L", -60).card(rise), "warning");
    auto old = stepped(-200, -100);
    EXPECT_EQ(old.lab("14682-9", "105", "umol/L", -61).card(rise), "");
}

TEST(CreatinineRise, IsSofterWhenTheDraftReducesTheDose) {
    auto const drafted = [](char const* mg, char const* value) {
        return on_treatment(mg).lab("14682-9", value, "umol/L", -5).card(rise);
    };
    EXPECT_EQ(drafted("106", "110"), "info");       // 38 mg less: 0.5 mg/kg
    EXPECT_EQ(drafted("110", "110"), "warning");    // 30 mg less: 0.4 mg/kg
    EXPECT_EQ(drafted("93.75", "125"), "warning");  // a quarter less
    EXPECT_EQ(drafted("94", "125"), "critical");
    EXPECT_EQ(drafted("106", "100"), "info");
}

TEST(CreatinineRise, ReadsAComparatorAsTheLeastThatItAllows) {
    auto const with = [](char const* comparator) {
        return on_treatment().add(
            "observations",
            R"({"resourceType":"Observation","id":"x1","status":"final","code":{"coding":[{)"
            R"("system":"http://loinc.org","code":"14682-9"}]},"subject":{"reference":"Patient/p1"},)"
            R"("effectiveDateTime":"2026-03-05","valueQuantity":{"value":110,"comparator":")" +
                std::string{comparator} +
                R"(","unit":"umol/L","system":"http://unitsofmeasure.org","code":"umol/L"}})");
    };
    EXPECT_EQ(with(">").card(rise), "warning");
    EXPECT_EQ(with("<").card(rise), "");
}

TEST(CreatinineRise, StaysSilentWithoutARenewalAndKeepsWhatWasFound) {
    Patient start;
    start.draft("d1", modified, "Neoral", dose("125", 2))
        .lab("14682-9", "80", "umol/L", -70)
        .lab("14682-9", "130", "umol/L", -5);
    EXPECT_EQ(start.card(rise), "");
    EXPECT_EQ(
        on_treatment().lab("14682-9", "110", "umol/L", -5).prefetch("allergies", "").card(rise),
        "warning");
    EXPECT_EQ(on_treatment().prefetch("observations", "").card(rise), "unknown");
}

TEST(CreatinineStillRaised, NeedsTwoWeeksAfterAReduction) {
    auto const course = [](int reduced, int newest, char const* value = "105", int before = -40) {
        auto patient = stepped(-100, reduced);
        patient.lab("14682-9", "110", "umol/L", before).lab("14682-9", value, "umol/L", newest);
        return patient;
    };
    EXPECT_EQ(course(-30, -16).card(persistent), "critical");
    EXPECT_EQ(course(-30, -16).card(rise), "");
    EXPECT_EQ(course(-30, -17).card(persistent), "");
    EXPECT_EQ(course(-30, -17).card(rise), "warning");
    EXPECT_EQ(course(-30, -16, "100").card(persistent), "");  // exactly 25 %
    EXPECT_EQ(course(-30, -16, "105", -30).card(persistent),
              "critical");  // reduced on the day of the value
    EXPECT_EQ(course(-30, -10, "105", -29).card(persistent),
              "");  // raised only after the reduction
}

TEST(CreatinineStillRaised, ForgetsAReductionThatWasTakenBack) {
    Patient patient;
    patient.draft("d1", modified, "Neoral", dose("150", 2) + reason("Psoriasis")).weight("75", -5);
    patient.order("m1", modified, "Neoral", -100, bounded_dose("150", 2, -100, -50), "completed");
    patient.order("m2", modified, "Neoral", -50, bounded_dose("125", 2, -50, -30), "completed");
    patient.order("m3", modified, "Neoral", -30, bounded_dose("150", 2, -30, 2));
    patient.lab("14682-9", "80", "umol/L", -106)
        .lab("14682-9", "110", "umol/L", -60)
        .lab("14682-9", "105", "umol/L", -5);
    EXPECT_EQ(patient.card(persistent), "");
    EXPECT_EQ(patient.card(rise), "warning");
}

TEST(PressureOnCiclosporin, IsRaisedAboveAndShownAtTheLimits) {
    struct Row {
        char const* systolic;
        char const* diastolic;
        int days;
        char const* card;
    };
    for (auto const& row : std::vector<Row>{{"139", "89", -3, ""},
                                            {"140", "80", -3, "info"},
                                            {"120", "90", -3, "info"},
                                            {"141", "80", -3, "warning"},
                                            {"120", "91", -3, "warning"},
                                            {"150", "95", -60, ""},  // the day of the start
                                            {"150", "95", -59, "warning"},
                                            {"310", "95", -3, ""}}) {
        EXPECT_EQ(on_treatment().pressure(row.systolic, row.diastolic, row.days).card(pressure),
                  row.card)
            << row.systolic << '/' << row.diastolic << ' ' << row.days;
    }
    EXPECT_EQ(stepped(-200, -100).pressure("150", "95", -60).card(pressure), "warning");
    EXPECT_EQ(stepped(-200, -100).pressure("150", "95", -61).card(pressure), "");
}

TEST(PressureOnCiclosporin, IsSofterWhenSomethingIsDone) {
    EXPECT_EQ(on_treatment("100").pressure("150", "95", -3).card(pressure), "info");
    EXPECT_EQ(
        on_treatment().draft("d2", "17767", "amlodipine").pressure("150", "95", -3).card(pressure),
        "info");
    EXPECT_EQ(on_treatment()
                  .order("m2", "17767", "amlodipine", -30)
                  .pressure("150", "95", -3)
                  .card(pressure),
              "warning");
}

TEST(PressureOnCiclosporin, StopsAfterTwoReductions) {
    auto const measured = [](Patient patient, int raised, char const* systolic, int newest) {
        return patient.pressure("150", "95", raised)
            .pressure(systolic, "85", newest)
            .card(pressure_stop);
    };
    EXPECT_EQ(measured(stepped(-120, -50, -20), -60, "142", -2), "critical");
    EXPECT_EQ(measured(stepped(-120, -50, -20), -60, "140", -2), "critical");
    EXPECT_EQ(measured(stepped(-120, -50, -20), -60, "139", -2), "");
    EXPECT_EQ(measured(stepped(-120, -50, -20), -50, "142", -20), "critical");
    EXPECT_EQ(measured(stepped(-120, -50, -20), -50, "142", -21),
              "");  // before the second reduction
    EXPECT_EQ(measured(stepped(-120, -50, -20), -49, "142", -2), "");  // one reduction after it
    EXPECT_EQ(measured(stepped(-120, -50), -60, "142", -2), "");
    EXPECT_EQ(stepped(-120, -50, -20)
                  .pressure("150", "95", -60)
                  .pressure("130", "80", -30)
                  .pressure("142", "85", -2)
                  .card(pressure_stop),
              "");
}

}  // namespace
}  // namespace cds::acceptance
