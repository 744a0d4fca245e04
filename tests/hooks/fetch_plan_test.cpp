#include "hooks/fetch_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hooks/completed_call.hpp"
#include "tests/cards/chart_case.hpp"

namespace cds::hooks {
namespace {

using cards::Parsed;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

TEST(BaseUrl, WhatLiesBelowIsToldWithoutTheCallersBytes) {
    auto const base = BaseUrl::parse("https://EHR.example/fhir/r4/");
    ASSERT_TRUE(base);
    EXPECT_EQ(base->text(), "https://ehr.example:443/fhir/r4");
    EXPECT_EQ(base->below("https://ehr.example/fhir/r4/Condition?page=2"), "/Condition?page=2");
    EXPECT_EQ(base->below("HTTPS://ehr.EXAMPLE:443/fhir/r4?_getpages=x"), "?_getpages=x");
    EXPECT_EQ(base->below("Condition/1"), "/Condition/1");
    EXPECT_EQ(base->below("?page=2"), "?page=2");
    EXPECT_EQ(base->below("/fhir/r4/Condition"), "/Condition");
    for (auto const* elsewhere :
         {"https://ehr.example/fhir/r44/Condition", "https://ehr.example/fhir/r4/../x",
          "https://ehr.example/fhir/r4/%2e%2E/x", "http://ehr.example/fhir/r4/Condition",
          "https://ehr.example:8443/fhir/r4/x", "https://ehr.example.evil/fhir/r4/x",
          "https://a@ehr.example/fhir/r4/x", "//ehr.example/fhir/r4/x", "/fhir/x", "../x",
          "Condition/../../x", "https://ehr.example/fhir/r4/a b", "urn:uuid:1", "x#y", ""})
        EXPECT_EQ(base->below(elsewhere), std::nullopt) << elsewhere;
}

TEST(BaseUrl, WhatTwoReadersMayReadDifferentlyIsNone) {
    for (auto const* text :
         {"", "ehr.example", "ftp://ehr.example", "https://", "https:///fhir", "https://a@b/fhir",
          "https://ehr.example:0/", "https://ehr.example:/", "https://ehr.example:65536",
          "https://ehr.example:+80", "https://ehr.example/a?b", "https://ehr.example/a#b",
          "https://ehr.example/a\\b", "https://ehr.example/%66", "https://ehr.example/a//b",
          "https://ehr.example/a/./b", "https://ehr_x/a", "https://eh\tr/a", "https://.ehr/a"})
        EXPECT_FALSE(BaseUrl::parse(text)) << text;
}

std::string medication(std::string const& reference, std::string const& display = {}) {
    return R"({"resourceType":"MedicationRequest","status":"active","intent":"order",)"
           R"("medicationReference":{"reference":")" +
           reference + "\"" + (display.empty() ? "" : R"(,"display":")" + display + "\"") +
           R"(},"subject":{"reference":"Patient/p1"}})";
}

std::string bundle(std::string const& resource, std::string const& members = {}) {
    return R"({"resourceType":"Bundle",)" + members + R"("entry":[{"resource":)" + resource + "}]}";
}

/// A call in which all keys are null but those of `prefetch`, which a comma follows.
std::string call(std::string const& prefetch, std::string const& left_out,
                 std::string const& authorization = {}) {
    std::string keys;
    for (std::string const key :
         {"patient", "encounter", "medications", "statements", "administrations", "dispenses",
          "conditions", "allergies", "observations", "procedures", "serviceRequests"}) {
        if (left_out.find(key) == left_out.npos && prefetch.find("\"" + key + "\"") == key.npos)
            keys += (keys.empty() ? "\"" : ",\"") + key + "\":null";
    }
    return R"({"hook":"order-sign","fhirServer":"https://ehr.example/fhir",)" +
           (authorization.empty() ? "" : R"("fhirAuthorization":)" + authorization + ",") +
           R"("context":{"userId":"Practitioner/1","patientId":"p1","encounterId":"e1",)"
           R"("draftOrders":{"resourceType":"Bundle","entry":[]}},"prefetch":{)" +
           prefetch + keys + "}}";
}

BaseUrl const ehr = *BaseUrl::parse("https://ehr.example/fhir");

FetchPlan plan_of(std::string const& body) {
    Parsed const parsed{body};
    auto plan = plan_fetch(cards::knowledge(), Site{}, Client{}, safety_service, *parsed, body,
                           cards::instant("2026-06-01T09:00:00Z"), ehr);
    EXPECT_TRUE(plan);
    return plan ? *plan : FetchPlan{};
}

std::vector<std::string> targets(FetchPlan const& plan) {
    std::vector<std::string> out;
    for (auto const& wanted : plan.wanted) out.push_back(wanted.target);
    return out;
}

TEST(FetchPlan, AbsentKeysAreAskedForByTheirTemplates) {
    EXPECT_THAT(targets(plan_of(call("", "patient encounter conditions procedures"))),
                ElementsAre("/Patient/p1", "/Condition?patient=p1&_count=250",
                            "/Procedure?patient=p1&status=in-progress,completed&_count=250",
                            "/Encounter/e1"));
}

TEST(FetchPlan, ACompletePrefetchLacksNothing) {
    auto const plan = plan_of(call("", ""));
    EXPECT_THAT(plan.wanted, IsEmpty());
    EXPECT_TRUE(plan.prefetch_complete);
}

TEST(FetchPlan, FailedAndUnreadableKeysAreAskedForAgain) {
    auto const failed =
        R"("conditions":{"resourceType":"OperationOutcome","issue":[{"code":"timeout"}]},)"
        R"("allergies":{},)";
    EXPECT_THAT(targets(plan_of(call(failed, ""))),
                ElementsAre("/Condition?patient=p1&_count=250",
                            "/AllergyIntolerance?patient=p1&_count=250"));
}

TEST(FetchPlan, WhatTheClientSaysIsForbiddenIsNotAskedFor) {
    auto const plan = plan_of(call(
        R"("conditions":{"resourceType":"OperationOutcome","issue":[{"code":"forbidden"}]},)", ""));
    EXPECT_THAT(plan.wanted, IsEmpty());
    EXPECT_THAT(plan.not_asked, IsEmpty()) << "the reason stands in the call already";
}

TEST(FetchPlan, APageIsFollowedWhereItsLinkCanBeTrusted) {
    auto const page = [](std::string const& url) {
        return R"("conditions":)" +
               bundle(R"({"resourceType":"Condition","id":"c"})",
                      R"("link":[{"relation":"next","url":")" + url + R"("}],)") +
               ",";
    };
    EXPECT_THAT(targets(plan_of(call(page("https://ehr.example/fhir?p=2"), ""))),
                ElementsAre("?p=2"));
    EXPECT_THAT(targets(plan_of(call(page("https://evil.example/fhir?p=2"), ""))),
                ElementsAre("/Condition?patient=p1&_count=250"));
}

TEST(FetchPlan, ScopesDecideWhatIsAskedFor) {
    auto const plan = plan_of(call(
        "", "conditions allergies procedures",
        R"({"access_token":"t","token_type":"Bearer","expires_in":60,)"
        R"("scope":"user/Condition.read patient/AllergyIntolerance.rs?code=1 patient/Procedure.r"})"));
    ASSERT_THAT(targets(plan), ElementsAre("/Condition?patient=p1&_count=250",
                                           "/AllergyIntolerance?patient=p1&_count=250"));
    EXPECT_FALSE(plan.wanted[0].partial);
    EXPECT_TRUE(plan.wanted[1].partial);
    ASSERT_EQ(plan.not_asked.size(), 1U) << "a search needs s";
    EXPECT_EQ(plan.not_asked[0].query, fhir::Query::procedures);
    EXPECT_EQ(plan.not_asked[0].reason, fhir::Reason::not_permitted);
}

TEST(FetchPlan, ATokenOfAnotherKindThanBearerIsNotSent) {
    auto const plan = plan_of(
        call("", "conditions",
             R"({"access_token":"t","token_type":"DPoP","expires_in":60,"scope":"user/*.read"})"));
    EXPECT_THAT(targets(plan), IsEmpty());
    ASSERT_EQ(plan.not_asked.size(), 1U);
    EXPECT_EQ(plan.not_asked[0].reason, fhir::Reason::not_permitted);
}

TEST(FetchPlan, MedicationsThatAreNotHeldAreFollowed) {
    std::string const next = R"(},{"resource":)";
    auto const rows = medication("Medication/1") + next +
                      medication("https://ehr.example/fhir/Medication/2", "azathioprine") + next +
                      medication("https://evil.example/Medication/3") + next +
                      medication("Medication/4") + next +
                      R"({"resourceType":"Medication","id":"4"})";
    auto const plan = plan_of(call(R"("medications":)" + bundle(rows) + ",", ""));
    EXPECT_THAT(targets(plan), ElementsAre("/Medication/1", "/Medication/2"));
    EXPECT_TRUE(plan.prefetch_complete);
    EXPECT_TRUE(plan.wanted[0].decides_rows());
    EXPECT_FALSE(plan.wanted[1].decides_rows()) << "its name stands beside the reference";
}

std::string completed(std::string const& body, std::vector<Fetched> const& fetched) {
    Parsed const parsed{body};
    return completed_call(*parsed, body, plan_of(body), fetched, ehr);
}

Fetched pages(std::vector<std::string> texts, fhir::Reason reason = fhir::Reason::none) {
    Fetched fetched;
    fetched.reason = reason;
    fetched.pages = std::move(texts);
    return fetched;
}

TEST(CompletedCall, HoldsNoTokenAndKeepsItsInstance) {
    auto const body = call("", "conditions", R"({"access_token":"secret-token"})");
    auto const text = completed(body, {pages({R"({"resourceType":"Bundle"})"})});
    EXPECT_THAT(text, Not(HasSubstr("secret-token")));
    Parsed const before{body}, after{text};
    auto const& service = *find_service(safety_service);
    EXPECT_EQ(read_request(*before, body, service)->hook_instance,
              read_request(*after, text, service)->hook_instance)
        << "cards keep their uuids, whatever was fetched";
}

TEST(CompletedCall, RowsThatCameTwiceAreThereOnceInTheirNewestVersion) {
    auto const condition = [](std::string const& meta) {
        return bundle(R"({"resourceType":"Condition","id":"c","meta":)" + meta + "}");
    };
    auto const text =
        completed(call("", "conditions"),
                  {pages({condition(R"({"versionId":"9"})"), condition(R"({"versionId":"10"})"),
                          condition(R"({"versionId":"2"})")})});
    Parsed const parsed{text};
    auto const entries = parsed["prefetch"]["conditions"]["entry"];
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries.first()["resource"]["meta"]["versionId"].string(), "10");
    EXPECT_FALSE(parsed["prefetch"]["conditions"]["link"]);
}

TEST(CompletedCall, APartThatTheClientSentStaysWhenNothingBetterCame) {
    auto const part =
        bundle(R"({"resourceType":"Condition","id":"c"})", R"("link":[{"relation":"next"}],)");
    Fetched failed;
    failed.reason = fhir::Reason::timed_out;
    auto const text = completed(call(R"("conditions":)" + part + ",", ""), {failed});
    EXPECT_THAT(text, HasSubstr(R"("conditions":)" + part));
}

}  // namespace
}  // namespace cds::hooks
