#include <gtest/gtest.h>

#include "tests/rules/patient.hpp"

// What infliximab with ciclosporin or a thiopurine asks for. Source: catalogue 4.A and 4.B.

namespace cds::acceptance {
namespace {

std::string const ifx = "191831", csa = "3008", aza = "1256";

/// Ciclosporin runs, infliximab is drafted, for Crohn's disease (a warning: nothing is suppressed).
Patient pair() {
    Patient patient;
    patient.condition("K50.90", "Crohn disease", -400)
        .order("m", csa, "ciclosporin", -200, dose("100", 2))
        .draft("d", ifx, "infliximab");
    return patient;
}

TEST(CombinationTests, CountsAreDueAfterTwentyEightDaysLiverTestsAfterEightyFour) {
    struct Row {
        int count, liver;
        char const* expected;
    };
    for (auto const& row :
         {Row{-28, -84, ""}, Row{-29, -84, "warning"}, Row{-28, -85, "warning"}, Row{0, 0, ""}}) {
        auto patient = pair();
        patient.result("58410-2", "", "", row.count).lab("1742-6", "20", "U/L", row.liver);
        EXPECT_EQ(patient.card("ifx-csa-combination-labs"), row.expected)
            << row.count << " " << row.liver;
    }
    EXPECT_EQ(pair().card("ifx-csa-combination-labs"), "warning");
    auto only_count = pair();
    EXPECT_EQ(only_count.result("58410-2", "", "", -1).card("ifx-csa-combination-labs"), "warning");
}

TEST(CombinationTests, NeutropeniaSpeaksEvenWhenTheTestsAreFresh) {
    struct Row {
        char const* loinc;
        char const* value;
        char const* unit;
        int day;
        char const* expected;
    };
    for (auto const& row : {
             Row{"751-8", "0.99", "10*9/L", -1, "warning"},
             Row{"751-8", "1.0", "10*9/L", -1, ""},
             Row{"751-8", "990", "/uL", -1, "warning"},
             Row{"751-8", "0.5", "10*9/L", -28, "warning"},
             Row{"751-8", "0.5", "10*9/L", -29, ""},
             Row{"6690-2", "2.99", "10*9/L", -1, "warning"},
             Row{"6690-2", "3.0", "10*9/L", -1, ""},
         }) {
        auto patient = pair();
        patient.result("58410-2", "", "", -1)
            .lab("1742-6", "20", "U/L", -1)
            .lab(row.loinc, row.value, row.unit, row.day);
        EXPECT_EQ(patient.card("ifx-csa-combination-labs"), row.expected)
            << row.loinc << row.value << row.day;
    }
    auto differential = pair();
    differential.result("58410-2", "", "", -1)
        .lab("1742-6", "20", "U/L", -1)
        .lab("6690-2", "2.5", "10*9/L", -1)
        .lab("751-8", "1.5", "10*9/L", -1);
    EXPECT_EQ(differential.card("ifx-csa-combination-labs"), "");
}

TEST(CombinationLevel, FourteenDaysForAStartOrStopBesideRunningCiclosporin) {
    struct Row {
        int day;
        char const* expected;
    };
    for (auto const& row : {Row{-14, ""}, Row{-15, "info"}}) {
        auto patient = pair();
        EXPECT_EQ(patient.lab("53828-0", "150", "ng/mL", row.day).card("ifx-csa-level-check"),
                  row.expected)
            << row.day;
    }
    EXPECT_EQ(pair().card("ifx-csa-level-check"), "info");
    auto renewal = pair();
    EXPECT_EQ(renewal.given(ifx, "infliximab", -90).card("ifx-csa-level-check"), "");
    auto restart = pair();
    EXPECT_EQ(restart.given(ifx, "infliximab", -91).card("ifx-csa-level-check"), "info");
    Patient stopping;
    stopping.order("m", csa, "ciclosporin", -200)
        .order("i", ifx, "infliximab", -200)
        .stop("s", ifx, "infliximab");
    EXPECT_EQ(stopping.card("ifx-csa-level-check"), "info");
    Patient both;
    both.condition("K50.90", "Crohn disease", -400)
        .draft("d", ifx, "infliximab")
        .draft("c", csa, "ciclosporin");
    EXPECT_EQ(both.card("ifx-csa-level-check"), "");
    auto colitis = pair();
    EXPECT_EQ(colitis.condition("K51.90", "Ulcerative colitis", -400).card("ifx-csa-level-check"),
              "");
}

TEST(TuberculosisScreen, AYearForAStartOnceForARenewal) {
    struct Row {
        int screen;
        int last_infusion;
        char const* expected;
    };
    for (auto const& row : {
             Row{-365, 0, ""},
             Row{-366, 0, "critical"},
             Row{-366, -91, "critical"},
             Row{-366, -90, ""},
             Row{-3000, -30, ""},
         }) {
        Patient patient;
        patient.draft("d", ifx, "infliximab")
            .result("71773-6", "", R"("valueString":"negative")", row.screen);
        if (row.last_infusion) patient.given(ifx, "infliximab", row.last_infusion);
        EXPECT_EQ(patient.card("ifx-tb-screen-missing"), row.expected)
            << row.screen << " " << row.last_infusion;
    }
    Patient never, renewal;
    EXPECT_EQ(never.draft("d", ifx, "infliximab").card("ifx-tb-screen-missing"), "critical");
    EXPECT_EQ(renewal.draft("d", ifx, "infliximab")
                  .given(ifx, "infliximab", -30)
                  .card("ifx-tb-screen-missing"),
              "warning");
}

TEST(TuberculosisScreen, WhatIsAResultAndWhatIsNot) {
    auto const with = [](auto change) {
        Patient patient;
        patient.draft("d", ifx, "infliximab");
        change(patient);
        return patient.card("ifx-tb-screen-missing");
    };
    auto const words = [](char const* text) {
        return R"("valueString":")" + std::string{text} + "\"";
    };
    EXPECT_EQ(with([&](Patient& p) { p.result("71773-6", "", words("positive"), -5); }), "");
    EXPECT_EQ(with([&](Patient& p) { p.result("45323-3", "", words("Not detected"), -5); }), "");
    EXPECT_EQ(with([&](Patient& p) { p.result("71773-6", "", words("indeterminate"), -5); }),
              "critical");
    EXPECT_EQ(with([&](Patient& p) { p.result("71773-6", "", words("borderline"), -5); }),
              "critical");
    EXPECT_EQ(with([&](Patient& p) { p.result("", "QuantiFERON-TB Gold", words("negative"), -5); }),
              "");
    for (auto const* control : {"71772-8", "71774-4", "71776-9", "46216-8", "74279-1", "74280-9"}) {
        EXPECT_EQ(with([&](Patient& p) { p.result(control, "", words("negative"), -5); }),
                  "critical")
            << control;
    }
    EXPECT_EQ(with([](Patient& p) { p.lab("39017-9", "0.1", "[IU]/mL", -5); }), "critical");
    EXPECT_EQ(with([](Patient& p) {
                  p.lab("39017-9", "0.1", "[IU]/mL", -5,
                        R"(,"interpretation":[{"coding":[{"code":"NEG"}]}])");
              }),
              "");
    EXPECT_EQ(with([](Patient& p) {
                  p.lab("39263-9", "3", "mm", -5,
                        R"(,"interpretation":[{"coding":[{"code":"NEG"}]}])");
              }),
              "");
    EXPECT_EQ(with([](Patient& p) { p.lab("39263-9", "3", "mm", -5); }), "critical");
    EXPECT_EQ(with([](Patient& p) { p.condition("Z22.7", "Latent tuberculosis", -900); }), "");
    EXPECT_EQ(with([](Patient& p) {
                  p.condition("Z86.15", "History of latent TB", -900,
                              R"(,"clinicalStatus":{"coding":[{"code":"resolved"}]})");
              }),
              "");
    EXPECT_EQ(with([](Patient& p) { p.procedure(R"({"text":"LTBI treatment completed"})", -900); }),
              "");
    EXPECT_EQ(
        with([](Patient& p) {
            p.add("immunizations",
                  R"({"resourceType":"Immunization","status":"completed","vaccineCode":{"coding":)"
                  R"([{"system":"http://hl7.org/fhir/sid/cvx","code":"96"}]}})");
        }),
        "critical");
}

TEST(Prophylaxis, ThePairOrThreeClassesNeedIt) {
    EXPECT_EQ(pair().card("pjp-prophylaxis-missing"), "warning");
    for (auto const* drug : {"co-trimoxazole", "atovaquone", "dapsone", "pentamidine"}) {
        auto ongoing = pair(), drafted = pair(), stopped = pair();
        EXPECT_EQ(ongoing.order("p", "", drug, -30).card("pjp-prophylaxis-missing"), "") << drug;
        EXPECT_EQ(drafted.draft("p", "", drug).card("pjp-prophylaxis-missing"), "") << drug;
        EXPECT_EQ(
            stopped.order("p", "", drug, -30).stop("s", "", drug).card("pjp-prophylaxis-missing"),
            "warning")
            << drug;
    }
    auto malaria = pair();
    EXPECT_EQ(
        malaria.order("p", "", "atovaquone and proguanil", -30).card("pjp-prophylaxis-missing"),
        "warning");
    Patient two;
    two.condition("K50.90", "Crohn disease", -400)
        .order("m", aza, "azathioprine", -200)
        .draft("d", ifx, "infliximab");
    EXPECT_EQ(two.card("pjp-prophylaxis-missing"), "");
    EXPECT_EQ(two.order("mm", "", "mycophenolate mofetil", -200).card("pjp-prophylaxis-missing"),
              "warning");
    Patient omalizumab;
    omalizumab.order("m", aza, "azathioprine", -200)
        .order("o", "", "omalizumab", -200)
        .draft("d", ifx, "infliximab");
    EXPECT_EQ(omalizumab.card("pjp-prophylaxis-missing"), "");
}

TEST(Prophylaxis, ASequentialCardOfInfoNeedsNone) {
    auto const after = [](char const* icd10, char const* text, int gap) {
        Patient patient;
        return patient.condition(icd10, text, -400)
            .order("m", csa, "ciclosporin", -300, bounded_dose("100", 2, -300, -gap), "stopped")
            .draft("d", ifx, "infliximab")
            .card("pjp-prophylaxis-missing");
    };
    EXPECT_EQ(after("K50.90", "Crohn disease", 60), "warning");
    EXPECT_EQ(after("L40.0", "Psoriasis", 28), "warning");
    EXPECT_EQ(after("L40.0", "Psoriasis", 29), "");
    EXPECT_EQ(after("K50.90", "Crohn disease", 120), "");
}

TEST(CiclosporinAndAzathioprine, TheLevelIsMentioned) {
    auto const with = [](char const* thiopurine, char const* icd10, char const* text) {
        Patient patient;
        return patient.condition(icd10, text, -400)
            .order("m", csa, "ciclosporin", -60)
            .draft("d", "", thiopurine)
            .card("csa-aza-level-interaction");
    };
    EXPECT_EQ(with("azathioprine", "K51.90", "Ulcerative colitis"), "info");
    EXPECT_EQ(with("mercaptopurine", "K51.90", "Ulcerative colitis"), "info");
    EXPECT_EQ(with("tioguanine", "K51.90", "Ulcerative colitis"), "");
    EXPECT_EQ(with("azathioprine", "L40.0", "Psoriasis"), "");
    EXPECT_EQ(with("azathioprine", "Z94.0", "Kidney transplant status"), "");
    Patient stop;
    stop.order("m", csa, "ciclosporin", -60)
        .order("a", aza, "azathioprine", -60)
        .stop("s", aza, "azathioprine");
    EXPECT_EQ(stop.card("csa-aza-level-interaction"), "");
}

TEST(DataQuality, OnlyTheNewestResultThatARuleNeededIsReported) {
    struct Row {
        char const* what;
        char const* value;
        char const* unit;
        int day;
        char const* status;
        char const* expected;
    };
    for (auto const& row : {
             Row{"usable", "150", "ng/mL", -20, "final", ""},
             Row{"no unit", "150", "", -20, "final", "info"},
             Row{"another dimension", "150", "kg", -20, "final", "info"},
             Row{"preliminary", "150", "", -20, "preliminary", ""},
             Row{"in error", "150", "", -20, "entered-in-error", ""},
             Row{"in the future", "150", "", 1, "final", ""},
         }) {
        auto patient = pair();
        patient.lab("53828-0", row.value, row.unit, row.day, "", row.status);
        EXPECT_EQ(patient.card("data-quality-unusable"), row.expected) << row.what;
        Patient unrelated;
        unrelated.draft("d", "10582", "levothyroxine")
            .lab("53828-0", row.value, row.unit, row.day, "", row.status);
        EXPECT_TRUE(unrelated.fire().got.empty()) << row.what;
    }
    auto newer_is_fine = pair();
    newer_is_fine.lab("53828-0", "150", "", -20).lab("53828-0", "150", "ng/mL", -5);
    EXPECT_EQ(newer_is_fine.card("data-quality-unusable"), "");
}

}  // namespace
}  // namespace cds::acceptance
