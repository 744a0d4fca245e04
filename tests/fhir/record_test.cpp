#include <gtest/gtest.h>

#include "fhir/indication.hpp"
#include "tests/fhir/sample_record.hpp"

// What a prefetch value says about its query, and whose rows count. Source: fact-encodings
// section 1.

namespace cds::fhir {
namespace {

std::string const own =
    "{'resourceType':'Condition','id':'c1','subject':{'reference':'Patient/"
    "p1'},'code':{'text':'gout'}}";
std::string const foreign =
    "{'resourceType':'Condition','id':'c2','subject':{'reference':'Patient/"
    "p2'},'code':{'text':'gout'}}";

std::string entries(std::string const& list) {
    return "{'resourceType':'Bundle','entry':[" + list + "]";
}
std::string entry(std::string const& resource) { return "{'resource':" + resource + "}"; }
std::string outcome(std::string const& severity, std::string const& code) {
    return "{'resourceType':'OperationOutcome','issue':[{'severity':'" + severity + "','code':'" +
           code + "'}]}";
}

TEST(RecordReading, EveryStateOfAPrefetchValueIsToldApart) {
    struct Row {
        char const* what;
        std::string value;
        Reason reason;
        std::size_t rows;
    };
    Row const table[] = {
        {"absent", "", Reason::not_supplied, 0},
        {"null", "null", Reason::none, 0},
        {"empty Bundle", entries("") + "}", Reason::none, 0},
        {"Bundle without entry", "{'resourceType':'Bundle','type':'searchset'}", Reason::none, 0},
        {"Bundle with total 0", "{'resourceType':'Bundle','total':0}", Reason::none, 0},
        {"a row", entries(entry(own)) + "}", Reason::none, 1},
        {"a collection", entries(entry(own)) + ",'type':'collection'}", Reason::none, 1},
        {"a Bundle without resourceType", "{'entry':[" + entry(own) + "]}", Reason::none, 1},
        {"a bare resource", own, Reason::none, 1},
        {"a list of resources", "[" + own + "," + own + "]", Reason::none, 2},
        {"a wrapped Bundle",
         "{'response':{'status':'200 OK'},'resource':" + entries(entry(own)) + "}}", Reason::none,
         1},
        {"wrapped entries", entries("{'response':{'status':'200'},'resource':" + own + "}") + "}",
         Reason::none, 1},
        {"unreachable", outcome("error", "exception"), Reason::unreachable, 0},
        {"timed out", outcome("error", "timeout"), Reason::timed_out, 0},
        {"not permitted", outcome("error", "forbidden"), Reason::not_permitted, 0},
        {"an outcome of information in place of data", outcome("information", "informational"),
         Reason::unreachable, 0},
        {"a next page",
         entries(entry(own)) + ",'link':[{'relation':'self'},{'relation':'next','url':'x'}]}",
         Reason::incomplete, 1},
        {"an empty page with next", entries("") + ",'link':[{'relation':'next','url':'x'}]}",
         Reason::incomplete, 0},
        {"total larger than entries", entries(entry(own)) + ",'total':2}", Reason::incomplete, 1},
        {"total of the entries", entries(entry(own)) + ",'total':1}", Reason::none, 1},
        {"foreign rows only", entries(entry(foreign)) + "}", Reason::other_patient, 0},
        {"a foreign bare resource", foreign, Reason::other_patient, 0},
        {"foreign rows and somebody's Medication",
         entries(entry(foreign) + "," + entry("{'resourceType':'Medication'}")) + "}",
         Reason::other_patient, 0},
        {"a foreign row beside an own one", entries(entry(foreign) + "," + entry(own)) + "}",
         Reason::none, 1},
        {"a note beside the matches",
         entries(entry(own) + "," + entry(outcome("information", "informational"))) + "}",
         Reason::none, 1},
        {"a note and no match", entries(entry(outcome("warning", "not-found"))) + "}", Reason::none,
         0},
        {"an error beside the matches",
         entries(entry(own) + "," + entry(outcome("error", "timeout"))) + "}", Reason::incomplete,
         1},
        {"an unknown type", entries(entry("{'resourceType':'Whatever'}") + "," + entry(own)) + "}",
         Reason::none, 1},
        {"a resource without type", entries(entry("{'id':'x'}")) + "}", Reason::unreadable, 0},
        {"an object of no kind", "{}", Reason::unreadable, 0},
        {"a text", "'none'", Reason::unreadable, 0},
        {"a number", "7", Reason::unreadable, 0},
        {"a row with a modifier that nobody knows",
         entries(entry("{'resourceType':'Condition','code':{'text':'gout'},'modifierExtension':[{'"
                       "url':'x'}]}")) +
             "}",
         Reason::unreadable, 0},
    };
    for (auto const& row : table) {
        auto const sample = SampleRequest{}.value("conditions", row.value).load();
        ASSERT_TRUE(sample->error.empty()) << row.what << sample->error;
        EXPECT_EQ(name(sample->record->queries[Query::conditions]), name(row.reason)) << row.what;
        EXPECT_EQ(sample->record->conditions.size(), row.rows) << row.what;
    }
}

TEST(RecordReading, EveryKeyHasItsOwnState) {
    for (auto query :
         {Query::patient, Query::medications, Query::statements, Query::administrations,
          Query::dispenses, Query::conditions, Query::allergies, Query::observations,
          Query::procedures, Query::service_requests, Query::encounter}) {
        auto const name_of_key = std::string{key(query)};
        auto const sample = SampleRequest{}.value(name_of_key, "").load();
        EXPECT_EQ(sample->record->queries.open(), queries(query)) << name_of_key;
        EXPECT_EQ(sample->record->queries[query], Reason::not_supplied) << name_of_key;
        auto const known = SampleRequest{}.value(name_of_key, "null").load();
        EXPECT_TRUE(known->record->queries.open().none()) << name_of_key;
    }
}

TEST(RecordReading, TheSubjectMayBeWrittenInAnyForm) {
    struct Row {
        char const* subject;
        std::size_t rows;
    };
    for (auto const& row : {
             Row{"'subject':{'reference':'Patient/p1'}", 1},
             Row{"'subject':{'reference':'https://ehr.example/fhir/Patient/p1'}", 1},
             Row{"'subject':{'reference':'https://ehr.example/fhir/Patient/p1/_history/4'}", 1},
             Row{"'subject':{'reference':'urn:uuid:p1'}", 1},
             Row{"'patient':{'reference':'Patient/p1'}", 1},
             Row{"'subject':{'display':'somebody'}", 1},
             Row{"'id':'x'", 1},
             Row{"'subject':{'reference':'Patient/p2'}", 0},
             Row{"'subject':{'reference':'Patient/p11'}", 0},
             Row{"'subject':{'reference':'Patient/xp1'}", 0},
             Row{"'subject':{'reference':'urn:uuid:p2'}", 0},
             Row{"'patient':{'reference':'https://ehr.example/fhir/Patient/p2'}", 0},
         }) {
        auto const sample =
            SampleRequest{}
                .row("conditions",
                     std::string{"{'resourceType':'Condition','code':{'text':'gout'},"} +
                         row.subject + "}")
                .load();
        EXPECT_EQ(sample->record->conditions.size(), row.rows) << row.subject;
        EXPECT_EQ(sample->record->discarded.size(), 1 - row.rows) << row.subject;
    }
}

TEST(RecordReading, DraftsOfAnotherPatientAreIgnored) {
    auto const sample = SampleRequest{}
                            .start("infliximab", ",'subject':{'reference':'Patient/p2'}")
                            .start("ciclosporin", ",'subject':{'reference':'Patient/p1'}")
                            .load();
    ASSERT_EQ(sample->record->drafts.size(), 1U);
    EXPECT_TRUE(has(sample->draft().drugs, Drug::ciclosporin));
}

TEST(RecordReading, ForeignKeysAreReadButCompleteNothing) {
    auto const sample = SampleRequest{}
                            .value("conditions", "")
                            .value("problemList", entries(entry(own)) + "}")
                            .load();
    EXPECT_EQ(sample->record->conditions.size(), 1U);
    EXPECT_EQ(sample->record->queries[Query::conditions], Reason::not_supplied);
}

TEST(RecordReading, ARowThatAForeignKeyRepeatsIsReadOnce) {
    std::string const order =
        "{'resourceType':'MedicationRequest','id':'m1','status':'active','"
        "medicationCodeableConcept':{'text':'infliximab'}}";
    auto const sample = SampleRequest{}
                            .row("medications", order)
                            .value("activeOrders", entries(entry(order)) + "}")
                            .load();
    EXPECT_EQ(sample->record->medications.size(), 1U);
}

TEST(RecordReading, RowsAreReadByTheirTypeWhateverTheKey) {
    auto const sample =
        SampleRequest{}
            .row("conditions",
                 "{'resourceType':'AllergyIntolerance','code':{'text':'methotrexate'}}")
            .row("medications",
                 "{'resourceType':'MedicationStatement','status':'active',"
                 "'medicationCodeableConcept':{'text':'infliximab'}}")
            .load();
    EXPECT_EQ(sample->record->allergies.size(), 1U);
    EXPECT_EQ(sample->medication().source, MedicationSource::statement);
}

TEST(RecordReading, APrefetchedPatientWhoIsAnotherOneIsRefused) {
    EXPECT_EQ(
        SampleRequest{}.value("patient", "{'resourceType':'Patient','id':'p2'}").load()->error,
        "/prefetch/patient/id");
    EXPECT_EQ(
        SampleRequest{}.value("patient", "{'resourceType':'Patient','id':'p1'}").load()->error, "");
    EXPECT_EQ(SampleRequest{}.value("patient", "{'resourceType':'Patient'}").load()->error, "");
}

TEST(RecordReading, AnotherPatientInsideABundleIsNeverRead) {
    auto const wrapped =
        entries(entry("{'resourceType':'Patient','id':'p2','gender':'male'}")) + "}";
    auto const sample = SampleRequest{}.value("patient", wrapped).load();
    EXPECT_FALSE(sample->record->patient.present);
    EXPECT_EQ(sample->record->queries[Query::patient], Reason::other_patient);
    auto const beside =
        SampleRequest{}
            .value("patient", "")
            .row("conditions", "{'resourceType':'Patient','id':'p2','gender':'male'}")
            .row("conditions", "{'resourceType':'Patient','id':'p1','gender':'female'}")
            .load();
    EXPECT_EQ(beside->record->patient.sex, Sex::female);
}

TEST(RecordReading, SexAndAgeComeFromThePatient) {
    struct Row {
        char const* patient;
        Sex sex;
        std::optional<int> age;
    };
    // A partial birth date is the youngest possible age.
    for (auto const& row : {
             Row{"'gender':'male','birthDate':'1990-03-10'", Sex::male, 36},
             Row{"'gender':'female','birthDate':'1990-03-11'", Sex::female, 35},
             Row{"'gender':'other','birthDate':'1990-03'", Sex::unknown, 35},
             Row{"'gender':'unknown','birthDate':'1990-02'", Sex::unknown, 36},
             Row{"'birthDate':'1990'", Sex::unknown, 35},
             Row{"'gender':'male'", Sex::male, std::nullopt},
         }) {
        auto const sample =
            SampleRequest{}
                .value("patient",
                       std::string{"{'resourceType':'Patient','id':'p1',"} + row.patient + "}")
                .load();
        EXPECT_EQ(sample->record->patient.sex, row.sex) << row.patient;
        EXPECT_EQ(sample->chart->age_years(), row.age) << row.patient;
    }
    EXPECT_FALSE(SampleRequest{}.value("patient", "null").load()->chart->age_years());
}

TEST(RecordReading, TheEncounterIsNowOnlyWhileItIsInProgress) {
    struct Row {
        char const* encounter;
        bool in_hospital;
    };
    for (auto const& row : {
             Row{"'status':'in-progress','class':{'code':'IMP'},'period':{'start':'2026-03-09'}",
                 true},
             Row{"'status':'in-progress','class':{'code':'ACUTE'}", true},
             Row{"'status':'in-progress','class':{'code':'NONAC'}", true},
             Row{"'status':'in-progress','class':{'code':'EMER'},'period':{'start':'2026-03-10T09:"
                 "00:00Z'}",
                 true},
             Row{"'status':'in-progress','class':{'code':'AMB'},'period':{'start':'2026-03-09'}",
                 false},
             Row{"'status':'finished','class':{'code':'IMP'}", false},
             Row{"'status':'planned','class':{'code':'IMP'}", false},
             Row{"'status':'in-progress','class':{'code':'IMP'},'period':{'start':'2026-03-10T09:"
                 "00:01Z'}",
                 false},
             Row{"'status':'in-progress','class':{'code':'IMP'},'period':{'end':'2026-03-09'}",
                 false},
             Row{"'status':'in-progress','class':{'code':'IMP'},'period':{'end':'2026-03-10T08:59:"
                 "00Z'}",
                 false},
             Row{"'status':'in-progress','class':{'code':'IMP'},'period':{'end':'2026-03-10T09:30:"
                 "00Z'}",
                 true},
             Row{"'status':'in-progress','class':[{'coding':[{'code':'IMP'}]}]", true},
             Row{"'status':'in-progress','class':{'code':'IMP'},'subject':{'reference':'Patient/"
                 "p2'}",
                 false},
         }) {
        auto const sample =
            SampleRequest{}
                .value("encounter",
                       std::string{"{'resourceType':'Encounter','id':'e1',"} + row.encounter + "}")
                .load();
        EXPECT_EQ(in_hospital_now(*sample->chart), row.in_hospital) << row.encounter;
    }
}

}  // namespace
}  // namespace cds::fhir
