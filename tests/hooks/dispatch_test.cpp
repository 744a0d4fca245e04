#include "hooks/dispatch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "hooks/engine.hpp"
#include "tests/cards/chart_case.hpp"

namespace cds::hooks {
namespace {

using cards::Parsed;
using testing::HasSubstr;

std::string medication(std::string const& id, std::string const& text,
                       std::string const& authored = "2026-05-30") {
    return R"({"resourceType":"MedicationRequest","id":")" + id +
           R"(","status":"active","intent":"order","medicationCodeableConcept":{"text":")" + text +
           R"("},"subject":{"reference":"Patient/p1"},"authoredOn":")" + authored + R"("})";
}

std::string bundle(std::initializer_list<std::string> resources) {
    std::string entries;
    for (auto const& resource : resources) {
        Parsed const parsed{resource};
        entries += (entries.empty() ? "" : ",") +
                   (R"({"fullUrl":"https://ehr.example.org/fhir/)" +
                    std::string{parsed["resourceType"].string()} + "/" +
                    std::string{parsed["id"].string()} + R"(","resource":)" + resource + "}");
    }
    return R"({"resourceType":"Bundle","type":"searchset","entry":[)" + entries + "]}";
}

std::string call(std::string const& context, std::string const& medications,
                 std::string const& more = "") {
    std::string prefetch = R"("patient":{"resourceType":"Patient","id":"p1","gender":"male",)"
                           R"("birthDate":"1980-01-01"},"medications":)" +
                           medications;
    for (auto const key : {"encounter", "statements", "administrations", "dispenses", "conditions",
                           "allergies", "observations", "procedures", "serviceRequests"})
        prefetch += std::string{",\""} + key + "\":null";
    return R"({"hook":"order-dispatch","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",)"
           R"("context":{"patientId":"p1","performer":"Organization/ph",)" +
           context + R"(},"prefetch":{)" + prefetch + more + "}}";
}

struct Answered {
    std::string body;
    CallStats stats;
    std::optional<base::Error> error;

    std::map<std::string, std::string> cards() const {
        std::map<std::string, std::string> found;
        Parsed const document{body};
        for (auto const card : document["cards"])
            found.emplace(card["source"]["topic"]["code"].string(), card["indicator"].string());
        return found;
    }
};

Answered ask(std::string const& body) {
    Answered answered;
    Workspace workspace;
    auto const stats = answer(cards::knowledge(), {}, {}, dispatch_service, body,
                              cards::instant("2026-06-01T09:00:00Z"), workspace, answered.body);
    if (stats)
        answered.stats = *stats;
    else
        answered.error = stats.error();
    return answered;
}

auto const pair = bundle({medication("m1", "azathioprine"), medication("m2", "allopurinol")});

TEST(OrderDispatch, ReadsTheFieldNamesOfBothVersions) {
    auto const expected = ask(call(R"("dispatchedOrders":["MedicationRequest/m1"])", pair));
    ASSERT_FALSE(expected.error) << expected.error->what;
    EXPECT_EQ(expected.cards().at("aza-xanthine-oxidase-inhibitor"), "critical") << expected.body;
    EXPECT_EQ(expected.stats.tolerated, 0U);
    EXPECT_EQ(expected.stats.drafts, 1U);
    for (auto const* context :
         {R"("order":"MedicationRequest/m1")",
          R"("order":"MedicationRequest/m1","task":{"resourceType":"Task","status":"draft"})",
          R"("order":{"reference":"MedicationRequest/m1"})",
          R"("dispatched-orders":["MedicationRequest/m1"])",
          R"("dispatchedOrders":"MedicationRequest/m1")",
          R"("dispatchedOrders":["MedicationRequest/m1"],"order":"MedicationRequest/m1")",
          R"("dispatchedOrders":["https://ehr.example.org/fhir/MedicationRequest/m1"])",
          R"("dispatchedOrders":["https://ehr.example.org/fhir/MedicationRequest/m1/_history/2"])",
          R"("dispatchedOrders":["MedicationRequest/m1/_history/2"],"fulfillmentTasks":[])"}) {
        EXPECT_EQ(ask(call(context, pair)).body, expected.body) << context;
    }
}

TEST(OrderDispatch, FindsOrdersThatStandInTheCallItself) {
    auto const inside = R"("dispatchedOrders":["#m1"],"fulfillmentTasks":[{"resourceType":"Task",)"
                        R"("status":"draft","intent":"order","contained":[)" +
                        medication("m1", "azathioprine") + "]}]";
    auto const in_place = R"("dispatchedOrders":[)" + medication("m1", "azathioprine") + "]";
    auto const others = bundle({medication("m2", "allopurinol")});
    for (auto const& context : {inside, in_place})
        EXPECT_EQ(ask(call(context, others)).cards().count("aza-xanthine-oxidase-inhibitor"), 1U)
            << context;
}

TEST(OrderDispatch, RefusesACallThatNamesNoOrder) {
    for (auto const* context : {R"("x":1)", R"("dispatchedOrders":[])",
                                R"("dispatchedOrders":null)", R"("order":"")", R"("order":7)"}) {
        auto const got = ask(call(context, pair));
        ASSERT_TRUE(got.error) << context;
        EXPECT_EQ(got.error->where, "/context/dispatchedOrders");
        EXPECT_THAT(got.error->what, HasSubstr("order (1.0)"));
    }
}

TEST(OrderDispatch, NamesAnOrderThatItCannotFind) {
    for (auto const* reference : {"MedicationRequest/m9", "ServiceRequest/s9", "urn:uuid:9", "#m9",
                                  "https://other.example.org/fhir/MedicationRequest/m1"}) {
        auto const got =
            ask(call(R"("dispatchedOrders":[")" + std::string{reference} + R"("])", pair));
        ASSERT_FALSE(got.error);
        EXPECT_EQ(got.cards().size(), 1U) << got.body;
        EXPECT_THAT(got.body, HasSubstr(std::string{reference} + ", which was not sent"));
    }
    auto const diet = ask(call(R"("dispatchedOrders":["NutritionOrder/n1"])", pair));
    EXPECT_TRUE(diet.cards().empty()) << "nothing of it would have been checked";
}

TEST(OrderDispatch, SuggestsNoChangeOfASignedOrderToTheEhr) {
    auto const got = ask(call(R"("dispatchedOrders":["MedicationRequest/m1"])", pair));
    Parsed const document{got.body};
    auto tasks = 0;
    for (auto const card : document["cards"]) {
        for (auto const suggestion : card["suggestions"]) {
            for (auto const action : suggestion["actions"]) {
                EXPECT_EQ(action["type"].string(), "create") << got.body;
                if (action["resource"]["resourceType"].string() != "Task") continue;
                ++tasks;
                EXPECT_EQ(action["resource"]["focus"]["reference"].string(),
                          "MedicationRequest/m1");
            }
        }
    }
    EXPECT_GT(tasks, 0);
    EXPECT_THAT(got.body, HasSubstr("The order for azathioprine is signed"));
}

TEST(OrderDispatch, DoesNotTakeANewOrderForATherapyThatGoesOn) {
    auto const card = [](std::string const& medications) {
        return ask(call(R"("dispatchedOrders":["MedicationRequest/m1"])", medications))
            .cards()["ifx-tb-screen-missing"];
    };
    EXPECT_EQ(card(bundle({medication("m1", "infliximab", "2026-05-04")})), "critical")
        << "28 days ago: written for this therapy's start";
    EXPECT_EQ(card(bundle({medication("m1", "infliximab", "2026-05-03")})), "warning")
        << "a standing order of which a further part is sent";
    EXPECT_EQ(card(bundle({medication("m1", "infliximab", "2026-05-30"),
                           medication("m0", "infliximab", "2026-01-01")})),
              "warning")
        << "another order shows that it goes on";
}

TEST(OrderDispatch, PassesOverOrdersOfAnotherPatientAndSaysSo) {
    auto foreign = medication("m1", "azathioprine");
    foreign.replace(foreign.find("Patient/p1"), 10, "Patient/p2");
    auto const got = ask(call(R"("dispatchedOrders":["MedicationRequest/m1"])", bundle({foreign})));
    EXPECT_EQ(got.cards().count("not-evaluated"), 1U);
    EXPECT_THAT(got.body, HasSubstr("which names another patient"));
}

}  // namespace
}  // namespace cds::hooks
