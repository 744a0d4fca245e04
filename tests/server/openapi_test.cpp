/// /openapi.json says what the server does: its paths, methods, statuses and media types.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "server/openapi.hpp"
#include "server/problem.hpp"
#include "server/routes.hpp"
#include "server/version.hpp"
#include "tests/server/http_client.hpp"
#include "tests/server/registered.hpp"
#include "tests/server/running_server.hpp"
#include "tests/server/temporary_folder.hpp"
#include "web/assets.hpp"

namespace cds::server {
namespace {

using base::json::Value;

struct Described {
    base::json::Document document;
    Value root = *document.parse(openapi_document);

    /// A value, or what its $ref leads to.
    Value resolved(Value value) const {
        auto const reference = value["$ref"].string();
        if (!reference.starts_with("#/")) return value;
        auto found = root;
        for (auto rest = reference.substr(2); !rest.empty();) {
            auto const slash = std::min(rest.find('/'), rest.size());
            found = found[rest.substr(0, slash)];
            rest.remove_prefix(std::min(slash + 1, rest.size()));
        }
        return found;
    }
    Value response(std::string_view path, std::string_view method, unsigned status) const {
        auto const all = root["paths"][path][method]["responses"];
        auto const exact = all[std::to_string(status)];
        return resolved(exact ? exact : all["default"]);
    }
};

/// With names that there are in place of parameters.
std::string with_id(std::string_view path) {
    std::string out{path};
    if (auto const at = out.find("{id}"); at != out.npos) out.replace(at, 4, hooks::safety_service);
    if (out == "/{file}") out = "/cds-cards.js";
    return out;
}

/// Files of the workbench in a program that was built without it.
bool is_not_built_in(std::string_view path) { return path == "/{file}" && !web::built_in(); }

TEST(OpenApi, IsServedAsItStandsInTheTree) {
    test::RunningServer const server;
    auto const answer = test::ask(server.port(), test::get("/openapi.json"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200U);
    EXPECT_EQ(answer->field("content-type"), "application/json");
    EXPECT_TRUE(answer->body == test::Folder::read(COUNTERSIGN_SOURCE_DIR "/server/openapi.json"));
    Described const described;
    EXPECT_EQ(described.root["openapi"].string(), "3.1.0");
    EXPECT_EQ(described.root["info"]["version"].string(), program_version);
}

TEST(OpenApi, EveryReferenceLeadsSomewhere) {
    Described const described;
    auto const look = [&](auto const& self, Value value) -> void {
        EXPECT_TRUE(described.resolved(value)) << value["$ref"].string();
        if (!value.is_array() && !value.is_object()) return;
        for (auto const child : value) self(self, child);
    };
    look(look, described.root);
}

TEST(OpenApi, HasEveryRouteWithItsMethod) {
    using Kind = Route::Kind;
    Described const described;
    std::set<std::string_view> paths;
    for (auto const path : described.root["paths"]) {
        paths.insert(path.key());
        if (is_not_built_in(path.key())) continue;
        auto const route = find_route(with_id(path.key()), true, Workbench::whole);
        bool const page = path.key() == "/" || path.key() == "/{file}";
        EXPECT_EQ(route.name(), page ? std::string_view{"page"} : path.key());
        for (auto const operation : path) {
            if (operation.key() == "parameters") continue;
            EXPECT_EQ(operation.key(), route.posts() ? "post" : "get") << path.key();
        }
    }
    for (auto const kind : {Kind::discovery, Kind::service, Kind::explain, Kind::feedback,
                            Kind::health, Kind::ready, Kind::openapi, Kind::rules, Kind::report})
        EXPECT_TRUE(paths.contains(Route{kind, {}, false}.name()));
    EXPECT_TRUE(paths.contains("/")) << "the page";
    EXPECT_TRUE(paths.contains("/{file}")) << "its files";
}

struct Asked {
    char const* path;
    char const* method;
    std::string request;
    unsigned status;
};

std::string to(std::string_view path, std::string_view body,
               std::string_view type = "application/json", std::string const& lines = {}) {
    return "POST " + with_id(path) + " HTTP/1.1\r\nHost: localhost\r\n" + lines +
           "Content-Type: " + std::string{type} +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

constexpr std::int64_t most_bytes = 4096;

constexpr std::array<char const*, 3> posted_paths{
    "/cds-services/{id}", "/cds-services/{id}/$explain", "/cds-services/{id}/feedback"};

/// What the workbench is asked for.
std::vector<Asked> asked_by_pages() {
    constexpr auto report = "/feedback-report", files = "/{file}";
    std::vector<Asked> all{
        {report, "get", test::get("/feedback-report?format=csv"), 200},
        {report, "get", test::get("/feedback-report?by=year"), 400},
        {report, "get", "GET /feedback-report HTTP/1.1\r\nHost: page.test\r\n\r\n", 404},
        {files, "get", test::get("/no-such-file.js"), 404}};
    if (!web::built_in()) return all;
    for (auto const* file : {"/cds-cards.js", "/workbench.css", "/icon.svg", "/stories.json"})
        all.push_back({files, "get", test::get(file), 200});
    all.push_back({files, "get", test::get("/cds-cards.js", "If-None-Match: *\r\n"), 304});
    return all;
}

/// One request for each status of each operation that a healthy server can be brought to.
std::vector<Asked> asked() {
    auto all = asked_by_pages();
    for (char const* path : {"/cds-services", "/healthz", "/readyz", "/openapi.json", "/",
                             "/rules.json", "/feedback-report"}) {
        all.push_back({path, "get", test::get(path), 200});
        all.push_back({path, "get", test::get(path, "Expect: nothing\r\n"), 417});
    }
    std::string const call{test::empty_call()};
    std::string const long_body(static_cast<std::size_t>(most_bytes) + 1, ' ');
    for (auto const* path : posted_paths) {
        std::string other{path};
        auto const good = other.ends_with("/feedback") ? R"({"feedback":[]})" : call;
        other.replace(other.find("{id}"), 4, "other");
        all.push_back({path, "post", to(path, good), 200});
        all.push_back({path, "post", to(path, "{"), 400});
        all.push_back({path, "post", to(other, good), 404});
        all.push_back({path, "post", to(path, long_body), 413});
        all.push_back({path, "post", to(path, good, "text/plain"), 415});
    }
    return all;
}

/// Statuses that need a server in trouble: feedback_route_test.cpp, lifecycle_test.cpp,
/// fetch_faults_test.cpp (412) and routes_test.cpp (Problem.EveryCodeHasItsStatus) have them.
bool needs_trouble(std::string_view status) {
    return status == "503" || status == "412" || status == "default";
}

/// Asks, compares the answers with the document, and remembers what was seen.
struct Comparison {
    Described described;
    std::set<std::string> seen;

    void look(std::uint16_t port, Asked const& one) {
        SCOPED_TRACE(std::string{one.path} + " " + std::to_string(one.status));
        bool const no_body = one.status == 304;
        auto const answer = test::ask(port, one.request, no_body);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, one.status) << answer->body;
        auto const response = described.response(one.path, one.method, one.status);
        EXPECT_TRUE(response);
        if (!no_body) {
            auto const type = answer->field("content-type");
            EXPECT_TRUE(response["content"][type]) << type;
        }
        seen.insert(std::string{one.path} + " " + one.method + " " + std::to_string(one.status));
    }
};

/// What callers are answered with that may not, or not so often: on every path that takes a token.
void look_at_callers(Comparison& comparison) {
    test::Registered const clients;
    test::Registered const others{R"(,"services":["another-service"])"};
    test::Registered const hasty{R"(,"callsPerSecond":0.01,"burst":2)"};
    auto const change = [](Settings& settings) {
        settings.explain = "on";
        settings.discovery = "token";
    };
    test::RunningServer const closed{clients.settings(change)};
    test::RunningServer const not_granted{others.settings(change)};
    test::RunningServer const busy{hasty.settings(change)};
    comparison.look(closed.port(), {"/cds-services", "get", test::get("/cds-services"), 401});
    for (int i = 0; i < 2; ++i) EXPECT_EQ(test::call(busy.port(), test::token()), 200U);
    auto const sent = [](char const* path) {
        return to(path, "{}", "application/json", test::bearer(test::token()));
    };
    for (auto const* path : posted_paths) {
        comparison.look(closed.port(), {path, "post", to(path, "{}"), 401});
        comparison.look(not_granted.port(), {path, "post", sent(path), 403});
        comparison.look(busy.port(), {path, "post", sent(path), 429});
    }
}

TEST(OpenApi, HasTheStatusesAndMediaTypesThatTheServerAnswersWith) {
    test::RunningServer const server{
        [](Settings& settings) { settings.max_body_bytes = most_bytes; }};
    Comparison comparison;
    for (auto const& one : asked()) comparison.look(server.port(), one);
    look_at_callers(comparison);
    for (auto const path : comparison.described.root["paths"]) {
        for (auto const operation : path) {
            for (auto const response : operation["responses"]) {
                auto const what = std::string{path.key()} + " " + std::string{operation.key()} +
                                  " " + std::string{response.key()};
                bool const elsewhere = needs_trouble(response.key()) ||
                                       (is_not_built_in(path.key()) && response.key() != "404");
                EXPECT_TRUE(elsewhere || comparison.seen.contains(what)) << what;
            }
        }
    }
}

TEST(OpenApi, EveryPostedMediaTypeIsAccepted) {
    test::RunningServer const server;
    Described const described;
    for (auto const path : described.root["paths"]) {
        auto const body = described.resolved(path["post"]["requestBody"]);
        bool const is_feedback = path.key().ends_with("/feedback");
        for (auto const type : body["content"]) {
            auto const answer =
                test::ask(server.port(),
                          to(path.key(), is_feedback ? R"({"feedback":[]})" : test::empty_call(),
                             type.key()));
            ASSERT_TRUE(answer);
            EXPECT_EQ(answer->status, 200U) << path.key() << " " << type.key();
        }
    }
}

TEST(IntegrationDocument, HasEveryStatusThatIsAnswered) {
    auto const text = test::Folder::read(COUNTERSIGN_SOURCE_DIR "/docs/integration.md");
    for (auto const status : {200, 204, 304, 400, 401, 403, 404, 405, 408, 412, 413, 414, 415, 417,
                              429, 431, 500, 503}) {
        EXPECT_NE(status_text(static_cast<unsigned>(status)), "");
        EXPECT_THAT(text, testing::HasSubstr("\n| " + std::to_string(status) + " |"));
    }
}

}  // namespace
}  // namespace cds::server
