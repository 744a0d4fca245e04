#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/rules/patient.hpp"

// Boundaries of csa-baseline-incomplete. The clock is 2026-03-10.

namespace cds::acceptance {
namespace {

constexpr char const* rule = "csa-baseline-incomplete";
constexpr char const* modified = "835911";

/// The tests of the baseline, all done on one day but the one that is left out.
Patient& baseline(Patient& patient, std::string const& without = "", int days = -5) {
    auto const lab = [&](char const* name, char const* loinc, char const* value, char const* unit) {
        if (name != without) patient.lab(loinc, value, unit, days);
    };
    if (without != "pressure") patient.pressure("120", "75", days);
    lab("creatinine", "14682-9", "80", "umol/L");
    lab("bun", "3094-0", "13", "mg/dL");
    lab("leukocytes", "6690-2", "6.1", "10*9/L");
    lab("haemoglobin", "718-7", "14", "g/dL");
    lab("platelets", "777-3", "250", "10*9/L");
    lab("alt", "1742-6", "20", "U/L");
    lab("ldl", "13457-7", "100", "mg/dL");
    lab("magnesium", "19123-9", "2.0", "mg/dL");
    lab("potassium", "2823-3", "4.2", "mmol/L");
    lab("uric", "3084-1", "5.1", "mg/dL");
    if (without != "urine") patient.result("20454-5", "", R"("valueString":"negative")", days);
    return patient;
}

Patient start(std::string const& sex = "male", std::string const& birth = "1981-01-15") {
    Patient patient{sex, birth};
    patient.draft("d1", modified, "Neoral", dose("125", 2) + reason("Psoriasis")).weight("75", -5);
    return patient;
}

TEST(CiclosporinBaseline, NamesTheSeverityByWhatIsMissing) {
    struct Row {
        char const* without;
        char const* card;
    };
    for (auto const& row : std::vector<Row>{{"", ""},
                                            {"pressure", "warning"},
                                            {"creatinine", "warning"},
                                            {"bun", "info"},
                                            {"leukocytes", "info"},
                                            {"haemoglobin", "info"},
                                            {"platelets", "info"},
                                            {"alt", "info"},
                                            {"ldl", "info"},
                                            {"magnesium", "info"},
                                            {"potassium", "info"},
                                            {"uric", "info"},
                                            {"urine", "info"}}) {
        auto patient = start();
        EXPECT_EQ(baseline(patient, row.without).card(rule), row.card) << row.without;
    }
}

TEST(CiclosporinBaseline, CountsThirtyDaysAndNotThirtyOne) {
    auto fresh = start();
    EXPECT_EQ(baseline(fresh, "", -30).card(rule), "");
    auto stale = start();
    EXPECT_EQ(baseline(stale, "", -31).card(rule), "warning");
}

TEST(CiclosporinBaseline, TakesAnUnusableValueAsMissing) {
    struct Row {
        char const* unit;
        char const* value;
        char const* status;
        char const* card;
    };
    for (auto const& row : std::vector<Row>{{"mg/dL", "0.9", "final", ""},
                                            {"", "80", "final", "warning"},
                                            {"mm[Hg]", "80", "final", "warning"},
                                            {"umol/L", "2001", "final", "warning"},
                                            {"umol/L", "80", "preliminary", "warning"},
                                            {"umol/L", "80", "entered-in-error", "warning"},
                                            {"umol/L", "80", "amended", ""}}) {
        auto patient = start();
        baseline(patient, "creatinine").lab("2160-0", row.value, row.unit, -3, "", row.status);
        EXPECT_EQ(patient.card(rule), row.card)
            << row.unit << ' ' << row.value << ' ' << row.status;
    }
}

TEST(CiclosporinBaseline, PassesByTheResultOfAnotherPatient) {
    auto patient = start();
    baseline(patient, "creatinine");
    patient.add("observations",
                R"({"resourceType":"Observation","id":"x1","status":"final","code":{"coding":[{)"
                R"("system":"http://loinc.org","code":"14682-9"}]},"subject":{"reference":)"
                R"("Patient/p2"},"effectiveDateTime":"2026-03-05","valueQuantity":{"value":80,)"
                R"("unit":"umol/L","system":"http://unitsofmeasure.org","code":"umol/L"}})");
    EXPECT_EQ(patient.card(rule), "warning");
}

TEST(CiclosporinBaseline, AsksForAPregnancyTestFromTwelveToFiftyFive) {
    struct Row {
        char const* sex;
        char const* birth;
        char const* card;
    };
    for (auto const& row : std::vector<Row>{{"female", "2014-03-10", "info"},
                                            {"female", "2014-03-11", ""},
                                            {"female", "1970-03-11", "info"},
                                            {"female", "1970-03-10", ""},
                                            {"male", "1995-07-01", ""},
                                            {"unknown", "1995-07-01", ""}}) {
        auto patient = start(row.sex, row.birth);
        EXPECT_EQ(baseline(patient).card(rule), row.card) << row.sex << ' ' << row.birth;
    }
}

TEST(CiclosporinBaseline, AsksForNoPregnancyTestWhenItIsPointless) {
    auto const woman = [] {
        auto patient = start("female", "1990-07-01");
        baseline(patient);
        return patient;
    };
    EXPECT_EQ(woman().result("2118-8", "", R"("valueString":"negative")", -30).card(rule), "");
    EXPECT_EQ(woman().result("2118-8", "", R"("valueString":"negative")", -31).card(rule), "info");
    EXPECT_EQ(woman().condition("Z33.1", "Pregnancy", -40).card(rule), "");
    EXPECT_EQ(woman().condition("Z90.710", "hysterectomy", -900).card(rule), "");
    EXPECT_EQ(woman().condition("Z78.0", "postmenopausal", -900).card(rule), "");
    EXPECT_EQ(woman().procedure(R"({"text":"tubal ligation"})", -900).card(rule), "");
    EXPECT_EQ(woman().procedure(R"({"text":"appendectomy"})", -900).card(rule), "info");
    EXPECT_EQ(woman().prefetch("procedures", "").card(rule), "unknown");
}

TEST(CiclosporinBaseline, AsksOnTreatmentOnlyForACreatinineFromBefore) {
    auto const renewal = [] {
        Patient patient;
        patient.draft("d1", modified, "Neoral", dose("125", 2) + reason("Psoriasis"))
            .order("m1", modified, "Neoral", -60, bounded_dose("125", 2, -60, 2));
        return patient;
    };
    EXPECT_EQ(renewal().card(rule), "info");
    EXPECT_EQ(renewal().lab("14682-9", "80", "umol/L", -60).card(rule), "");
    EXPECT_EQ(renewal().lab("14682-9", "80", "umol/L", -59).card(rule), "info");
    EXPECT_EQ(renewal().lab("14682-9", "80", "umol/L", -150).card(rule), "");
    EXPECT_EQ(renewal().lab("14682-9", "80", "umol/L", -151).card(rule), "info");
    EXPECT_EQ(renewal().prefetch("observations", "").card(rule), "unknown");
}

TEST(CiclosporinBaseline, ConcludesNothingFromAFailedQuery) {
    auto patient = start();
    EXPECT_EQ(patient.prefetch("observations", "").card(rule), "unknown");
    auto orders = start();
    baseline(orders, "creatinine");
    EXPECT_EQ(orders.prefetch("medications", "").card(rule), "unknown");
}

TEST(CiclosporinBaseline, IsSilentAfterATransplant) {
    Patient patient;
    patient.draft("d1", modified, "Neoral", dose("125", 2))
        .condition("Z94.0", "kidney transplant", -400);
    EXPECT_EQ(patient.card(rule), "");
}

}  // namespace
}  // namespace cds::acceptance
