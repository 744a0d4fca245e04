/// POST /cds-services/{id}/$explain: on by default on loopback, with the rules of the hook route.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/json.hpp"
#include "server/live.hpp"
#include "tests/server/http_client.hpp"
#include "tests/server/running_server.hpp"

namespace cds::server {
namespace {

using test::ask;
using testing::HasSubstr;
using testing::Not;

constexpr auto place = "/cds-services/immunosuppressant-safety/$explain";
constexpr auto json = "Content-Type: application/json\r\n";

std::string request(std::string_view method, std::string_view target, std::string_view lines,
                    std::string_view body = {}) {
    std::string text{method};
    (text += " ") += target;
    text += " HTTP/1.1\r\nHost: localhost\r\n";
    text += lines;
    if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    text += "\r\n";
    return text += body;
}

/// A call whose words must not come back anywhere but in the explanation.
constexpr std::string_view call =
    R"({"hook":"order-sign","hookInstance":"7b1f0e0c-0d51-4f4a-8f3e-0a6b9d5f3c11",
    "context":{"userId":"Practitioner/1","patientId":"secret-patient","draftOrders":{
    "resourceType":"Bundle","type":"collection","entry":[{"resource":{
    "resourceType":"MedicationRequest","id":"secret-order","status":"draft",
    "medicationCodeableConcept":{"text":"Infliximab 100 mg"},
    "subject":{"reference":"Patient/secret-patient"}}}]}}})";

TEST(ExplainRoute, AnswersWithTheExplanationOfTheCall) {
    test::RunningServer const server;
    auto const answer = ask(server.port(), request("POST", place, json, call));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200U);
    EXPECT_EQ(answer->field("content-type"), "application/json");
    EXPECT_EQ(answer->field("cache-control"), "no-store");
    base::json::Document document;
    auto const explanation = document.parse(answer->body);
    ASSERT_TRUE(explanation) << answer->body;
    EXPECT_EQ((*explanation)["service"].string(), "immunosuppressant-safety");
    EXPECT_EQ((*explanation)["orders"].first()["id"].string(), "secret-order");
    EXPECT_GT((*explanation)["rules"].size(), 80U);
    EXPECT_FALSE((*explanation)["cards"]) << "cards are the hook's business";
}

TEST(ExplainRoute, HasTheStatusesOfTheHookRoute) {
    test::RunningServer const server{[](Settings& settings) { settings.max_body_bytes = 2048; }};
    struct {
        char const* name;
        std::string request;
        unsigned status;
        char const* allow;
    } const rows[] = {
        {"get", request("GET", place, ""), 405, "POST, OPTIONS"},
        {"put", request("PUT", place, json, call), 405, "POST, OPTIONS"},
        {"options", request("OPTIONS", place, ""), 204, "POST, OPTIONS"},
        {"as text", request("POST", place, "Content-Type: text/plain\r\n", call), 415, ""},
        {"zipped", request("POST", place, std::string{json} + "Content-Encoding: gzip\r\n", call),
         415, ""},
        {"half JSON", request("POST", place, json, "{\"hook\":"), 400, ""},
        {"other hook", request("POST", place, json, R"({"hook":"patient-view"})"), 400, ""},
        {"too large", request("POST", place, json, std::string(4000, ' ')), 413, ""},
        {"other service", request("POST", "/cds-services/other/$explain", json, call), 404, ""},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        auto const answer = ask(server.port(), row.request);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, row.status) << answer->body;
        EXPECT_EQ(answer->field("allow"), row.allow);
        EXPECT_EQ(answer->field("cache-control"), "no-store");
        if (row.status >= 400) {
            EXPECT_THAT(answer->body, HasSubstr("OperationOutcome"));
            EXPECT_THAT(answer->body, Not(HasSubstr("secret")));
        }
    }
}

TEST(ExplainRoute, FollowsTheCorsRulesOfTheHookRoute) {
    test::RunningServer const server{
        [](Settings& settings) { settings.cors_origins = {"https://ehr.example.com"}; }};
    for (auto const& [origin, allowed] :
         {std::pair{"https://ehr.example.com", true}, std::pair{"https://any.example", false}}) {
        auto const lines = std::string{json} + "Origin: " + origin + "\r\n";
        auto const answer = ask(server.port(), request("POST", place, lines, call));
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->field("access-control-allow-origin"), allowed ? origin : "");
    }
}

TEST(ExplainRoute, IsNotThereWhenSwitchedOff) {
    test::RunningServer const server{[](Settings& settings) { settings.explain = "off"; }};
    for (auto const* method : {"POST", "GET", "OPTIONS"}) {
        auto const answer = ask(server.port(), request(method, place, json, call));
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 404U);
        EXPECT_THAT(answer->body, HasSubstr("OperationOutcome"));
    }
    auto const hook = ask(server.port(), test::post(call));
    ASSERT_TRUE(hook);
    EXPECT_EQ(hook->status, 200U) << "cards still come";
}

TEST(ExplainRoute, IsThereWhileNobodyIsRegisteredUnlessTheSettingSaysOff) {
    auto settings = default_settings();
    EXPECT_EQ(settings.explain, "auto");
    EXPECT_TRUE((*make_live(settings))->explains);
    settings.explain = "on";
    EXPECT_TRUE((*make_live(settings))->explains);
    settings.explain = "off";
    EXPECT_FALSE((*make_live(settings))->explains);
}

TEST(ExplainRoute, TheLogLineHasItsRouteAndNothingOfThePatient) {
    auto const path = std::filesystem::temp_directory_path() /
                      ("countersign-explain-log-" + std::to_string(::getpid()));
    std::filesystem::remove(path);
    {
        test::RunningServer server{[&](Settings& settings) { settings.log_file = path.string(); }};
        ASSERT_TRUE(ask(server.port(), request("POST", place, json, call)));
    }
    std::ifstream stream{path};
    std::string const log{std::istreambuf_iterator<char>{stream}, {}};
    std::filesystem::remove(path);
    EXPECT_THAT(log, HasSubstr(R"("route":"/cds-services/{id}/$explain")"));
    EXPECT_THAT(log, HasSubstr(R"("status":200)"));
    EXPECT_THAT(log, HasSubstr(R"("drafts":1)"));
    EXPECT_THAT(log, Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace cds::server
