#include "cards/gate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cards/write.hpp"
#include "tests/cards/chart_case.hpp"

namespace cds::cards {
namespace {

using rules::Action;
using rules::Indicator;
using rules::Suggestion;

std::string order(std::string const& id, std::string const& text, std::string const& status,
                  std::string const& dosage = {}) {
    return R"({"resourceType":"MedicationRequest","id":")" + id + R"(","status":")" + status +
           R"(","intent":"order","medicationCodeableConcept":{"text":")" + text +
           R"("},"subject":{"reference":"Patient/p1"},"authoredOn":"2026-05-20")" +
           (dosage.empty() ? "" : R"(,"dosageInstruction":[)" + dosage + "]") + "}";
}

std::string const twice_a_day =
    R"({"timing":{"repeat":{"frequency":2,"period":1,"periodUnit":"d"}},"route":{"text":"oral"},)"
    R"("doseAndRate":[{"doseQuantity":{"value":150,"unit":"mg","code":"mg"}}]})";

std::string prefetch(std::string const& medications, std::string const& allergies = {},
                     std::string const& conditions = {}, std::string const& patient = {}) {
    auto const bundle = [](std::string const& resources) {
        return R"({"resourceType":"Bundle","entry":[)" +
               (resources.empty() ? "" : R"({"resource":)" + resources + "}") + "]}";
    };
    return R"({"patient":{"resourceType":"Patient","id":"p1")" + patient + R"(},"medications":)" +
           bundle(medications) +
           R"(,"statements":null,"administrations":null,"dispenses":null,"observations":null,)" +
           R"("procedures":null,"serviceRequests":null,"allergies":)" + bundle(allergies) +
           R"(,"conditions":)" + bundle(conditions) + "}";
}

std::string allergy(std::string const& text, std::string const& verification = "confirmed") {
    return R"({"resourceType":"AllergyIntolerance","id":"a1","patient":{"reference":)"
           R"("Patient/p1"},"code":{"text":")" +
           text +
           R"("},"clinicalStatus":{"coding":[{"code":"active"}]},"verificationStatus":{"coding":)"
           R"([{"code":")" +
           verification + R"("}]}})";
}

Suggestion prescribe(std::string_view key) {
    Suggestion suggestion;
    suggestion.key = key;
    suggestion.actions.push_back(rules::prescribe_action(key));
    return suggestion;
}

/// Why the only action was left out; empty when it is offered.
std::string refusal(ChartCase& chart, Suggestion const& suggestion) {
    auto const evaluation = chart.evaluate();
    auto const context = chart.context();
    Gate gate{context, evaluation};
    auto const offer = gate.offer(suggestion);
    return offer.left_out.empty() ? std::string{} : offer.left_out.front().why;
}

TEST(Gate, OffersWhatNothingSpeaksAgainst) {
    ChartCase chart{"[" + order("d1", "infliximab", "draft") + "]", prefetch("")};
    for (auto const key :
         {"co-trimoxazole", "methotrexate", "amlodipine", "isoniazid", "epinephrine-0.3"}) {
        EXPECT_EQ(refusal(chart, prescribe(key)), "") << key;
    }
}

struct AllergyRow {
    char const* name;
    char const* substance;
    char const* verification;
    char const* order;
    bool refused;
};

TEST(Gate, RefusesADrugToWhichAnAllergyIsOnRecord) {
    AllergyRow const rows[] = {
        {"same drug", "methotrexate", "confirmed", "methotrexate", true},
        {"same drug, unconfirmed", "methotrexate", "unconfirmed", "methotrexate", true},
        {"same drug, refuted", "methotrexate", "refuted", "methotrexate", false},
        {"class of co-trimoxazole", "sulfonamide", "confirmed", "co-trimoxazole", true},
        {"co-trimoxazole", "co-trimoxazole", "confirmed", "co-trimoxazole", true},
        {"mercaptopurine for azathioprine", "mercaptopurine", "confirmed", "azathioprine", true},
        {"another drug", "penicillin", "confirmed", "methotrexate", false},
        {"isoniazid", "isoniazid", "confirmed", "isoniazid", true},
        {"rifampicin", "rifampicin", "confirmed", "rifampicin", true},
        {"atovaquone", "atovaquone", "confirmed", "atovaquone", true},
        {"amlodipine", "amlodipine", "confirmed", "amlodipine", true},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        ChartCase chart{"[" + order("d1", "levothyroxine", "draft") + "]",
                        prefetch("", allergy(row.substance, row.verification))};
        auto const why = refusal(chart, prescribe(row.order));
        EXPECT_EQ(!why.empty(), row.refused) << why;
        if (row.refused) {
            EXPECT_NE(why.find(row.substance), why.npos) << why;
        }
    }
}

TEST(Gate, RefusesMethotrexateThatAnythingOnRecordSpeaksAgainst) {
    std::string const suspected =
        R"({"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"},"code":)"
        R"({"text":"Pregnancy"},)"
        R"("clinicalStatus":{"coding":[{"code":"active"}]},"verificationStatus":{"coding":)"
        R"([{"code":"provisional"}]}})";
    ChartCase chart{"[" + order("d1", "levothyroxine", "draft") + "]", prefetch("", "", suspected)};
    EXPECT_NE(refusal(chart, prescribe("methotrexate")), "");
    EXPECT_EQ(refusal(chart, prescribe("isoniazid")), "");
}

TEST(Gate, RefusesWhatWouldRaiseAnAlertThatTheAnswerDoesNotCarry) {
    // Infliximab runs and azathioprine is drafted: methotrexate would be a third class of
    // immunosuppressant.
    ChartCase chart{"[" + order("d1", "azathioprine", "draft") + "]",
                    prefetch(order("m1", "infliximab", "active"))};
    auto const why = refusal(chart, prescribe("methotrexate"));
    EXPECT_NE(why.find("would raise another alert"), why.npos) << why;
    EXPECT_EQ(refusal(chart, prescribe("amlodipine")), "");
}

TEST(Gate, JudgesTheOrdersAsTheWholeSuggestionLeavesThem) {
    // With azathioprine removed by the same suggestion, methotrexate is the second class again.
    ChartCase chart{"[" + order("d1", "azathioprine", "draft") + "]",
                    prefetch(order("m1", "infliximab", "active"))};
    auto replace = prescribe("methotrexate");
    Action removal;
    removal.type = Action::Type::remove_draft;
    removal.medication = &chart.draft();
    replace.actions.push_back(removal);
    EXPECT_EQ(refusal(chart, replace), "");
}

TEST(Gate, ChangesNothingAboutSuggestionsWithoutADrugOfItsOwn) {
    EXPECT_FALSE(Gate::concerns(rules::order_tests("x", {"creatinine"})));
    EXPECT_FALSE(Gate::concerns(rules::task("x")));
    EXPECT_TRUE(Gate::concerns(prescribe("methotrexate")));
}

TEST(Gate, RefusesADoseThatCannotBeChangedSafely) {
    ChartCase chart{"[" + order("d1", "ciclosporin", "draft", R"({"text":"as directed"})") + "]",
                    prefetch("")};
    Suggestion change;
    change.key = "reduce-dose";
    Action action;
    action.type = Action::Type::update_dose;
    action.medication = &chart.draft();
    action.dose_mg = base::Rational{75};
    change.actions.push_back(action);
    EXPECT_NE(refusal(chart, change).find("by hand"), std::string::npos);
}

TEST(Gate, LeavesOutOnlyTheRefusedActionAndTheCardSaysWhy) {
    ChartCase chart{
        "[" + order("d1", "ciclosporin", "draft", twice_a_day) + "]",
        prefetch(order("m1", "infliximab", "active"), allergy("methotrexate", "unconfirmed"))};
    rules::Evaluation evaluation;
    auto finding = chart.finding("ra-ifx-csa-mtx-preferred", Indicator::warning);
    Suggestion change;
    change.key = "change-to-methotrexate";
    change.recommended = true;
    Action removal;
    removal.type = Action::Type::remove_draft;
    removal.medication = &chart.draft();
    change.actions = {removal, rules::prescribe_action("methotrexate")};
    finding.suggestions.push_back(change);
    evaluation.findings.push_back(std::move(finding));
    std::string out;
    write(chart.context(), evaluation, out);
    Parsed const answer{out};
    auto const card = answer["cards"].first();
    auto const suggestion = card["suggestions"].first();
    ASSERT_EQ(suggestion["actions"].size(), 1U);
    EXPECT_EQ(suggestion["actions"].first()["type"].string(), "delete");
    EXPECT_FALSE(suggestion["isRecommended"]);
    EXPECT_EQ(suggestion["label"].string().find("ethotrexate"), std::string_view::npos)
        << suggestion["label"].string();
    EXPECT_NE(card["detail"].string().find("Not offered: Methotrexate"), std::string_view::npos)
        << card["detail"].string();
    EXPECT_THAT(empty_members(*answer), testing::IsEmpty());
}

struct PregnancyRow {
    char const* name;
    char const* patient;
    bool says_exclude;
};

TEST(Gate, AsksToExcludePregnancyBeforeMethotrexateForAWomanOfTwelveToFiftyFive) {
    PregnancyRow const rows[] = {
        {"woman of 11", R"(,"gender":"female","birthDate":"2014-06-02")", false},
        {"woman of 12", R"(,"gender":"female","birthDate":"2014-06-01")", true},
        {"woman of 55", R"(,"gender":"female","birthDate":"1970-06-02")", true},
        {"woman of 56", R"(,"gender":"female","birthDate":"1970-06-01")", false},
        {"man of 30", R"(,"gender":"male","birthDate":"1996-01-01")", false},
        {"sex not stated", R"(,"birthDate":"1996-01-01")", true},
        {"age not stated", R"(,"gender":"female")", true},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        ChartCase chart{"[" + order("d1", "levothyroxine", "draft") + "]",
                        prefetch("", "", "", row.patient)};
        rules::Evaluation evaluation;
        auto finding = chart.finding("ra-ifx-csa-mtx-preferred", Indicator::warning);
        finding.suggestions.push_back(prescribe("methotrexate"));
        evaluation.findings.push_back(std::move(finding));
        std::string out;
        write(chart.context(), evaluation, out);
        Parsed const answer{out};
        auto const action = answer["cards"].first()["suggestions"].first()["actions"].first();
        EXPECT_EQ(action["description"].string().starts_with("Exclude pregnancy first."),
                  row.says_exclude)
            << action["description"].string();
        EXPECT_EQ(action["resource"]["status"].string(), "draft");
        EXPECT_FALSE(action["resource"]["id"]);
    }
}

}  // namespace
}  // namespace cds::cards
