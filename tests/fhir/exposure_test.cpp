#include <gtest/gtest.h>

#include "fhir/drug_groups.hpp"
#include "tests/fhir/sample_record.hpp"

// Which rows are exposure, and when it ends. Source: catalogue 3.2 and 3.3, fact-encodings
// section 2.

namespace cds::fhir {
namespace {

/// "ongoing", "ended <days from today>", or "none": ciclosporin on `day` days from today.
std::string state(SampleRequest const& request, int day = 0, DrugSet const& drugs = ciclosporin()) {
    auto const sample = request.load();
    if (!sample->error.empty()) return sample->error;
    auto const& chart = *sample->chart;
    if (chart.ongoing(drugs, in_days(day))) return "ongoing";
    auto const last = chart.last_exposure(drugs, in_days(day));
    if (!last) return "none";
    return "ended " + std::to_string(base::days_between(sample_today, last->day)) +
           (last->estimated ? " estimated" : "") + (last->on_hold ? " held" : "") +
           (last->by_stop_draft ? " by draft" : "");
}

TEST(ExposureReading, TheStatusOfAnOrderDecides) {
    struct Row {
        char const* status;
        char const* expected;
    };
    for (auto const& row : {
             Row{"active", "ongoing"},
             Row{"completed", "ended -5"},
             Row{"stopped", "ended -5"},
             Row{"on-hold", "ended 0 held"},
             Row{"draft", "none"},
             Row{"entered-in-error", "none"},
             Row{"unknown", "none"},
             Row{"cancelled", "none"},
         }) {
        SampleRequest request;
        request.order("ciclosporin", authored(-60) + bounds(on(-60), on(-5)), row.status);
        EXPECT_EQ(state(request), row.expected) << row.status;
    }
}

TEST(ExposureReading, TheIntentOfAnOrderDecides) {
    struct Row {
        char const* intent;
        char const* expected;
    };
    for (auto const& row : {
             Row{"'intent':'order',", "ongoing"},
             Row{"'intent':'original-order',", "ongoing"},
             Row{"'intent':'reflex-order',", "ongoing"},
             Row{"'intent':'filler-order',", "ongoing"},
             Row{"'intent':'instance-order',", "ongoing"},
             Row{"", "ongoing"},
             Row{"'intent':'proposal',", "none"},
             Row{"'intent':'plan',", "none"},
             Row{"'intent':'option',", "none"},
             Row{"'intent':'order','doNotPerform':true,", "none"},
         }) {
        SampleRequest request;
        request.row("medications", "{'resourceType':'MedicationRequest','status':'active'," +
                                       std::string{row.intent} +
                                       "'medicationCodeableConcept':{'text':'ciclosporin'}}");
        EXPECT_EQ(state(request), row.expected) << row.intent;
    }
}

TEST(ExposureReading, StatementsCountByStatus) {
    struct Row {
        char const* status;
        char const* expected;
    };
    auto const period = ",'effectivePeriod':{'start':'" + on(-60) + "','end':'" + on(-5) + "'}";
    for (auto const& row : {
             Row{"active", "ended -5"},
             Row{"taken", "ended -5"},
             Row{"completed", "ended -5"},
             Row{"stopped", "ended -5"},
             Row{"not-taken", "none"},
             Row{"intended", "none"},
             Row{"entered-in-error", "none"},
             Row{"unknown", "none"},
         }) {
        SampleRequest request;
        request.statement("ciclosporin", period, row.status);
        EXPECT_EQ(state(request), row.expected) << row.status;
    }
    EXPECT_EQ(state(SampleRequest{}.statement("ciclosporin")), "ongoing");
    EXPECT_EQ(state(SampleRequest{}.statement("ciclosporin", ",'taken':'n'")), "none");
}

TEST(ExposureReading, OnlyAnActiveStatementCountsOnItsLastDay) {
    auto const until = [](int day) {
        return ",'effectivePeriod':{'start':'" + on(-60) + "','end':'" + on(day) + "'}";
    };
    EXPECT_EQ(state(SampleRequest{}.statement("ciclosporin", until(0))), "ongoing");
    EXPECT_EQ(state(SampleRequest{}.statement("ciclosporin", until(-1))), "ended -1");
    EXPECT_EQ(state(SampleRequest{}.statement("ciclosporin", until(0), "completed")), "ended 0");
    EXPECT_EQ(state(SampleRequest{}.statement("ciclosporin", until(30), "completed")), "ended 0");
    EXPECT_EQ(state(SampleRequest{}.statement("ciclosporin", until(30)), 31), "ended 30");
}

TEST(ExposureReading, AdministrationsCountByStatusAndOnTheirOwnDayOnly) {
    struct Row {
        char const* status;
        int day;
        char const* expected;
    };
    for (auto const& row : {
             Row{"completed", -3, "ended -3"},
             Row{"in-progress", -3, "ended -3"},
             Row{"stopped", -3, "ended -3"},
             Row{"completed", 0, "ongoing"},
             Row{"not-done", -3, "none"},
             Row{"on-hold", -3, "none"},
             Row{"entered-in-error", -3, "none"},
             Row{"unknown", -3, "none"},
             Row{"completed", 1, "none"},
         }) {
        SampleRequest request;
        request.given("ciclosporin", row.day, "", row.status);
        EXPECT_EQ(state(request), row.expected) << row.status << row.day;
    }
    EXPECT_EQ(state(SampleRequest{}.given("ciclosporin", 0), 1), "ended 0");
    EXPECT_EQ(state(SampleRequest{}.given("ciclosporin", -3, ",'notGiven':true")), "none");
}

TEST(ExposureReading, DispensesRunThroughTheirSupplyWithoutAnOrder) {
    auto const supply = [](char const* days) {
        return ",'daysSupply':{'value':" + std::string{days} + ",'unit':'d'}";
    };
    EXPECT_EQ(state(SampleRequest{}.dispensed("ciclosporin", -28)), "ongoing");
    EXPECT_EQ(state(SampleRequest{}.dispensed("ciclosporin", -29)), "ended -1");
    EXPECT_EQ(state(SampleRequest{}.dispensed("ciclosporin", -60, supply("60"))), "ongoing");
    EXPECT_EQ(state(SampleRequest{}.dispensed("ciclosporin", -61, supply("60"))), "ended -1");
    EXPECT_EQ(state(SampleRequest{}.dispensed("ciclosporin", -5, "", "in-progress")), "ongoing");
    EXPECT_EQ(state(SampleRequest{}.dispensed("ciclosporin", -5, "", "stopped")), "ongoing");
    for (auto const* status :
         {"preparation", "cancelled", "on-hold", "entered-in-error", "declined", "unknown"}) {
        EXPECT_EQ(state(SampleRequest{}.dispensed("ciclosporin", -5, "", status)), "none")
            << status;
    }
    EXPECT_EQ(state(SampleRequest{}
                        .dispensed("ciclosporin", -5)
                        .order("ciclosporin", authored(-90) + bounds("", on(-20)), "stopped")),
              "ended -5");
}

TEST(ExposureReading, ACancelledOrderCountsOnlyWhenItWasGiven) {
    auto const order = [] {
        SampleRequest request;
        return request.order("ciclosporin", ",'id':'m1'" + authored(-40), "cancelled");
    };
    auto const of_order = ",'request':{'reference':'MedicationRequest/m1'}";
    EXPECT_EQ(state(order()), "none");
    EXPECT_EQ(state(order().given("ciclosporin", -10, of_order)), "ended -10");
    EXPECT_EQ(state(order().given("ciclosporin", -10, of_order, "not-done")), "none");
    EXPECT_EQ(
        state(order().dispensed("ciclosporin", -10,
                                ",'authorizingPrescription':[{'reference':'MedicationRequest/m1'}]",
                                "cancelled")),
        "none");
}

TEST(ExposureReading, ALiveOrderEndsWhenItIsStaleOrPlannedTo) {
    struct Row {
        int end, day;
        char const* expected;
    };
    for (auto const& row : {
             Row{-28, 0, "ongoing"},
             Row{-29, 0, "ended -29"},
             Row{-1, 0, "ongoing"},
             Row{0, 0, "ongoing"},
             Row{0, 28, "ongoing"},
             Row{0, 29, "ended 0"},
             Row{5, 5, "ongoing"},
             Row{5, 6, "ended 5"},
         }) {
        SampleRequest by_bounds, by_validity;
        by_bounds.order("ciclosporin", authored(-90) + bounds(on(-90), on(row.end)));
        EXPECT_EQ(state(by_bounds, row.day), row.expected) << row.end << " " << row.day;
        by_validity.order(
            "ciclosporin",
            authored(-90) + ",'dispenseRequest':{'validityPeriod':{'end':'" + on(row.end) + "'}}");
        EXPECT_EQ(state(by_validity, row.day), row.expected) << row.end << " " << row.day;
    }
    SampleRequest given_later;
    given_later.order("ciclosporin", authored(-90) + bounds(on(-90), on(-40)))
        .given("ciclosporin", -10);
    EXPECT_EQ(state(given_later), "ongoing");
}

TEST(ExposureReading, AFinishedOrderEndsAtItsLatestTraceButNotAfterToday) {
    EXPECT_EQ(state(SampleRequest{}.order("ciclosporin", authored(-90) + bounds(on(-90), on(60)),
                                          "stopped")),
              "ended 0");
    EXPECT_EQ(state(SampleRequest{}.order("ciclosporin", authored(-90), "completed")),
              "ended -62 estimated");
    EXPECT_EQ(state(SampleRequest{}.order("ciclosporin", authored(-10), "completed")),
              "ended 0 estimated");
    EXPECT_EQ(
        state(SampleRequest{}.order("ciclosporin",
                                    authored(-90) + ",'dispenseRequest':{'expectedSupplyDuration':{"
                                                    "'value':60,'unit':'days','code':'d'}}",
                                    "completed")),
        "ended -30 estimated");
    EXPECT_EQ(state(SampleRequest{}
                        .order("ciclosporin", authored(-90), "completed")
                        .given("ciclosporin", -12)),
              "ended -12");
    EXPECT_EQ(state(SampleRequest{}
                        .order("ciclosporin", authored(-90) + bounds(on(-90), on(-40)), "stopped")
                        .given("ciclosporin", -12)),
              "ended -12");
    EXPECT_EQ(state(SampleRequest{}.statement(
                  "ciclosporin",
                  ",'effectiveDateTime':'" + on(-400) + "','dateAsserted':'" + on(-1) + "'",
                  "completed")),
              "ended -372 estimated");
}

TEST(ExposureReading, AHoldEndsTheTherapyOnItsStatedDayItsLastDoseOrToday) {
    auto const held = ",'statusReason':{'text':'Held since " + on(-18) + "'}";
    EXPECT_EQ(state(SampleRequest{}.order("ciclosporin", authored(-90) + held, "on-hold")),
              "ended -18 held");
    EXPECT_EQ(state(SampleRequest{}
                        .order("ciclosporin", authored(-90), "on-hold")
                        .given("ciclosporin", -7)),
              "ended -7 held");
    EXPECT_EQ(state(SampleRequest{}.order("ciclosporin", authored(-90), "on-hold")),
              "ended 0 held");
}

TEST(ExposureReading, RowsWithoutStatusCountByTheirDates) {
    auto const row = [](std::string const& members) {
        SampleRequest request;
        return request.row("medications",
                           "{'resourceType':'MedicationRequest','medicationCodeableConcept':{'text'"
                           ":'ciclosporin'}" +
                               members + "}");
    };
    EXPECT_EQ(state(row(authored(-30))), "ongoing");
    EXPECT_EQ(state(row(authored(-30) + bounds("", on(-3)))), "ended -3");
    EXPECT_EQ(state(row("")), "none");
}

TEST(ExposureReading, TheLastDoseOfInfliximabIsItsLastInfusion) {
    SampleRequest ended_later;
    ended_later.order("infliximab", authored(-200) + bounds(on(-200), on(-5)), "completed")
        .given("infliximab", -40);
    EXPECT_EQ(state(ended_later, 0, infliximab()), "ended -40");
    EXPECT_EQ(
        state(SampleRequest{}.order("infliximab", authored(-200) + bounds("", on(-5)), "completed"),
              0, infliximab()),
        "ended -5");
    auto const subcutaneous = ",'dosageInstruction':[{'route':{'text':'subcutaneous'}}]";
    EXPECT_EQ(state(SampleRequest{}.dispensed("infliximab", -28, subcutaneous), 0, infliximab()),
              "ongoing");
    EXPECT_EQ(state(SampleRequest{}.dispensed("infliximab", -40, subcutaneous), 0, infliximab()),
              "ended -40");
    EXPECT_EQ(state(SampleRequest{}.dispensed("Zymfentra", -40), 0, infliximab()), "ended -40");
    SampleRequest stopped_now;
    stopped_now.order("infliximab", authored(-200)).given("infliximab", -40).stop("infliximab");
    EXPECT_EQ(state(stopped_now, 0, infliximab()), "ended 0 by draft");
}

TEST(ExposureReading, AStopDraftEndsWhatItNames) {
    auto const two = [] {
        SampleRequest request;
        return request.order("ciclosporin", ",'id':'m1'" + authored(-60))
            .order("ciclosporin", ",'id':'m2'" + authored(-60));
    };
    auto const prior = [](char const* id) {
        return ",'priorPrescription':{'reference':'MedicationRequest/" + std::string{id} + "'}";
    };
    EXPECT_EQ(state(two().stop("ciclosporin")), "ended 0 by draft");
    EXPECT_EQ(state(two().stop("ciclosporin", prior("m1"))), "ongoing");
    EXPECT_EQ(state(two().stop("ciclosporin", ",'id':'m1'")), "ongoing");
    EXPECT_EQ(state(two().stop("ciclosporin", prior("m1")).stop("ciclosporin", prior("m2"))),
              "ended 0 by draft");
    EXPECT_EQ(state(two().stop("ciclosporin", prior("elsewhere"))), "ended 0 by draft");
    SampleRequest with_statement;
    with_statement.order("ciclosporin", ",'id':'m1'" + authored(-60))
        .statement("ciclosporin")
        .dispensed("ciclosporin", -3);
    EXPECT_EQ(state(with_statement.stop("ciclosporin", ",'id':'m1'")), "ended 0 by draft");
    EXPECT_EQ(state(two().stop("infliximab")), "ongoing");
}

TEST(ExposureReading, TheDayOfAStopIsTheStatedOneOrToday) {
    struct Row {
        std::string extra;
        int day;
        char const* expected;
    };
    auto const event = [](int day) {
        return ",'dosageInstruction':[{'timing':{'event':['" + on(day) + "']}}]";
    };
    for (auto const& row : {
             Row{"", 0, "ended 0 by draft"},
             Row{authored(-3), 0, "ended 0 by draft"},
             Row{bounds(on(-60), ""), 0, "ended 0 by draft"},
             Row{event(-4), 0, "ended -4 by draft"},
             Row{event(10), 0, "ongoing"},
             Row{event(10), 10, "ended 10 by draft"},
             Row{bounds(on(-60), on(14)), 0, "ongoing"},
             Row{bounds(on(-60), on(-2)), 0, "ended -2 by draft"},
             Row{",'id':'m1'" + bounds(on(-60), on(14)), 0, "ended 0 by draft"},
             Row{",'id':'m1'" + bounds(on(-60), on(-2)), 0, "ended -2 by draft"},
         }) {
        SampleRequest request;
        request.order("ciclosporin", ",'id':'m1'" + authored(-60)).stop("ciclosporin", row.extra);
        EXPECT_EQ(state(request, row.day), row.expected) << row.extra;
    }
}

TEST(ExposureReading, EveryFormOfAStopOrderIsNoStart) {
    for (auto const* form : {"'status':'stopped'", "'status':'cancelled'", "'status':'completed'",
                             "'status':'draft','doNotPerform':true", "'status':'on-hold'",
                             "'status':'entered-in-error'"}) {
        auto const sample =
            SampleRequest{}
                .draft("{'resourceType':'MedicationRequest','intent':'order'," + std::string{form} +
                       ",'medicationCodeableConcept':{'text':'ciclosporin'}}")
                .load();
        EXPECT_FALSE(sample->chart->start_draft(ciclosporin())) << form;
    }
    for (auto const* status : {"draft", "active", "unknown"}) {
        auto const sample =
            SampleRequest{}
                .draft("{'resourceType':'MedicationRequest','intent':'proposal','status':'" +
                       std::string{status} +
                       "','medicationCodeableConcept':{'text':'ciclosporin'}}")
                .load();
        EXPECT_TRUE(sample->chart->start_draft(ciclosporin())) << status;
    }
}

}  // namespace
}  // namespace cds::fhir
