#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hooks/engine.hpp"
#include "tests/cards/chart_case.hpp"

// What a client gets by its registration, and nobody else.

namespace cds::hooks {
namespace {

using cards::Parsed;
using testing::HasSubstr;
using testing::Not;

/// A call with azathioprine and allopurinol; a draft carries decimals and words that must survive.
std::string call(std::string const& hook = "order-sign", std::string const& note = "") {
    auto const draft = [](std::string const& id, std::string const& code, std::string const& text,
                          std::string const& more) {
        return R"({"resource":{"resourceType":"MedicationRequest","id":")" + id +
               R"(","status":"draft","intent":"order","medicationCodeableConcept":{"coding":[)"
               R"({"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":")" +
               code + R"("}],"text":")" + text + R"("},"subject":{"reference":"Patient/p1"})" +
               more + "}}";
    };
    std::string prefetch =
        R"("patient":{"resourceType":"Patient","id":"p1","gender":"male","birthDate":"1980-01-01"})";
    for (auto const key : {"encounter", "medications", "statements", "administrations", "dispenses",
                           "conditions", "allergies", "procedures", "serviceRequests"})
        prefetch += std::string{",\""} + key + "\":null";
    return R"({"hook":")" + hook +
           R"(","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","context":{"userId":)"
           R"("Practitioner/d1","patientId":"p1","draftOrders":{"resourceType":"Bundle","type":)"
           R"("collection","entry":[)" +
           draft("m1", "1256", "azathioprine",
                 R"(,"dispenseRequest":{"quantity":{"value":30.00}},"extension":[{"url":"urn:x",)"
                 R"("valueString":"kept"}])" +
                     note) +
           "," + draft("m2", "519", "allopurinol", "") + "," +
           draft("m3", "161", "paracetamol", "") + R"(]}},"prefetch":{)" + prefetch + "}}";
}

std::string ask(Client const& client, std::string const& body = call(),
                std::string_view service = safety_service) {
    Workspace workspace;
    std::string out;
    auto const stats = answer(cards::knowledge(), {}, client, service, body,
                              cards::instant("2026-06-01T09:00:00Z"), workspace, out);
    EXPECT_TRUE(stats) << (stats ? "" : stats.error().what);
    return out;
}

TEST(ClientSwitches, GiveTheDefaultClientNothingOfThreePointZero) {
    auto const list = discovery(cards::knowledge(), {}, {});
    for (auto const* member : {"\"version\"", "\"hookVersion\"", "resolve()", "today()"})
        EXPECT_THAT(list, Not(HasSubstr(member)));
    auto const body = ask({});
    EXPECT_THAT(body, Not(HasSubstr("systemActions")));
    EXPECT_THAT(body, Not(HasSubstr("actionSelectionBehavior")));
}

TEST(ClientSwitches, TellAClientOfThreePointZeroTheVersions) {
    Client client;
    client.specification = Specification::v3_0;
    Parsed const document{discovery(cards::knowledge(), {}, client)};
    EXPECT_THAT(cards::empty_members(*document), testing::IsEmpty());
    for (auto const service : document["services"]) {
        EXPECT_EQ(service["version"].string(), "3.0.0");
        EXPECT_FALSE(service["hookVersion"].string().empty());
        EXPECT_THAT(std::string{service["description"].string()}, HasSubstr("\n\n"))
            << "Markdown paragraphs";
        EXPECT_EQ(service["prefetch"]["draftMedications"].string(), "")
            << "paths are a switch of their own";
    }
}

TEST(ClientSwitches, AskAClientThatReadsFhirPathForTheDraftsProducts) {
    Client client;
    client.fhirpath_prefetch = true;
    Parsed const document{discovery(cards::knowledge(), {}, client)};
    std::vector<std::string> with_products, with_orders;
    for (auto const service : document["services"]) {
        std::string const id{service["id"].string()};
        if (service["prefetch"]["draftMedications"]) with_products.push_back(id);
        if (service["prefetch"]["dispatchedOrders"]) with_orders.push_back(id);
        EXPECT_EQ(service["prefetch"]["patient"].string(), "Patient/{{context.patientId}}");
    }
    EXPECT_THAT(with_products, testing::ElementsAre(safety_service, select_service));
    EXPECT_THAT(with_orders, testing::ElementsAre(dispatch_service));
}

TEST(ClientSwitches, LetSeveralTestsBePickedOneByOneOnlyWhereItIsUnderstood) {
    // The baseline of ciclosporin lists many tests in one suggestion.
    auto body = call();
    body.replace(body.find("\"1256\""), 6, "\"3008\"");
    body.replace(body.find("azathioprine"), 12, "ciclosporin");
    body.insert(body.find("\"procedures\":null"), "\"observations\":null,");
    Client client;
    client.action_selection = true;
    EXPECT_THAT(ask({}, body), Not(HasSubstr("actionSelectionBehavior")));
    Parsed const answer{ask(client, body)};
    auto picked = 0;
    for (auto const card : answer["cards"]) {
        for (auto const suggestion : card["suggestions"]) {
            auto const behaviour = suggestion["actionSelectionBehavior"].string();
            if (behaviour.empty()) continue;
            ++picked;
            EXPECT_EQ(behaviour, "any");
            EXPECT_GT(suggestion["actions"].size(), 1U);
            for (auto const action : suggestion["actions"])
                EXPECT_EQ(action["resource"]["resourceType"].string(), "ServiceRequest");
        }
    }
    EXPECT_GT(picked, 0);
}

TEST(ClientSwitches, EmitAnEmptyListOfSystemActionsForCoverageTools) {
    Client client;
    client.empty_system_actions = true;
    Parsed const answer{ask(client)};
    EXPECT_TRUE(answer["systemActions"].is_array());
    EXPECT_EQ(answer["systemActions"].size(), 0U);
    EXPECT_NE(answer["cards"].size(), 0U);
}

TEST(OrderAnnotation, IsAnUpdateOfEachOrderThatWasLookedAt) {
    Client client;
    client.annotates_orders = true;
    auto const body = ask(client);
    Parsed const answer{body};
    EXPECT_THAT(cards::empty_members(*answer), testing::IsEmpty());
    ASSERT_EQ(answer["systemActions"].size(), 2U) << "not paracetamol";
    auto const action = answer["systemActions"].first();
    EXPECT_EQ(action["type"].string(), "update");
    EXPECT_FALSE(action["description"].string().empty());
    auto const order = action["resource"];
    EXPECT_EQ(order["resourceType"].string(), "MedicationRequest");
    EXPECT_EQ(order["id"].string(), "m1");
    EXPECT_EQ(order["dispenseRequest"]["quantity"]["value"].number(), "30.00") << "as it came";
    EXPECT_EQ(order["extension"].first()["valueString"].string(), "kept");
    auto const note = order["note"].first();
    EXPECT_EQ(note["authorString"].string(), "Countersign");
    EXPECT_EQ(note["time"].string(), "2026-06-01");
    EXPECT_THAT(std::string{note["text"].string()}, HasSubstr("(critical)"));
    EXPECT_THAT(std::string{note["text"].string()}, HasSubstr("Not checked: "))
        << "results were not sent";
}

TEST(OrderAnnotation, ReplacesItsOwnNoteAndKeepsOthers) {
    Client client;
    client.annotates_orders = true;
    auto const body =
        call("order-sign", R"(,"note":[{"text":"from the ward"},{"authorString":"Countersign",)"
                           R"("text":"old"}])");
    Parsed const answer{ask(client, body)};
    auto const notes = answer["systemActions"].first()["resource"]["note"];
    ASSERT_EQ(notes.size(), 2U);
    EXPECT_EQ(notes.first()["text"].string(), "from the ward");
    EXPECT_THAT(ask(client, body), Not(HasSubstr("\"old\"")));
}

TEST(OrderAnnotation, IsWrittenOnlyWhenAnOrderIsSigned) {
    Client client;
    client.annotates_orders = true;
    EXPECT_THAT(ask(client, call("order-select"), select_service), Not(HasSubstr("systemActions")));
}

}  // namespace
}  // namespace cds::hooks
