#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/rules/patient.hpp"

// Boundaries of the rules on stopping azathioprine while infliximab goes on. The clock is
// 2026-03-10.

namespace cds::acceptance {
namespace {

constexpr char const* met = "aza-withdrawal-criteria-met";
constexpr char const* premature = "aza-withdrawal-premature";
constexpr char const* missing = "aza-withdrawal-data-missing";
constexpr char const* due = "aza-post-withdrawal-tdm-due";
constexpr char const* immunogenic = "aza-post-withdrawal-immunogenicity";
constexpr char const* before_raising = "ifx-loss-of-response-tdm";

constexpr char const* azathioprine = "1256";
constexpr char const* mercaptopurine = "103";
constexpr char const* infliximab = "191831";

/// An infliximab schedule; `from` is the start of its period (0: none stated).
std::string every(int weeks, char const* mg, int from = 0) {
    auto const bounds =
        from == 0 ? std::string{} : R"(,"boundsPeriod":{"start":")" + day(from) + "\"}";
    return R"(,"dosageInstruction":[{"timing":{"repeat":{"frequency":1,"period":)" +
           std::to_string(weeks) + R"(,"periodUnit":"wk")" + bounds +
           R"(}},"doseAndRate":[{"doseQuantity":{"value":)" + mg +
           R"(,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}}]}])";
}

/// What differs from the patient who meets every criterion; a value of "" leaves the result out.
struct Chart {
    std::string trough = "12", trough_unit = "mg/L";
    int trough_day = -30;
    std::string antibody = "negative";
    int antibody_day = -30;
    std::string crp = "2", crp_unit = "mg/L";
    int crp_day = -20;
    std::string platelets = "250";
    int platelets_day = -20;
    int remission = -300;
    int combined = -900;
    std::string birth = "1981-01-15";
};

Patient patient_of(Chart const& chart) {
    Patient patient{"male", chart.birth};
    patient.condition("K50.90", "Crohn's disease", -1500)
        .order("i1", infliximab, "infliximab", -1000, every(8, "400", -1000));
    patient.given(infliximab, "infliximab", -56);
    patient.order("a1", azathioprine, "azathioprine", chart.combined,
                  bounded_dose("150", 1, chart.combined, 2));
    if (!chart.trough.empty())
        patient.lab("39803-2", chart.trough, chart.trough_unit, chart.trough_day);
    if (!chart.antibody.empty()) {
        patient.result("72623-2", "", "\"valueString\":\"" + chart.antibody + "\"",
                       chart.antibody_day);
    }
    if (!chart.crp.empty()) patient.lab("1988-5", chart.crp, chart.crp_unit, chart.crp_day);
    if (!chart.platelets.empty())
        patient.lab("777-3", chart.platelets, "10*9/L", chart.platelets_day);
    if (chart.remission != 0) {
        patient.result("", "Remission since", "\"valueDateTime\":\"" + day(chart.remission) + "\"",
                       -10);
    }
    return patient;
}

Patient stop_in(Chart const& chart, std::string const& extra = "") {
    return patient_of(chart).stop("s1", azathioprine, "azathioprine", extra);
}

/// Which of the three cards speaks: "met", "premature", "missing", several joined, or "".
std::string verdict(Patient const& patient) {
    std::string cards;
    for (auto const& [rule, name] :
         {std::pair{met, "met"}, {premature, "premature"}, {missing, "missing"}}) {
        auto const card = patient.card(rule);
        if (!card.empty()) cards += (cards.empty() ? "" : "+") + std::string{name} + ":" + card;
    }
    return cards;
}

Chart with(void (*change)(Chart&)) {
    Chart chart;
    change(chart);
    return chart;
}

TEST(AzathioprineStop, IsJudgedByEveryCriterion) {
    struct Row {
        char const* name;
        Chart chart;
        char const* verdict;
    };
    auto const is_met = "met:info";
    auto const is_early = "premature:warning";
    auto const is_open = "missing:warning";
    for (auto const& row : std::vector<Row>{
             {"all met", {}, is_met},
             {"trough 10.0", with([](Chart& c) { c.trough = "10.0"; }), is_early},
             {"trough 10.1", with([](Chart& c) { c.trough = "10.1"; }), is_met},
             {"trough in ng/mL", with([](Chart& c) {
                  c.trough = "10100";
                  c.trough_unit = "ng/mL";
              }),
              is_met},
             {"trough without unit", with([](Chart& c) { c.trough_unit = ""; }), is_open},
             {"trough 180 days old", with([](Chart& c) { c.trough_day = -180; }), is_met},
             {"trough 181 days old", with([](Chart& c) { c.trough_day = -181; }), is_open},
             {"no trough", with([](Chart& c) { c.trough = ""; }), is_open},
             {"antibodies detected", with([](Chart& c) { c.antibody = "low positive"; }), is_early},
             {"antibodies inconclusive", with([](Chart& c) { c.antibody = "inconclusive"; }),
              is_open},
             {"antibodies 181 days old", with([](Chart& c) { c.antibody_day = -181; }), is_open},
             {"CRP 5.0", with([](Chart& c) { c.crp = "5.0"; }), is_met},
             {"CRP 5.01", with([](Chart& c) { c.crp = "5.01"; }), is_early},
             {"CRP 0.5 mg/dL", with([](Chart& c) {
                  c.crp = "0.5";
                  c.crp_unit = "mg/dL";
              }),
              is_met},
             {"CRP 90 days old", with([](Chart& c) { c.crp_day = -90; }), is_met},
             {"CRP 91 days old", with([](Chart& c) { c.crp_day = -91; }), is_open},
             {"platelets 298", with([](Chart& c) { c.platelets = "298"; }), is_met},
             {"platelets 299", with([](Chart& c) { c.platelets = "299"; }), is_early},
             {"platelets 91 days old", with([](Chart& c) { c.platelets_day = -91; }), is_open},
             // 2025-09-10 is exactly six months before 2026-03-10: 181 days.
             {"remission for 6 months", with([](Chart& c) { c.remission = -181; }), is_met},
             {"remission a day short", with([](Chart& c) { c.remission = -180; }), is_early},
             {"no remission", with([](Chart& c) { c.remission = 0; }), is_open},
             // 2023-12-10 is exactly 27 months before 2026-03-10: 821 days.
             {"combined 811 days", with([](Chart& c) { c.combined = -811; }), is_early},
             {"combined 812 days", with([](Chart& c) { c.combined = -812; }), is_early},
             {"combined 27 months", with([](Chart& c) { c.combined = -821; }), is_early},
             {"combined 27 months and a day", with([](Chart& c) { c.combined = -822; }), is_met},
             {"failed and missing", with([](Chart& c) {
                  c.trough = "3";
                  c.crp = "";
              }),
              is_early},
             {"17 years, all met", with([](Chart& c) { c.birth = "2008-03-11"; }), ""},
             {"18 years", with([](Chart& c) { c.birth = "2008-03-10"; }), is_met},
             {"17 years, failed", with([](Chart& c) {
                  c.birth = "2008-03-11";
                  c.crp = "9";
              }),
              is_early},
         }) {
        EXPECT_EQ(verdict(stop_in(row.chart)), row.verdict) << row.name;
    }
}

TEST(AzathioprineStop, GoesOnForReasonsToContinue) {
    auto const resolved = R"(,"clinicalStatus":{"coding":[{"code":"resolved"}]})";
    EXPECT_EQ(verdict(stop_in({}).condition("", "rapid antibody formation to infliximab", -2000,
                                            resolved)),
              "premature:warning");
    EXPECT_EQ(verdict(stop_in({}).condition("", "secondary loss of response to infliximab", -2000,
                                            resolved)),
              "premature:warning");
    EXPECT_EQ(verdict(stop_in({}).result("57090-3", "", R"("valueString":"positive")", -3000)),
              "premature:warning");
    EXPECT_EQ(verdict(stop_in({}).result("57090-3", "", R"("valueString":"negative")", -3000)),
              "met:info");
    EXPECT_EQ(verdict(stop_in({}).result("", "Clinical remission", R"("valueBoolean":false)", -5)),
              "premature:warning");
    EXPECT_EQ(verdict(stop_in({}).result("", "Clinical remission", R"("valueBoolean":false)", -50)),
              "met:info");
}

TEST(AzathioprineStop, IsNotQuestionedWhenItIsForSafety) {
    auto const early = with([](Chart& c) { c.crp = "9"; });
    struct Row {
        char const* reason;
        char const* verdict;
    };
    for (auto const& row : std::vector<Row>{{"pancreatitis", ""},
                                            {"Leucopenia", ""},
                                            {"raised liver enzymes", ""},
                                            {"not tolerated", ""},
                                            {"patient preference", "premature:warning"},
                                            {"sustained remission", "premature:warning"}}) {
        auto const extra = R"(,"statusReason":{"text":")" + std::string{row.reason} + "\"}";
        EXPECT_EQ(verdict(stop_in(early, extra)), row.verdict) << row.reason;
        EXPECT_EQ(verdict(stop_in(early, reason(row.reason))), row.verdict) << row.reason;
    }
    EXPECT_EQ(verdict(stop_in(early, R"(,"statusReason":{"coding":[{"code":"sintol"}]})")), "");
    EXPECT_EQ(verdict(stop_in(early).allergy("azathioprine")), "");
    EXPECT_EQ(verdict(stop_in(early).condition("C44.91", "Basal cell carcinoma of skin", -400)),
              "");
    EXPECT_EQ(verdict(stop_in(early).condition("J18.9", "Pneumonia", -90)), "");
    EXPECT_EQ(verdict(stop_in(early).condition("J18.9", "Pneumonia", -91)), "premature:warning");
}

TEST(AzathioprineStop, IsNoneWhenTheOtherDrugStopsOrAnotherThiopurineTakesOver) {
    EXPECT_EQ(verdict(stop_in({}).stop("s2", infliximab, "infliximab")), "");
    EXPECT_EQ(verdict(stop_in({}).draft("d1", mercaptopurine, "mercaptopurine")), "");
    EXPECT_EQ(verdict(stop_in({}).order("a2", mercaptopurine, "mercaptopurine", -30)), "");
    Patient alone;
    alone.order("a1", azathioprine, "azathioprine", -900).stop("s1", azathioprine, "azathioprine");
    EXPECT_EQ(verdict(alone), "");
}

TEST(AzathioprineRenewal, IsJudgedMoreQuietly) {
    auto const renewal = [](Chart const& chart) {
        return verdict(patient_of(chart).draft("d1", azathioprine, "azathioprine", dose("150", 1)));
    };
    auto const infusion = [](Chart const& chart) {
        return verdict(patient_of(chart).draft("d1", infliximab, "infliximab"));
    };
    EXPECT_EQ(renewal({}), "met:info");
    EXPECT_EQ(infusion({}), "met:info");
    EXPECT_EQ(renewal(with([](Chart& c) { c.crp = "9"; })), "");
    EXPECT_EQ(renewal(with([](Chart& c) { c.crp = ""; })), "missing:info");
    EXPECT_EQ(infusion(with([](Chart& c) { c.crp = c.trough = ""; })), "missing:info");
    EXPECT_EQ(renewal(with([](Chart& c) { c.crp = c.trough = c.antibody = ""; })), "");
}

TEST(AzathioprineStop, ConcludesNothingFromAFailedQuery) {
    EXPECT_EQ(stop_in({}).prefetch("observations", "").card(missing), "unknown");
    EXPECT_EQ(stop_in({}).prefetch("conditions", "").card(met), "unknown");
    auto const early = with([](Chart& c) { c.crp = "9"; });
    EXPECT_EQ(stop_in(early).prefetch("procedures", "").card(premature), "warning");
}

/// Infliximab goes on after azathioprine ended on `stop`; `extra` is the drafted schedule.
Patient alone_since(int stop, std::string const& extra = every(8, "400")) {
    Patient patient;
    patient.condition("K50.90", "Crohn's disease", -1500)
        .order("i1", infliximab, "infliximab", -1000, every(8, "400", -1000));
    patient.given(infliximab, "infliximab", -56);
    patient.order("a1", azathioprine, "azathioprine", -900, bounded_dose("150", 1, -900, stop),
                  "stopped");
    patient.draft("d1", infliximab, "infliximab", extra);
    return patient;
}

TEST(AfterAzathioprine, LevelAndAntibodiesAreDueFromThreeToSixMonths) {
    // 2025-12-10 (90 days) is three, 2025-09-10 (181 days) six, 2024-03-10 (730 days) 24 months
    // before 2026-03-10.
    struct Row {
        int stop;
        char const* card;
    };
    for (auto const& row : std::vector<Row>{{-89, ""},
                                            {-90, "info"},
                                            {-181, "info"},
                                            {-182, "warning"},
                                            {-730, "warning"},
                                            {-731, ""}}) {
        EXPECT_EQ(alone_since(row.stop).card(due), row.card) << row.stop;
    }
    auto const tested = [](int trough, int antibody) {
        return alone_since(-181)
            .lab("39803-2", "6", "mg/L", trough)
            .result("72623-2", "", R"("valueString":"negative")", antibody);
    };
    // Three months after the stop less 14 days is 2025-11-26: 104 days ago.
    EXPECT_EQ(tested(-104, -104).card(due), "");
    EXPECT_EQ(tested(-105, -104).card(due), "info");
    EXPECT_EQ(tested(-104, -105).card(due), "info");
    EXPECT_EQ(alone_since(-100).order("m1", "6851", "methotrexate", -50).card(due), "");
    EXPECT_EQ(alone_since(-100).prefetch("observations", "").card(due), "unknown");
}

TEST(AfterAzathioprine, AntibodiesOrAFallingTroughSpeak) {
    auto const antibody = [](char const* value, int days,
                             std::string const& extra = every(8, "400")) {
        return alone_since(-60, extra)
            .result("72623-2", "", std::string{"\"valueString\":\""} + value + "\"", days);
    };
    EXPECT_EQ(antibody("detected", -20).card(immunogenic), "info");
    EXPECT_EQ(antibody("detected", -20, every(8, "600")).card(immunogenic), "warning");
    EXPECT_EQ(antibody("detected", -20, every(6, "400")).card(immunogenic), "warning");
    EXPECT_EQ(antibody("detected", -20, every(8, "440")).card(immunogenic), "info");
    EXPECT_EQ(antibody("detected", -60).card(immunogenic), "");
    EXPECT_EQ(antibody("negative", -20).card(immunogenic), "");
    EXPECT_EQ(antibody("detected", -30)
                  .result("72623-2", "", R"("valueString":"negative")", -10)
                  .card(immunogenic),
              "");
    auto const trough = [](char const* before, int before_day, char const* now) {
        return alone_since(-60)
            .lab("39803-2", before, "mg/L", before_day)
            .lab("39803-2", now, "mg/L", -20)
            .card(immunogenic);
    };
    EXPECT_EQ(trough("12", -90, "10.0"), "info");
    EXPECT_EQ(trough("12", -90, "10.1"), "");
    EXPECT_EQ(trough("6", -90, "6"), "");
    EXPECT_EQ(trough("6", -60, "5.9"), "info");
    // 2025-01-09 is 12 months before the stop on 2026-01-09: 425 days ago.
    EXPECT_EQ(trough("12", -425, "5"), "info");
    EXPECT_EQ(trough("12", -426, "5"), "");
}

TEST(InfliximabDose, IsRaisedAfterALevelAndAntibodies) {
    auto const drafted = [](std::string const& extra) {
        Patient patient;
        patient.order("i1", infliximab, "infliximab", -1000, every(8, "400", -1000))
            .given(infliximab, "infliximab", -56);
        patient.draft("d1", infliximab, "infliximab", extra);
        return patient;
    };
    EXPECT_EQ(drafted(every(8, "440")).card(before_raising), "");
    EXPECT_EQ(drafted(every(8, "441")).card(before_raising), "info");
    EXPECT_EQ(drafted(every(7, "400")).card(before_raising), "info");
    EXPECT_EQ(drafted(every(8, "400")).card(before_raising), "");
    auto const tested = [&](int trough, int antibody) {
        return drafted(every(8, "600"))
            .lab("39803-2", "4", "mg/L", trough)
            .result("72623-2", "", R"("valueString":"negative")", antibody)
            .card(before_raising);
    };
    EXPECT_EQ(tested(-90, -90), "");
    EXPECT_EQ(tested(-91, -90), "info");
    EXPECT_EQ(tested(-90, -91), "info");
    EXPECT_EQ(drafted(every(8, "400"))
                  .condition("", "loss of response to infliximab", -90)
                  .card(before_raising),
              "info");
    EXPECT_EQ(drafted(every(8, "400"))
                  .condition("", "loss of response to infliximab", -91)
                  .card(before_raising),
              "");
    EXPECT_EQ(drafted(every(8, "600")).prefetch("observations", "").card(before_raising),
              "unknown");
}

}  // namespace
}  // namespace cds::acceptance
