#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/rules/patient.hpp"

// Boundaries of the rules for tests, courses and levels on ciclosporin. The clock is 2026-03-10.

namespace cds::acceptance {
namespace {

constexpr char const* modified = "835911";
constexpr char const* infliximab = "191831";

/// A renewal of ciclosporin that runs since `days`.
Patient renewal(int days, std::string const& disease = "Psoriasis",
                std::string const& birth = "1981-01-15",
                std::string const& extra = dose("125", 2)) {
    Patient patient{"male", birth};
    patient.draft("d1", modified, "Neoral", extra + (disease.empty() ? "" : reason(disease)))
        .order("m1", modified, "Neoral", days, bounded_dose("125", 2, days, 2))
        .weight("75", -5);
    return patient;
}

TEST(CiclosporinRenalCheck, IsDueEveryFourteenDaysForThreeMonthsThenMonthly) {
    auto const rule = "csa-renal-bp-monitoring-overdue";
    struct Row {
        char const* name;
        int start, creatinine, pressure;
        char const* card;
    };
    // 2025-12-10 is exactly three months before 2026-03-10: 90 days.
    for (auto const& row : std::vector<Row>{{"due today", -60, -14, -14, ""},
                                            {"creatinine a day late", -60, -15, -14, "warning"},
                                            {"pressure a day late", -60, -14, -15, "warning"},
                                            {"last day of phase 1", -90, -15, -5, "warning"},
                                            {"first day of phase 2", -91, -15, -5, ""},
                                            {"31 days", -200, -31, -31, ""},
                                            {"32 days", -200, -32, -5, "warning"},
                                            {"32 days, pressure", -200, -5, -32, "warning"}}) {
        auto patient = renewal(row.start);
        patient.lab("14682-9", "80", "umol/L", row.creatinine).pressure("120", "75", row.pressure);
        EXPECT_EQ(patient.card(rule), row.card) << row.name;
    }
}

TEST(CiclosporinRenalCheck, CountsFromTheStartWhenNothingWasDone) {
    auto const rule = "csa-renal-bp-monitoring-overdue";
    EXPECT_EQ(renewal(-14).card(rule), "");
    EXPECT_EQ(renewal(-15).card(rule), "warning");
    EXPECT_EQ(renewal(-60, "kidney transplant").card(rule), "");
    EXPECT_EQ(renewal(-60).prefetch("observations", "").card(rule), "unknown");
    auto unusable = renewal(-60);
    unusable.lab("14682-9", "80", "", -2)
        .lab("14682-9", "80", "umol/L", -10)
        .pressure("120", "75", -5);
    EXPECT_EQ(unusable.card(rule), "");
    EXPECT_EQ(unusable.card("data-quality-unusable"), "info");
}

TEST(CiclosporinRenalCheck, IsAskedForWithAnInfliximabOrderToo) {
    auto const rule = "csa-renal-bp-monitoring-overdue";
    Patient running;
    running.draft("d1", infliximab, "infliximab")
        .order("m1", modified, "Neoral", -60, dose("125", 2));
    EXPECT_EQ(running.card(rule), "warning");
    Patient drafted;
    drafted.draft("d1", infliximab, "infliximab").draft("d2", modified, "Neoral", dose("125", 2));
    EXPECT_EQ(drafted.card(rule), "");
}

TEST(CiclosporinMonthlyLabs, GoFromInfoToWarningAfterTwoMonths) {
    auto const rule = "csa-monthly-labs-overdue";
    auto const tested = [](int count, int others) {
        auto patient = renewal(-200);
        patient.lab("6690-2", "6", "10*9/L", count)
            .lab("718-7", "14", "g/dL", count)
            .lab("777-3", "250", "10*9/L", count);
        patient.lab("1742-6", "20", "U/L", others).lab("2093-3", "180", "mg/dL", others);
        patient.lab("2823-3", "4.2", "mmol/L", others).lab("19123-9", "2.0", "mg/dL", others);
        return patient;
    };
    EXPECT_EQ(tested(-31, -31).card(rule), "");
    EXPECT_EQ(tested(-32, -5).card(rule), "info");
    EXPECT_EQ(tested(-5, -62).card(rule), "info");
    EXPECT_EQ(tested(-5, -63).card(rule), "warning");
    EXPECT_EQ(renewal(-31).card(rule), "");
    EXPECT_EQ(renewal(-32).card(rule), "info");
    EXPECT_EQ(renewal(-63).card(rule), "warning");
    EXPECT_EQ(renewal(-63).prefetch("observations", "").card(rule), "unknown");
}

TEST(CiclosporinDuration, EndsAfterAYearForTheSkin) {
    auto const rule = "csa-duration-max-1y";
    auto const planned = [](int days, int end, std::string const& disease = "atopic dermatitis") {
        return renewal(days, disease, "1981-01-15", bounded_dose("125", 2, 0, end));
    };
    // 2025-03-10 is exactly one year before 2026-03-10: 365 days.
    EXPECT_EQ(planned(-365, 0).card(rule), "");
    EXPECT_EQ(planned(-365, 1).card(rule), "warning");
    EXPECT_EQ(planned(-366, 0).card(rule), "critical");
    EXPECT_EQ(renewal(-365, "atopic dermatitis").card(rule), "");
    EXPECT_EQ(planned(-300, 65).card(rule), "");
    EXPECT_EQ(planned(-300, 66).card(rule), "warning");
    EXPECT_EQ(planned(-400, 0, "psoriasis").card(rule), "critical");
    EXPECT_EQ(planned(-400, 0, "rheumatoid arthritis").card(rule), "");
    EXPECT_EQ(renewal(-400, "").condition("L40.0", "Psoriasis", -900).card(rule), "critical");
    EXPECT_EQ(renewal(-400, "")
                  .condition("L40.0", "Psoriasis", -900)
                  .condition("M06.9", "Rheumatoid arthritis", -900)
                  .card(rule),
              "");
    EXPECT_EQ(renewal(-400, "").prefetch("conditions", "").card(rule), "unknown");
}

TEST(CiclosporinCourse, IsReviewedAfterSixteenWeeksOrEightInChildren) {
    auto const rule = "csa-course-length-review";
    EXPECT_EQ(renewal(-112, "atopic dermatitis").card(rule), "");
    EXPECT_EQ(renewal(-113, "atopic dermatitis").card(rule), "info");
    EXPECT_EQ(renewal(-56, "atopic dermatitis", "2008-03-11").card(rule), "");
    EXPECT_EQ(renewal(-57, "atopic dermatitis", "2008-03-11").card(rule), "info");
    EXPECT_EQ(renewal(-57, "atopic dermatitis", "2008-03-10").card(rule), "");
    EXPECT_EQ(renewal(-113, "psoriasis").card(rule), "");
    EXPECT_EQ(renewal(-400, "atopic dermatitis").card(rule), "");  // the 1-year card says it
}

TEST(CiclosporinLevel, IsNotRoutineForTheSkin) {
    auto const rule = "csa-level-not-routine";
    auto const ordered = [] {
        Patient patient;
        patient.draft_service("s1",
                              R"({"coding":[{"system":"http://loinc.org","code":"53828-0"}]})");
        return patient;
    };
    EXPECT_EQ(ordered().condition("L20.9", "Atopic dermatitis", -900).card(rule), "info");
    EXPECT_EQ(ordered().card(rule), "");
    auto const eczema = [&] { return ordered().condition("L20.9", "Atopic dermatitis", -900); };
    EXPECT_EQ(eczema().condition("K74.60", "Cirrhosis", -900).card(rule), "");
    EXPECT_EQ(eczema().condition("M06.9", "Rheumatoid arthritis", -900).card(rule), "");
    EXPECT_EQ(eczema().order("m1", "", "clarithromycin", -3).card(rule), "");
    EXPECT_EQ(eczema().prefetch("medications", "").card(rule), "unknown");
}

TEST(CiclosporinLevel, IsReasonableWithLiverDiseaseOrAnInteraction) {
    auto const rule = "csa-level-indicated";
    EXPECT_EQ(renewal(-60).card(rule), "");
    auto const liver = [] { return renewal(-60).condition("K73.9", "Chronic hepatitis", -900); };
    EXPECT_EQ(liver().card(rule), "info");
    EXPECT_EQ(liver().lab("53828-0", "150", "ng/mL", -30).card(rule), "");
    EXPECT_EQ(liver().lab("53828-0", "150", "ng/mL", -31).card(rule), "info");
    EXPECT_EQ(renewal(-60).order("m2", "", "diltiazem", -30).card(rule), "info");
    EXPECT_EQ(renewal(-60).order("m2", "", "hydrochlorothiazide", -30).card(rule), "");
    EXPECT_EQ(liver().prefetch("observations", "").card(rule), "unknown");
}

TEST(CiclosporinStop, IsFollowedUpInEczema) {
    auto const rule = "csa-post-stop-followup";
    auto const stopped = [](char const* disease) {
        Patient patient;
        patient.stop("s1", modified, "Neoral", reason(disease))
            .order("m1", modified, "Neoral", -60, dose("125", 2));
        return patient;
    };
    EXPECT_EQ(stopped("atopic dermatitis").card(rule), "info");
    EXPECT_EQ(stopped("psoriasis").card(rule), "");
    EXPECT_EQ(
        stopped("atopic dermatitis").draft("d1", modified, "Neoral", dose("100", 2)).card(rule),
        "");
}

}  // namespace
}  // namespace cds::acceptance
