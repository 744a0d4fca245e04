/// `countersign lint` as a person starts it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "tests/server/http_client.hpp"
#include "tests/server/ran.hpp"
#include "tests/server/running_server.hpp"
#include "tests/server/temporary_folder.hpp"

namespace cds::server {
namespace {

using test::run;
using testing::HasSubstr;

constexpr auto bad_response = R"({"cards":[{"summary":"s","indicator":"hard-stop","links":[]}]})";

TEST(LintCommand, PrintsPlaceRequirementWeightAndFix) {
    test::Folder const folder;
    auto const ran = run(command_lint, {folder.write("response.json", bad_response)});
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.out, HasSubstr("response, as default: 3 errors, 1 warning, 0 notes"));
    EXPECT_THAT(ran.out,
                HasSubstr("error  /cards/0/indicator (5.2-indicator): This is no indicator"));
    EXPECT_THAT(ran.out, HasSubstr("Send info, warning or critical."));
}

TEST(LintCommand, PrintsJsonForPrograms) {
    test::Folder const folder;
    auto const ran =
        run(command_lint, {folder.write("response.json", bad_response), "--json", "--as", "crd"});
    base::json::Document document;
    auto const root = document.parse(ran.out);
    ASSERT_TRUE(root) << ran.out;
    EXPECT_EQ((*root)["kind"].string(), "response");
    EXPECT_EQ((*root)["as"].string(), "crd");
    ASSERT_GT((*root)["violations"].size(), 0U);
    for (auto const violation : (*root)["violations"])
        for (auto const* name : {"path", "requirement", "severity", "what", "fix"})
            EXPECT_TRUE(violation[name]) << name;
}

TEST(LintCommand, LooksAtEveryMessageOfAFolder) {
    test::Folder const folder;
    folder.write("a.json", R"({"cards":[]})");
    folder.write("b.json", R"({"resourceType":"Patient"})");
    auto ran = run(command_lint, {folder.path().string()});
    EXPECT_EQ(ran.status, 0) << ran.out;
    EXPECT_THAT(ran.out, HasSubstr("a.json: response, as default: 0 errors"));
    EXPECT_THAT(ran.out, HasSubstr("b.json: no message of CDS Hooks"));
    folder.write("c.json", "{");
    ran = run(command_lint, {folder.path().string()});
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.out, HasSubstr("This is no JSON"));
}

TEST(LintCommand, AsksAServerOnThisMachine) {
    test::RunningServer const server;
    test::Folder const folder;
    auto const url = "http://127.0.0.1:" + std::to_string(server.port()) + "/cds-services";
    auto ran = run(command_lint, {url});
    EXPECT_EQ(ran.status, 0) << ran.out << ran.error;
    EXPECT_THAT(ran.out, HasSubstr("discovery, as default: 0 errors"));
    ran = run(command_lint, {url + "/immunosuppressant-safety", "--request",
                             folder.write("call.json", std::string{test::empty_call()})});
    EXPECT_EQ(ran.status, 0) << ran.out << ran.error;
    EXPECT_THAT(ran.out, HasSubstr("response, as default: 0 errors"));
    ran = run(command_lint, {url + "/nothing"});
    EXPECT_EQ(ran.status, 2);
    EXPECT_THAT(ran.error, HasSubstr("status 404"));
}

TEST(LintCommand, AsksNoOtherMachine) {
    for (auto const* url : {"http://example.org/cds-services", "https://127.0.0.1/cds-services",
                            "http://127.0.0.1.example.org/", "http://localhost@example.org/"}) {
        auto const ran = run(command_lint, {url});
        EXPECT_EQ(ran.status, 2) << url;
        EXPECT_THAT(ran.error, HasSubstr("Only plain http to this machine")) << url;
    }
}

TEST(LintCommand, SaysWhenThereIsNothingToLookAt) {
    test::Folder const folder;
    EXPECT_EQ(run(command_lint, {folder.file("none.json")}).status, 2);
    EXPECT_EQ(run(command_lint, {folder.path().string()}).status, 2);
    auto const other = folder.write("other.json", R"({"resourceType":"Patient"})");
    EXPECT_EQ(run(command_lint, {other}).status, 2);
    EXPECT_EQ(run(command_lint, {other, "--kind", "request"}).status, 1);
    EXPECT_EQ(run(command_lint, {other, "--as", "someone"}).status, 2);
    auto const jwt = folder.write("token.json", "eyJhbGciOiJub25lIn0.e30.");
    EXPECT_THAT(run(command_lint, {jwt}).out, HasSubstr("jwt, as default"));
}

}  // namespace
}  // namespace cds::server
