#include "cards/updated_order.hpp"

#include <gtest/gtest.h>

#include "tests/cards/chart_case.hpp"

namespace cds::cards {
namespace {

/// A ciclosporin draft with this dosageInstruction and further members.
std::string draft(std::string const& dosage, std::string const& more = {}) {
    return R"([{"resourceType":"MedicationRequest","id":"d1","status":"draft","intent":"order",)"
           R"("medicationCodeableConcept":{"coding":[{"system":)"
           R"("http://www.nlm.nih.gov/research/umls/rxnorm",)"
           R"("code":"3008"}],"text":"ciclosporin"},"subject":{"reference":"Patient/p1"})" +
           more + (dosage.empty() ? "" : R"(,"dosageInstruction":)" + dosage) + "}]";
}

std::string const twice_daily =
    R"([{"text":"100 mg twice daily","timing":{"repeat":{"boundsPeriod":{"start":"2026-06-01"},)"
    R"("frequency":2,)"
    R"("period":1.0,"periodUnit":"d"},"code":{"text":"BID"}},"route":{"text":"oral"},)"
    R"("doseAndRate":[{"doseQuantity":)"
    R"({"value":100.00,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}}]}])";

rules::Action update(fhir::MedicationRow const& row) {
    rules::Action action;
    action.type = rules::Action::Type::update_dose;
    action.medication = &row;
    return action;
}

TEST(UpdatedOrder, ChangesDoseScheduleAndWordsOnly) {
    ChartCase chart{draft(twice_daily)};
    auto action = update(chart.draft());
    action.dose_mg = base::Rational{75};
    action.times_per_day = 2;
    std::string out;
    ASSERT_TRUE(write_updated(chart.context(), action, out));
    Parsed const order{out};
    auto const dosage = order["dosageInstruction"].first();
    EXPECT_EQ(dosage["text"].string(), "75 mg, 2 times a day");
    EXPECT_EQ(dosage["doseAndRate"].first()["doseQuantity"]["value"].number(), "75");
    EXPECT_EQ(dosage["doseAndRate"].first()["doseQuantity"]["code"].string(), "mg");
    EXPECT_EQ(dosage["timing"]["repeat"]["frequency"].number(), "2");
    EXPECT_EQ(dosage["timing"]["repeat"]["period"].number(), "1");
    EXPECT_EQ(dosage["timing"]["repeat"]["boundsPeriod"]["start"].string(), "2026-06-01");
    EXPECT_FALSE(dosage["timing"]["code"]) << "BID would contradict a new schedule";
    EXPECT_EQ(dosage["route"]["text"].string(), "oral");
    EXPECT_EQ(order["id"].string(), "d1");
    EXPECT_TRUE(empty_members(*order).empty());
}

TEST(UpdatedOrder, KeepsWhatItDoesNotUnderstandAsItWasWritten) {
    std::string const more =
        R"(,"extension":[{"url":"urn:x","valueDecimal":1.10}],"unknownMember":{"big":)"
        R"(9007199254740993,"n":5.00},)"
        R"("dispenseRequest":{"quantity":{"value":1.0E2}},"substitution":null)";
    ChartCase chart{draft(twice_daily, more)};
    auto action = update(chart.draft());
    action.dose_mg = base::Rational{50};
    std::string out;
    ASSERT_TRUE(write_updated(chart.context(), action, out));
    EXPECT_NE(out.find(R"("extension":[{"url":"urn:x","valueDecimal":1.10}])"), out.npos);
    EXPECT_NE(out.find(R"("unknownMember":{"big":9007199254740993,"n":5.00})"), out.npos);
    EXPECT_NE(out.find(R"({"value":1.0E2})"), out.npos);
    EXPECT_NE(out.find(R"("frequency":2,"period":1.0,"periodUnit":"d")"), out.npos)
        << "the schedule did not change";
    EXPECT_NE(out.find(R"("code":{"text":"BID"})"), out.npos);
    EXPECT_EQ(out.find("substitution"), out.npos) << "FHIR JSON has no null members";
}

struct DoseRow {
    char const* name;
    std::string dosage;
    std::string expected;  ///< the doseAndRate or doseQuantity member; empty: not written
};

TEST(UpdatedOrder, WritesTheDoseInTheOrdersOwnFormWhereItIsExact) {
    auto const timing =
        std::string{R"("timing":{"repeat":{"frequency":2,"period":1,"periodUnit":"d"}},)"};
    auto const mg = [](char const* value) {
        return std::string{R"({"value":)"} + value +
               R"(,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"})";
    };
    DoseRow const rows[] = {
        {"mg", "[{" + timing + R"("doseAndRate":[{"doseQuantity":)" + mg("100") + "}]}]",
         R"("doseAndRate":[{"doseQuantity":)" + mg("75") + "}]"},
        {"mg per kg becomes mg",
         "[{" + timing +
             R"("doseAndRate":[{"doseQuantity":{"value":2.5,"unit":"mg/kg","code":"mg/kg"}}]}])",
         R"("doseAndRate":[{"doseQuantity":)" + mg("75") + "}]"},
        {"grams become mg",
         "[{" + timing +
             R"("doseAndRate":[{"doseQuantity":{"value":0.1,"unit":"g","code":"g"}}]}])",
         R"("doseAndRate":[{"doseQuantity":)" + mg("75") + "}]"},
        {"a range becomes one dose",
         "[{" + timing + R"("doseAndRate":[{"doseRange":{"low":)" + mg("50") + R"(,"high":)" +
             mg("100") + "}}]}]",
         R"("doseAndRate":[{"doseQuantity":)" + mg("75") + "}]"},
        {"the ordered row stays, the calculated one goes",
         "[{" + timing +
             R"("doseAndRate":[{"type":{"coding":[{"code":"calculated"}]},"doseQuantity":)" +
             mg("100") + R"(},{"type":{"coding":[{"code":"ordered"}]},"doseQuantity":)" +
             mg("100") + "}]}]",
         R"("doseAndRate":[{"type":{"coding":[{"code":"ordered"}]},"doseQuantity":)" + mg("75") +
             "}]"},
        {"STU3 form", "[{" + timing + R"("doseQuantity":)" + mg("100") + "}]",
         R"("doseQuantity":)" + mg("75")},
        {"extension of the quantity stays",
         "[{" + timing +
             R"("doseAndRate":[{"doseQuantity":{"extension":[{"url":"u","valueCode":"c"}],"value":100,)" +
             R"("unit":"mg"}}]}])",
         R"("doseQuantity":{"extension":[{"url":"u","valueCode":"c"}],"value":75,"unit":"mg"})"},
        {"a rate cannot be changed",
         "[{" + timing +
             R"("doseAndRate":[{"rateQuantity":{"value":5,"unit":"mg/h","code":"mg/h"}}]}])",
         ""},
        {"an unknown unit cannot be changed",
         "[{" + timing + R"("doseAndRate":[{"doseQuantity":{"value":2,"unit":"puffs"}}]}])", ""},
        {"no dose cannot be changed", "[{" + timing + R"("route":{"text":"oral"}}])", ""},
        {"two lines cannot be changed",
         "[{" + timing + R"("doseAndRate":[{"doseQuantity":)" + mg("100") + "}]},{" + timing +
             R"("doseAndRate":[{"doseQuantity":)" + mg("50") + "}]}]",
         ""},
        {"no dosage cannot be changed", "", ""},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        ChartCase chart{draft(row.dosage)};
        auto action = update(chart.draft());
        action.dose_mg = base::Rational{75};
        std::string out;
        ASSERT_EQ(write_updated(chart.context(), action, out), !row.expected.empty());
        if (row.expected.empty()) {
            EXPECT_EQ(out, "");
        } else {
            EXPECT_NE(out.find(row.expected), out.npos) << out;
        }
    }
}

TEST(UpdatedOrder, DropsWordsThatWouldContradictTheNewDose) {
    std::string const dosage =
        R"([{"text":"100 mg twice daily","patientInstruction":"take 4 capsules","doseAndRate":)"
        R"([{"doseQuantity":)"
        R"({"value":100,"unit":"mg"}}],"timing":{"repeat":{"frequency":2,"period":1,"periodUnit":"d"}}}])";
    ChartCase chart{draft(dosage, R"(,"text":{"status":"generated","div":"<div>100 mg</div>"})")};
    auto action = update(chart.draft());
    action.dose_mg = base::Rational{50};
    std::string out;
    ASSERT_TRUE(write_updated(chart.context(), action, out));
    EXPECT_EQ(out.find("take 4 capsules"), out.npos);
    EXPECT_EQ(out.find("<div>"), out.npos);
    EXPECT_NE(out.find(R"("text":"50 mg, 2 times a day")"), out.npos);
}

TEST(UpdatedOrder, SetsOnlyTheEndWhenOnlyTheEndChanges) {
    ChartCase chart{draft(twice_daily)};
    auto action = update(chart.draft());
    action.period_end = base::Day{std::chrono::days{20'700}};
    std::string out;
    ASSERT_TRUE(write_updated(chart.context(), action, out));
    Parsed const order{out};
    auto const dosage = order["dosageInstruction"].first();
    EXPECT_EQ(dosage["text"].string(), "100 mg twice daily");
    auto const bounds = dosage["timing"]["repeat"]["boundsPeriod"];
    EXPECT_EQ(bounds["start"].string(), "2026-06-01");
    EXPECT_EQ(bounds["end"].string(), base::iso(*action.period_end));
    EXPECT_NE(out.find(R"("value":100.00)"), out.npos);
}

TEST(UpdatedOrder, WritesTheDatesOfAnInductionSchedule) {
    ChartCase chart{draft(twice_daily)};
    auto action = update(chart.draft());
    auto const first = chart.chart().today();
    action.events = {first, first + std::chrono::days{14}, first + std::chrono::days{42}};
    std::string out;
    ASSERT_TRUE(write_updated(chart.context(), action, out));
    EXPECT_NE(out.find(R"("event":["2026-06-01","2026-06-15","2026-07-13"])"), out.npos) << out;
    EXPECT_EQ(out.find("frequency"), out.npos)
        << "a frequency beside the dates would mean more doses";
    EXPECT_NE(out.find(R"("text":"100 mg on 2026-06-01, 2026-06-15, 2026-07-13")"), out.npos)
        << out;
}

TEST(UpdatedOrder, WritesAnIntervalInDays) {
    ChartCase chart{draft(twice_daily)};
    auto action = update(chart.draft());
    action.dose_mg = base::Rational{300};
    action.every_days = 28;
    std::string out;
    ASSERT_TRUE(write_updated(chart.context(), action, out));
    EXPECT_NE(out.find(R"("frequency":1,"period":28,"periodUnit":"d")"), out.npos) << out;
    EXPECT_NE(out.find(R"("text":"300 mg every 28 days")"), out.npos) << out;
}

}  // namespace
}  // namespace cds::cards
