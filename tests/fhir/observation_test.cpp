#include <gtest/gtest.h>

#include "fhir/results.hpp"
#include "tests/fhir/sample_record.hpp"
#include "tests/fhir/shipped_terminology.hpp"

// Which results count and what they are in canonical units. Source: catalogue 3.5, fact-encodings
// section 5.

namespace cds::fhir {
namespace {

Rational number(char const* text) { return *Rational::parse(text); }

/// The canonical value, or the name of what makes the result unusable.
std::string value_of(SampleRequest const& request) {
    auto const sample = request.load();
    auto const& row = sample->result();
    switch (row.problem) {
        case Problem::none:
            return row.value ? row.value->text(4) : "no value";
        case Problem::unit_missing:
            return "unit missing";
        case Problem::unit_unknown:
            return "unit unknown";
        case Problem::implausible:
            return "implausible";
        case Problem::not_a_number:
            return "not a number";
        case Problem::half_missing:
            return "half missing";
        case Problem::no_cut_off:
            return "no cut-off";
    }
    return {};
}

TEST(ObservationReading, QuantitiesBecomeCanonical) {
    struct Row {
        char const* loinc;
        char const* value;
        char const* unit;
        char const* expected;
    };
    for (auto const& row : {
             Row{"2160-0", "1", "mg/dL", "88.4"},
             Row{"14682-9", "104", "umol/L", "104"},
             Row{"2160-0", "104", "µmol/L", "104"},
             Row{"1988-5", "1.5", "mg/dL", "15"},
             Row{"1988-5", "5", "mg/L", "5"},
             Row{"30522-7", "4", "mg/L", "4"},
             Row{"777-3", "300", "10*9/L", "300"},
             Row{"777-3", "300", "10*3/uL", "300"},
             Row{"777-3", "300", "K/uL", "300"},
             Row{"777-3", "300", "×10⁹/L", "300"},
             Row{"777-3", "300", "×10³/µL", "300"},
             Row{"777-3", "300000", "/uL", "300"},
             Row{"39803-2", "7", "ug/mL", "7"},
             Row{"39803-2", "7000", "ng/mL", "7"},
             Row{"39803-2", "7", "mg/L", "7"},
             Row{"39803-2", "7000", "ug/L", "7"},
             Row{"19113-0", "240", "ng/mL", "100"},
             Row{"19113-0", "100", "k[IU]/L", "100"},
             Row{"19113-0", "100", "[IU]/mL", "100"},
             Row{"29463-7", "80000", "g", "80"},
             Row{"29463-7", "100", "[lb_av]", "45.3592"},
             Row{"29463-7", "100", "lb", "45.3592"},
             Row{"2823-3", "4.5", "meq/L", "4.5"},
             Row{"8310-5", "98.6", "[degF]", "37"},
             Row{"8310-5", "38", "Cel", "38"},
             Row{"73837-7", "0.1", "[IU]/mL", "0.1"},
             Row{"73837-7", "0.1", "k[U]/L", "0.1"},
             Row{"751-8", "900", "/uL", "0.9"},
             Row{"6690-2", "4", "10*3/uL", "4"},
             Row{"2160-0", "1", "", "unit missing"},
             Row{"2160-0", "1", "furlong", "unit unknown"},
             Row{"2160-0", "1", "mg/L/h", "unit unknown"},
             Row{"29463-7", "80", "cm", "unit unknown"},
             Row{"777-3", "300", "mg/dL", "unit unknown"},
         }) {
        EXPECT_EQ(value_of(SampleRequest{}.lab(row.loinc, row.value, row.unit, -1)), row.expected)
            << row.loinc << " " << row.value << " " << row.unit;
    }
}

TEST(ObservationReading, AUnitAloneIsEnoughAndAUcumCodeIsNotOverruled) {
    EXPECT_EQ(value_of(SampleRequest{}.result("2160-0",
                                              "'valueQuantity':{'value':1,'unit':'mg/dL'}", -1)),
              "88.4");
    EXPECT_EQ(value_of(SampleRequest{}.result("2160-0",
                                              "'valueQuantity':{'value':1,'code':'mg/dL'}", -1)),
              "88.4");
    EXPECT_EQ(
        value_of(SampleRequest{}.result("2160-0",
                                        "'valueQuantity':{'value':1,'unit':'mg/"
                                        "dL','code':'kg','system':'http://unitsofmeasure.org'}",
                                        -1)),
        "unit unknown");
    EXPECT_EQ(
        value_of(SampleRequest{}.result(
            "2160-0",
            "'valueQuantity':{'value':1,'unit':'mg/dL','code':'MGDL','system':'urn:oid:1.2.3'}",
            -1)),
        "88.4");
}

TEST(ObservationReading, ImplausibleValuesAreRefusedAtBothEnds) {
    struct Row {
        char const* loinc;
        char const* unit;
        char const *below, *low, *high, *above;
    };
    for (auto const& row : {
             Row{"14682-9", "umol/L", "8.99", "9", "2000", "2000.1"},
             Row{"39803-2", "mg/L", "-0.1", "0", "200", "200.1"},
             Row{"777-3", "10*9/L", "4.9", "5", "2000", "2001"},
             Row{"8310-5", "Cel", "29.9", "30", "45", "45.1"},
             Row{"2823-3", "mmol/L", "0.9", "1", "10", "10.1"},
             Row{"1988-5", "mg/L", "-1", "0", "1000", "1000.1"},
             Row{"19113-0", "[IU]/mL", "-1", "0", "50000", "50001"},
             Row{"29463-7", "kg", "1.9", "2", "350", "350.1"},
         }) {
        EXPECT_EQ(value_of(SampleRequest{}.lab(row.loinc, row.below, row.unit, -1)), "implausible")
            << row.loinc;
        EXPECT_EQ(value_of(SampleRequest{}.lab(row.loinc, row.low, row.unit, -1)), row.low)
            << row.loinc;
        EXPECT_EQ(value_of(SampleRequest{}.lab(row.loinc, row.high, row.unit, -1)), row.high)
            << row.loinc;
        EXPECT_EQ(value_of(SampleRequest{}.lab(row.loinc, row.above, row.unit, -1)), "implausible")
            << row.loinc;
    }
    EXPECT_EQ(value_of(SampleRequest{}.result(
                  "14682-9", "'valueQuantity':{'value':5,'comparator':'<','unit':'umol/L'}", -1)),
              "5");
}

TEST(ObservationReading, WordsAreNoNumber) {
    for (auto const* value :
         {"'valueString':'haemolysed'", "'valueString':'12 mg/L'", "'valueString':'normal'",
          "'valueString':'see note','interpretation':[{'coding':[{'code':'N'}]}]",
          "'valueBoolean':true", "'valueCodeableConcept':{'text':'positive'}",
          "'valueDateTime':'2026-03-01'", "'valueQuantity':{'unit':'mg/dL'}"}) {
        EXPECT_EQ(value_of(SampleRequest{}.result("2160-0", value, -1)), "not a number") << value;
        EXPECT_EQ(value_of(SampleRequest{}.result("29463-7", value, -1)), "not a number") << value;
        EXPECT_FALSE(SampleRequest{}.result("29463-7", value, -1).load()->chart->weight()) << value;
    }
    EXPECT_EQ(value_of(SampleRequest{}.result("2160-0", "'valueInteger':1", -1)), "unit missing");
}

TEST(ObservationReading, AComparatorStandsForItsWholeInterval) {
    struct Row {
        char const* comparator;
        char const* value;
        char const* limit;
        Meets above, at_least, below, at_most;
    };
    auto const no = Meets::no, yes = Meets::yes, open = Meets::open;
    for (auto const& row : {
             Row{"", "5", "5", no, yes, no, yes},
             Row{"", "5.1", "5", yes, yes, no, no},
             Row{"", "4.9", "5", no, no, yes, yes},
             Row{"<", "5", "5", no, no, yes, yes},
             Row{"<", "10", "5", open, open, open, open},
             Row{"<=", "5", "5", no, open, open, yes},
             Row{"<", "10", "10", no, no, yes, yes},
             Row{">", "20", "10", yes, yes, no, no},
             Row{">", "10", "10", yes, yes, no, no},
             Row{">=", "10", "10", open, yes, no, open},
             Row{">", "4", "10", open, open, open, open},
             Row{"<", "0.4", "10", no, no, yes, yes},
         }) {
        auto const comparator =
            *row.comparator ? "'comparator':'" + std::string{row.comparator} + "'," : "";
        auto const sample = SampleRequest{}
                                .result("1988-5",
                                        "'valueQuantity':{" + comparator + "'value':" + row.value +
                                            ",'unit':'mg/L'}",
                                        -1)
                                .load();
        auto const& result = sample->result();
        auto const limit = number(row.limit);
        EXPECT_EQ(is_above(result, limit), row.above) << row.comparator << row.value;
        EXPECT_EQ(is_at_least(result, limit), row.at_least) << row.comparator << row.value;
        EXPECT_EQ(is_below(result, limit), row.below) << row.comparator << row.value;
        EXPECT_EQ(is_at_most(result, limit), row.at_most) << row.comparator << row.value;
    }
}

TEST(ObservationReading, OnlyFinalAmendedAndCorrectedResultsCount) {
    for (auto const& [status, counts] : {std::pair{"final", true},
                                         {"amended", true},
                                         {"corrected", true},
                                         {"preliminary", false},
                                         {"registered", false},
                                         {"cancelled", false},
                                         {"entered-in-error", false},
                                         {"unknown", false}}) {
        auto const sample =
            SampleRequest{}
                .row("observations",
                     "{'resourceType':'Observation','status':'" + std::string{status} +
                         "','code':{'coding':[{'system':'http://loinc.org','code':'2160-0'}]},"
                         "'effectiveDateTime':'2026-03-01','valueQuantity':{'value':1,'unit':'mg/"
                         "dL'}}")
                .load();
        EXPECT_EQ(newest_result(*sample->record, set_of(Measured::creatinine)).has_value(), counts)
            << status;
    }
}

TEST(ObservationReading, TheDateIsEffectiveElseIssuedElseThereIsNone) {
    auto const day_of = [](char const* dates) {
        auto const sample =
            SampleRequest{}
                .row("observations",
                     "{'resourceType':'Observation','status':'final','code':{'coding':[{"
                     "'system':'http://loinc.org','code':'2160-0'}]}," +
                         std::string{dates} + "'valueQuantity':{'value':1,'unit':'mg/dL'}}")
                .load();
        auto const newest = newest_result(*sample->record, set_of(Measured::creatinine));
        return newest ? base::iso(newest->day()) : std::string{"none"};
    };
    EXPECT_EQ(day_of("'effectiveDateTime':'2026-03-01','issued':'2026-03-05T10:00:00Z',"),
              "2026-03-01");
    EXPECT_EQ(day_of("'effectivePeriod':{'start':'2026-02-01','end':'2026-02-02'},"), "2026-02-01");
    EXPECT_EQ(day_of("'issued':'2026-03-05T10:00:00Z',"), "2026-03-05");
    EXPECT_EQ(day_of(""), "none");
}

std::string timed(char const* loinc, std::string const& value, std::string const& unit,
                  std::string const& when) {
    return "{'resourceType':'Observation','status':'final','code':{'coding':[{'system':'http://"
           "loinc.org','code':'" +
           std::string{loinc} + "'}]},'effectiveDateTime':'" + when +
           "','valueQuantity':{'value':" + value + ",'unit':'" + unit + "'}}";
}

TEST(ObservationReading, OfTwoValuesAtOneTimeTheSaferCounts) {
    struct Row {
        char const* loinc;
        Measured test;
        char const* unit;
        char const* expected;
    };
    for (auto const& row : {
             Row{"14682-9", Measured::creatinine, "umol/L", "120"},
             Row{"1988-5", Measured::crp, "mg/L", "120"},
             Row{"777-3", Measured::platelets, "10*9/L", "120"},
             Row{"29463-7", Measured::weight, "kg", "100"},
             Row{"33914-3", Measured::egfr, "mL/min/{1.73_m2}", "100"},
             Row{"39803-2", Measured::infliximab_level, "mg/L", "100"},
             Row{"751-8", Measured::neutrophils, "10*9/L", "100"},
         }) {
        for (auto const& [first, second] : {std::pair{"2026-03-01", "2026-03-01"},
                                            {"2026-03-01T08:00:00Z", "2026-03-01T09:00:00+01:00"},
                                            {"2026-03-01", "2026-03-01T08:00:00Z"}}) {
            auto const sample = SampleRequest{}
                                    .row("observations", timed(row.loinc, "100", row.unit, first))
                                    .row("observations", timed(row.loinc, "120", row.unit, second))
                                    .load();
            auto const found = usable_results(*sample->record, set_of(row.test));
            ASSERT_EQ(found.size(), 1U) << row.loinc << first;
            EXPECT_EQ(*found[0].row->value, number(row.expected)) << row.loinc << first;
            EXPECT_NE(found[0].contradicted, nullptr) << row.loinc << first;
        }
    }
}

TEST(ObservationReading, TheSameResultTwiceIsOneAndNewerComesFirstInAnyOrder) {
    auto const sample =
        SampleRequest{}
            .row("observations", timed("14682-9", "90", "umol/L", "2026-03-01T08:00:00Z"))
            .row("observations", timed("14682-9", "100", "umol/L", "2026-03-01T12:00:00Z"))
            .row("observations", timed("14682-9", "90", "umol/L", "2026-03-01T08:00:00Z"))
            .row("observations", timed("14682-9", "80", "umol/L", "2026-02-28"))
            .row("observations", timed("14682-9", "110", "umol/L", "2026-03-02"))
            .load();
    auto const found = usable_results(*sample->record, set_of(Measured::creatinine));
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(*found[0].row->value, Rational{110});
    EXPECT_EQ(*found[1].row->value, Rational{100});
    EXPECT_EQ(*found[2].row->value, Rational{90});
    EXPECT_EQ(found[2].contradicted, nullptr);
    EXPECT_EQ(*found[3].row->value, Rational{80});
}

TEST(ObservationReading, AnUnusableNewestResultIsKnownAndTheOlderOneUsed) {
    struct Row {
        std::string newest;
        bool reported;
    };
    auto const with = [](std::string const& members) {
        return "{'resourceType':'Observation','code':{'coding':[{'system':'http://"
               "loinc.org','code':'2160-0'}]}," +
               members + "}";
    };
    auto const bad = std::string{"'valueQuantity':{'value':1}"};
    for (auto const& row : {
             Row{with("'status':'final','effectiveDateTime':'2026-03-05'," + bad), true},
             Row{with("'status':'final','effectiveDateTime':'2026-02-01'," + bad), false},
             Row{with("'status':'final','effectiveDateTime':'2026-03'," + bad), false},
             Row{with("'status':'final'," + bad), false},
             Row{with("'status':'final','effectiveDateTime':'2026-04-05'," + bad), false},
             Row{with("'status':'preliminary','effectiveDateTime':'2026-03-05'," + bad), false},
             Row{with("'status':'cancelled','effectiveDateTime':'2026-03-05'," + bad), false},
             Row{with("'status':'final','effectiveDateTime':'2026-03-05','dataAbsentReason':{'text'"
                      ":'lost'}"),
                 false},
             Row{with("'status':'final','effectiveDateTime':'2026-03-05','valueString':'clotted'"),
                 true},
             Row{with("'status':'final','effectiveDateTime':'2026-02-20'," + bad), false},
         }) {
        auto const sample = SampleRequest{}
                                .row("observations", timed("2160-0", "1", "mg/dL", "2026-02-20"))
                                .row("observations", row.newest)
                                .load();
        EXPECT_EQ(newest_is_unusable(*sample->record, set_of(Measured::creatinine)) != nullptr,
                  row.reported)
            << row.newest;
        ASSERT_TRUE(newest_result(*sample->record, set_of(Measured::creatinine))) << row.newest;
        EXPECT_EQ(base::iso(newest_result(*sample->record, set_of(Measured::creatinine))->day()),
                  "2026-02-20")
            << row.newest;
    }
}

TEST(ObservationReading, NotInRemissionIsSaferThanRemission) {
    auto const said = [](char const* value) {
        return "{'resourceType':'Observation','status':'final','code':{'text':'clinical "
               "remission'},"
               "'effectiveDateTime':'2026-03-01','valueBoolean':" +
               std::string{value} + "}";
    };
    for (auto const& [first, second] : {std::pair{"true", "false"}, {"false", "true"}}) {
        auto const sample = SampleRequest{}
                                .row("observations", said(first))
                                .row("observations", said(second))
                                .load();
        EXPECT_EQ(newest_result(*sample->record, set_of(Measured::remission))->row->boolean, false)
            << first;
    }
}

}  // namespace
}  // namespace cds::fhir
