#include <gtest/gtest.h>

#include "fhir/clinical_state.hpp"
#include "tests/fhir/sample_record.hpp"

// Methotrexate contraindications, infections, pregnancy, and which tests were done. Source:
// catalogue 3.7.6, fact-encodings 4.2 and 5.

namespace cds::fhir {
namespace {

std::string verified(char const* code) {
    return ",'verificationStatus':{'coding':[{'code':'" + std::string{code} + "'}]}";
}
std::string status(char const* code) {
    return ",'clinicalStatus':{'coding':[{'code':'" + std::string{code} + "'}]}";
}

SampleRequest icd(char const* code, std::string const& extra = "") {
    return SampleRequest{}.row("conditions",
                               "{'resourceType':'Condition','code':{'coding':[{'system':"
                               "'http://hl7.org/fhir/sid/icd-10-cm','code':'" +
                                   std::string{code} + "'}]}" + extra + "}");
}
SampleRequest allergy(std::string const& extra) {
    return SampleRequest{}.row(
        "allergies",
        "{'resourceType':'AllergyIntolerance','code':{'text':'methotrexate'}" + extra + "}");
}
SampleRequest stopped(char const* why) {
    return SampleRequest{}.order(
        "methotrexate", authored(-900) + ",'statusReason':{'text':'" + why + "'}", "stopped");
}

TEST(MethotrexateContraindication, EveryReasonOfTheList) {
    struct Row {
        char const* what;
        SampleRequest request;
        bool bars, bars_prescription;
    };
    Row const table[] = {
        {"nothing", SampleRequest{}, false, false},
        {"allergy", allergy(""), true, true},
        {"unconfirmed allergy", allergy(verified("unconfirmed")), true, true},
        {"refuted allergy", allergy(verified("refuted")), false, false},
        {"intolerance", SampleRequest{}.condition("methotrexate intolerance"), true, true},
        {"unconfirmed intolerance",
         SampleRequest{}.condition("methotrexate intolerance", verified("unconfirmed")), false,
         true},
        {"provisional intolerance",
         SampleRequest{}.condition("methotrexate intolerance", verified("provisional")), false,
         true},
        {"resolved intolerance",
         SampleRequest{}.condition("methotrexate intolerance", status("resolved")), false, false},
        {"pregnancy", icd("Z33.1"), true, true},
        {"planned pregnancy", SampleRequest{}.condition("planning pregnancy"), true, true},
        {"hCG 30 d", SampleRequest{}.result("2118-8", "'valueString':'positive'", -30), true, true},
        {"hCG 31 d", SampleRequest{}.result("2118-8", "'valueString':'positive'", -31), false,
         false},
        {"K70.3", icd("K70.30"), true, true},
        {"K72", icd("K72.90"), true, true},
        {"K74", icd("K74.60"), true, true},
        {"K76.6", icd("K76.6"), true, true},
        {"K76.7", icd("K76.7"), true, true},
        {"chronic liver disease", SampleRequest{}.condition("chronic liver disease"), false, false},
        {"cirrhosis", SampleRequest{}.condition("cirrhosis"), true, true},
        {"N18.4", icd("N18.4"), true, true},
        {"N18.5", icd("N18.5"), true, true},
        {"N18.6", icd("N18.6"), true, true},
        {"N18.32", icd("N18.32"), false, false},
        {"eGFR 29 90 d", SampleRequest{}.lab("33914-3", "29", "mL/min/{1.73_m2}", -90), true, true},
        {"eGFR 29 91 d", SampleRequest{}.lab("33914-3", "29", "mL/min/{1.73_m2}", -91), false,
         false},
        {"eGFR 30", SampleRequest{}.lab("33914-3", "30", "mL/min/{1.73_m2}", -1), false, false},
        {"F10.1", icd("F10.10"), true, true},
        {"F10.2", icd("F10.20"), true, true},
        {"F10.9", icd("F10.90"), false, false},
        {"LTBI treatment", SampleRequest{}.order("isoniazid", authored(-10)), true, true},
        {"LTBI treatment over",
         SampleRequest{}.order("isoniazid", authored(-300) + bounds("", on(-40)), "completed"),
         false, false},
        {"stopped: nausea", stopped("nausea"), true, true},
        {"stopped: intolerance", stopped("Intolerance"), true, true},
        {"stopped: hepatotoxic", stopped("hepatotoxicity"), true, true},
        {"stopped: mucositis", stopped("mucositis"), true, true},
        {"stopped: remission", stopped("sustained remission"), false, false},
        {"completed: nausea",
         SampleRequest{}.order("methotrexate", ",'statusReason':{'text':'nausea'}", "completed"),
         false, false},
        {"no order", SampleRequest{}.order("infliximab"), false, false},
    };
    for (auto const& row : table) {
        auto const sample = row.request.load();
        EXPECT_EQ(static_cast<bool>(methotrexate_bar(*sample->chart, sample_today, true)), row.bars)
            << row.what;
        EXPECT_EQ(static_cast<bool>(methotrexate_bar(*sample->chart, sample_today, false)),
                  row.bars_prescription)
            << row.what;
    }
}

TEST(ActiveInfections, NinetyDaysOrAsLongAsTheyLast) {
    struct Row {
        char const* code;
        int onset;
        char const* state;
        bool counts;
    };
    for (auto const& row : {
             Row{"A41.9", -90, "active", true},
             Row{"A41.9", -91, "active", false},
             Row{"A41.9", -5, "recurrence", true},
             Row{"A41.9", -5, "relapse", true},
             Row{"A41.9", -5, "resolved", false},
             Row{"A41.9", -5, "inactive", false},
             Row{"A15.0", -900, "active", true},
             Row{"A31.0", -900, "active", true},
             Row{"A43.0", -900, "active", true},
             Row{"B25.9", -900, "active", true},
             Row{"B39.4", -900, "active", true},
             Row{"B59", -900, "active", true},
             Row{"M86.9", -900, "active", true},
             Row{"J18.9", -900, "active", false},
             Row{"J18.9", -10, "active", true},
             Row{"N39.0", -1, "active", false},
             Row{"J00", -1, "active", false},
         }) {
        auto const sample =
            icd(row.code, ",'onsetDateTime':'" + on(row.onset) + "'" + status(row.state)).load();
        EXPECT_EQ(!active_infections(*sample->chart).empty(), row.counts)
            << row.code << row.onset << row.state;
    }
    EXPECT_FALSE(active_infections(*icd("A41.9").load()->chart).empty());
    EXPECT_TRUE(active_infections(*icd("A41.9", ",'recordedDate':'" + on(-91) + "'").load()->chart)
                    .empty());
    EXPECT_TRUE(active_infections(*icd("A41.9", verified("refuted")).load()->chart).empty());
    EXPECT_FALSE(active_infections(*icd("A41.9", verified("unconfirmed")).load()->chart).empty());
}

TEST(Pregnancies, ByConditionOrATestOfThirtyDays) {
    auto const pregnant = [](SampleRequest const& request) {
        return static_cast<bool>(pregnancy(*request.load()->chart));
    };
    EXPECT_TRUE(pregnant(icd("Z33.1")));
    EXPECT_FALSE(pregnant(icd("Z33.1", status("resolved"))));
    EXPECT_FALSE(pregnant(icd("Z33.1", verified("refuted"))));
    EXPECT_TRUE(pregnant(SampleRequest{}.result("2118-8", "'valueString':'positive'", -30)));
    EXPECT_FALSE(pregnant(SampleRequest{}.result("2118-8", "'valueString':'positive'", -31)));
    EXPECT_FALSE(pregnant(SampleRequest{}.result("2118-8", "'valueString':'negative'", -3)));
}

TEST(TestsDone, ABloodCountIsAPanelOrItsThreeParts) {
    auto const days = [](SampleRequest const& request) {
        return blood_count_days(*request.load()->record);
    };
    auto const parts = [](int white, int red, int platelets) {
        return SampleRequest{}
            .lab("6690-2", "5", "10*9/L", white)
            .lab("718-7", "12", "g/dL", red)
            .lab("777-3", "250", "10*9/L", platelets);
    };
    EXPECT_EQ(days(SampleRequest{}.result("58410-2", "", -3)), std::vector{in_days(-3)});
    EXPECT_EQ(days(parts(-3, -3, -3)), std::vector{in_days(-3)});
    EXPECT_TRUE(days(parts(-3, -3, -4)).empty());
    EXPECT_TRUE(
        days(SampleRequest{}.lab("6690-2", "5", "10*9/L", -3).lab("718-7", "12", "g/dL", -3))
            .empty());
    EXPECT_TRUE(
        days(SampleRequest{}.result("58410-2", "", -3, ",'dataAbsentReason':{'text':'clotted'}"))
            .empty());
    EXPECT_TRUE(days(SampleRequest{}.result("58410-2", "", 1)).empty());
    EXPECT_TRUE(days(SampleRequest{}
                         .lab("6690-2", "5", "", -3)
                         .lab("718-7", "12", "g/dL", -3)
                         .lab("777-3", "250", "10*9/L", -3))
                    .empty());
}

TEST(TestsDone, LiverLipidsUrineAndMetabolicPanels) {
    auto const one = std::vector{in_days(-3)};
    auto const record = [](SampleRequest const& request) { return request.load(); };
    for (auto const* loinc : {"24325-3", "24323-8"}) {
        EXPECT_EQ(liver_test_days(*record(SampleRequest{}.result(loinc, "", -3))->record), one)
            << loinc;
    }
    for (auto const* loinc : {"1742-6", "1920-8"}) {
        EXPECT_EQ(liver_test_days(*record(SampleRequest{}.lab(loinc, "30", "U/L", -3))->record),
                  one)
            << loinc;
    }
    EXPECT_TRUE(
        liver_test_days(*record(SampleRequest{}.lab("6768-6", "30", "U/L", -3))->record).empty());
    EXPECT_TRUE(
        liver_test_days(*record(SampleRequest{}.result("24321-2", "", -3))->record).empty());
    EXPECT_EQ(lipid_days(*record(SampleRequest{}.result("24331-1", "", -3))->record), one);
    EXPECT_EQ(lipid_days(*record(SampleRequest{}.lab("2093-3", "5", "mmol/L", -3))->record), one);
    EXPECT_EQ(lipid_days(*record(SampleRequest{}.lab("13457-7", "100", "mg/dL", -3))->record), one);
    EXPECT_TRUE(
        lipid_days(*record(SampleRequest{}.lab("2571-8", "100", "mg/dL", -3))->record).empty());
    EXPECT_EQ(urinalysis_days(*record(SampleRequest{}.result("24356-8", "", -3))->record), one);
    EXPECT_EQ(
        urinalysis_days(
            *record(SampleRequest{}.result("20454-5", "'valueString':'negative'", -3))->record),
        one);
    for (auto test :
         {cds::fhir::Test::potassium, cds::fhir::Test::bun, cds::fhir::Test::creatinine}) {
        auto const panel = record(SampleRequest{}.result("24323-8", "", -3));
        EXPECT_EQ(value_or_panel_days(*panel->record, test), one);
        auto const with_members = record(SampleRequest{}.result(
            "24323-8", "", -3, ",'hasMember':[{'reference':'Observation/x'}]"));
        EXPECT_TRUE(value_or_panel_days(*with_members->record, test).empty());
    }
    EXPECT_TRUE(value_or_panel_days(*record(SampleRequest{}.result("24323-8", "", -3))->record,
                                    cds::fhir::Test::magnesium)
                    .empty());
}

TEST(Weights, TheNewestMeasuredOneUnlessOnlyAnEstimateIsRecent) {
    struct Row {
        std::optional<int> measured, estimated;
        char const* kg;
        bool stale, is_estimated;
    };
    for (auto const& row : {
             Row{-180, {}, "80", false, false},
             Row{-181, {}, "80", true, false},
             Row{-180, -1, "80", false, false},
             Row{-181, -180, "70", false, true},
             Row{{}, -5, "70", false, true},
             Row{-181, -190, "80", true, false},
         }) {
        SampleRequest request;
        if (row.measured) request.lab("29463-7", "80", "kg", *row.measured);
        if (row.estimated) request.lab("8335-2", "70", "kg", *row.estimated);
        auto const sample = request.load();
        auto const weight = sample->chart->weight();
        ASSERT_TRUE(weight);
        EXPECT_EQ(weight->kg.text(1), row.kg) << row.measured.value_or(0);
        EXPECT_EQ(weight->stale, row.stale) << row.measured.value_or(0);
        EXPECT_EQ(weight->estimated, row.is_estimated) << row.measured.value_or(0);
    }
    auto const child = "{'resourceType':'Patient','id':'p1','birthDate':'2012-01-01'}";
    EXPECT_FALSE(SampleRequest{}
                     .value("patient", child)
                     .lab("29463-7", "40", "kg", -60)
                     .load()
                     ->chart->weight()
                     ->stale);
    EXPECT_TRUE(SampleRequest{}
                    .value("patient", child)
                    .lab("29463-7", "40", "kg", -61)
                    .load()
                    ->chart->weight()
                    ->stale);
    EXPECT_FALSE(SampleRequest{}.lab("29463-7", "1", "kg", -1).load()->chart->weight());
}

}  // namespace
}  // namespace cds::fhir
