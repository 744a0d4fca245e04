#include <gtest/gtest.h>

#include "fhir/drug_groups.hpp"
#include "fhir/results.hpp"
#include "tests/fhir/sample_record.hpp"
#include "tests/fhir/shipped_terminology.hpp"

// D(draft), partial dates and the site's zone. Source: catalogue 3.1.

namespace cds::fhir {
namespace {

int start_of(std::string const& extra) {
    auto const sample = SampleRequest{}.start("infliximab", extra).load();
    return base::days_between(sample_today, sample->chart->drafts()[0].start);
}

std::string timing(std::string const& members) {
    return ",'dosageInstruction':[{'timing':{" + members + "}}]";
}
std::string events(std::initializer_list<int> days) {
    std::string list;
    for (auto day : days) list += (list.empty() ? "'" : ",'") + on(day) + "'";
    return "'event':[" + list + "]";
}
std::string from(int day) { return "'repeat':{'boundsPeriod':{'start':'" + on(day) + "'}}"; }
std::string valid(int day) {
    return ",'dispenseRequest':{'validityPeriod':{'start':'" + on(day) + "'}}";
}

TEST(DraftDates, TheStartOfADraftIsTheFirstOfItsDates) {
    EXPECT_EQ(start_of(""), 0);
    EXPECT_EQ(start_of(timing(events({5}))), 5);
    EXPECT_EQ(start_of(timing(events({14, 3, -2}))), 3);
    EXPECT_EQ(start_of(timing(events({0, 14}))), 0);
    EXPECT_EQ(start_of(timing(events({-2, -9}))), 0);
    EXPECT_EQ(start_of(timing(events({5}) + "," + from(9))), 5);
    EXPECT_EQ(start_of(timing(from(9))), 9);
    EXPECT_EQ(start_of(timing(from(-9))), 0);
    EXPECT_EQ(start_of(timing(from(9)) + valid(4)), 9);
    EXPECT_EQ(start_of(valid(4) + authored(2)), 4);
    EXPECT_EQ(start_of(authored(2)), 2);
    EXPECT_EQ(start_of(authored(-1)), 0);
    EXPECT_EQ(start_of(authored(-30)), 0);
    EXPECT_EQ(start_of(timing("'repeat':{'boundsPeriod':{'start':'2026'}}") + valid(4)), 4);
    EXPECT_EQ(start_of(timing("'repeat':{'boundsPeriod':{'start':'2026-05'}}")), 52);
}

TEST(DraftDates, AMonthMeansItsLastDayForAnEndAndNeverADayAfterToday) {
    auto const last = [](SampleRequest const& request) {
        auto const sample = request.load();
        auto const found = sample->chart->last_exposure(ciclosporin(), in_days(60));
        return found ? base::iso(found->day) : std::string{"none"};
    };
    EXPECT_EQ(last(SampleRequest{}.order("ciclosporin", bounds("2025-01", "2026-01"), "completed")),
              "2026-01-31");
    EXPECT_EQ(last(SampleRequest{}.order("ciclosporin", bounds("2025-01", "2026-03"), "completed")),
              "2026-03-10");
    EXPECT_EQ(
        last(SampleRequest{}.row(
            "administrations",
            "{'resourceType':'MedicationAdministration','status':'completed','effectiveDateTime':"
            "'2026-02','medicationCodeableConcept':{'text':'ciclosporin'}}")),
        "2026-02-28");
    EXPECT_EQ(
        last(SampleRequest{}.row(
            "administrations",
            "{'resourceType':'MedicationAdministration','status':'completed','effectiveDateTime':"
            "'2026-03','medicationCodeableConcept':{'text':'ciclosporin'}}")),
        "2026-03-10");
}

TEST(DraftDates, AMonthMeansItsFirstDayForAMeasurement) {
    auto const sample =
        SampleRequest{}
            .row("observations",
                 "{'resourceType':'Observation','status':'final','code':{'coding':[{'system':"
                 "'http://"
                 "loinc.org','code':'2160-0'}]},'effectiveDateTime':'2026-02','valueQuantity':"
                 "{'value':1,'unit':'mg/dL'}}")
            .load();
    EXPECT_EQ(base::iso(newest_result(*sample->record, set_of(Measured::creatinine))->day()),
              "2026-02-01");
}

TEST(DraftDates, AYearAloneIsNoDate) {
    auto const sample =
        SampleRequest{}
            .row("observations",
                 "{'resourceType':'Observation','status':'final','code':{'coding':[{'system':"
                 "'http://loinc.org','code':'2160-0'}]},'effectiveDateTime':'2026','valueQuantity':"
                 "{'value':1,'unit':'mg/dL'}}")
            .load();
    EXPECT_FALSE(newest_result(*sample->record, set_of(Measured::creatinine)));
}

TEST(DraftDates, ADateTimeIsTheDayOfTheSiteAPlainDateStandsAsItIs) {
    auto const at = [](char const* zone, char const* authored_on) {
        auto const sample =
            SampleRequest{}
                .now("2026-03-10T09:00:00Z")
                .zone(zone)
                .start("infliximab", ",'authoredOn':'" + std::string{authored_on} + "'")
                .load();
        return base::iso(sample->chart->drafts()[0].start);
    };
    EXPECT_EQ(at("Europe/Amsterdam", "2026-03-10T23:30:00Z"), "2026-03-11");
    EXPECT_EQ(at("UTC", "2026-03-10T23:30:00Z"), "2026-03-10");
    EXPECT_EQ(at("America/New_York", "2026-03-12T03:00:00Z"), "2026-03-11");
    EXPECT_EQ(at("America/New_York", "2026-03-12"), "2026-03-12");
    EXPECT_EQ(at("UTC", "2026-03-11T00:30:00+02:00"), "2026-03-10");
}

TEST(DraftDates, TodayIsTheDayOfTheSite) {
    EXPECT_EQ(
        SampleRequest{}.now("2026-03-10T23:30:00Z").zone("Europe/Amsterdam").load()->chart->today(),
        in_days(1));
    EXPECT_EQ(
        SampleRequest{}.now("2026-03-10T03:00:00Z").zone("America/New_York").load()->chart->today(),
        in_days(-1));
}

TEST(DraftDates, WhatIsMeasuredAfterNowIsIgnored) {
    auto const seen = [](char const* when) {
        auto const sample =
            SampleRequest{}
                .row("observations",
                     "{'resourceType':'Observation','status':'final','code':{'coding':[{'system':"
                     "'http://loinc.org','code':'2160-0'}]},'effectiveDateTime':'" +
                         std::string{when} + "','valueQuantity':{'value':1,'unit':'mg/dL'}}")
                .load();
        return newest_result(*sample->record, set_of(Measured::creatinine)).has_value();
    };
    EXPECT_TRUE(seen("2026-03-10"));
    EXPECT_TRUE(seen("2026-03-10T09:00:00Z"));
    EXPECT_TRUE(seen("2026-03-10T11:00:00+02:00"));
    EXPECT_FALSE(seen("2026-03-10T09:00:01Z"));
    EXPECT_FALSE(seen("2026-03-11"));
}

}  // namespace
}  // namespace cds::fhir
