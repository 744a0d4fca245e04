#include <gtest/gtest.h>

#include "fhir/clinical_state.hpp"
#include "fhir/indication.hpp"
#include "tests/fhir/sample_record.hpp"

// Conditions: which count, and when ulcerative colitis is acute and severe. Source:
// fact-encodings 4.1, 4.3.

namespace cds::fhir {
namespace {

std::string status(std::string const& code) {
    return ",'clinicalStatus':{'coding':[{'code':'" + code + "'}]}";
}
std::string verified(std::string const& code) {
    return ",'verificationStatus':{'coding':[{'code':'" + code + "'}]}";
}
std::string onset(int day) { return ",'onsetDateTime':'" + on(day) + "'"; }
std::string abated(int day) { return ",'abatementDateTime':'" + on(day) + "'"; }

TEST(ConditionReading, TheClinicalStatusDecides) {
    struct Row {
        std::string extra;
        bool active;
    };
    for (auto const& row : {
             Row{status("active"), true},
             Row{status("recurrence"), true},
             Row{status("relapse"), true},
             Row{status("inactive"), false},
             Row{status("remission"), false},
             Row{status("resolved"), false},
             Row{"", true},
             Row{abated(-5), false},
             Row{status("active") + abated(-5), true},
             Row{",'clinicalStatus':{'text':'Resolved'}", false},
             Row{",'clinicalStatus':{'text':'Active'}", true},
             Row{",'clinicalStatus':'resolved'", false},
             Row{",'_clinicalStatus':{'extension':[]}", false},
             Row{",'abatementPeriod':{'end':'2026-01-01'}", false},
         }) {
        auto const sample = SampleRequest{}.condition("psoriasis", row.extra).load();
        EXPECT_EQ(sample->condition().active, row.active) << row.extra;
    }
}

TEST(ConditionReading, TheVerificationStatusDecidesWhatItCountsFor) {
    struct Row {
        char const* code;
        bool contraindicates, indicates, confirmed;
    };
    for (auto const& row : {
             Row{"confirmed", true, true, true},
             Row{"provisional", true, true, false},
             Row{"differential", true, false, false},
             Row{"unconfirmed", true, false, false},
             Row{"refuted", false, false, false},
             Row{"entered-in-error", false, false, false},
             Row{"", true, true, true},
         }) {
        auto const extra = *row.code ? verified(row.code) : std::string{};
        auto const sample = SampleRequest{}.condition("psoriasis", extra).load();
        auto const diseases = set_of(Disease::psoriasis);
        EXPECT_EQ(!active_conditions(*sample->record, diseases).empty(), row.contraindicates)
            << row.code;
        EXPECT_EQ(has(listed_indications(*sample->chart, sample_today), Disease::psoriasis),
                  row.indicates)
            << row.code;
        if (row.contraindicates) {
            EXPECT_EQ(is_confirmed(sample->condition().verification), row.confirmed) << row.code;
        }
    }
    auto const worded =
        SampleRequest{}
            .condition("psoriasis", ",'verificationStatus':{'text':'Entered in Error'}")
            .load();
    EXPECT_EQ(worded->condition().verification, Verification::entered_in_error);
}

TEST(ConditionReading, OnsetElseTheRecordedDate) {
    auto const day_of = [](std::string const& extra) {
        auto const sample = SampleRequest{}.condition("sepsis", extra).load();
        auto const& date = sample->condition().onset;
        return date ? base::iso(date.first) : std::string{"none"};
    };
    EXPECT_EQ(day_of(",'onsetDateTime':'2026-01-02','recordedDate':'2026-02-02'"), "2026-01-02");
    EXPECT_EQ(day_of(",'recordedDate':'2026-02-02'"), "2026-02-02");
    EXPECT_EQ(day_of(",'onsetDateTime':'2026-01'"), "2026-01-01");
    EXPECT_EQ(day_of(",'onsetDateTime':'2025','recordedDate':'2026-02-02'"), "2026-02-02");
    EXPECT_EQ(day_of(",'onsetDateTime':'2025'"), "none");
}

TEST(ConditionReading, CodesDecideAndTextIsReadWithoutThem) {
    struct Row {
        char const* code;
        Disease disease;
        bool stated;
    };
    auto const icd = "'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'";
    for (auto const& row : {
             Row{"'text':'psoriasis'", Disease::psoriasis, true},
             Row{"'coding':[{'system':'urn:oid:1.2','code':'7','display':'Psoriasis vulgaris'}]",
                 Disease::psoriasis, true},
             Row{"'text':'family history of psoriasis'", Disease::psoriasis, false},
             Row{"'text':'psoriasis ruled out'", Disease::psoriasis, false},
             Row{"'text':'no evidence of sepsis'", Disease::serious_infection, false},
         }) {
        auto const sample = SampleRequest{}
                                .row("conditions", "{'resourceType':'Condition','code':{" +
                                                       std::string{row.code} + "}}")
                                .load();
        EXPECT_EQ(has(sample->condition().diseases, row.disease), row.stated) << row.code;
    }
    auto const coded =
        SampleRequest{}
            .row("conditions", "{'resourceType':'Condition','code':{" + std::string{icd} +
                                   "L40.0'}],'text':'psoriasis'}}")
            .row("conditions", "{'resourceType':'Condition','code':{" + std::string{icd} +
                                   "L20.9'}],'text':'psoriasis'}}")
            .load();
    EXPECT_TRUE(has(coded->condition(0).diseases, Disease::psoriasis));
    EXPECT_FALSE(has(coded->condition(1).diseases, Disease::psoriasis));
    EXPECT_TRUE(has(coded->condition(1).diseases, Disease::atopic_dermatitis));
}

bool acute(SampleRequest const& request, int day = 0) {
    return acute_severe_uc(*request.load()->chart, in_days(day));
}

TEST(AcuteSevereColitis, ItsLabelHoldsForNinetyDaysAndNinetyBeyondItsEnd) {
    struct Row {
        std::string extra;
        int day;
        bool holds;
    };
    for (auto const& row : {
             Row{status("active"), 0, true},
             Row{status("active") + onset(-90), 0, true},
             Row{status("active") + onset(-91), 0, false},
             Row{status("active") + onset(-85), 5, true},
             Row{status("active") + onset(-85), 6, false},
             Row{status("resolved") + onset(-200) + abated(-90), 0, true},
             Row{status("resolved") + onset(-200) + abated(-91), 0, false},
             Row{status("resolved"), 0, false},
             Row{status("active") + verified("refuted"), 0, false},
             Row{status("active") + verified("unconfirmed"), 0, false},
             Row{status("active") + verified("provisional"), 0, true},
             Row{status("active") + ",'recordedDate':'" + on(-91) + "'", 0, false},
         }) {
        EXPECT_EQ(
            acute(SampleRequest{}.condition("acute severe ulcerative colitis", row.extra), row.day),
            row.holds)
            << row.extra << row.day;
        EXPECT_EQ(acute(SampleRequest{}.condition("ASUC", row.extra), row.day), row.holds)
            << row.extra << row.day;
    }
    EXPECT_TRUE(acute(SampleRequest{}.condition("fulminant colitis")));
    EXPECT_FALSE(acute(SampleRequest{}.condition("ulcerative colitis")));
    EXPECT_FALSE(acute(SampleRequest{}.condition("history of asuc ruled out")));
}

TEST(AcuteSevereColitis, AnOldLabelIsStillUlcerativeColitis) {
    for (auto const* label : {"acute severe ulcerative colitis", "ASUC"}) {
        auto const sample = SampleRequest{}.condition(label, onset(-91)).load();
        auto const diseases = listed_indications(*sample->chart, sample_today);
        EXPECT_TRUE(has(diseases, Disease::ulcerative_colitis)) << label;
        EXPECT_FALSE(has(diseases, Disease::acute_severe_uc_label)) << label;
    }
}

std::string encounter(std::string const& encounter_class,
                      std::string const& state = "in-progress") {
    return "{'resourceType':'Encounter','id':'e1','status':'" + state + "','class':{'code':'" +
           encounter_class + "'}}";
}

TEST(AcuteSevereColitis, SevereColitisInHospital) {
    auto const severe =
        ",'severity':{'coding':[{'system':'http://snomed.info/sct','code':'24484000'}]}";
    auto const moderate =
        ",'severity':{'coding':[{'system':'http://snomed.info/sct','code':'6736007'}]}";
    auto const with = [](char const* condition, std::string const& extra,
                         std::string const& where) {
        return acute(SampleRequest{}.condition(condition, extra).value("encounter", where));
    };
    EXPECT_TRUE(with("ulcerative colitis", severe, encounter("IMP")));
    EXPECT_TRUE(with("ulcerative colitis", severe, encounter("EMER")));
    EXPECT_TRUE(with("ulcerative colitis", ",'severity':{'text':'Severe'}", encounter("IMP")));
    EXPECT_TRUE(with("ASUC", onset(-200) + severe, encounter("IMP")));
    EXPECT_FALSE(with("ulcerative colitis", severe, encounter("AMB")));
    EXPECT_FALSE(with("ulcerative colitis", severe, encounter("IMP", "finished")));
    EXPECT_FALSE(with("ulcerative colitis", severe, "null"));
    EXPECT_FALSE(with("ulcerative colitis", moderate, encounter("IMP")));
    EXPECT_FALSE(with("ulcerative colitis", severe + verified("differential"), encounter("IMP")));
    EXPECT_FALSE(with("psoriasis", severe, encounter("IMP")));
    EXPECT_FALSE(with("ulcerative colitis", severe + status("remission"), encounter("IMP")));
}

TEST(AcuteSevereColitis, IntravenousSteroidsWithinFourteenDaysInHospital) {
    auto const intravenous = std::string{",'dosageInstruction':[{'route':{'text':'IV'}}]"};
    auto const oral = std::string{",'dosageInstruction':[{'route':{'text':'oral'}}]"};
    auto const given = [](char const* drug, int day, char const* route) {
        return SampleRequest{}
            .condition("ulcerative colitis")
            .value("encounter", encounter("IMP"))
            .given(drug, day, ",'dosage':{'route':{'text':'" + std::string{route} + "'}}");
    };
    EXPECT_TRUE(acute(given("methylprednisolone", -14, "IV")));
    EXPECT_FALSE(acute(given("methylprednisolone", -15, "IV")));
    EXPECT_TRUE(acute(given("hydrocortisone", -1, "intravenous")));
    EXPECT_FALSE(acute(given("methylprednisolone", -1, "oral")));
    EXPECT_FALSE(acute(given("prednisolone", -1, "IV")));
    auto const base_request =
        SampleRequest{}.condition("ulcerative colitis").value("encounter", encounter("IMP"));
    auto with = [&](auto change) {
        auto request = base_request;
        change(request);
        return acute(request);
    };
    EXPECT_TRUE(with([&](auto& r) { r.order("methylprednisolone", authored(-3) + intravenous); }));
    EXPECT_TRUE(with([&](auto& r) { r.order("methylprednisolone", authored(-3)); }));
    EXPECT_TRUE(with(
        [&](auto& r) { r.statement("hydrocortisone", ",'dosage':[{'route':{'text':'IV'}}]"); }));
    EXPECT_FALSE(with([&](auto& r) { r.order("methylprednisolone", authored(-3) + oral); }));
    EXPECT_FALSE(with([](auto&) {}));
    auto const elsewhere = SampleRequest{}
                               .condition("ulcerative colitis")
                               .order("methylprednisolone", authored(-3) + intravenous);
    EXPECT_FALSE(acute(elsewhere));
}

TEST(ConditionReading, ABareCodeIsCalledByTheNameThatItsTerminologyGivesIt) {
    auto const label = [](std::string const& code) {
        auto const sample = SampleRequest{}
                                .row("conditions",
                                     "{'resourceType':'Condition','code':{'coding':[{'system':"
                                     "'http://hl7.org/fhir/sid/icd-10-cm'," +
                                         code + "}]}}")
                                .load();
        return std::string{sample->condition().label};
    };
    EXPECT_EQ(label("'code':'C43.9'"), "Malignant melanoma of skin, unspecified");
    EXPECT_EQ(label("'code':'C43.9','display':'melanoma'"), "melanoma");
    EXPECT_EQ(label("'code':'X00.0'"), "X00.0");
}

}  // namespace
}  // namespace cds::fhir
