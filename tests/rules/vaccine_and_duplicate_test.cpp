#include <gtest/gtest.h>

#include <string>

#include "tests/rules/patient.hpp"

// Boundaries of live-vaccine-contraindicated and duplicate-immunosuppressant-order.

namespace cds::acceptance {
namespace {

Patient vaccinated() { return Patient{}.draft("d1", "", "Yellow fever vaccine"); }
std::string ends(int to) { return bounded_dose("150", 1, -200, to); }

TEST(LiveVaccine, IsContraindicatedUnderEveryClass) {
    auto const rule = "live-vaccine-contraindicated";
    EXPECT_EQ(vaccinated().card(rule), "");
    for (auto const* drug :
         {"infliximab", "adalimumab", "cyclosporine", "azathioprine", "methotrexate",
          "mycophenolate mofetil", "tofacitinib", "leflunomide"}) {
        EXPECT_EQ(vaccinated().order("m1", "", drug, -90).card(rule), "critical") << drug;
        EXPECT_EQ(vaccinated().draft("d2", "", drug).card(rule), "critical") << drug;
    }
    for (auto const* drug : {"omalizumab", "dupilumab", "sirolimus", "Restasis"}) {
        EXPECT_EQ(vaccinated().order("m1", "", drug, -90).card(rule), "") << drug;
    }
    EXPECT_EQ(vaccinated().prefetch("medications", "").card(rule), "unknown");
}

TEST(LiveVaccine, CorticosteroidsCountFrom75MgWhileTheyRun) {
    auto const rule = "live-vaccine-contraindicated";
    EXPECT_EQ(vaccinated().order("m1", "8640", "prednisone", -9, dose("7.4", 1)).card(rule), "");
    EXPECT_EQ(vaccinated().order("m1", "8640", "prednisone", -9, dose("7.5", 1)).card(rule),
              "critical");
    EXPECT_EQ(
        vaccinated()
            .order("m1", "8640", "prednisone", -20, bounded_dose("40", 1, -20, -10), "completed")
            .card(rule),
        "");
}

TEST(LiveVaccine, LastsThreeMonthsAfterTheEnd) {
    auto const rule = "live-vaccine-contraindicated";
    // 2025-12-10 is exactly three calendar months before 2026-03-10.
    EXPECT_EQ(
        vaccinated().order("m1", "1256", "azathioprine", -200, ends(-90), "completed").card(rule),
        "critical");
    EXPECT_EQ(
        vaccinated().order("m1", "1256", "azathioprine", -200, ends(-91), "completed").card(rule),
        "");
    EXPECT_EQ(vaccinated().given("191831", "infliximab", -90).card(rule), "critical");
    EXPECT_EQ(vaccinated().given("191831", "infliximab", -91).card(rule), "");
}

TEST(LiveVaccine, MayBeDraftedAsAService) {
    auto const rule = "live-vaccine-contraindicated";
    auto const treated = Patient{}.order("m1", "6851", "methotrexate", -90);
    EXPECT_EQ(Patient{treated}.draft_service("s1", R"({"text":"MMR vaccine"})").card(rule),
              "critical");
    EXPECT_EQ(Patient{treated}
                  .draft_service("s1", R"({"text":"Zoster vaccine, recombinant"})")
                  .card(rule),
              "");
    EXPECT_EQ(Patient{treated}.draft("d1", "", "BCG live intravesical").card(rule), "");
}

Patient neoral(std::string const& extra = dose("100", 2)) {
    return Patient{}.order("m1", "", "Neoral 100 mg capsule", -60, extra);
}
std::string ending(int to) { return bounded_dose("100", 2, -60, to); }
constexpr char const* duplicate = "duplicate-immunosuppressant-order";

TEST(DuplicateOrder, NeedsAnOverlapOfMoreThan14Days) {
    auto const gengraf = [](Patient patient) {
        return patient.draft("d1", "", "Gengraf 100 mg capsule", dose("100", 2));
    };
    EXPECT_EQ(gengraf(neoral()).card(duplicate), "warning");
    EXPECT_EQ(gengraf(neoral(ending(15))).card(duplicate), "warning");
    EXPECT_EQ(gengraf(neoral(ending(14))).card(duplicate), "");
    EXPECT_EQ(
        neoral()
            .draft("d1", "", "Gengraf 100 mg capsule",
                   dose("100", 2) + R"(,"priorPrescription":{"reference":"MedicationRequest/m1"})")
            .card(duplicate),
        "");
    EXPECT_EQ(gengraf(neoral()).stop("d2", "3008", "cyclosporine").card(duplicate), "");
    EXPECT_EQ(gengraf(Patient{}.prefetch("medications", "")).card(duplicate), "unknown");
}

TEST(DuplicateOrder, ComparesNamedProductsOnly) {
    struct Row {
        char const* stored;
        char const* drafted;
        char const* expected;
    };
    for (auto const& row : {
             Row{"Neoral", "Neoral", ""},
             Row{"Neoral", "cyclosporine", ""},
             Row{"Neoral", "cyclosporine modified capsule", ""},
             Row{"Sandimmune", "cyclosporine modified capsule", "warning"},
             Row{"Remicade", "Inflectra", "warning"},
             Row{"Inflectra", "infliximab-dyyb", ""},
             Row{"Inflectra", "Zymfentra", "warning"},
             Row{"Remicade", "infliximab-dyyb", "warning"},
             Row{"infliximab-abda", "infliximab-dyyb", "warning"},
             Row{"Renflexis", "infliximab-abda", ""},
             Row{"infliximab", "infliximab-dyyb", ""},
             Row{"Xolair", "Omlyclo", "warning"},
             Row{"Humira", "Enbrel", ""},
             Row{"Imuran", "mercaptopurine", ""},
         }) {
        auto const patient =
            Patient{}.order("m1", "", row.stored, -60).draft("d1", "", row.drafted);
        EXPECT_EQ(patient.card(duplicate), row.expected) << row.stored << " / " << row.drafted;
    }
}

TEST(DuplicateOrder, TwoDraftsAreOneUnlessStrengthsAreTakenTogether) {
    struct Row {
        char const* first;
        char const* second;
        char const* expected;
    };
    for (auto const& row : {
             Row{"Neoral 100 MG Oral Capsule", "Neoral 25 MG Oral Capsule", ""},
             Row{"Neoral 100 MG Oral Capsule", "Neoral 100 MG Oral Capsule", "warning"},
             Row{"Neoral 100 MG Oral Capsule", "Gengraf 25 MG Oral Capsule", "warning"},
             Row{"azathioprine 50 MG Oral Tablet", "azathioprine 25 MG Oral Tablet", ""},
             Row{"azathioprine 50 MG Oral Tablet", "azathioprine 50 MG Oral Tablet", "warning"},
             Row{"azathioprine", "mercaptopurine", ""},
             Row{"prednisone 5 MG Oral Tablet", "prednisone 5 MG Oral Tablet", ""},
             Row{"omeprazole", "omeprazole", ""},
         }) {
        auto const patient = Patient{}
                                 .draft("d1", "", row.first, dose("50", 2))
                                 .draft("d2", "", row.second, dose("25", 2));
        EXPECT_EQ(patient.card(duplicate), row.expected) << row.first << " / " << row.second;
    }
}

}  // namespace
}  // namespace cds::acceptance
