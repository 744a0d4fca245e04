#include <gtest/gtest.h>

#include "tests/rules/patient.hpp"

// Kidney, blood pressure, malignancy, allergy, infection, pregnancy: at the limits, in other units,
// old, of the wrong patient, in error, and when the query failed.

namespace {

using namespace cds::acceptance;

constexpr char const* ciclosporin = "3008";

Patient start(std::string const& why = "psoriasis", std::string const& sex = "male",
              std::string const& birth = "1981-01-15") {
    Patient patient{sex, birth};
    patient.draft("d1", ciclosporin, "cyclosporine",
                  dose("100", 2) + (why.empty() ? "" : reason(why)));
    return patient;
}

Patient renewal() {
    auto patient = start();
    patient.order("o1", ciclosporin, "cyclosporine", -60, dose("100", 2));
    return patient;
}

std::string high(char const* value) {
    return std::string{R"(,"referenceRange":[{"high":{"value":)"} + value + "}}]";
}

constexpr char const* renal = "csa-contra-renal";

TEST(CsaContraRenal, CreatinineIsJudgedByTheReportElseByTheLimitOfTheSex) {
    struct Row {
        char const* value;
        char const* unit;
        std::string range, sex;
        int days;
        std::string expected;
    };
    for (auto const& row : {
             Row{"110", "umol/L", "", "male", -5, ""},
             Row{"110.5", "umol/L", "", "male", -5, "critical"},
             Row{"90", "umol/L", "", "female", -5, ""},
             Row{"91", "umol/L", "", "female", -5, "critical"},
             Row{"91", "umol/L", "", "unknown", -5, "critical"},
             Row{"98", "umol/L", high("98"), "male", -5, ""},
             Row{"99", "umol/L", high("98"), "male", -5, "critical"},
             Row{"115", "umol/L", high("120"), "male", -5, ""},
             Row{"115", "umol/L", "", "male", -90, "critical"},
             Row{"115", "umol/L", "", "male", -91, ""},
             Row{"115", "U/L", "", "male", -5, ""},
             Row{"115", "", "", "male", -5, ""},
         }) {
        auto patient = start("psoriasis", row.sex);
        patient.lab("14682-9", row.value, row.unit, row.days, row.range);
        EXPECT_EQ(patient.card(renal), row.expected)
            << row.value << row.unit << row.range << row.sex << row.days;
    }
    auto us = start();
    us.lab("2160-0", "1.25", "mg/dL", -5, high("1.2"));
    EXPECT_EQ(us.card(renal), "critical");
}

TEST(CsaContraRenal, EgfrSpeaksBelow60AlsoBesideANormalCreatinine) {
    for (auto const& [value, days, expected] :
         {std::tuple{"60", -5, ""}, std::tuple{"59", -90, "critical"}, std::tuple{"59", -91, ""}}) {
        auto patient = start();
        patient.lab("14682-9", "80", "umol/L", -5).lab("98979-8", value, "mL/min/{1.73_m2}", days);
        EXPECT_EQ(patient.card(renal), expected) << value << days;
    }
}

TEST(CsaContraRenal, KidneyDiseaseCountsWhileActiveAndAcuteInjuryFor90Days) {
    struct Row {
        char const* code;
        char const* text;
        int days;
        std::string extra, expected;
    };
    auto const resolved = std::string{R"(,"clinicalStatus":{"coding":[{"code":"resolved"}]})"};
    auto const error =
        std::string{R"(,"verificationStatus":{"coding":[{"code":"entered-in-error"}]})"};
    for (auto const& row :
         {Row{"N18.30", "CKD 3", -900, "", "critical"}, Row{"N18.30", "CKD 3", -900, resolved, ""},
          Row{"N18.30", "CKD 3", -900, error, ""}, Row{"N17.9", "AKI", -90, "", "critical"},
          Row{"N17.9", "AKI", -91, "", ""}, Row{"", "Dialysis", -400, "", "critical"}}) {
        auto patient = start();
        patient.condition(row.code, row.text, row.days, row.extra);
        EXPECT_EQ(patient.card(renal), row.expected) << row.text << row.days << row.extra;
    }
}

TEST(CsaContraRenal, IsAWarningOffLabelAndSilentInTransplantation) {
    for (auto const& [why, expected] :
         {std::pair{"ulcerative colitis", "warning"}, std::pair{"uveitis", "warning"},
          std::pair{"", "critical"}, std::pair{"kidney transplant", ""}}) {
        auto patient = start(why);
        patient.lab("14682-9", "140", "umol/L", -5);
        EXPECT_EQ(patient.card(renal), expected) << why;
    }
    auto with_asthma = start("");
    with_asthma.lab("14682-9", "140", "umol/L", -5).condition("J45.50", "Asthma", -900);
    EXPECT_EQ(with_asthma.card(renal), "critical");
}

TEST(CsaContraRenal, OnTreatmentSpeaksOnlyWithoutAValueFromBefore) {
    for (auto const& [days, expected] : {std::pair{-60, ""}, std::pair{-150, ""},
                                         std::pair{-151, "warning"}, std::pair{-59, "warning"}}) {
        auto patient = renewal();
        patient.lab("14682-9", "100", "umol/L", days).lab("14682-9", "130", "umol/L", -5);
        EXPECT_EQ(patient.card(renal), expected) << days;
    }
}

TEST(CsaContraRenal, AdultLimitsDoNotHoldForAChild) {
    auto patient = start("psoriasis", "male", "2015-08-01");
    patient.lab("14682-9", "115", "umol/L", -5);
    EXPECT_EQ(patient.card(renal), "");
}

TEST(CsaContraRenal, FailedQueriesLeaveItOpenAndFindingsStand) {
    auto no_results = start();
    no_results.prefetch("observations", "");
    EXPECT_EQ(no_results.card(renal), "unknown");
    no_results.condition("N18.30", "CKD 3", -900);
    EXPECT_EQ(no_results.card(renal), "critical");
    auto no_orders = start();
    no_orders.prefetch("medications", "").lab("14682-9", "140", "umol/L", -5);
    EXPECT_EQ(no_orders.card(renal), "critical");
}

constexpr char const* pressure_rule = "csa-contra-uncontrolled-htn";

TEST(CsaContraUncontrolledHtn, AboveIsCriticalTheLimitItselfInfo) {
    struct Row {
        char const* systolic;
        char const* diastolic;
        int days;
        std::string why, expected;
    };
    for (auto const& row :
         {Row{"139", "89", -5, "psoriasis", ""}, Row{"140", "80", -5, "psoriasis", "info"},
          Row{"120", "90", -5, "psoriasis", "info"}, Row{"141", "80", -5, "psoriasis", "critical"},
          Row{"120", "91", -5, "psoriasis", "critical"},
          Row{"141", "80", -5, "ulcerative colitis", "warning"},
          Row{"150", "95", -30, "psoriasis", "critical"}, Row{"150", "95", -31, "psoriasis", ""},
          Row{"150", "95", -5, "kidney transplant", ""}}) {
        auto patient = start(row.why);
        patient.pressure(row.systolic, row.diastolic, row.days);
        EXPECT_EQ(patient.card(pressure_rule), row.expected)
            << row.systolic << "/" << row.diastolic << row.days << row.why;
    }
}

TEST(CsaContraUncontrolledHtn, IsForStartsOnly) {
    auto patient = renewal();
    patient.pressure("150", "95", -5);
    EXPECT_EQ(patient.card(pressure_rule), "");
}

constexpr char const* malignancy = "csa-contra-malignancy";

TEST(CsaContraMalignancy, AnyMalignancyButSkinCarcinomaInSituAndFamily) {
    struct Row {
        char const* code;
        char const* text;
        std::string extra, expected;
    };
    auto const status = [](char const* code) {
        return std::string{R"(,"verificationStatus":{"coding":[{"code":")"} + code + "\"}]}";
    };
    auto const resolved = std::string{R"(,"clinicalStatus":{"coding":[{"code":"resolved"}]})"};
    for (auto const& row : {Row{"C18.9", "Colon cancer", "", "critical"},
                            Row{"C18.9", "Colon cancer", resolved, "critical"},
                            Row{"C18.9", "Colon cancer", status("refuted"), ""},
                            Row{"C18.9", "Colon cancer", status("unconfirmed"), "critical"},
                            Row{"C43.9", "Melanoma", "", "critical"},
                            Row{"C44.91", "Basal cell carcinoma of skin", "", ""},
                            Row{"D06.9", "Carcinoma in situ of cervix", "", ""},
                            Row{"D03.9", "Melanoma in situ", "", ""},
                            Row{"Z80.3", "Family history of breast cancer", "", ""},
                            Row{"Z85.71", "History of Hodgkin", "", "critical"},
                            Row{"Z85.828", "History of skin cancer", "", ""}}) {
        auto patient = start();
        patient.condition(row.code, row.text, -4000, row.extra);
        EXPECT_EQ(patient.card(malignancy), row.expected) << row.code << row.extra;
    }
    auto on_treatment = renewal();
    on_treatment.condition("C18.9", "Colon cancer", -100);
    EXPECT_EQ(on_treatment.card(malignancy), "critical");
    auto open = start();
    open.prefetch("conditions", R"({"resourceType":"OperationOutcome"})");
    EXPECT_EQ(open.card(malignancy), "unknown");
}

constexpr char const* allergy_rule = "csa-contra-hypersensitivity";

TEST(CsaContraHypersensitivity, CountsTheDrugAlwaysAndTheVehicleForInfusions) {
    struct Row {
        char const* text;
        std::string extra;
        char const* route;
        std::string expected;
    };
    auto const refuted = std::string{R"(,"verificationStatus":{"coding":[{"code":"refuted"}]})"};
    auto const eye = std::string{
        R"(,"reaction":[{"exposureRoute":{"text":"ophthalmic"},"manifestation":[{"text":"itch"}]}])"};
    for (auto const& row :
         {Row{"cyclosporine", "", "oral", "critical"}, Row{"ciclosporin", refuted, "oral", ""},
          Row{"ciclosporin", eye, "oral", ""},
          Row{"Restasis (cyclosporine eye drops)", "", "oral", ""},
          Row{"Cremophor EL", "", "oral", ""}, Row{"Cremophor EL", "", "intravenous", "critical"},
          Row{"penicillin", "", "intravenous", ""}}) {
        Patient patient;
        patient.draft("d1", ciclosporin, "cyclosporine", dose("100", 2, row.route))
            .allergy(row.text, row.extra);
        EXPECT_EQ(patient.card(allergy_rule), row.expected) << row.text << row.extra << row.route;
    }
    auto open = start();
    open.prefetch("allergies", "");
    EXPECT_EQ(open.card(allergy_rule), "unknown");
}

constexpr char const* infection = "csa-contra-active-infection";

TEST(CsaContraActiveInfection, CountsFor90DaysAndLongInfectionsWhileActive) {
    struct Row {
        char const* code;
        char const* text;
        int days;
        std::string expected;
    };
    for (auto const& row :
         {Row{"A41.9", "Sepsis", -90, "critical"}, Row{"A41.9", "Sepsis", -91, ""},
          Row{"A15.0", "Pulmonary tuberculosis", -400, "critical"},
          Row{"B39.4", "Histoplasmosis", -200, "critical"}, Row{"J00", "Common cold", -3, ""},
          Row{"N39.0", "Urinary tract infection", -3, ""}}) {
        auto patient = start();
        patient.condition(row.code, row.text, row.days);
        EXPECT_EQ(patient.card(infection), row.expected) << row.text << row.days;
    }
}

constexpr char const* pregnancy_rule = "csa-pregnancy";

TEST(CsaPregnancy, CountsAConditionATestOf30DaysAndBreastFeeding) {
    auto by_condition = start("psoriasis", "female", "1995-07-01");
    by_condition.condition("Z33.1", "Pregnant", -60);
    EXPECT_EQ(by_condition.card(pregnancy_rule), "warning");
    for (auto const& [sex, days, value, expected] :
         {std::tuple{"female", -30, "positive", "warning"},
          std::tuple{"female", -31, "positive", ""}, std::tuple{"female", -5, "negative", ""},
          std::tuple{"male", -5, "positive", ""}}) {
        auto patient = start("psoriasis", sex, "1995-07-01");
        patient.result("2118-8", "", std::string{R"("valueString":")"} + value + "\"", days);
        EXPECT_EQ(patient.card(pregnancy_rule), expected) << sex << days << value;
    }
    auto nursing = start("psoriasis", "female", "1995-07-01");
    nursing.condition("Z39.1", "Breast feeding", -60);
    EXPECT_EQ(nursing.card(pregnancy_rule), "warning");
}

TEST(CsaContraindications, AStopAndAnEyeProductTriggerNothing) {
    Patient stop;
    stop.order("o1", ciclosporin, "cyclosporine", -60, dose("100", 2))
        .stop("s1", ciclosporin, "cyclosporine");
    Patient eye;
    eye.draft("d1", "", "Restasis 0.05% eye drops");
    for (auto* patient : {&stop, &eye}) {
        patient->condition("C18.9", "Colon cancer", -100)
            .condition("A41.9", "Sepsis", -5)
            .allergy("ciclosporin");
        for (auto const* rule : {malignancy, infection, allergy_rule})
            EXPECT_EQ(patient->card(rule), "") << rule;
    }
}

TEST(CsaContraindications, RowsOfAnotherPatientAreNotRead) {
    auto patient = start();
    patient.condition("L40.0", "Psoriasis", -400);
    patient.add("conditions",
                R"({"resourceType":"Condition","id":"x","subject":{"reference":"Patient/other"},)"
                R"("code":{"text":"colon cancer"}})");
    EXPECT_EQ(patient.card(malignancy), "");
}

}  // namespace
