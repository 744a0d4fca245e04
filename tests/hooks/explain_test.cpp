/// An explanation tells how the answer to the same call came about: nothing else, nothing less.
#include "hooks/explain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "hooks/readable_explanation.hpp"
#include "tests/hooks/history.hpp"
#include "tests/hooks/linted.hpp"

namespace cds::hooks {
namespace {

using base::json::Value;
using cards::Parsed;
using testing::HasSubstr;
using testing::Not;

std::string const& demonstration() {
    static auto const text =
        read_file(std::filesystem::path{COUNTERSIGN_SOURCE_DIR} / "test-fixtures" / "requests" /
                  "uc-infliximab-ciclosporin.json");
    return text;
}

base::Result<std::string> explained(std::string const& body, std::string_view now,
                                    std::string_view rule = {}) {
    Site const site;
    Workspace workspace;
    std::string out;
    auto const stats = explain(cards::knowledge(), site, {}, safety_service, body,
                               cards::instant(now), workspace, out, rule);
    if (!stats) return stats.error();
    return out;
}

std::string answered(std::string const& body, std::string_view now) {
    Site const site;
    Workspace workspace;
    std::string out;
    EXPECT_TRUE(answer(cards::knowledge(), site, {}, safety_service, body, cards::instant(now),
                       workspace, out));
    EXPECT_EQ(lint_errors(out, lint::Kind::response, body), "") << out;
    return out;
}

constexpr auto demonstration_day = "2026-11-21T09:00:00Z";

/// The rule's part of an explanation.
Value rule_of(Value explanation, std::string_view id) {
    for (auto const rule : explanation["rules"].each())
        if (rule["id"].string() == id) return rule;
    return {};
}

Value fact_of(Value explanation, std::string_view group, std::string_view id) {
    for (auto const fact : explanation["facts"][group].each())
        if (fact["id"].string() == id) return fact;
    return {};
}

std::string discarded_reason(Value explanation, std::string_view id) {
    for (auto const row : explanation["discarded"].each())
        if (row["id"].string() == id) return std::string{row["reason"].string()};
    return {};
}

TEST(Explain, HasEveryRuleOnceAndTheCardsOfTheAnswer) {
    Parsed const explanation{*explained(demonstration(), demonstration_day)};
    Parsed const answer_to_it{answered(demonstration(), demonstration_day)};
    std::map<std::string, std::string> cards_told, cards_sent;
    EXPECT_EQ(explanation["rules"].size(), cards::knowledge().rules().size());
    for (auto const rule : explanation["rules"].each()) {
        EXPECT_THAT(rule["answer"].string(),
                    testing::AnyOf("yes", "no", "unknown", "not-run", "off", "suppressed"));
        if (rule["card"]) cards_told.emplace(rule["id"].string(), rule["card"]["uuid"].string());
        EXPECT_EQ(static_cast<bool>(rule["card"]), rule["answer"].string() == "yes")
            << rule["id"].string();
    }
    for (auto const card : answer_to_it["cards"].each())
        cards_sent.emplace(card["source"]["topic"]["code"].string(), card["uuid"].string());
    EXPECT_EQ(cards_told, cards_sent);
}

TEST(Explain, AYesHasItsEvidence) {
    Parsed const explanation{*explained(demonstration(), demonstration_day)};
    auto const rule = rule_of(*explanation, "uc-ifx-csa-concurrent");
    EXPECT_EQ(rule["answer"].string(), "yes");
    EXPECT_EQ(rule["indicator"].string(), "critical");
    bool infliximab = false;
    for (auto const evidence : rule["evidence"].each())
        infliximab = infliximab || evidence["id"].string() == "order-infliximab";
    EXPECT_TRUE(infliximab);
    EXPECT_GT(rule["facts"]["agents"].size(), 1U);
    EXPECT_GT(rule["lookUps"].size(), 0U);
}

TEST(Explain, ANoHasWhatWasAskedAndNotFound) {
    Parsed const explanation{*explained(demonstration(), demonstration_day)};
    auto const rule = rule_of(*explanation, "csa-thiazide");
    EXPECT_EQ(rule["answer"].string(), "no");
    bool asked = false;
    for (auto const look_up : rule["lookUps"].each()) {
        if (look_up["asked"].string() != "thiazide") continue;
        asked = true;
        EXPECT_EQ(look_up["found"].integer(), 0);
    }
    EXPECT_TRUE(asked) << explanation.text();
    EXPECT_GT(rule["restsOn"].size(), 0U);
    EXPECT_EQ(rule_of(*explanation, "oma-dose-exceeds-max")["answer"].string(), "not-run");
}

TEST(Explain, AnUnknownNamesTheQueryThatWasMissing) {
    auto const history = made_up_colitis();
    auto body = history.requests.at(2).body;
    // The client could not get the conditions.
    auto const at = body.find(R"("conditions":{)");
    ASSERT_NE(at, body.npos);
    body.replace(at, std::string_view{R"("conditions":{)"}.size(),
                 R"("conditions":{"resourceType":"OperationOutcome","issue":[{"code":"timeout"}]},)"
                 R"("somethingElse":{)");
    Parsed const explanation{*explained(body, "2020-06-01T07:00:00Z")};
    for (auto const query : explanation["queries"].each()) {
        EXPECT_EQ(query["complete"].boolean(), query["query"].string() != "conditions");
        if (query["query"].string() == "conditions") {
            EXPECT_EQ(query["reason"].string(), "timed-out");
        }
    }
    std::size_t open = 0;
    for (auto const rule : explanation["rules"].each()) {
        if (rule["answer"].string() != "unknown") continue;
        ++open;
        EXPECT_EQ(rule["open"].first()["query"].string(), "conditions") << rule["id"].string();
        EXPECT_EQ(rule["open"].first()["reason"].string(), "timed-out");
        EXPECT_EQ(rule["order"].string(), "Ciclosporin 100 mg capsule");
    }
    EXPECT_GT(open, 0U);
}

TEST(Explain, FactsHaveResourceElementValueUnitDateAndQuery) {
    auto const history = made_up_colitis();
    Parsed const explanation{*explained(history.requests.at(2).body, "2020-06-01T07:00:00Z")};
    auto const creatinine = fact_of(*explanation, "results", "creatinine-before");
    EXPECT_EQ(creatinine["resourceType"].string(), "Observation");
    EXPECT_EQ(creatinine["query"].string(), "observations");
    EXPECT_EQ(creatinine["element"].string(), "valueQuantity");
    EXPECT_EQ(creatinine["test"].string(), "creatinine");
    EXPECT_EQ(creatinine["number"].string(), "71");
    EXPECT_EQ(creatinine["unit"].string(), "umol/L");
    EXPECT_EQ(creatinine["date"].string(), "2020-05-20T08:00:00+02:00");
    EXPECT_EQ(creatinine["at"].string(), "/prefetch/observations/entry/0/resource");
    auto const infliximab = fact_of(*explanation, "medications", "order-infliximab");
    EXPECT_EQ(infliximab["element"].string(), "medicationReference");
    EXPECT_EQ(infliximab["drugs"].first().string(), "infliximab");
    EXPECT_EQ(infliximab["exposure"]["ongoing"].boolean(), true);
    EXPECT_EQ(infliximab["exposure"]["start"].string(), "2020-02-03");
    auto const colitis = fact_of(*explanation, "conditions", "colitis");
    EXPECT_EQ(colitis["means"].first().string(), "ulcerative_colitis");
    auto const draft = explanation["orders"].first();
    EXPECT_EQ(draft["id"].string(), "order-ciclosporin");
    EXPECT_EQ(draft["kind"].string(), "initiation");
    EXPECT_EQ(draft["dosages"].first()["amount"].string(), "100");
}

TEST(Explain, WhatWasPassedOverHasItsReason) {
    auto const history = made_up_colitis();
    auto body = history.requests.at(2).body;
    auto const at = body.find(R"("allergies":{)");
    ASSERT_NE(at, body.npos);
    body.insert(at, R"("a/b~c":[
        {"resourceType":"Condition","id":"another-s","subject":{"reference":"Patient/p9"}},
        {"resourceType":"Condition","id":"refuted","code":{"text":"Hypertension"},
         "verificationStatus":{"coding":[{"code":"refuted"}]}},
        {"resourceType":"Immunization","id":"shot"}],)");
    Parsed const explanation{*explained(body, "2020-06-01T07:00:00Z")};
    EXPECT_EQ(discarded_reason(*explanation, "creatinine-other-unit"), "unit-unknown");
    EXPECT_EQ(discarded_reason(*explanation, "another-s"), "other-patient");
    EXPECT_EQ(discarded_reason(*explanation, "refuted"), "refuted");
    EXPECT_EQ(discarded_reason(*explanation, "shot"), "not-needed");
    EXPECT_THAT(explanation.text(), HasSubstr(R"("at":"/prefetch/a~1b~0c/2")"));
    EXPECT_EQ(discarded_reason(*explanation, "creatinine-before"), "");
    EXPECT_EQ(discarded_reason(*explanation, "order-infliximab"), "");
}

TEST(Explain, ALongTextDoesNotMultiply) {
    std::string const long_text(100'000, 'x');
    auto body = demonstration();
    for (auto const* words : {"Ciclosporin 100 mg capsule", "Infliximab 5 mg/kg IV every 8 weeks"})
        body.insert(body.find(words), long_text);
    auto const explanation = explained(body, demonstration_day);
    ASSERT_TRUE(explanation);
    EXPECT_LT(explanation->size(), 10 * body.size());
    Parsed const parsed{*explanation};
    EXPECT_EQ(rule_of(*parsed, "uc-ifx-csa-concurrent")["answer"].string(), "yes");
}

TEST(Explain, TheSameCallGivesTheSameBytes) {
    auto const once = explained(demonstration(), demonstration_day);
    auto const again = explained(demonstration(), demonstration_day);
    ASSERT_TRUE(once && again);
    EXPECT_EQ(*once, *again);
}

TEST(Explain, OneRuleAloneCanBeAskedFor) {
    Parsed const explanation{
        *explained(demonstration(), demonstration_day, "ifx-tb-screen-missing")};
    ASSERT_EQ(explanation["rules"].size(), 1U);
    EXPECT_EQ(explanation["rules"].first()["id"].string(), "ifx-tb-screen-missing");
    auto const unknown = explained(demonstration(), demonstration_day, "no-such-rule");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, base::ErrorCode::not_found);
    EXPECT_THAT(unknown.error().what, Not(HasSubstr("no-such-rule")));
}

TEST(Explain, ACallThatCannotBeAnsweredIsNotExplained) {
    auto const failure = explained(R"({"hook":"order-sign"})", demonstration_day);
    ASSERT_FALSE(failure);
    EXPECT_EQ(failure.error().where, "/context");
}

TEST(Explain, AnOrderWithoutANameStandsOnTheNotCheckedCard) {
    Parsed const explanation{*explained(
        R"({"hook":"order-sign","context":{"patientId":"p","draftOrders":{"resourceType":"Bundle",
        "entry":[{"resource":{"resourceType":"MedicationRequest","id":"m","status":"draft"}}]}}})",
        demonstration_day)};
    auto const rule = rule_of(*explanation, "not-evaluated");
    EXPECT_EQ(rule["answer"].string(), "yes");
    EXPECT_EQ(rule["notChecked"].first()["reason"].string(), "code-unknown");
    EXPECT_EQ(explanation["orders"].first()["identified"].boolean(), false);
}

TEST(ReadableExplanation, TellsAPersonWhatDecided) {
    auto const history = made_up_colitis();
    Parsed const explanation{*explained(history.requests.at(2).body, "2020-06-01T07:00:00Z")};
    auto const text = readable_explanation(*explanation);
    for (auto const* words :
         {"ORDERS TO BE SIGNED", "Ciclosporin 100 mg capsule (MedicationRequest/order-ciclosporin)",
          "FOUND IN THE CHART", "creatinine 71 umol/L", "PASSED OVER", "[unit-unknown]",
          "RULES THAT SPEAK", "[uc-ifx-csa-concurrent]", "ASKED AND SILENT",
          "NOT ASKED: NO ORDER CONCERNS THEM"}) {
        EXPECT_THAT(text, HasSubstr(words));
    }
    Parsed const one{
        *explained(history.requests.at(2).body, "2020-06-01T07:00:00Z", "csa-thiazide")};
    auto const short_text = readable_explanation(*one);
    EXPECT_THAT(short_text, HasSubstr("Taken: thiazide, on 2020-06-01: none found"));
    EXPECT_THAT(short_text, Not(HasSubstr("FOUND IN THE CHART")));
}

TEST(ReadableExplanation, WordsOfTheChartCannotSteerTheTerminal) {
    Parsed const explanation{*explained(
        R"({"hook":"order-sign","context":{"patientId":"p","draftOrders":{"resourceType":"Bundle",
        "entry":[{"resource":{"resourceType":"MedicationRequest","id":"m","status":"draft",
        "medicationCodeableConcept":{"text":"\u001b[2JCiclosporin"}}}]}}})",
        demonstration_day)};
    EXPECT_THAT(readable_explanation(*explanation), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace cds::hooks
