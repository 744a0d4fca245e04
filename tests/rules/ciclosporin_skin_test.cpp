#include <gtest/gtest.h>

#include "tests/rules/patient.hpp"

// Ciclosporin for eczema or psoriasis: partners, light, steroids, what was tried before.

namespace {

using namespace cds::acceptance;

constexpr char const* ciclosporin = "3008";
constexpr char const* derm = "csa-derm-immunosuppressant-contraindicated";
constexpr char const* etanercept_rule = "psoriasis-etanercept-csa";

Patient start(std::string const& why) {
    Patient patient;
    patient.draft("d1", ciclosporin, "cyclosporine",
                  dose("100", 2) + (why.empty() ? "" : reason(why)));
    return patient;
}

std::string text_code(std::string const& text) { return R"({"text":")" + text + "\"}"; }

TEST(CsaDermImmunosuppressant, NamesSystemicPartnersOnly) {
    struct Row {
        char const* partner;
        std::string why, extra, expected;
    };
    auto const topical = std::string{R"(,"dosageInstruction":[{"route":{"text":"topical"}}])"};
    for (auto const& row :
         {Row{"methotrexate", "psoriasis", "", "critical"},
          Row{"azathioprine", "atopic dermatitis", "", "critical"},
          Row{"adalimumab", "psoriasis", "", "critical"},
          Row{"secukinumab", "psoriasis", "", "critical"},
          Row{"tacrolimus", "psoriasis", topical, ""},
          Row{"dupilumab", "atopic dermatitis", "", ""},
          Row{"prednisone", "atopic dermatitis", "", ""}, Row{"apremilast", "psoriasis", "", ""},
          Row{"methotrexate", "rheumatoid arthritis", "", ""},
          Row{"etanercept", "atopic dermatitis", "", "critical"},
          Row{"etanercept", "psoriasis", "", ""}}) {
        auto patient = start(row.why);
        patient.order("o1", "", row.partner, -100, row.extra);
        EXPECT_EQ(patient.card(derm), row.expected) << row.partner << row.why;
    }
}

TEST(CsaDermImmunosuppressant, ArthritisBesideTheSkinWithoutAReasonIsAWarning) {
    auto patient = start("");
    patient.order("o1", "", "methotrexate", -100).condition("L20.9", "Atopic dermatitis", -400);
    EXPECT_EQ(patient.card(derm), "critical");
    patient.condition("M06.9", "Rheumatoid arthritis", -400);
    EXPECT_EQ(patient.card(derm), "warning");
}

TEST(PsoriasisEtanercept, IsAWarningOfItsOwnAndNotBesideEczema) {
    auto psoriasis = start("psoriasis");
    psoriasis.order("o1", "", "etanercept", -100);
    EXPECT_EQ(psoriasis.card(etanercept_rule), "warning");
    auto both = start("");
    both.order("o1", "", "etanercept", -100);
    both.condition("L20.9", "Atopic dermatitis", -400).condition("L40.0", "Psoriasis", -400);
    EXPECT_EQ(both.card(etanercept_rule), "");
    EXPECT_EQ(both.card(derm), "critical");
    Patient other_way;
    other_way.order("o1", ciclosporin, "cyclosporine", -60, dose("100", 2) + reason("psoriasis"));
    other_way.draft("d1", "", "etanercept");
    EXPECT_EQ(other_way.card(etanercept_rule), "warning");
}

constexpr char const* light = "csa-phototherapy-concurrent";
constexpr char const* puva = "csa-prior-puva";

TEST(CsaPhototherapy, ACourseCountsFor30DaysAfterItsLastSession) {
    struct Row {
        char const* text;
        int days;
        char const* status;
        std::string why, concurrent, prior;
    };
    for (auto const& row :
         {Row{"Narrowband UVB", -30, "completed", "psoriasis", "critical", ""},
          Row{"Narrowband UVB", -31, "completed", "psoriasis", "", ""},
          Row{"Narrowband UVB", -300, "in-progress", "psoriasis", "critical", ""},
          Row{"phototherapy", -10, "completed", "rheumatoid arthritis", "warning", ""},
          Row{"PUVA", -4000, "completed", "psoriasis", "", "critical"},
          Row{"PUVA", -10, "completed", "psoriasis", "critical", "critical"},
          Row{"PUVA", -10, "entered-in-error", "psoriasis", "", ""},
          Row{"PUVA", -4000, "completed", "ulcerative colitis", "", ""}}) {
        auto patient = start(row.why);
        patient.procedure(text_code(row.text), row.days, row.status);
        EXPECT_EQ(patient.card(light), row.concurrent)
            << row.text << row.days << row.status << row.why;
        EXPECT_EQ(patient.card(puva), row.prior) << row.text << row.days << row.status << row.why;
    }
}

TEST(CsaPhototherapy, OrdersCountWhileActiveAndDraftsAlways) {
    auto const stored = [](std::string const& status, int end) {
        auto patient = start("psoriasis");
        patient.add(
            "serviceRequests",
            R"({"resourceType":"ServiceRequest","id":"sr1","status":")" + status +
                R"(","intent":"order","code":{"text":"UVB"},"subject":{"reference":"Patient/p1"},)"
                R"("occurrencePeriod":{"start":"2026-01-01","end":")" +
                day(end) + "\"}}");
        return patient.card(light);
    };
    EXPECT_EQ(stored("active", 0), "critical");
    EXPECT_EQ(stored("active", -1), "");
    EXPECT_EQ(stored("on-hold", 30), "");
    EXPECT_EQ(stored("revoked", 30), "");
    Patient patient;
    patient.order("o1", ciclosporin, "cyclosporine", -60, dose("100", 2))
        .condition("L40.0", "Psoriasis", -400);
    patient.draft_service("s1", text_code("PUVA"));
    EXPECT_EQ(patient.card(light), "critical");
    patient.stop("s2", ciclosporin, "cyclosporine");
    EXPECT_EQ(patient.card(light), "");
}

TEST(CsaPhototherapy, FailedQueriesLeaveItOpenAndADraftStillSpeaks) {
    auto patient = start("psoriasis");
    patient.prefetch("procedures", "");
    EXPECT_EQ(patient.card(light), "unknown");
    EXPECT_EQ(patient.card(puva), "unknown");
    patient.draft_service("s1", text_code("Narrowband UVB"));
    EXPECT_EQ(patient.card(light), "critical");
}

TEST(CsaPriorPuva, AnOralPsoralenOrderIsPuvaOnRecord) {
    auto patient = start("psoriasis");
    patient.order("o1", "", "methoxsalen 10 mg capsule", -900, "", "completed");
    EXPECT_EQ(patient.card(puva), "critical");
}

constexpr char const* steroid = "csa-systemic-steroid-ad";

TEST(CsaSystemicSteroidAd, SpeaksUpToThreeMonthsAfterCiclosporin) {
    struct Row {
        char const* end;
        std::string expected;
    };
    for (auto const& row : {Row{"2025-12-10", "warning"}, Row{"2025-12-09", ""}}) {
        Patient patient;
        patient.condition("L20.9", "Atopic dermatitis", -400);
        patient.order(
            "o1", ciclosporin, "cyclosporine", -200,
            std::string{R"(,"dosageInstruction":[{"timing":{"repeat":{"boundsPeriod":{"end":")"} +
                row.end + "\"}}}}]",
            "completed");
        patient.draft("d1", "", "prednisolone 30 mg", dose("30", 1));
        EXPECT_EQ(patient.card(steroid), row.expected) << row.end;
    }
}

TEST(CsaSystemicSteroidAd, IsForOralOrIntramuscularCoursesThatNothingElseExplains) {
    struct Row {
        char const* drug;
        char const* route;
        std::string why, expected;
    };
    for (auto const& row :
         {Row{"prednisolone", "oral", "", "warning"},
          Row{"triamcinolone", "intramuscular", "", "warning"},
          Row{"prednisolone", "oral", "atopic dermatitis", "warning"},
          Row{"prednisolone", "oral", "asthma", ""}, Row{"prednisolone", "oral", "hay fever", ""},
          Row{"methylprednisolone", "intravenous", "", ""},
          Row{"triamcinolone", "intra-articular", "", ""}, Row{"budesonide", "oral", "", ""}}) {
        Patient patient;
        patient.condition("L20.9", "Atopic dermatitis", -400)
            .order("o1", ciclosporin, "cyclosporine", -60, dose("100", 2));
        patient.draft("d1", "", row.drug,
                      dose("30", 1, row.route) + (row.why.empty() ? "" : reason(row.why)));
        EXPECT_EQ(patient.card(steroid), row.expected) << row.drug << row.route << row.why;
    }
}

constexpr char const* selection = "csa-ad-selection-criteria";

TEST(CsaAdSelectionCriteria, AsksForTopicalsOfAYearAndAnyPhototherapy) {
    auto const patient = [](bool topical, int topical_end, bool light_done) {
        auto made = start("atopic dermatitis");
        if (topical) {
            made.order("o1", "", "clobetasol ointment", topical_end - 60,
                       R"(,"dosageInstruction":[{"timing":{"repeat":{"boundsPeriod":{"end":")" +
                           day(topical_end) + "\"}}}}]",
                       "completed");
        }
        if (light_done) made.procedure(text_code("Narrowband UVB"), -3000);
        return made;
    };
    EXPECT_EQ(patient(true, -365, true).card(selection), "");
    EXPECT_EQ(patient(true, -366, true).card(selection), "info");
    EXPECT_EQ(patient(true, -10, false).card(selection), "info");
    EXPECT_EQ(patient(false, 0, true).card(selection), "info");
    auto barred = patient(true, -10, false);
    barred.condition("C44.91", "Basal cell carcinoma of skin", -3000);
    EXPECT_EQ(barred.card(selection), "");
    auto restart = patient(false, 0, false);
    restart.order("o2", ciclosporin, "cyclosporine", -300, dose("100", 2), "completed");
    EXPECT_EQ(restart.card(selection), "");
    auto psoriasis = start("psoriasis");
    EXPECT_EQ(psoriasis.card(selection), "");
}

TEST(CsaAdSelectionCriteria, OneItemThatIsCertainlyMissingIsEnough) {
    auto patient = start("atopic dermatitis");
    patient.prefetch("procedures", "");
    EXPECT_EQ(patient.card(selection), "info");
    patient.order("o1", "", "clobetasol ointment", -30);
    EXPECT_EQ(patient.card(selection), "unknown");
}

}  // namespace
