/// /openapi.json says what the server does: its paths, methods, statuses and media types.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/json.hpp"
#include "server/openapi.hpp"
#include "server/problem.hpp"
#include "server/routes.hpp"
#include "server/version.hpp"
#include "tests/server/http_client.hpp"
#include "tests/server/running_server.hpp"
#include "tests/server/temporary_folder.hpp"

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

std::string with_id(std::string_view path) {
    std::string out{path};
    if (auto const at = out.find("{id}"); at != out.npos) out.replace(at, 4, hooks::safety_service);
    return out;
}

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
        auto const route = find_route(with_id(path.key()), true);
        EXPECT_EQ(route.name(), path.key());
        for (auto const operation : path) {
            if (operation.key() == "parameters") continue;
            EXPECT_EQ(operation.key(), route.posts() ? "post" : "get") << path.key();
        }
    }
    for (auto const kind : {Kind::discovery, Kind::service, Kind::explain, Kind::feedback,
                            Kind::health, Kind::ready, Kind::openapi})
        EXPECT_TRUE(paths.contains(Route{kind, {}, false}.name()));
}

struct Asked {
    char const* path;
    char const* method;
    std::string request;
    unsigned status;
};

std::string to(std::string_view path, std::string_view body,
               std::string_view type = "application/json") {
    return "POST " + with_id(path) +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + std::string{type} +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

constexpr std::int64_t most_bytes = 4096;

/// One request for each status of each operation that a healthy server can be brought to.
std::vector<Asked> asked() {
    std::vector<Asked> all;
    for (char const* path : {"/cds-services", "/healthz", "/readyz", "/openapi.json"}) {
        all.push_back({path, "get", test::get(path), 200});
        all.push_back({path, "get", test::get(path, "Expect: nothing\r\n"), 417});
    }
    std::string const call{test::empty_call()};
    std::string const long_body(static_cast<std::size_t>(most_bytes) + 1, ' ');
    struct {
        char const* path;
        std::string good;
    } const posted[] = {{"/cds-services/{id}", call},
                        {"/cds-services/{id}/$explain", call},
                        {"/cds-services/{id}/feedback", R"({"feedback":[]})"}};
    for (auto const& [path, good] : posted) {
        std::string other{path};
        other.replace(other.find("{id}"), 4, "other");
        all.push_back({path, "post", to(path, good), 200});
        all.push_back({path, "post", to(path, "{"), 400});
        all.push_back({path, "post", to(other, good), 404});
        all.push_back({path, "post", to(path, long_body), 413});
        all.push_back({path, "post", to(path, good, "text/plain"), 415});
    }
    return all;
}

/// Statuses that need a server in trouble: feedback_route_test.cpp, lifecycle_test.cpp and
/// routes_test.cpp (Problem.EveryCodeHasItsStatus) have them.
bool needs_trouble(std::string_view status) {
    return status == "503" || status == "412" || status == "default";
}

TEST(OpenApi, HasTheStatusesAndMediaTypesThatTheServerAnswersWith) {
    test::RunningServer const server{
        [](Settings& settings) { settings.max_body_bytes = most_bytes; }};
    Described const described;
    std::set<std::string> seen;
    for (auto const& [path, method, request, status] : asked()) {
        auto const answer = test::ask(server.port(), request);
        ASSERT_TRUE(answer) << path;
        EXPECT_EQ(answer->status, status) << path << answer->body;
        auto const response = described.response(path, method, status);
        EXPECT_TRUE(response["content"][answer->field("content-type")])
            << path << " " << status << " " << answer->field("content-type");
        seen.insert(std::string{path} + " " + method + " " + std::to_string(status));
    }
    for (auto const path : described.root["paths"]) {
        for (auto const operation : path) {
            for (auto const response : operation["responses"]) {
                auto const what = std::string{path.key()} + " " + std::string{operation.key()} +
                                  " " + std::string{response.key()};
                EXPECT_TRUE(needs_trouble(response.key()) || seen.contains(what)) << what;
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
    for (auto const status :
         {200, 204, 400, 404, 405, 408, 412, 413, 414, 415, 417, 431, 500, 503}) {
        EXPECT_NE(status_text(static_cast<unsigned>(status)), "");
        EXPECT_THAT(text, testing::HasSubstr("\n| " + std::to_string(status) + " |"));
    }
}

}  // namespace
}  // namespace cds::server
