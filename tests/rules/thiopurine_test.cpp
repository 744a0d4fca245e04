#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/rules/patient.hpp"

// Boundaries of the thiopurine rules and of what immunosuppressants add up to. The clock is
// 2026-03-10.

namespace cds::acceptance {
namespace {

constexpr char const* azathioprine = "1256";
constexpr char const* mercaptopurine = "103";
constexpr char const* infliximab = "191831";
constexpr char const* adalimumab = "327361";
constexpr char const* prednisone = "8640";
constexpr char const* methotrexate = "6851";

Patient started(std::string const& sex = "male", std::string const& birth = "1981-01-15") {
    Patient patient{sex, birth};
    patient.draft("d1", azathioprine, "azathioprine", dose("150", 1));
    return patient;
}

Patient renewal(int days) {
    auto patient = started();
    patient.order("m1", azathioprine, "azathioprine", days, bounded_dose("150", 1, days, 2));
    return patient;
}

Patient& blood_count(Patient& patient, int days) {
    return patient.lab("6690-2", "6", "10*9/L", days)
        .lab("718-7", "14", "g/dL", days)
        .lab("777-3", "250", "10*9/L", days);
}

TEST(ThiopurineBloodCount, IsDueWeeklyThenTwiceMonthlyThenMonthly) {
    struct Row {
        int start, count;
        char const* card;
    };
    for (auto const& row : std::vector<Row>{{-30, -7, ""},
                                            {-30, -8, "warning"},
                                            {-31, -8, ""},
                                            {-31, -14, ""},
                                            {-31, -15, "warning"},
                                            {-90, -15, "warning"},
                                            {-91, -15, ""},
                                            {-91, -31, ""},
                                            {-91, -32, "info"},
                                            {-200, -92, "info"},
                                            {-200, -93, "warning"}}) {
        auto patient = renewal(row.start);
        EXPECT_EQ(blood_count(patient, row.count).card("thiopurine-cbc-overdue"), row.card)
            << row.start << ' ' << row.count;
    }
    EXPECT_EQ(renewal(-7).card("thiopurine-cbc-overdue"), "");
    EXPECT_EQ(renewal(-8).card("thiopurine-cbc-overdue"), "warning");
    EXPECT_EQ(renewal(-200).card("thiopurine-cbc-overdue"), "warning");
    EXPECT_EQ(renewal(-200).prefetch("observations", "").card("thiopurine-cbc-overdue"), "unknown");
    EXPECT_EQ(started().card("thiopurine-cbc-overdue"), "");
}

TEST(ThiopurineBloodCount, GoesOnOverASwitchOfTheDrug) {
    auto patient = started();
    patient.order("m1", mercaptopurine, "mercaptopurine", -200, dose("50", 1));
    EXPECT_EQ(blood_count(patient, -32).card("thiopurine-cbc-overdue"), "info");
}

TEST(ThiopurineMetabolism, ReadsTheNewestResult) {
    struct Row {
        char const* value;
        char const* card;
    };
    for (auto const& row : std::vector<Row>{
             {R"("valueString":"Normal metabolizer")", ""},
             {R"("valueString":"Poor metaboliser")", "critical"},
             {R"("valueString":"TPMT deficient")", "critical"},
             {R"("valueString":"no detectable TPMT activity")", "critical"},
             {R"("valueString":"very low activity")", "critical"},
             {R"("valueString":"homozygous variant")", "critical"},
             {R"("valueString":"Intermediate metabolizer")", "warning"},
             {R"("valueString":"heterozygous deficiency")", "warning"},
             {R"("valueString":"reduced activity")", "warning"},
             {R"("valueString":"see report")", ""},
             {R"("valueString":"ok","interpretation":[{"coding":[{"code":"L"}]}])", "critical"},
             {R"("valueString":"ok","interpretation":[{"coding":[{"code":"N"}]}])", ""}}) {
        EXPECT_EQ(
            started().result("79713-4", "TPMT", row.value, -900).card("thiopurine-tpmt-missing"),
            row.card)
            << row.value;
    }
    auto numeric = [](char const* value) {
        return started()
            .lab("21563-2", value, "U/mL{RBCs}", -5, R"(,"referenceRange":[{"low":{"value":26}}])")
            .card("thiopurine-tpmt-missing");
    };
    EXPECT_EQ(numeric("26"), "");
    EXPECT_EQ(numeric("25.9"), "critical");
    auto both = started();
    both.result("", "NUDT15", R"("valueString":"Poor metabolizer")", -90)
        .result("79713-4", "", R"("valueString":"Normal metabolizer")", -30);
    EXPECT_EQ(both.card("thiopurine-tpmt-missing"), "");
}

TEST(ThiopurineMetabolism, IsAskedForAtTheFirstStartOnly) {
    auto const rule = "thiopurine-tpmt-missing";
    EXPECT_EQ(started().card(rule), "info");
    EXPECT_EQ(renewal(-60).card(rule), "");
    EXPECT_EQ(started().order("m1", azathioprine, "azathioprine", -400, "", "completed").card(rule),
              "");
    EXPECT_EQ(started().prefetch("observations", "").card(rule), "unknown");
    EXPECT_EQ(started().prefetch("medications", "").card(rule), "unknown");
}

TEST(ThiopurineAfterCancer, ConcernsTheListedCancersWheneverTheyWere) {
    auto const rule = "thiopurine-malignancy-history";
    auto const resolved = R"(,"clinicalStatus":{"coding":[{"code":"resolved"}]})";
    struct Row {
        char const* code;
        char const* card;
    };
    for (auto const& row : std::vector<Row>{{"C85.90", "warning"},
                                            {"C44.91", "warning"},
                                            {"C67.9", "warning"},
                                            {"C92.01", "warning"},
                                            {"D46.9", "warning"},
                                            {"Z85.828", "warning"},
                                            {"C18.9", ""},
                                            {"Z80.3", ""},
                                            {"C43.9", ""}}) {
        EXPECT_EQ(started().condition(row.code, "on record", -4000, resolved).card(rule), row.card)
            << row.code;
    }
    auto const refuted = R"(,"verificationStatus":{"coding":[{"code":"refuted"}]})";
    EXPECT_EQ(started().condition("C85.90", "Lymphoma", -400, refuted).card(rule), "");
    EXPECT_EQ(started().card(rule), "");
    EXPECT_EQ(started().prefetch("conditions", "").card(rule), "unknown");
}

TEST(ThiopurineWithAllopurinol, IsCriticalInBothDirections) {
    auto const rule = "aza-xanthine-oxidase-inhibitor";
    EXPECT_EQ(started().order("m1", "519", "allopurinol", -30).card(rule), "critical");
    EXPECT_EQ(started().order("m1", "", "febuxostat", -30).card(rule), "critical");
    EXPECT_EQ(started().order("m1", "519", "allopurinol", -30, "", "stopped").card(rule), "");
    Patient allopurinol;
    allopurinol.draft("d1", "519", "allopurinol")
        .order("m1", mercaptopurine, "mercaptopurine", -30);
    EXPECT_EQ(allopurinol.card(rule), "critical");
    Patient tioguanine;
    tioguanine.draft("d1", "", "tioguanine").order("m1", "519", "allopurinol", -30);
    EXPECT_EQ(tioguanine.card(rule), "");
    auto stopped = started();
    stopped.order("m1", "519", "allopurinol", -30).stop("s1", "519", "allopurinol");
    EXPECT_EQ(stopped.card(rule), "");
}

TEST(YoungManOnTwo, HasTheAgeTheSexAndTheDisease) {
    auto const rule = "hstcl-young-male-combination";
    auto const patient = [](char const* sex, char const* birth, char const* disease = "K50.90") {
        auto made = started(sex, birth);
        made.condition(disease, "on record", -400).order("m1", infliximab, "infliximab", -100);
        return made;
    };
    EXPECT_EQ(patient("male", "2000-01-01").card(rule), "warning");
    EXPECT_EQ(patient("male", "1991-03-11").card(rule), "warning");
    EXPECT_EQ(patient("male", "1991-03-10").card(rule), "");
    EXPECT_EQ(patient("male", "2016-03-10").card(rule), "warning");
    EXPECT_EQ(patient("male", "2016-03-11").card(rule), "");
    EXPECT_EQ(patient("female", "2000-01-01").card(rule), "");
    EXPECT_EQ(patient("male", "2000-01-01", "K51.90").card(rule), "warning");
    EXPECT_EQ(patient("male", "2000-01-01", "M06.9").card(rule), "");
}

TEST(YoungManOnTwo, SpeaksWhenAClassIsStarted) {
    auto const rule = "hstcl-young-male-combination";
    auto const crohn = [](Patient patient) { return patient.condition("K50.90", "Crohn", -400); };
    auto const young = [] { return started("male", "2000-01-01"); };
    EXPECT_EQ(crohn(young()).card(rule), "");
    EXPECT_EQ(crohn(young()).given(infliximab, "infliximab", -90).card(rule), "warning");
    EXPECT_EQ(crohn(young()).given(infliximab, "infliximab", -91).card(rule), "");
    auto renewed = crohn(young());
    renewed.order("m1", infliximab, "infliximab", -100)
        .order("m2", azathioprine, "azathioprine", -60);
    EXPECT_EQ(renewed.card(rule), "");
    auto switched = crohn(young());
    switched.order("m1", infliximab, "infliximab", -100)
        .order("m2", mercaptopurine, "mercaptopurine", -60);
    EXPECT_EQ(switched.card(rule), "");
    auto both = crohn(young());
    both.draft("d2", adalimumab, "adalimumab");
    EXPECT_EQ(both.card(rule), "warning");
}

TEST(ThreeClasses, AreCountedWithTheDrafts) {
    auto const rule = "multi-immunosuppressant-burden";
    auto const two = [] { return started().order("m1", adalimumab, "adalimumab", -100); };
    EXPECT_EQ(two().card(rule), "");
    EXPECT_EQ(two().order("m2", methotrexate, "methotrexate", -100).card(rule), "warning");
    EXPECT_EQ(two().order("m2", prednisone, "prednisone", -30, dose("7.5", 1)).card(rule),
              "warning");
    EXPECT_EQ(two().order("m2", prednisone, "prednisone", -30, dose("7", 1)).card(rule), "");
    EXPECT_EQ(two().order("m2", prednisone, "prednisone", -30).card(rule), "");
    EXPECT_EQ(two().draft("d2", prednisone, "prednisone", dose("40", 1)).card(rule), "warning");
    EXPECT_EQ(two().order("m2", "302379", "omalizumab", -30).card(rule), "");
    EXPECT_EQ(two().order("m2", "", "sirolimus", -30).card(rule), "");
    EXPECT_EQ(two().prefetch("statements", "").card(rule), "unknown");
}

TEST(AcuteColitis, TakesAzathioprineFromDaySeven) {
    auto const rule = "ifx-asuc-aza-timing";
    auto const rescued = [](int first) {
        Patient patient;
        patient.condition("K51.90", "Acute severe ulcerative colitis", -10);
        patient.order("m1", infliximab, "infliximab", first).given(infliximab, "infliximab", first);
        return patient;
    };
    auto const redose = [&](int first) {
        return rescued(first).draft("d1", infliximab, "infliximab");
    };
    auto const thiopurine = [&](int first) {
        return rescued(first).draft("d1", azathioprine, "azathioprine");
    };
    EXPECT_EQ(redose(-7).card(rule), "info");
    EXPECT_EQ(redose(-6).card(rule), "");
    EXPECT_EQ(thiopurine(-6).card(rule), "info");
    EXPECT_EQ(thiopurine(-7).card(rule), "");
    EXPECT_EQ(redose(-7).order("m2", azathioprine, "azathioprine", -1).card(rule), "");
    EXPECT_EQ(redose(-7).allergy("azathioprine").card(rule), "");
    EXPECT_EQ(redose(-7).condition("C85.90", "Lymphoma", -900).card(rule), "");
    EXPECT_EQ(
        redose(-7).result("79713-4", "", R"("valueString":"Poor metabolizer")", -90).card(rule),
        "");
    EXPECT_EQ(redose(-7)
                  .result("", "clinical response", R"("valueString":"non-response")", -2)
                  .card(rule),
              "");
    EXPECT_EQ(redose(-7)
                  .result("", "clinical response", R"("valueString":"non-response")", -8)
                  .card(rule),
              "info");
}

}  // namespace
}  // namespace cds::acceptance
