#include <gtest/gtest.h>

#include "fhir/results.hpp"
#include "tests/fhir/sample_record.hpp"
#include "tests/fhir/shipped_terminology.hpp"

// Outcomes: coded, written, interpreted, and antibodies with a number. Source: fact-encodings
// section 5.

namespace cds::fhir {
namespace {

std::string snomed_value(char const* code) {
    return "'valueCodeableConcept':{'coding':[{'system':'http://snomed.info/sct','code':'" +
           std::string{code} + "'}]}";
}
std::string words(char const* text) { return "'valueString':'" + std::string{text} + "'"; }
std::string interpretation(char const* code) {
    return "'interpretation':[{'coding':[{'code':'" + std::string{code} + "'}]}]";
}

TEST(CodedResults, ValuesWordsAndInterpretations) {
    struct Row {
        std::string value;
        Outcome outcome;
    };
    auto const positive = Outcome::positive, negative = Outcome::negative,
               open = Outcome::indeterminate;
    std::vector<Row> table{
        {snomed_value("10828004"), positive},
        {snomed_value("260373001"), positive},
        {snomed_value("260385009"), negative},
        {snomed_value("260415000"), negative},
        {snomed_value("82334004"), open},
        {"'valueCodeableConcept':{'text':'Positive'}", positive},
        {"'valueCodeableConcept':{'coding':[{'system':'urn:x','code':'9',"
         "'display':'Negative (qualifier value)'}]}",
         negative},
        {words("Not detected (qualifier value)"), negative},
        {words("Positive (qualifier value)"), positive},
        {words("Reactive (finding)"), positive},
        {words("Negative (repeat advised)"), Outcome::none},
        {interpretation("POS"), positive},
        {interpretation("A"), positive},
        {interpretation("NEG"), negative},
        {interpretation("N"), negative},
        {interpretation("IND"), open},
        {words("see report") + "," + interpretation("POS"), positive},
        {words("negative") + "," + interpretation("POS"), negative},
        {words("see report"), Outcome::none},
    };
    for (auto const* text : {"positive", "POS", "Detected", "reactive", "present", "abnormal",
                             "low positive", "weak positive", "weakly positive"}) {
        table.push_back({words(text), positive});
    }
    for (auto const* text : {"negative", "neg", "Not detected", "non-reactive", "nonreactive",
                             "absent", "none detected", "undetectable", "normal"}) {
        table.push_back({words(text), negative});
    }
    for (auto const* text : {"indeterminate", "borderline", "equivocal", "inconclusive", "invalid",
                             "not interpretable"}) {
        table.push_back({words(text), open});
    }
    for (auto const& row : table) {
        auto const sample = SampleRequest{}.result("45323-3", row.value, -1).load();
        EXPECT_EQ(sample->result().outcome, row.outcome) << row.value;
    }
}

TEST(CodedResults, AnInterpretationWithoutAValueIsAResultWhereFoundOrNotFoundIsAll) {
    auto const newest = [](char const* loinc, std::string const& value) {
        auto const sample = SampleRequest{}.result(loinc, value, -1).load();
        auto const found = newest_result(*sample->record, set_of(sample->result().test));
        return found ? found->row->outcome : Outcome::none;
    };
    for (auto const* loinc : {"45323-3", "5196-1", "13952-7", "2118-8", "72623-2", "86895-0"}) {
        EXPECT_EQ(newest(loinc, interpretation("POS")), Outcome::positive) << loinc;
        EXPECT_EQ(newest(loinc, interpretation("NEG")), Outcome::negative) << loinc;
        EXPECT_EQ(newest(loinc, interpretation("POS") + ",'dataAbsentReason':{'text':'error'}"),
                  Outcome::none)
            << loinc;
    }
    EXPECT_EQ(newest("2160-0", interpretation("N")), Outcome::none) << "a normal creatinine is no "
                                                                       "value";
}

TEST(CodedResults, AntibodiesWithANumberAreJudgedByTheCutOff) {
    struct Row {
        char const* quantity;
        char const* more;
        Outcome outcome;
        Problem problem;
    };
    auto const range = ",'referenceRange':[{'high':{'value':10}}]";
    auto const fine = Problem::none;
    for (auto const& row : {
             Row{"'value':10.1", range, Outcome::positive, fine},
             Row{"'value':10", range, Outcome::negative, fine},
             Row{"'value':3", range, Outcome::negative, fine},
             Row{"'comparator':'<','value':20", range, Outcome::negative, fine},
             Row{"'comparator':'<','value':5", "", Outcome::negative, fine},
             Row{"'comparator':'>','value':200", range, Outcome::positive, fine},
             Row{"'comparator':'>','value':5", range, Outcome::indeterminate, fine},
             Row{"'value':50", ",'interpretation':[{'coding':[{'code':'POS'}]}]", Outcome::positive,
                 fine},
             Row{"'value':50", ",'interpretation':[{'coding':[{'code':'N'}]}]", Outcome::negative,
                 fine},
             Row{"'value':50", "", Outcome::none, Problem::no_cut_off},
         }) {
        auto const value = "'valueQuantity':{" + std::string{row.quantity} + ",'unit':'ng/mL'}";
        for (auto const* loinc : {"72623-2", "86895-0"}) {
            auto const sample = SampleRequest{}.result(loinc, value, -1, row.more).load();
            EXPECT_EQ(sample->result().outcome, row.outcome) << row.quantity << row.more;
            EXPECT_EQ(sample->result().problem, row.problem) << row.quantity << row.more;
        }
    }
    auto const worded = SampleRequest{}.result("72623-2", words("low positive"), -1).load();
    EXPECT_EQ(worded->result().outcome, Outcome::positive);
}

TEST(CodedResults, OfTwoOutcomesAtOneTimeTheWorseCounts) {
    for (auto const* loinc : {"72623-2", "45323-3", "5196-1", "2118-8"}) {
        for (auto const& [first, second] :
             {std::pair{"positive", "negative"}, {"negative", "positive"}}) {
            auto const sample = SampleRequest{}
                                    .result(loinc, words(first), -1)
                                    .result(loinc, words(second), -1)
                                    .load();
            auto const test = sample->result().test;
            EXPECT_EQ(newest_result(*sample->record, set_of(test))->row->outcome, Outcome::positive)
                << loinc << first;
        }
    }
}

TEST(CodedResults, ATestIsKnownByItsText) {
    struct Row {
        char const* text;
        Measured test;
    };
    for (auto const& row : {
             Row{"QuantiFERON-TB Gold", Measured::igra},
             Row{"T-SPOT.TB", Measured::igra},
             Row{"Mantoux", Measured::tst},
             Row{"HBsAg", Measured::hbsag},
             Row{"anti-HBc", Measured::anti_hbc},
             Row{"urine pregnancy test", Measured::hcg},
             Row{"Infliximab Ab", Measured::infliximab_antibody},
             Row{"HLA-DQA1*05", Measured::hla_dqa1_05},
             Row{"NUDT15 genotype", Measured::tpmt_nudt15},
             Row{"Body temperature", Measured::temperature},
         }) {
        auto const sample =
            SampleRequest{}
                .row("observations",
                     "{'resourceType':'Observation','status':'final','code':{'text':'" +
                         std::string{row.text} +
                         "'},'effectiveDateTime':'2026-03-01','valueString':'x'}")
                .load();
        ASSERT_FALSE(sample->record->results.empty()) << row.text;
        EXPECT_EQ(name(sample->result().test), name(row.test)) << row.text;
    }
}

}  // namespace
}  // namespace cds::fhir
