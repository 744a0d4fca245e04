#include <gtest/gtest.h>

#include "tests/rules/patient.hpp"

// Ciclosporin with other drugs: both directions, on hold, ended, stopped in the bundle;
// formulations.

namespace {

using namespace cds::acceptance;

constexpr char const* ciclosporin = "3008";

std::string ended(int day_of_end) {
    return R"(,"dosageInstruction":[{"timing":{"repeat":{"boundsPeriod":{"end":")" +
           day(day_of_end) + "\"}}}}]";
}

/// Ciclosporin drafted with `text` running.
Patient drafted_on(std::string const& text, std::string const& status = "active",
                   std::string const& extra = "") {
    Patient patient;
    patient.draft("d1", ciclosporin, "cyclosporine",
                  dose("100", 2) + reason("rheumatoid arthritis"));
    patient.order("o1", "", text, -30, extra, status);
    return patient;
}

/// `text` drafted with ciclosporin running.
Patient drafted(std::string const& text, std::string const& extra = "") {
    Patient patient;
    patient.order("o1", ciclosporin, "cyclosporine", -60, dose("100", 2));
    patient.draft("d1", "", text, extra);
    return patient;
}

struct Partner {
    char const* rule;
    char const* text;
    std::string expected;
};

class CiclosporinPartner : public testing::TestWithParam<Partner> {};

TEST_P(CiclosporinPartner, SpeaksInBothDirectionsWhileBothAreInForce) {
    auto const& one = GetParam();
    EXPECT_EQ(drafted_on(one.text).card(one.rule), one.expected);
    EXPECT_EQ(drafted(one.text).card(one.rule), one.expected);
    EXPECT_EQ(drafted_on(one.text, "on-hold").card(one.rule), "");
    EXPECT_EQ(drafted_on(one.text, "entered-in-error").card(one.rule), "");
    EXPECT_EQ(drafted_on(one.text, "stopped", ended(-5)).card(one.rule), "");
    auto stopped = drafted_on(one.text);
    stopped.stop("s1", "", one.text);
    EXPECT_EQ(stopped.card(one.rule), "");
}

INSTANTIATE_TEST_SUITE_P(
    Partners, CiclosporinPartner,
    testing::Values(Partner{"csa-thiazide", "hydrochlorothiazide 25 mg", "warning"},
                    Partner{"csa-thiazide", "indapamide 2.5 mg", "warning"},
                    Partner{"csa-thiazide", "furosemide 40 mg", ""},
                    Partner{"csa-potassium-sparing-diuretic", "spironolactone 25 mg", "warning"},
                    Partner{"csa-potassium-sparing-diuretic", "hydrochlorothiazide 25 mg", ""},
                    Partner{"csa-cyp3a4-interaction", "clarithromycin 500 mg", "warning"},
                    Partner{"csa-cyp3a4-interaction", "azithromycin 500 mg", ""},
                    Partner{"csa-cyp3a4-interaction", "St John's wort", "warning"},
                    Partner{"csa-cyp3a4-interaction", "atorvastatin 20 mg", ""},
                    Partner{"csa-multiple-interactions-nephrology",
                            "triamterene / hydrochlorothiazide", "info"},
                    Partner{"csa-multiple-interactions-nephrology", "clarithromycin", ""}));

TEST(CiclosporinInteractions, OneDrugAsOrderAndStatementIsOneIngredient) {
    auto patient = drafted_on("voriconazole 200 mg");
    patient.add(
        "statements",
        R"({"resourceType":"MedicationStatement","id":"ms1","status":"active",)"
        R"("medicationCodeableConcept":{"text":"voriconazole"},"subject":{"reference":"Patient/p1"},)"
        R"("effectivePeriod":{"start":"2026-03-01"}})");
    EXPECT_EQ(patient.card("csa-multiple-interactions-nephrology"), "");
    patient.order("o2", "", "phenytoin", -100);
    EXPECT_EQ(patient.card("csa-multiple-interactions-nephrology"), "info");
}

TEST(CiclosporinInteractions, AreOpenWhenOrdersCouldNotBeHad) {
    Patient patient;
    patient.draft("d1", ciclosporin, "cyclosporine", dose("100", 2)).prefetch("medications", "");
    EXPECT_EQ(patient.card("csa-cyp3a4-interaction"), "unknown");
    patient.draft("d2", "", "clarithromycin");
    EXPECT_EQ(patient.card("csa-cyp3a4-interaction"), "warning");
}

constexpr char const* prefer_ccb = "csa-htn-prefer-ccb";

TEST(CsaHtnPreferCcb, SpeaksForANewAntihypertensiveThatNothingElseExplains) {
    EXPECT_EQ(drafted("lisinopril 10 mg").card(prefer_ccb), "info");
    EXPECT_EQ(drafted("lisinopril 10 mg", reason("hypertension")).card(prefer_ccb), "info");
    EXPECT_EQ(drafted("lisinopril 10 mg", reason("proteinuria")).card(prefer_ccb), "");
    for (auto const* other : {"amlodipine 5 mg", "furosemide 40 mg",
                              "losartan / hydrochlorothiazide", "diltiazem 120 mg"}) {
        EXPECT_EQ(drafted(other).card(prefer_ccb), "") << other;
    }
    auto failing = drafted("lisinopril 10 mg");
    failing.condition("I50.9", "Heart failure", -400);
    EXPECT_EQ(failing.card(prefer_ccb), "");
    auto renewed = drafted("lisinopril 10 mg");
    renewed.order("o2", "", "lisinopril 10 mg", -100);
    EXPECT_EQ(renewed.card(prefer_ccb), "");
    auto another = drafted("lisinopril 10 mg");
    another.order("o2", "", "bisoprolol 5 mg", -100);
    EXPECT_EQ(another.card(prefer_ccb), "info");
    Patient both;
    both.draft("d1", "", "lisinopril 10 mg")
        .draft("d2", ciclosporin, "cyclosporine", dose("100", 2));
    EXPECT_EQ(both.card(prefer_ccb), "");
}

constexpr char const* formulation = "csa-formulation-switch";

Patient switched(std::string const& before, int end, std::string const& now,
                 std::string const& route = "oral") {
    Patient patient;
    patient.order("o1", "", before, -200, ended(end), "completed");
    patient.draft("d1", "", now, dose("100", 2, route));
    return patient;
}

TEST(CsaFormulationSwitch, ComparesTheNewestOralProductOf90Days) {
    EXPECT_EQ(switched("Neoral", -1, "Sandimmune capsule").card(formulation), "warning");
    EXPECT_EQ(switched("Sandimmune capsule", -90, "cyclosporine modified").card(formulation),
              "warning");
    EXPECT_EQ(switched("Sandimmune capsule", -91, "cyclosporine modified").card(formulation), "");
    EXPECT_EQ(switched("Neoral", -1, "Gengraf").card(formulation), "");
    EXPECT_EQ(switched("Neoral", -1, "cyclosporine capsule").card(formulation), "info");
    EXPECT_EQ(switched("cyclosporine capsule", -1, "Neoral").card(formulation), "");
    EXPECT_EQ(switched("cyclosporine non-modified", -1, "Neoral").card(formulation), "warning");
    EXPECT_EQ(switched("Neoral", -1, "Sandimmune injection", "intravenous").card(formulation), "");
}

TEST(CsaFormulationSwitch, InfusionsAreNoPreviousOralProduct) {
    Patient patient;
    patient.order("o1", "", "Sandimmune injection", -10, dose("140", 1, "intravenous"));
    patient.draft("d1", "", "Neoral", dose("100", 2));
    EXPECT_EQ(patient.card(formulation), "");
}

}  // namespace
