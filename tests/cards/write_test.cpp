#include "cards/write.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/text.hpp"
#include "tests/cards/chart_case.hpp"

namespace cds::cards {
namespace {

using rules::Action;
using rules::Indicator;
using rules::Suggestion;

constexpr std::string_view uc = "uc-ifx-csa-concurrent";
constexpr std::string_view salvage = "ifx-csa-sequential-salvage-28d";
constexpr std::string_view pjp = "pjp-prophylaxis-missing";

std::string ciclosporin(std::string const& id = R"("id":"d1",)",
                        std::string const& name = "ciclosporin") {
    return R"({"resourceType":"MedicationRequest",)" + id +
           R"("status":"draft","intent":"order","medicationCodeableConcept":{"coding":[{"system":)"
           R"("http://www.nlm.nih.gov/research/umls/rxnorm","code":"3008"}],"text":")" +
           name + R"("},"subject":{"reference":"Patient/p1"}})";
}

Suggestion remove(fhir::MedicationRow const& row, bool recommended = true) {
    Suggestion suggestion;
    suggestion.key = "remove-ciclosporin";
    suggestion.recommended = recommended;
    Action action;
    action.type = Action::Type::remove_draft;
    action.medication = &row;
    suggestion.actions.push_back(action);
    return suggestion;
}

Parsed written(ChartCase& chart, rules::Evaluation const& evaluation) {
    std::string out;
    write(chart.context(), evaluation, out);
    return Parsed{std::move(out)};
}

TEST(Cards, NothingFoundIsAnEmptyListOfCards) {
    ChartCase chart{"[" + ciclosporin() + "]"};
    std::string out;
    auto const counts = write(chart.context(), {}, out);
    EXPECT_EQ(out, R"({"cards":[]})");
    EXPECT_EQ(counts.cards, 0U);
}

TEST(Cards, CarryWhatCdsHooksAsksForAndNothingEmpty) {
    ChartCase chart{"[" + ciclosporin() + "]"};
    rules::Evaluation evaluation;
    auto finding = chart.finding(uc, Indicator::critical);
    finding.medications.push_back(&chart.draft());
    finding.suggestions.push_back(remove(chart.draft()));
    finding.selection = rules::Selection::at_most_one;
    evaluation.findings.push_back(std::move(finding));
    auto const answer = written(chart, evaluation);
    EXPECT_THAT(empty_members(*answer), testing::IsEmpty());
    auto const card = answer["cards"].first();
    EXPECT_EQ(card["uuid"].string().size(), 36U);
    EXPECT_FALSE(card["summary"].string().empty());
    EXPECT_EQ(card["indicator"].string(), "critical");
    EXPECT_EQ(card["source"]["label"].string(), "Countersign");
    EXPECT_EQ(card["source"]["topic"]["code"].string(), uc);
    EXPECT_EQ(card["source"]["topic"]["system"].string(), "urn:countersign:rules");
    EXPECT_FALSE(card["source"]["topic"]["display"].string().empty());
    EXPECT_EQ(card["selectionBehavior"].string(), "at-most-one");
    EXPECT_NE(card["detail"].string().find(knowledge().version()), std::string_view::npos);
    EXPECT_NE(card["detail"].string().find(knowledge().digest().substr(0, 12)),
              std::string_view::npos);
    EXPECT_EQ(card["detail"].string().find(uc), std::string_view::npos)
        << "no rule ids in what people read";
    for (auto const reason : card["overrideReasons"].each()) {
        EXPECT_FALSE(reason["code"].string().empty());
        EXPECT_FALSE(reason["system"].string().empty());
        EXPECT_FALSE(reason["display"].string().empty());
    }
    for (auto const link : card["links"].each()) {
        EXPECT_EQ(link["type"].string(), "absolute");
        EXPECT_TRUE(link["url"].string().starts_with("https://")) << link["url"].string();
    }
    auto const suggestion = card["suggestions"].first();
    EXPECT_EQ(suggestion["isRecommended"].boolean(), true);
    auto const action = suggestion["actions"].first();
    EXPECT_EQ(action["type"].string(), "delete");
    EXPECT_EQ(action["resourceId"].string(), "MedicationRequest/d1");
    EXPECT_FALSE(action["resource"]);
    EXPECT_FALSE(action["description"].string().empty());
}

TEST(Cards, ComeCriticalFirstThenInCatalogueOrderAndHideWhatAnotherCardTells) {
    ChartCase chart{"[" + ciclosporin() + "]"};
    rules::Evaluation evaluation;
    evaluation.findings.push_back(chart.finding("data-quality-unusable", Indicator::info));
    evaluation.findings.push_back(chart.finding(pjp, Indicator::warning));
    evaluation.findings.push_back(chart.finding(salvage, Indicator::warning));
    evaluation.findings.push_back(chart.finding(uc, Indicator::critical));
    evaluation.findings.push_back(chart.finding("ifx-csa-level-check", Indicator::info));
    evaluation.findings.back().suppressed_by = uc;
    rules::NotChecked open;
    open.rule = static_cast<std::uint16_t>(knowledge().find("ifx-tb-screen-missing") -
                                           knowledge().rules().data());
    open.reason = fhir::Reason::internal;
    evaluation.not_checked.push_back(open);
    auto const answer = written(chart, evaluation);
    std::vector<std::string> topics;
    for (auto const card : answer["cards"])
        topics.emplace_back(card["source"]["topic"]["code"].string());
    EXPECT_THAT(topics,
                testing::ElementsAre(uc, salvage, pjp, "data-quality-unusable", "not-evaluated"));
}

TEST(Cards, HaveUuidsThatBelongToTheCall) {
    auto const uuids = [](std::string const& instance) {
        ChartCase chart{"[" + ciclosporin() + "]"};
        chart.call.hook_instance = instance;
        rules::Evaluation evaluation;
        for (auto const rule : {uc, pjp}) {
            auto finding = chart.finding(rule, Indicator::critical);
            finding.medications.push_back(&chart.draft());
            finding.suggestions.push_back(remove(chart.draft()));
            finding.suggestions.push_back(rules::task("document-both"));
            evaluation.findings.push_back(std::move(finding));
        }
        auto const answer = written(chart, evaluation);
        std::set<std::string> all;
        for (auto const card : answer["cards"]) {
            all.emplace(card["uuid"].string());
            for (auto const suggestion : card["suggestions"])
                all.emplace(suggestion["uuid"].string());
        }
        return all;
    };
    auto const first = uuids("a");
    EXPECT_EQ(first.size(), 6U) << "no uuid twice in one answer";
    EXPECT_EQ(first, uuids("a"));
    std::set<std::string> shared;
    for (auto const& uuid : uuids("b")) {
        if (first.contains(uuid)) shared.insert(uuid);
    }
    EXPECT_THAT(shared, testing::IsEmpty()) << "another call has other uuids";
}

TEST(Cards, TurnTheRemovalOfADraftWithoutIdIntoATaskThatNamesIt) {
    ChartCase chart{"[" + ciclosporin("") + "]"};
    rules::Evaluation evaluation;
    auto finding = chart.finding(uc, Indicator::critical);
    finding.suggestions.push_back(remove(chart.draft()));
    evaluation.findings.push_back(std::move(finding));
    auto const answer = written(chart, evaluation);
    auto const card = answer["cards"].first();
    auto const action = card["suggestions"].first()["actions"].first();
    EXPECT_EQ(action["type"].string(), "create");
    EXPECT_FALSE(action["resourceId"]);
    auto const task = action["resource"];
    EXPECT_EQ(task["resourceType"].string(), "Task");
    EXPECT_FALSE(task["focus"]);
    EXPECT_EQ(task["for"]["reference"].string(), "Patient/p1");
    EXPECT_NE(task["description"].string().find("ciclosporin"), std::string_view::npos);
    EXPECT_NE(card["detail"].string().find("carries no id"), std::string_view::npos);
}

TEST(Cards, CreateCompleteOrdersWithoutId) {
    ChartCase chart{"[" + ciclosporin() + "]"};
    rules::Evaluation evaluation;
    auto finding = chart.finding(uc, Indicator::critical);
    finding.evidence.push_back({"Condition", "c1", "code", "ulcerative colitis", "2020"});
    Suggestion both;
    both.key = "keep-both";
    both.actions = {rules::refer_action("colorectal-surgery", true),
                    rules::test_action("creatinine"), rules::task_action("document-both")};
    both.actions[1].occurrence = chart.chart().today() + std::chrono::days{14};
    finding.suggestions.push_back(both);
    evaluation.findings.push_back(std::move(finding));
    auto const answer = written(chart, evaluation);
    EXPECT_THAT(empty_members(*answer), testing::IsEmpty());
    auto const actions = answer["cards"].first()["suggestions"].first()["actions"];
    ASSERT_EQ(actions.size(), 3U);
    for (auto const action : actions) {
        auto const resource = action["resource"];
        EXPECT_EQ(action["type"].string(), "create");
        EXPECT_FALSE(action["description"].string().empty());
        EXPECT_FALSE(resource["id"]);
        auto const subject = resource["subject"] ? resource["subject"] : resource["for"];
        EXPECT_EQ(subject["reference"].string(), "Patient/p1");
        EXPECT_EQ(resource["encounter"]["reference"].string(), "Encounter/e1");
        EXPECT_EQ(resource["requester"]["reference"].string(), "Practitioner/d1");
        EXPECT_EQ(resource["authoredOn"].string(), "2026-06-01");
        EXPECT_EQ(resource["intent"].string(), "order");
    }
    auto iterator = actions.begin();
    auto const referral = (*iterator)["resource"];
    auto const creatinine = (*++iterator)["resource"];
    EXPECT_EQ(referral["priority"].string(), "urgent");
    EXPECT_EQ(referral["status"].string(), "draft");
    EXPECT_EQ(referral["reasonReference"].first()["reference"].string(), "Condition/c1");
    EXPECT_EQ(creatinine["priority"].string(), "routine");
    EXPECT_EQ(creatinine["occurrenceDateTime"].string(), "2026-06-15");
    EXPECT_EQ(creatinine["code"]["coding"].first()["system"].string(), "http://loinc.org");
}

TEST(Cards, LeaveOutEncounterAndRequesterThatAreNotKnown) {
    ChartCase chart{"[" + ciclosporin() + "]"};
    chart.call.encounter_id = {};
    chart.call.requester = {};
    rules::Evaluation evaluation;
    auto finding = chart.finding(uc, Indicator::critical);
    finding.suggestions.push_back(rules::order_tests("order-monitoring", {"creatinine"}));
    evaluation.findings.push_back(std::move(finding));
    auto const answer = written(chart, evaluation);
    auto const resource =
        answer["cards"].first()["suggestions"].first()["actions"].first()["resource"];
    EXPECT_FALSE(resource["encounter"]);
    EXPECT_FALSE(resource["requester"]);
    EXPECT_THAT(empty_members(*answer), testing::IsEmpty());
}

TEST(Cards, SayThatTheClockIsFrozen) {
    ChartCase chart{"[" + ciclosporin() + "]"};
    rules::Evaluation evaluation;
    evaluation.findings.push_back(chart.finding(uc, Indicator::critical));
    EXPECT_EQ(written(chart, evaluation).text().find("2026-06-01T09:00:00Z"), std::string::npos);
    chart.call.as_of = instant("2026-06-01T09:00:00Z");
    auto const answer = written(chart, evaluation);
    auto const detail = answer["cards"].first()["detail"].string();
    EXPECT_NE(detail.find("2026-06-01T09:00:00Z"), std::string_view::npos);
}

TEST(Cards, MakeTextFromTheChartInert) {
    std::string const hostile =
        "<img src=x onerror=alert(1)> [click](javascript:alert(1)) **bold** https://evil.test "
        "\\u202e{{patient}}";
    ChartCase chart{"[" + ciclosporin("", hostile) + "]"};
    rules::Evaluation evaluation;
    auto finding = chart.finding(uc, Indicator::critical);
    finding.suggestions.push_back(remove(chart.draft()));
    evaluation.findings.push_back(std::move(finding));
    rules::NotChecked open;
    open.rule = rules::NotChecked::no_rule;
    open.reason = fhir::Reason::code_unknown;
    open.order = chart.draft().label;
    evaluation.not_checked.push_back(open);
    auto const answer = written(chart, evaluation);
    for (auto const card : answer["cards"]) {
        std::string const detail{card["detail"].string()};
        EXPECT_EQ(detail.find("<img"), detail.npos) << detail;
        EXPECT_EQ(detail.find("](javascript"), detail.npos) << detail;
        EXPECT_EQ(detail.find("**bold**"), detail.npos) << detail;
        EXPECT_EQ(detail.find("https://evil"), detail.npos) << detail;
        EXPECT_EQ(detail.find("\u202e"), detail.npos) << detail;
        EXPECT_LE(base::code_points(card["summary"].string()), 139U);
        EXPECT_EQ(card["summary"].string().find("\u202e"), std::string_view::npos);
        for (auto const link : card["links"].each())
            EXPECT_EQ(link["url"].string().find("evil"), std::string_view::npos);
    }
}

TEST(NotCheckedCard, IsOneInfoCardThatNamesEachCheckItsReasonAndItsOrder) {
    ChartCase chart{"[" + ciclosporin() + "]",
                    R"({"medications":{"resourceType":"OperationOutcome","issue":[]}})"};
    rules::Evaluation evaluation;
    for (auto const rule : {pjp, salvage}) {
        rules::NotChecked open;
        open.rule = static_cast<std::uint16_t>(knowledge().find(rule) - knowledge().rules().data());
        open.open = fhir::queries(fhir::Query::medications, fhir::Query::allergies);
        open.order = chart.draft().label;
        evaluation.not_checked.push_back(open);
    }
    auto const answer = written(chart, evaluation);
    ASSERT_EQ(answer["cards"].size(), 1U);
    auto const card = answer["cards"].first();
    EXPECT_EQ(card["indicator"].string(), "info");
    EXPECT_EQ(card["summary"].string(), "Not checked: 2 safety checks for ciclosporin.");
    EXPECT_FALSE(card["suggestions"]);
    std::string const detail{card["detail"].string()};
    EXPECT_NE(detail.find(knowledge().find(pjp)->title), detail.npos) << detail;
    EXPECT_NE(detail.find(knowledge().find(salvage)->title), detail.npos) << detail;
    EXPECT_NE(detail.find("ciclosporin: "), detail.npos) << detail;
    EXPECT_NE(detail.find("allergies (not supplied)"), detail.npos) << detail;
    EXPECT_NE(detail.find("medication orders (the record system could not answer)"), detail.npos)
        << detail;
}

TEST(NotCheckedCard, NamesAnOrderThatCouldNotBeIdentified) {
    ChartCase chart{"[" + ciclosporin() + "]"};
    for (std::string_view const name : {"", "local-code-77"}) {
        rules::Evaluation evaluation;
        rules::NotChecked open;
        open.rule = rules::NotChecked::no_rule;
        open.reason = fhir::Reason::code_unknown;
        open.order = name;
        evaluation.not_checked.push_back(open);
        auto const answer = written(chart, evaluation);
        auto const summary = answer["cards"].first()["summary"].string();
        EXPECT_NE(summary.find(name.empty() ? "without code or name" : name),
                  std::string_view::npos)
            << summary;
        EXPECT_NE(summary.find("could not be identified"), std::string_view::npos) << summary;
    }
}

TEST(NotCheckedCard, HasAPhraseForEveryQueryAndReason) {
    ChartCase chart{"[" + ciclosporin() + "]"};
    for (std::size_t r = 1; r < static_cast<std::size_t>(fhir::Reason::count_); ++r) {
        rules::Evaluation evaluation;
        rules::NotChecked open;
        open.rule = static_cast<std::uint16_t>(knowledge().find(pjp) - knowledge().rules().data());
        open.reason = static_cast<fhir::Reason>(r);
        evaluation.not_checked.push_back(open);
        auto const answer = written(chart, evaluation);
        std::string const detail{answer["cards"].first()["detail"].string()};
        EXPECT_NE(detail.find("Missing: "), detail.npos) << fhir::name(open.reason) << "\n"
                                                         << detail;
    }
}

}  // namespace
}  // namespace cds::cards
