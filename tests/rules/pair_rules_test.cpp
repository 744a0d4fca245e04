#include <gtest/gtest.h>

#include "tests/rules/patient.hpp"

// Infliximab and ciclosporin: which card, and where it begins and ends. Source: catalogue 4.A, 3.3
// and section 5.

namespace cds::acceptance {
namespace {

std::string const ifx = "191831", csa = "3008", mtx = "6851";

/// A patient with a condition; TB screened, blood tests fresh, so that only the pair speaks.
Patient screened(char const* icd10 = "", char const* text = "") {
    Patient patient;
    patient.result("71773-6", "", R"("valueString":"negative")", -30)
        .lab("1742-6", "20", "U/L", -3)
        .result("58410-2", "", "", -3);
    if (*text) patient.condition(icd10, text, -400);
    return patient;
}

/// Ciclosporin that ended `gap` days before today.
Patient& ended_ciclosporin(Patient& patient, int gap) {
    return patient.order("m-csa", csa, "ciclosporin", -300, bounded_dose("100", 2, -300, -gap),
                         "stopped");
}

TEST(SequentialAgents, TheIntervalDecidesTheCard) {
    struct Row {
        int gap;
        char const* salvage;
        char const* three_months;
    };
    // 2026-03-10 minus 90 days is 2025-12-10: three calendar months.
    for (auto const& row : {
             Row{0, "critical", ""},
             Row{1, "critical", ""},
             Row{23, "critical", ""},
             Row{24, "critical", ""},
             Row{28, "critical", ""},
             Row{29, "", "warning"},
             Row{89, "", "warning"},
             Row{90, "", "warning"},
             Row{91, "", ""},
         }) {
        auto by_order = screened("K51.90", "Ulcerative colitis");
        ended_ciclosporin(by_order, row.gap).draft("d", ifx, "infliximab");
        auto const outcome = by_order.fire();
        auto const got = [&](char const* rule) {
            auto const found = outcome.got.find(rule);
            return found == outcome.got.end() ? std::string{} : found->second;
        };
        EXPECT_EQ(got("ifx-csa-sequential-salvage-28d"), row.salvage) << row.gap;
        EXPECT_EQ(got("ifx-csa-sequential-3mo"), row.three_months) << row.gap;
        EXPECT_EQ(got("uc-ifx-csa-concurrent"), "") << row.gap;
        if (row.gap == 0) continue;
        auto by_infusion = screened("K51.90", "Ulcerative colitis");
        by_infusion.given(ifx, "infliximab", -row.gap)
            .draft("d", csa, "ciclosporin", dose("100", 2));
        EXPECT_EQ(by_infusion.card("ifx-csa-sequential-salvage-28d"), row.salvage) << row.gap;
        EXPECT_EQ(by_infusion.card("ifx-csa-sequential-3mo"), row.three_months) << row.gap;
    }
}

TEST(SequentialAgents, MonthsClampToTheMonthsEnd) {
    // Last dose 2025-11-30: three months later is 2026-02-28, judged at the draft's own start.
    struct Row {
        char const* start;
        char const* now;
        char const* expected;
    };
    for (auto const& row : {Row{"2026-02-28", "2026-02-10T09:00:00Z", "warning"},
                            Row{"2026-03-01", "2026-02-10T09:00:00Z", ""}}) {
        auto patient = screened("K50.90", "Crohn disease");
        patient.add("administrations",
                    R"({"resourceType":"MedicationAdministration","status":"completed",)"
                    R"("effectiveDateTime":"2025-11-30",)"
                    R"("medicationCodeableConcept":{"text":"infliximab"}})");
        patient.draft("d", csa, "ciclosporin",
                      R"(,"dosageInstruction":[{"timing":{"repeat":{"boundsPeriod":{"start":")" +
                          std::string{row.start} + R"("}}}}])");
        auto const outcome = run_request(patient.request(), row.now);
        auto const found = outcome.got.find("ifx-csa-sequential-3mo");
        EXPECT_EQ(found == outcome.got.end() ? "" : found->second, row.expected) << row.start;
    }
}

TEST(SequentialAgents, AFutureStartCanLieOutsideTheWindow) {
    auto const at = [](int start) {
        auto patient = screened("K51.90", "Ulcerative colitis");
        return ended_ciclosporin(patient, 20)
            .draft("d", ifx, "infliximab", bounded_dose("400", 1, start))
            .card("ifx-csa-sequential-salvage-28d");
    };
    EXPECT_EQ(at(8), "critical");
    EXPECT_EQ(at(9), "");
}

TEST(SequentialAgents, TheIndicationDecidesTheIndicator) {
    struct Row {
        char const* icd10;
        char const* text;
        char const* salvage;
        char const* three_months;
    };
    for (auto const& row : {
             Row{"K51.90", "Ulcerative colitis", "critical", "warning"},
             Row{"", "", "critical", "warning"},
             Row{"K50.90", "Crohn disease", "warning", "warning"},
             Row{"M35.2", "Behcet disease", "warning", "warning"},
             Row{"M06.9", "Rheumatoid arthritis", "warning", "warning"},
             Row{"L40.0", "Psoriasis", "warning", "info"},
             Row{"L20.9", "Atopic dermatitis", "warning", "info"},
             Row{"L88", "Pyoderma gangrenosum", "warning", "info"},
         }) {
        auto early = screened(row.icd10, row.text), late = screened(row.icd10, row.text);
        EXPECT_EQ(ended_ciclosporin(early, 28)
                      .draft("d", ifx, "infliximab")
                      .card("ifx-csa-sequential-salvage-28d"),
                  row.salvage)
            << row.text;
        EXPECT_EQ(ended_ciclosporin(late, 29)
                      .draft("d", ifx, "infliximab")
                      .card("ifx-csa-sequential-3mo"),
                  row.three_months)
            << row.text;
    }
    auto acute = screened();
    acute.condition("", "Acute severe ulcerative colitis", -5);
    EXPECT_EQ(
        ended_ciclosporin(acute, 60).draft("d", ifx, "infliximab").card("ifx-csa-sequential-3mo"),
        "critical");
    auto stated = screened("K51.90", "Ulcerative colitis");
    EXPECT_EQ(ended_ciclosporin(stated, 10)
                  .draft("d", ifx, "infliximab", reason("uveitis"))
                  .card("ifx-csa-sequential-salvage-28d"),
              "critical");
    auto other = screened();
    EXPECT_EQ(ended_ciclosporin(other, 10)
                  .draft("d", ifx, "infliximab", reason("uveitis"))
                  .card("ifx-csa-sequential-salvage-28d"),
              "warning");
}

TEST(SequentialAgents, RheumatoidArthritisWithoutMethotrexateIsTheException) {
    for (auto gap : {10, 60}) {
        auto patient = screened("M06.9", "Rheumatoid arthritis");
        ended_ciclosporin(patient, gap).allergy("methotrexate").draft("d", ifx, "infliximab");
        EXPECT_EQ(patient.card("ifx-csa-sequential-salvage-28d"), "") << gap;
        EXPECT_EQ(patient.card("ifx-csa-sequential-3mo"), "") << gap;
    }
}

TEST(SequentialAgents, AStopInTheSameBundleMakesTheSwitchSequential) {
    auto patient = screened("K51.90", "Ulcerative colitis");
    patient.order("m-csa", csa, "ciclosporin", -60, dose("100", 2))
        .stop("s", csa, "ciclosporin")
        .draft("d", ifx, "infliximab");
    EXPECT_EQ(patient.card("ifx-csa-sequential-salvage-28d"), "critical");
    EXPECT_EQ(patient.card("uc-ifx-csa-concurrent"), "");
    auto later = screened("K51.90", "Ulcerative colitis");
    later.order("m-csa", csa, "ciclosporin", -60, dose("100", 2))
        .stop("s", csa, "ciclosporin",
              R"(,"dosageInstruction":[{"timing":{"event":[")" + day(7) + R"("]}}])")
        .draft("d", ifx, "infliximab");
    EXPECT_EQ(later.card("uc-ifx-csa-concurrent"), "critical");
}

TEST(ConcurrentAgents, ExactlyOneCardShowsThePair) {
    struct Row {
        char const* icd10;
        char const* text;
        char const* rule;
        char const* indicator;
    };
    char const* const pair_cards[] = {"uc-ifx-csa-concurrent",     "ifx-csa-concurrent-avoid",
                                      "ra-ifx-csa-mtx-preferred",  "ra-ifx-csa-mtx-contraindicated",
                                      "behcet-ifx-csa-concurrent", "ifx-csa-sequential-salvage-28d",
                                      "ifx-csa-sequential-3mo"};
    for (auto const& row : {
             Row{"K51.90", "Ulcerative colitis", "uc-ifx-csa-concurrent", "critical"},
             Row{"", "", "ifx-csa-concurrent-avoid", "critical"},
             Row{"K50.90", "Crohn disease", "ifx-csa-concurrent-avoid", "warning"},
             Row{"L88", "Pyoderma gangrenosum", "ifx-csa-concurrent-avoid", "warning"},
             Row{"M06.9", "Rheumatoid arthritis", "ra-ifx-csa-mtx-preferred", "warning"},
             Row{"M35.2", "Behcet disease", "behcet-ifx-csa-concurrent", "warning"},
         }) {
        for (auto way = 0; way < 3; ++way) {
            auto patient = screened(row.icd10, row.text);
            if (way == 0)
                patient.order("m", csa, "ciclosporin", -60, dose("50", 2))
                    .draft("d", ifx, "infliximab");
            if (way == 1)
                patient.order("m", ifx, "infliximab", -60)
                    .draft("d", csa, "ciclosporin", dose("50", 2));
            if (way == 2)
                patient.draft("d1", ifx, "infliximab")
                    .draft("d2", csa, "ciclosporin", dose("50", 2));
            auto const outcome = patient.fire();
            for (auto const* rule : pair_cards) {
                auto const found = outcome.got.find(rule);
                EXPECT_EQ(found == outcome.got.end() ? "" : found->second,
                          std::string{rule} == row.rule ? row.indicator : "")
                    << row.text << way << rule;
            }
            EXPECT_EQ(outcome.got.count("pjp-prophylaxis-missing"), 1U) << row.text << way;
        }
    }
}

TEST(ConcurrentAgents, WhatIsNoSystemicExposureMakesNoPair) {
    auto eye = screened("K51.90", "Ulcerative colitis");
    EXPECT_EQ(eye.order("m", "", "Restasis eye drops", -60)
                  .draft("d", ifx, "infliximab")
                  .card("uc-ifx-csa-concurrent"),
              "");
    auto held = screened("K51.90", "Ulcerative colitis");
    held.order("m", csa, "ciclosporin", -60, "", "on-hold").draft("d", ifx, "infliximab");
    EXPECT_EQ(held.card("uc-ifx-csa-concurrent"), "");
    EXPECT_EQ(held.card("ifx-csa-sequential-salvage-28d"), "critical");
}

TEST(RheumatoidPair, ADocumentedContraindicationTurnsTheWarningIntoInfo) {
    auto patient = screened("M06.9", "Rheumatoid arthritis");
    patient.order("m", csa, "ciclosporin", -60, dose("50", 2))
        .draft("d", ifx, "infliximab")
        .allergy("methotrexate");
    EXPECT_EQ(patient.card("ra-ifx-csa-mtx-contraindicated"), "info");
    EXPECT_EQ(patient.card("ra-ifx-csa-mtx-preferred"), "");
    auto refuted = screened("M06.9", "Rheumatoid arthritis");
    refuted.order("m", csa, "ciclosporin", -60, dose("50", 2))
        .draft("d", ifx, "infliximab")
        .allergy("methotrexate", R"(,"verificationStatus":{"coding":[{"code":"refuted"}]})");
    EXPECT_EQ(refuted.card("ra-ifx-csa-mtx-preferred"), "warning");
}

TEST(RheumatoidPair, TwoMilligramsAKilogramRoundedHalfUp) {
    auto const with = [](char const* mg, int weight_age = -10) {
        auto patient = screened("M06.9", "Rheumatoid arthritis");
        return patient.weight("80", weight_age)
            .order("m", ifx, "infliximab", -60)
            .draft("d", csa, "ciclosporin", dose(mg, 2))
            .card("ra-ifx-csa-dose-above-low-dose");
    };
    EXPECT_EQ(with("81.6"), "");             // 2.04
    EXPECT_EQ(with("81.99"), "");            // 2.04975
    EXPECT_EQ(with("82"), "warning");        // 2.05
    EXPECT_EQ(with("82", -400), "warning");  // a stale weight is still used
    auto running = screened("M06.9", "Rheumatoid arthritis");
    running.weight("80", -10)
        .order("m", csa, "ciclosporin", -60, dose("100", 2))
        .draft("d", ifx, "infliximab");
    EXPECT_EQ(running.card("ra-ifx-csa-dose-above-low-dose"), "warning");
    auto no_weight = screened("M06.9", "Rheumatoid arthritis");
    no_weight.order("m", ifx, "infliximab", -60).draft("d", csa, "ciclosporin", dose("200", 2));
    EXPECT_EQ(no_weight.card("ra-ifx-csa-dose-above-low-dose"), "");
    auto colitis = screened("K51.90", "Ulcerative colitis");
    colitis.weight("80", -10)
        .order("m", ifx, "infliximab", -60)
        .draft("d", csa, "ciclosporin", dose("200", 2));
    EXPECT_EQ(colitis.card("ra-ifx-csa-dose-above-low-dose"), "");
}

TEST(RheumatoidStart, MethotrexateIsTheUsualPartner) {
    auto const with = [](auto change) {
        auto patient = screened("M06.9", "Rheumatoid arthritis");
        patient.draft("d", ifx, "infliximab");
        change(patient);
        return patient.card("ra-ifx-without-mtx");
    };
    EXPECT_EQ(with([](Patient&) {}), "info");
    EXPECT_EQ(with([](Patient& p) { p.order("m", mtx, "methotrexate", -60); }), "");
    EXPECT_EQ(with([](Patient& p) { p.draft("d2", mtx, "methotrexate"); }), "");
    EXPECT_EQ(with([](Patient& p) { p.order("m", mtx, "methotrexate", -60, "", "on-hold"); }),
              "info");
    EXPECT_EQ(with([](Patient& p) {
                  p.order("m", mtx, "methotrexate", -60).stop("s", mtx, "methotrexate");
              }),
              "info");
    EXPECT_EQ(with([](Patient& p) { p.order("m", "", "leflunomide", -60); }), "info");
    EXPECT_EQ(with([](Patient& p) { p.allergy("methotrexate"); }), "");
    EXPECT_EQ(with([](Patient& p) { p.given(ifx, "infliximab", -400); }), "");  // restart
    EXPECT_EQ(with([](Patient& p) { p.order("m", csa, "ciclosporin", -60); }), "");
}

}  // namespace
}  // namespace cds::acceptance
