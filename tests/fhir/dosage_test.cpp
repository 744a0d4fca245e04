#include <gtest/gtest.h>

#include "fhir/dose.hpp"
#include "tests/fhir/sample_record.hpp"

// Doses from instructions: every form of amount, schedule and several lines. Source: catalogue 3.4,
// fact-encodings 2.

namespace cds::fhir {
namespace {

Rational number(char const* text) { return *Rational::parse(text); }

std::string quantity(std::string const& value, std::string const& unit) {
    return "{'value':" + value + ",'unit':'" + unit + "'}";
}
std::string instruction(std::string const& amount, std::string const& timing,
                        std::string const& more = "") {
    return "{'doseAndRate':[{" + amount + "}],'timing':{" + timing + "}" + more + "}";
}
std::string instructions(std::string const& list) { return ",'dosageInstruction':[" + list + "]"; }
std::string const twice = "'repeat':{'frequency':2,'period':1,'periodUnit':'d'}";

struct DoseCase {
    std::string lines;
    DoseProblem problem;
    char const* mg_per_day = "0";
};

void expect_daily(std::vector<DoseCase> const& table,
                  char const* drug = "ciclosporin 100 mg capsule",
                  std::optional<Rational> kg = Rational{80}) {
    for (auto const& row : table) {
        auto const sample = SampleRequest{}.start(drug, row.lines).load();
        auto const dose = daily_dose(sample->draft(), sample_today, kg);
        EXPECT_EQ(dose.problem, row.problem) << row.lines;
        if (dose) {
            EXPECT_EQ(dose.mg_per_day, number(row.mg_per_day)) << row.lines;
        }
    }
}

DoseCase amount(std::string const& json_amount, DoseProblem problem, char const* mg_per_day = "0") {
    return {instructions(instruction(json_amount, twice)), problem, mg_per_day};
}

TEST(DosageReading, AmountsInEveryUnit) {
    auto const ok = DoseProblem::none;
    expect_daily({
        amount("'doseQuantity':" + quantity("100", "mg"), ok, "200"),
        amount("'doseQuantity':{'value':100,'code':'mg','system':'http://unitsofmeasure.org'}", ok,
               "200"),
        amount("'doseQuantity':" + quantity("0.1", "g"), ok, "200"),
        amount("'doseQuantity':" + quantity("100000", "ug"), ok, "200"),
        amount("'doseQuantity':" + quantity("2.5", "mg/kg"), ok, "400"),
        amount("'doseQuantity':" + quantity("2", "capsule"), ok, "400"),
        amount("'doseQuantity':" + quantity("2", "capsules"), ok, "400"),
        amount("'doseQuantity':{'value':2,'unit':'capsule','code':'{capsule}','system':'http://"
               "unitsofmeasure.org'}",
               ok, "400"),
        amount("'doseQuantity':{'value':2,'unit':'tablet','code':'428673006','system':'http://"
               "snomed.info/sct'}",
               ok, "400"),
        amount("'doseQuantity':{'value':2,'unit':'tablet','code':'1','system':'http://"
               "unitsofmeasure.org'}",
               ok, "400"),
        amount(
            "'doseRange':{'low':" + quantity("50", "mg") + ",'high':" + quantity("75", "mg") + "}",
            ok, "150"),
        amount("'doseRange':{'low':" + quantity("50", "mg") + "}", DoseProblem::unknown_unit),
        amount("'doseQuantity':" + quantity("1", "mL"), DoseProblem::no_strength),
        amount("'doseQuantity':" + quantity("1", "spoon"), DoseProblem::unknown_unit),
        amount("'doseQuantity':{'value':100}", DoseProblem::unknown_unit),
        amount("'doseQuantity':{'unit':'mg'}", DoseProblem::unknown_unit),
        amount("'doseQuantity':" + quantity("-5", "mg"), DoseProblem::unknown_unit),
        amount("'doseQuantity':{'value':100,'unit':'mg','comparator':'<'}",
               DoseProblem::unknown_unit),
        amount("", DoseProblem::no_dose),
        {"", DoseProblem::no_dose},
        {",'dosageInstruction':[{'text':'100 mg twice daily'}]", DoseProblem::no_dose},
    });
}

TEST(DosageReading, VolumesAndPiecesNeedAStrength) {
    expect_daily({amount("'doseQuantity':" + quantity("1.5", "mL"), DoseProblem::none, "300")},
                 "ciclosporin 100 MG/ML Oral Solution");
    expect_daily({amount("'doseQuantity':" + quantity("2", "capsule"), DoseProblem::no_strength)},
                 "ciclosporin");
    expect_daily({amount("'doseQuantity':" + quantity("4", "vial"), DoseProblem::none, "800")},
                 "infliximab");
    expect_daily({amount("'doseQuantity':" + quantity("2.5", "mg/kg"), DoseProblem::no_weight)},
                 "ciclosporin", {});
}

TEST(DosageReading, RatesRunTheWholeDay) {
    auto const rate = [](std::string const& members) {
        return instructions("{'doseAndRate':[{" + members + "}]}");
    };
    expect_daily({
        {rate("'rateQuantity':" + quantity("10", "mg/h")), DoseProblem::none, "240"},
        {rate("'rateQuantity':" + quantity("0.1", "mg/kg/h")), DoseProblem::none, "192"},
        {rate("'rateQuantity':" + quantity("10", "mL/h")), DoseProblem::unknown_unit},
        {rate("'rateRatio':{'numerator':" + quantity("120", "mg") +
              ",'denominator':" + quantity("12", "h") + "}"),
         DoseProblem::none, "240"},
        {rate("'rateRatio':{'numerator':" + quantity("2", "mg/kg") +
              ",'denominator':" + quantity("1", "d") + "}"),
         DoseProblem::none, "160"},
        {rate("'rateQuantity':" + quantity("10", "mg/h") +
              ",'doseRange':{'high':" + quantity("9", "mg") + "}"),
         DoseProblem::none, "240"},
    });
}

TEST(DosageReading, SchedulesInEveryForm) {
    struct Row {
        char const* timing;
        std::optional<Rational> per_day, interval;
    };
    auto const none = std::optional<Rational>{};
    for (auto const& row : {
             Row{"'repeat':{'frequency':2,'period':1,'periodUnit':'d'}", 2, Rational::ratio(1, 2)},
             Row{"'repeat':{'frequency':1,'period':12,'periodUnit':'h'}", 2, Rational::ratio(1, 2)},
             Row{"'repeat':{'period':8,'periodUnit':'h'}", 3, Rational::ratio(1, 3)},
             Row{"'repeat':{'frequency':1,'frequencyMax':2,'period':1,'periodUnit':'d'}", 2,
                 Rational::ratio(1, 2)},
             Row{"'repeat':{'frequency':1,'period':8,'periodUnit':'wk'}", Rational::ratio(1, 56),
                 56},
             Row{"'repeat':{'frequency':1,'period':56,'periodUnit':'d'}", Rational::ratio(1, 56),
                 56},
             Row{"'repeat':{'frequency':1,'period':1,'periodUnit':'mo'}", Rational::ratio(1, 30),
                 30},
             Row{"'repeat':{'timeOfDay':['08:00:00','20:00:00']}", 2, none},
             Row{"'repeat':{'when':['MORN','EVE']}", 2, none},
             Row{"'repeat':{'when':['MORN','EVE'],'period':1,'periodUnit':'d'}", 2,
                 Rational::ratio(1, 2)},
             Row{"'repeat':{'when':['MORN','EVE'],'period':2,'periodUnit':'d'}", 1, 1},
             Row{"'repeat':{'frequency':1,'when':['MORN','EVE'],'period':1,'periodUnit':'d'}", 1,
                 1},
             Row{"'code':{'coding':[{'code':'QD'}]}", 1, none},
             Row{"'code':{'coding':[{'code':'BID'}]}", 2, none},
             Row{"'code':{'coding':[{'code':'TID'}]}", 3, none},
             Row{"'code':{'coding':[{'code':'QID'}]}", 4, none},
             Row{"'code':{'coding':[{'code':'Q12H'}]}", 2, none},
             Row{"'code':{'coding':[{'code':'Q8H'}]}", 3, none},
             Row{"'code':{'coding':[{'code':'AM'}]}", 1, none},
             Row{"'code':{'coding':[{'code':'PM'}]}", 1, none},
             Row{"'code':{'coding':[{'system':'urn:oid:1.2','code':'200'},{'code':'BID'}]}", 2,
                 none},
             Row{"'code':{'text':'BID'}", 2, none},
             Row{"'code':{'text':'now and then'}", none, none},
             Row{"'event':['2026-03-12']", none, none},
             Row{"'repeat':{'frequency':1,'period':0,'periodUnit':'d'}", none, none},
             Row{"'repeat':{'frequency':1,'period':1,'periodUnit':'moon'}", none, none},
         }) {
        auto const sample =
            SampleRequest{}
                .start("ciclosporin", instructions(instruction(
                                          "'doseQuantity':" + quantity("1", "mg"), row.timing)))
                .load();
        auto const& dosage = sample->draft().dosages.at(0);
        EXPECT_EQ(dosage.per_day, row.per_day) << row.timing;
        EXPECT_EQ(dosage.interval_days, row.interval) << row.timing;
    }
}

std::string line(std::string const& mg, std::string const& period, std::string const& more = "") {
    auto const bound = period.empty() ? "" : ",'boundsPeriod':{" + period + "}";
    return instruction("'doseQuantity':" + quantity(mg, "mg"),
                       "'repeat':{'frequency':1,'period':1,'periodUnit':'d'" + bound + "}", more);
}

TEST(DosageReading, SeveralLinesAddFollowEachOtherOrCannotBeTold) {
    auto const ok = DoseProblem::none;
    auto const unclear = DoseProblem::several_lines;
    std::string const equal = "'start':'2026-03-01','end':'2026-04-01'";
    expect_daily({
        {instructions(line("100", "") + "," + line("50", "")), ok, "150"},
        {instructions(line("100", equal) + "," + line("50", equal)), ok, "150"},
        {instructions(line("100", "", ",'sequence':1") + "," + line("50", "", ",'sequence':1")), ok,
         "150"},
        {instructions(line("100", "", ",'sequence':1") + "," + line("50", "", ",'sequence':2")),
         unclear},
        {instructions(line("100", equal, ",'sequence':1") + "," +
                      line("50", equal, ",'sequence':2")),
         unclear},
        {instructions(line("100", "'end':'2026-03-09'") + "," + line("50", "'start':'2026-03-10'")),
         ok, "50"},
        {instructions(line("100", "'end':'2026-03-10'", ",'sequence':1") + "," +
                      line("50", "'start':'2026-03-11'", ",'sequence':2")),
         ok, "100"},
        {instructions(line("100", "'start':'2026-05-01'") + "," +
                      line("50", "'start':'2026-04-01','end':'2026-04-30'")),
         ok, "50"},
        {instructions(line("100", "'start':'2026-01-01','end':'2026-01-31'") + "," +
                      line("50", "'start':'2026-02-01','end':'2026-02-28'")),
         unclear},
        {instructions(line("100", "'end':'2026-03-12'") + "," + line("50", "'start':'2026-03-10'")),
         unclear},
        {instructions(line("100", equal) + "," + line("50", "")), unclear},
        {instructions(line("100", "") + ",{'text':'and 50 at night'}"), unclear},
    });
}

TEST(DosageReading, OneOfEpicsThreeAmountsIsTheOrder) {
    auto const row = [](char const* type, char const* mg) {
        return "{'type':{'coding':[{'code':'" + std::string{type} +
               "'}]},'doseQuantity':" + quantity(mg, "mg") + "}";
    };
    auto const timing = ",'timing':{" + twice + "}}";
    expect_daily({
        {instructions("{'doseAndRate':[" + row("calculated", "98.7") + "," +
                      row("admin-amount", "1") + "," + row("ordered", "100") + "]" + timing),
         DoseProblem::none, "200"},
        {instructions("{'doseAndRate':[" + row("calculated", "75") + "," +
                      row("admin-amount", "1") + "]" + timing),
         DoseProblem::none, "150"},
        {instructions("{'doseQuantity':" + quantity("60", "mg") + timing), DoseProblem::none,
         "120"},  // STU3
    });
}

TEST(DosageReading, TheMostADayCapsTheDose) {
    auto const cap = [](char const* value, char const* over, char const* unit) {
        return ",'maxDosePerPeriod':{'numerator':" + quantity(value, "mg") +
               ",'denominator':" + quantity(over, unit) + "}";
    };
    auto const dose = "'doseQuantity':" + quantity("100", "mg");
    expect_daily({
        {instructions(instruction(dose, twice, cap("150", "1", "d"))), DoseProblem::none, "150"},
        {instructions(instruction(dose, twice, cap("300", "1", "d"))), DoseProblem::none, "200"},
        {instructions(instruction(dose, twice, cap("75", "12", "h"))), DoseProblem::none, "150"},
    });
}

TEST(DosageReading, AsNeededIsTheMostThatIsAllowed) {
    for (auto const* flag :
         {",'asNeededBoolean':true", ",'asNeededCodeableConcept':{'text':'flare'}"}) {
        auto const sample =
            SampleRequest{}
                .start("ciclosporin", instructions(instruction(
                                          "'doseQuantity':" + quantity("50", "mg"), twice, flag)))
                .load();
        auto const dose = daily_dose(sample->draft(), sample_today, {});
        EXPECT_TRUE(dose.as_needed);
        EXPECT_EQ(dose.mg_per_day, Rational{100});
    }
}

TEST(DosageReading, SeveralOrdersAddAndTakeTheMostFrequentSchedule) {
    auto const order = [](char const* mg, char const* times) {
        return instructions(instruction(
            "'doseQuantity':" + quantity(mg, "mg"),
            "'repeat':{'frequency':" + std::string{times} + ",'period':1,'periodUnit':'d'}"));
    };
    auto const sample = SampleRequest{}
                            .start("ciclosporin 100 mg capsule", order("100", "2"))
                            .start("ciclosporin 25 mg capsule", order("25", "1"))
                            .start("ciclosporin", "")
                            .load();
    auto const sum = daily_dose({&sample->draft(0), &sample->draft(1)}, sample_today, {});
    EXPECT_EQ(sum.mg_per_day, Rational{225});
    EXPECT_EQ(sum.times_per_day, Rational{2});
    EXPECT_FALSE(daily_dose({&sample->draft(0), &sample->draft(2)}, sample_today, {}));
}

TEST(DosageReading, AnInfusionHasADoseAndAnInterval) {
    auto const every = [](char const* weeks) {
        return "'repeat':{'frequency':1,'period':" + std::string{weeks} + ",'periodUnit':'wk'}";
    };
    auto const sample =
        SampleRequest{}
            .start("infliximab", instructions(instruction(
                                     "'doseQuantity':" + quantity("5", "mg/kg"), every("8"))))
            .start("infliximab", instructions(instruction("'doseQuantity':" + quantity("4", "vial"),
                                                          "'event':['2026-03-12']")))
            .load();
    auto const by_weight = unit_dose(sample->draft(0), sample_today, Rational{70});
    EXPECT_EQ(by_weight.mg, Rational{350});
    EXPECT_EQ(by_weight.mg_per_kg, Rational{5});
    EXPECT_EQ(by_weight.interval_days, Rational{56});
    auto const vials = unit_dose(sample->draft(1), sample_today, {});
    EXPECT_EQ(vials.mg, Rational{400});
    EXPECT_EQ(vials.interval_days, std::nullopt);
    EXPECT_EQ(unit_dose(sample->draft(0), sample_today, {}).problem, DoseProblem::no_weight);
}

TEST(DosageReading, MilligramsAKilogramRoundHalfUpToOneDecimal) {
    EXPECT_EQ((number("163.2") / Rational{80}).rounded(1), Rational{2});
    EXPECT_EQ((number("164") / Rational{80}).rounded(1), number("2.1"));
}

}  // namespace
}  // namespace cds::fhir
