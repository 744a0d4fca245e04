#include <gtest/gtest.h>

#include "fhir/results.hpp"
#include "tests/fhir/sample_record.hpp"

// Blood pressures: panels, pairs, means, halves. Source: catalogue 3.5, fact-encodings section 5.

namespace cds::fhir {
namespace {

std::string part(char const* loinc, std::string const& value) {
    auto const code =
        "{'code':{'coding':[{'system':'http://loinc.org','code':'" + std::string{loinc} + "'}]}";
    if (value.empty()) return code + "}";
    if (value == "absent") return code + ",'dataAbsentReason':{'text':'unknown'}}";
    return code + ",'valueQuantity':{'value':" + value + ",'unit':'mmHg'}}";
}

std::string panel(std::string const& systolic, std::string const& diastolic,
                  std::string const& when, std::string const& more = "'status':'final'",
                  char const* code = "85354-9") {
    return "{'resourceType':'Observation'," + more +
           ",'code':{'coding':[{'system':'http://loinc.org','code':'" + code +
           "'}]},'effectiveDateTime':'" + when + "','component':[" + part("8480-6", systolic) +
           "," + part("8462-4", diastolic) + "]}";
}

std::string half(char const* loinc, std::string const& value, std::string const& when) {
    return "{'resourceType':'Observation','status':'final','code':{'coding':[{'system':'http://"
           "loinc.org','code':'" +
           std::string{loinc} + "'}]},'effectiveDateTime':'" + when +
           "','valueQuantity':{'value':" + value + ",'unit':'mm[Hg]'}}";
}

/// "140/90" of the newest day, "none", and " unusable" when a newer one cannot be used.
std::string newest(std::vector<std::string> const& resources) {
    SampleRequest request;
    for (auto const& resource : resources) request.row("observations", resource);
    auto const sample = request.load();
    auto const days = pressures(*sample->record);
    auto text = days.empty() ? "none" : days[0].systolic.text(2) + "/" + days[0].diastolic.text(2);
    if (newest_pressure_is_unusable(*sample->record)) text += " unusable";
    return text;
}

TEST(BloodPressure, PanelsInEveryForm) {
    EXPECT_EQ(newest({panel("140", "90", "2026-03-01")}), "140/90");
    EXPECT_EQ(newest({panel("140", "90", "2026-03-01", "'status':'final'", "55284-4")}), "140/90");
    EXPECT_EQ(newest({panel("140", "90", "2026-03-01", "'status':'amended'")}), "140/90");
    EXPECT_EQ(newest({panel("140", "", "2026-03-01")}), "none unusable");
    EXPECT_EQ(newest({panel("", "90", "2026-03-01")}), "none unusable");
    EXPECT_EQ(newest({panel("140", "absent", "2026-03-01")}), "none unusable");
    EXPECT_EQ(newest({panel("absent", "absent", "2026-03-01")}), "none");
    EXPECT_EQ(newest({panel("140", "90", "2026-02-01"), panel("150", "", "2026-03-01")}),
              "140/90 unusable");
    EXPECT_EQ(newest({panel("140", "", "2026-02-01"), panel("150", "95", "2026-03-01")}), "150/95");
}

TEST(BloodPressure, TwoObservationsAtMostFiveMinutesApartAreOne) {
    auto const pair = [](char const* first, char const* second) {
        return newest({half("8480-6", "140", first), half("8462-4", "90", second)});
    };
    EXPECT_EQ(pair("2026-03-01T10:00:00Z", "2026-03-01T10:05:00Z"), "140/90");
    EXPECT_EQ(pair("2026-03-01T10:05:00Z", "2026-03-01T10:00:00Z"), "140/90");
    EXPECT_EQ(pair("2026-03-01T10:00:00Z", "2026-03-01T10:05:01Z"), "none unusable");
    EXPECT_EQ(pair("2026-03-01", "2026-03-01"), "140/90");
    EXPECT_EQ(pair("2026-03-01", "2026-03-02"), "none unusable");
    EXPECT_EQ(newest({half("8480-6", "140", "2026-03-01")}), "none unusable");
    EXPECT_EQ(newest({half("8480-6", "140", "2026-03-01T10:00:00Z"),
                      half("8462-4", "90", "2026-03-01T10:00:00Z"),
                      half("8480-6", "130", "2026-03-01T10:04:00Z"),
                      half("8462-4", "80", "2026-03-01T10:04:00Z")}),
              "135/85");
}

TEST(BloodPressure, LimitsOfPlausibility) {
    EXPECT_EQ(newest({panel("50", "20", "2026-03-01")}), "50/20");
    EXPECT_EQ(newest({panel("49", "20", "2026-03-01")}), "none unusable");
    EXPECT_EQ(newest({panel("300", "200", "2026-03-01")}), "300/200");
    EXPECT_EQ(newest({panel("301", "100", "2026-03-01")}), "none unusable");
    EXPECT_EQ(newest({panel("300", "201", "2026-03-01")}), "none unusable");
    EXPECT_EQ(newest({panel("100", "19", "2026-03-01")}), "none unusable");
    EXPECT_EQ(newest({panel("100", "100", "2026-03-01")}), "none unusable");
    EXPECT_EQ(newest({panel("100", "99", "2026-03-01")}), "100/99");
}

TEST(BloodPressure, ReadingsOfTheNewestDayAreAveragedAndNotRounded) {
    EXPECT_EQ(newest({panel("140", "90", "2026-03-01T08:00:00Z"),
                      panel("141", "91", "2026-03-01T12:00:00Z"),
                      panel("180", "110", "2026-02-28T08:00:00Z")}),
              "140.5/90.5");
    EXPECT_EQ(newest({panel("140", "90", "2026-03-01T08:00:00Z"),
                      panel("140", "90", "2026-03-01T08:00:00Z"),
                      panel("146", "93", "2026-03-01T12:00:00Z")}),
              "143/91.5");
}

TEST(BloodPressure, AtOneTimeTheHigherOfEachComponentCounts) {
    EXPECT_EQ(newest({panel("140", "95", "2026-03-01T08:00:00Z"),
                      panel("150", "90", "2026-03-01T08:00:00Z")}),
              "150/95");
    EXPECT_EQ(newest({panel("140", "95", "2026-03-01"), panel("150", "90", "2026-03-01")}),
              "150/95");
}

TEST(BloodPressure, APreliminaryReadingCountsOnlyInThisEncounter) {
    auto const preliminary = [](char const* encounter) {
        return panel("150", "95", "2026-03-05",
                     "'status':'preliminary','encounter':{'reference':'Encounter/" +
                         std::string{encounter} + "'}");
    };
    auto const older = panel("130", "80", "2026-03-01");
    EXPECT_EQ(newest({older, preliminary("e1")}), "150/95");
    EXPECT_EQ(newest({older, preliminary("e2")}), "130/80");
    EXPECT_EQ(newest({older, panel("150", "95", "2026-03-05", "'status':'preliminary'")}),
              "130/80");
    EXPECT_EQ(newest({panel("150", "", "2026-03-05", "'status':'preliminary'")}), "none");
    EXPECT_EQ(newest({older, panel("150", "95", "2026-03-05", "'status':'entered-in-error'")}),
              "130/80");
    EXPECT_EQ(newest({older, panel("150", "95", "2026-03-11")}), "130/80");
}

}  // namespace
}  // namespace cds::fhir
