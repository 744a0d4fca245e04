/// Requests made from a patient's history hold what was known when the order was signed, no more.
#include "hooks/capture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hooks/chart_search.hpp"
#include "tests/hooks/history.hpp"

namespace cds::hooks {
namespace {

using cards::Parsed;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> ids(base::json::Value bundle) {
    std::vector<std::string> found;
    for (auto const entry : bundle["entry"].each())
        found.emplace_back(entry["resource"]["id"].string());
    return found;
}

TEST(Capture, EachDatedOrderOfADrugBecomesARequest) {
    auto const history = made_up_colitis();
    EXPECT_EQ(history.counts.patients, 1U);
    EXPECT_EQ(history.counts.requests, 3U);
    EXPECT_EQ(history.counts.undated, 1U);
    EXPECT_EQ(history.counts.nameless, 1U);
    EXPECT_EQ(history.counts.unowned, 0U);
    ASSERT_EQ(history.requests.size(), 3U);
}

TEST(Capture, TheOrderIsADraftOnItsOwnDateWithoutItsLaterEnd) {
    auto const history = made_up_colitis();
    Parsed const request{history.requests.at(2).body};
    EXPECT_EQ(request["hook"].string(), "order-sign");
    EXPECT_EQ(request["context"]["patientId"].string(), "made-up-colitis");
    EXPECT_EQ(request["context"]["userId"].string(), "Practitioner/doctor-1");
    EXPECT_EQ(request["context"]["encounterId"].string(), "visit-1");
    auto const drafts = request["context"]["draftOrders"];
    EXPECT_THAT(ids(drafts), ElementsAre("order-ciclosporin"));
    auto const draft = drafts["entry"].first()["resource"];
    EXPECT_EQ(draft["status"].string(), "draft");
    EXPECT_FALSE(draft["statusReason"]);
    EXPECT_EQ(draft["subject"]["reference"].string(), "Patient/made-up-colitis");
    EXPECT_EQ(draft["authoredOn"].string(), "2020-06-01T09:00:00+02:00");
    EXPECT_EQ(base::iso(history.requests.at(2).as_of), "2020-06-01T07:00:00Z");
    EXPECT_EQ(captured_at(*request), history.requests.at(2).as_of);
}

TEST(Capture, ThePrefetchHoldsTheChartBeforeTheOrderAlone) {
    auto const history = made_up_colitis();
    auto const prefetch = Parsed{history.requests.at(2).body}.text();
    Parsed const request{prefetch};
    auto const chart = request["prefetch"];
    EXPECT_EQ(chart["patient"]["id"].string(), "made-up-colitis");
    EXPECT_THAT(ids(chart["conditions"]), ElementsAre("colitis"));
    EXPECT_THAT(ids(chart["observations"]),
                ElementsAre("creatinine-before", "creatinine-other-unit"));
    // The undated order stays: nothing says that it came later. The drug of the other comes along.
    EXPECT_THAT(ids(chart["medications"]),
                ElementsAre("order-amoxicillin", "order-infliximab", "order-undated",
                            "order-nameless", "infliximab-vial"));
    EXPECT_EQ(chart["encounter"]["id"].string(), "visit-1");
    EXPECT_THAT(prefetch, Not(HasSubstr("melanoma")));
    EXPECT_THAT(prefetch, Not(HasSubstr("creatinine-after")));
}

TEST(Capture, TheFirstOrderSeesNoneOfTheLaterOnes) {
    auto const history = made_up_colitis();
    Parsed const request{history.requests.at(0).body};
    EXPECT_THAT(ids(request["context"]["draftOrders"]), ElementsAre("order-amoxicillin"));
    EXPECT_THAT(ids(request["prefetch"]["medications"]), ElementsAre("order-undated"));
    EXPECT_FALSE(request["context"]["encounterId"]);
    EXPECT_FALSE(request["prefetch"]["encounter"]);
    EXPECT_THAT(ids(request["prefetch"]["observations"]), ElementsAre());
}

TEST(Capture, AReferencedDrugComesWithItsDraft) {
    auto const history = made_up_colitis();
    Parsed const request{history.requests.at(1).body};
    EXPECT_THAT(ids(request["context"]["draftOrders"]),
                ElementsAre("order-infliximab", "infliximab-vial"));
    // A day without a time is its noon.
    EXPECT_EQ(base::iso(history.requests.at(1).as_of), "2020-02-03T12:00:00Z");
}

TEST(Capture, TheSameBundleGivesTheSameBytes) {
    auto const once = made_up_colitis();
    auto const again = made_up_colitis();
    ASSERT_EQ(once.requests.size(), again.requests.size());
    for (std::size_t i = 0; i < once.requests.size(); ++i)
        EXPECT_EQ(once.requests[i].body, again.requests[i].body);
}

TEST(Capture, WhatIsNoBundleIsRefusedWithItsPlace) {
    Parsed const patient{R"({"resourceType":"Patient","id":"p1"})"};
    auto const counts = capture(cards::knowledge(), *patient, [](CapturedRequest const&) {});
    ASSERT_FALSE(counts);
    EXPECT_EQ(counts.error().where, "/resourceType");
}

TEST(Capture, AnOrderOfAPatientWhoIsNotThereIsCounted) {
    Parsed const bundle{
        R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":{
        "resourceType":"MedicationRequest","id":"m","authoredOn":"2020-01-01",
        "medicationCodeableConcept":{"text":"x"},"subject":{"reference":"Patient/gone"}}}]})"};
    auto const counts = capture(cards::knowledge(), *bundle, [](CapturedRequest const&) {});
    ASSERT_TRUE(counts);
    EXPECT_EQ(counts->requests, 0U);
    EXPECT_EQ(counts->unowned, 1U);
}

TEST(ChartSearch, TemplatesRestrictByTypeStatusAndCode) {
    auto const query =
        parse_search("observations", "Observation?patient={{context.patientId}}&code=b,a");
    EXPECT_EQ(query.type, "Observation");
    EXPECT_TRUE(query.statuses.empty());
    Parsed const wanted{R"({"code":{"coding":[{"code":"z"},{"code":"a"}]}})"};
    Parsed const other{R"({"code":{"coding":[{"code":"z"}]}})"};
    EXPECT_TRUE(matches(query, *wanted));
    EXPECT_FALSE(matches(query, *other));
    auto const orders = parse_search("m", "MedicationRequest?patient=1&status=active,stopped");
    Parsed const active{R"({"status":"active"})"};
    Parsed const wrong{R"({"status":"entered-in-error"})"};
    EXPECT_TRUE(matches(orders, *active));
    EXPECT_FALSE(matches(orders, *wrong));
}

TEST(ChartSearch, AfterAnInstantIsJudgedByWhatTheDateSays) {
    auto const dated = [](std::string_view text) {
        ChartEntry entry;
        entry.dated = base::parse_date(text, base::Zone{});
        return entry;
    };
    auto const noon = cards::instant("2020-06-01T12:00:00Z");
    EXPECT_FALSE(is_after(dated("2020-06-01T12:00:00Z"), noon));
    EXPECT_TRUE(is_after(dated("2020-06-01T12:00:01Z"), noon));
    EXPECT_FALSE(is_after(dated("2020-06-01"), noon));
    EXPECT_TRUE(is_after(dated("2020-06-02"), noon));
    EXPECT_FALSE(is_after(dated("2020-06"), noon));
    EXPECT_FALSE(is_after(dated(""), noon)) << "what is not dated stays";
}

}  // namespace
}  // namespace cds::hooks
