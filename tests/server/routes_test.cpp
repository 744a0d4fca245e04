#include "server/routes.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "server/problem.hpp"
#include "tests/server/http_client.hpp"
#include "tests/server/running_server.hpp"

namespace cds::server {
namespace {

using test::ask;
using test::get;
using test::post;

TEST(FindRoute, PathsLeadToServices) {
    using Kind = Route::Kind;
    struct {
        char const* path;
        Kind kind;
        bool tolerated;
    } const rows[] = {
        {"/cds-services", Kind::discovery, false},
        {"/cds-services/", Kind::discovery, true},
        {"//cds-services", Kind::discovery, true},
        {"/cds%2Dservices", Kind::discovery, false},
        {"/cds-services/immunosuppressant-safety", Kind::service, false},
        {"/cds-services//immunosuppressant-safety", Kind::service, true},
        {"/cds-services/immunosuppressant-safety/", Kind::service, true},
        {"/cds-services/other", Kind::unknown_service, false},
        {"/cds-services/Immunosuppressant-Safety", Kind::unknown_service, false},
        {"/cds-services/immunosuppressant-safety/feedback", Kind::feedback, false},
        {"/cds-services/immunosuppressant-safety//feedback", Kind::feedback, true},
        {"/cds-services/immunosuppressant-safety/feedback/", Kind::feedback, true},
        {"/cds-services/immunosuppressant-safety/feedbacks", Kind::unknown, false},
        {"/cds-services/immunosuppressant-safety/feedback/x", Kind::unknown, false},
        {"/cds-services/immunosuppressant-safety/feedback/$explain", Kind::unknown, false},
        {"/cds-services/other/feedback", Kind::unknown_service, false},
        {"/cds-services/immunosuppressant-safety/$explain", Kind::explain, false},
        {"/cds-services/immunosuppressant-safety/%24explain", Kind::explain, false},
        {"/cds-services/immunosuppressant-safety//$explain", Kind::explain, true},
        {"/cds-services/immunosuppressant-safety/$explain/", Kind::explain, true},
        {"/cds-services/immunosuppressant-safety/$explained", Kind::unknown, false},
        {"/cds-services/immunosuppressant-safety/$explain/x", Kind::unknown, false},
        {"/cds-services/other/$explain", Kind::unknown_service, false},
        {"/cds-services%2Fimmunosuppressant-safety", Kind::unknown, false},
        {"/CDS-Services", Kind::unknown, false},
        {"/cds-servicesx", Kind::unknown, false},
        {"/cds-service", Kind::unknown, false},
        {"/", Kind::unknown, false},
        {"/healthz", Kind::health, false},
        {"/healthz/", Kind::unknown, false},
        {"/readyz", Kind::ready, false},
    };
    for (auto const& row : rows) {
        auto const route = find_route(row.path, true);
        EXPECT_EQ(route.kind, row.kind) << row.path;
        EXPECT_EQ(route.tolerated, row.tolerated) << row.path;
    }
}

TEST(FindRoute, NothingIsExplainedWhereThatIsSwitchedOff) {
    EXPECT_EQ(find_route("/cds-services/immunosuppressant-safety/$explain", false).kind,
              Route::Kind::unknown);
    EXPECT_EQ(find_route("/cds-services/immunosuppressant-safety", false).kind,
              Route::Kind::service);
}

TEST(Problem, EveryCodeHasItsStatus) {
    using base::ErrorCode;
    EXPECT_EQ(http_status(ErrorCode::malformed), 400U);
    EXPECT_EQ(http_status(ErrorCode::invalid), 400U);
    EXPECT_EQ(http_status(ErrorCode::wrong_patient), 400U);
    EXPECT_EQ(http_status(ErrorCode::unknown_service), 404U);
    EXPECT_EQ(http_status(ErrorCode::unavailable), 412U);
    EXPECT_EQ(http_status(ErrorCode::too_large), 413U);
    EXPECT_EQ(http_status(ErrorCode::not_found), 500U);
    EXPECT_EQ(http_status(ErrorCode::internal), 500U);
    EXPECT_EQ(http_status(ErrorCode::store_unavailable), 503U);
}

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

constexpr auto service = "/cds-services/immunosuppressant-safety";
constexpr auto json = "Content-Type: application/json\r\n";

struct RouteRow {
    char const* name;
    std::string request;
    unsigned status;
    char const* allow = "";
    bool head_only = false;
};

std::vector<RouteRow> route_rows() {
    std::string const call{test::empty_call()};
    return {
        {"discovery", get("/cds-services"), 200},
        {"discovery with slash", get("/cds-services/"), 200},
        {"discovery with query", get("/cds-services?a=b"), 200},
        {"discovery head", request("HEAD", "/cds-services", ""), 200, "", true},
        {"discovery options", request("OPTIONS", "/cds-services", ""), 204, "GET, HEAD, OPTIONS"},
        {"discovery post", request("POST", "/cds-services", json, call), 405, "GET, HEAD, OPTIONS"},
        {"call", request("POST", service, json, call), 200},
        {"call with doubled slash",
         request("POST", "/cds-services//immunosuppressant-safety", json, call), 200},
        {"call as fhir",
         request("POST", service, "Content-Type: application/fhir+json; charset=UTF-8\r\n", call),
         200},
        {"call quoted charset",
         request("POST", service, "Content-Type: application/json;charset=\"utf-8\"\r\n", call),
         200},
        {"call other parameter",
         request("POST", service, "Content-Type: application/fhir+json; fhirVersion=4.0\r\n", call),
         200},
        {"call identity",
         request("POST", service,
                 "Content-Type: application/json\r\nContent-Encoding: identity\r\n", call),
         200},
        {"call latin",
         request("POST", service, "Content-Type: application/json; charset=iso-8859-1\r\n", call),
         415},
        {"call utf-16",
         request("POST", service, "Content-Type: application/json; charset=utf-16\r\n", call), 415},
        {"call without type", request("POST", service, "", call), 415},
        {"call as text", request("POST", service, "Content-Type: text/plain\r\n", call), 415},
        {"call as form",
         request("POST", service, "Content-Type: application/x-www-form-urlencoded\r\n", call),
         415},
        {"call zipped",
         request("POST", service, "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
                 call),
         415},
        {"call empty", request("POST", service, json), 400},
        {"call half JSON", request("POST", service, json, "{\"hook\":"), 400},
        {"call no object", request("POST", service, json, "[]"), 400},
        {"call repeated name",
         request("POST", service, json, R"({"hook":"order-sign","hook":"order-sign"})"), 400},
        {"call with get", get(service), 405, "POST, OPTIONS"},
        {"call with put", request("PUT", service, json, call), 405, "POST, OPTIONS"},
        {"call options", request("OPTIONS", service, ""), 204, "POST, OPTIONS"},
        {"other service", request("POST", "/cds-services/other", json, call), 404},
        {"other path", get("/pot"), 404},
        {"other path with head", request("HEAD", "/pot", ""), 404, "", true},
        {"other method on other path", request("BREW", "/pot", ""), 404},
        {"health", get("/healthz"), 200},
        {"health head", request("HEAD", "/healthz", ""), 200, "", true},
        {"health post", request("POST", "/healthz", json, "{}"), 405, "GET, HEAD, OPTIONS"},
        {"ready", get("/readyz"), 200},
        {"expect other", get("/healthz", "Expect: nothing\r\n"), 417},
        {"bad target", get("/a/../b"), 400},
    };
}

TEST(Server, AnswersEachRouteWithItsStatusAndFields) {
    test::RunningServer const server;
    for (auto const& row : route_rows()) {
        SCOPED_TRACE(row.name);
        auto const answer = ask(server.port(), row.request, row.head_only);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, row.status) << answer->body;
        EXPECT_EQ(answer->field("allow"), row.allow);
        EXPECT_EQ(answer->field("cache-control"), "no-store");
        EXPECT_EQ(answer->field("vary"), "Origin");
        EXPECT_NE(answer->field("x-request-id"), "");
        EXPECT_NE(answer->field("date"), "");
        if (row.status == 200) {
            EXPECT_EQ(answer->field("content-type"), "application/json");
        }
        if (row.status < 400 || row.head_only) continue;
        EXPECT_EQ(answer->field("content-type"), "application/fhir+json");
        base::json::Document document;
        auto const outcome = document.parse(answer->body);
        ASSERT_TRUE(outcome) << answer->body;
        EXPECT_EQ((*outcome)["resourceType"].string(), "OperationOutcome");
        EXPECT_EQ((*outcome)["id"].string(), answer->field("x-request-id"));
        EXPECT_FALSE((*outcome)["status"]);
        EXPECT_EQ((*outcome)["issue"].size(), 1U);
    }
}

TEST(Server, HeadHasTheLengthOfGetAndNoBody) {
    test::RunningServer const server;
    auto const full = ask(server.port(), get("/cds-services"));
    test::Client client{server.port()};
    client.send(request("HEAD", "/cds-services", "Connection: close\r\n"));
    auto const head = client.receive(true);
    ASSERT_TRUE(full && head);
    EXPECT_EQ(head->field("content-length"), std::to_string(full->body.size()));
    EXPECT_TRUE(client.closed());
}

TEST(Server, HealthTellsVersionKnowledgeAndFrozenClock) {
    test::RunningServer const server{
        [](Settings& settings) { settings.as_of = "2026-06-01T09:00:00Z"; }};
    auto const answer = ask(server.port(), get("/healthz"));
    ASSERT_TRUE(answer);
    base::json::Document document;
    auto const health = document.parse(answer->body);
    ASSERT_TRUE(health);
    EXPECT_NE((*health)["version"].string(), "");
    EXPECT_EQ((*health)["knowledge"]["digest"].string().size(), 64U);
    EXPECT_EQ((*health)["asOf"].string(), "2026-06-01T09:00:00Z");
}

TEST(Server, CorsFieldsAreOnEveryAnswer) {
    test::RunningServer const open;
    test::RunningServer const exact{
        [](Settings& settings) { settings.cors_origins = {"https://ehr.example.com"}; }};
    struct {
        test::RunningServer const& server;
        char const* host;
        char const* origin;
        bool allowed;
    } const rows[] = {
        {open, "localhost:1", "https://any.example", true},
        {open, "127.0.0.1", "null", true},
        {open, "rebound.example", "https://any.example", false},
        {exact, "localhost", "https://ehr.example.com", true},
        {exact, "rebound.example", "https://ehr.example.com", true},
        {exact, "localhost", "https://any.example", false},
        {exact, "localhost", "http://ehr.example.com", false},
        {exact, "localhost", "https://ehr.example.com.evil", false},
        {exact, "localhost", "null", false},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(std::string{row.host} + " " + row.origin);
        auto const lines =
            "Host: " + std::string{row.host} + "\r\nOrigin: " + row.origin + "\r\n\r\n";
        for (auto const* line :
             {"GET /cds-services HTTP/1.1\r\n", "GET /nothing HTTP/1.1\r\n",
              "DELETE /cds-services HTTP/1.1\r\n", "OPTIONS /cds-services HTTP/1.1\r\n",
              "GET /a/../b HTTP/1.1\r\n", "GET /healthz HTTP/1.1\r\nExpect: x\r\n"}) {
            auto const answer = ask(row.server.port(), line + lines);
            ASSERT_TRUE(answer) << line;
            EXPECT_EQ(answer->field("access-control-allow-origin"), row.allowed ? row.origin : "")
                << line;
            EXPECT_EQ(answer->field("access-control-allow-credentials"), "");
            EXPECT_EQ(answer->field("vary"), "Origin");
        }
    }
}

TEST(Server, PreflightNeedsNoTokenAndNamesTheFields) {
    test::RunningServer const server;
    for (auto const* path : {"/cds-services", service}) {
        auto const answer =
            ask(server.port(),
                request("OPTIONS", path,
                        "Origin: https://sandbox.example\r\nAccess-Control-Request-Method: POST\r\n"
                        "Access-Control-Request-Headers: authorization,content-type\r\n"));
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 204U);
        EXPECT_EQ(answer->field("access-control-allow-headers"), "Authorization, Content-Type");
        EXPECT_EQ(answer->field("access-control-allow-methods"), "GET, POST, OPTIONS");
        EXPECT_EQ(answer->field("content-length"), "");
    }
}

}  // namespace
}  // namespace cds::server
