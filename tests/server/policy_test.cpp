#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "server/clock.hpp"
#include "server/commands.hpp"
#include "server/notices.hpp"
#include "tests/server/http_client.hpp"
#include "tests/server/running_server.hpp"
#include "tests/server/temporary_folder.hpp"

// A site's policy from file to service: start, reload, log and command.

namespace cds::server {
namespace {

using test::Folder;
using testing::HasSubstr;
using testing::Not;

std::string policy(std::string const& rule, std::string const& version,
                   std::string const& expires = "2999-12-31") {
    return R"({"title":"Ours","version":")" + version +
           R"(","owner":"Committee","reviewBy":"2999-12-31","entries":[{"rule":")" + rule +
           R"(","change":"off","owner":"Dr Owner","reason":"own pathway","expires":")" + expires +
           R"("}]})";
}

Settings with_policy(std::string const& path) {
    return test::test_settings([&](Settings& settings) { settings.policy = path; });
}

std::string health(test::RunningServer const& server) {
    auto const answer = test::ask(server.port(), test::get("/healthz"));
    return answer ? answer->body : "";
}

TEST(PolicyOfAServer, ABrokenOneStopsTheStartWithPlaceAndFix) {
    Folder const folder;
    auto const path = folder.write("policy.json", policy("no-such-rule", "1"));
    Log log{STDERR_FILENO, 16};
    for (auto const& file : {path, folder.file("missing.json")}) {
        Server server{[&] { return base::Result<Settings>{with_policy(file)}; }, log};
        auto const started = server.start();
        ASSERT_FALSE(started);
        EXPECT_THAT(started.error().where, HasSubstr(file));
        bool const place = started.error().where.find("#/entries/0/rule") != std::string::npos;
        EXPECT_EQ(place, file == path);
    }
}

TEST(PolicyOfAServer, IsToldByHealthAndDiscoveryAndReplacedByAReload) {
    Folder const folder;
    auto const path = folder.write("policy.json", policy("csa-thiazide", "v-one"));
    auto const log_file = folder.file("log");
    test::RunningServer server{Server::Loader{[&]() -> base::Result<Settings> {
        auto settings = with_policy(path);
        settings.log_file = log_file;
        return settings;
    }}};
    EXPECT_THAT(health(server), HasSubstr(R"("policy":{"version":"v-one","digest":")"));
    EXPECT_THAT(test::ask(server.port(), test::get("/cds-services"))->body,
                HasSubstr("Site policy v-one ("));
    folder.write("policy.json", policy("csa-prior-puva", "v-two"));
    server.server.reload();
    while (health(server).find("v-two") == std::string::npos) continue;
    // A broken one: the old one stays. Reloads come one after the other, so the third shows that
    // the second is over.
    folder.write("policy.json", policy("no-such-rule", "v-three"));
    server.server.reload();
    for (int i = 0; i < 4; ++i) EXPECT_THAT(health(server), HasSubstr("v-two"));
    server.stop();
    server.log.close();
    auto const lines = Folder::read(log_file);
    EXPECT_THAT(lines, HasSubstr(R"("event":"reload-failed")"));
    EXPECT_THAT(lines, HasSubstr("#/entries/0/rule"));
    EXPECT_THAT(lines, HasSubstr(R"("event":"policy-silences-safety-critical","rule":)"
                                 R"("csa-prior-puva","change":"off","owner":"Dr Owner",)"
                                 R"("reason":"own pathway","expires":"2999-12-31")"));
    EXPECT_THAT(lines, HasSubstr(R"("policy":"v-two","policy_digest":")"));
}

TEST(PolicyOfAServer, StartsWithAnExpiredEntryAndSaysSo) {
    Folder const folder;
    auto const path = folder.write("policy.json", policy("csa-prior-puva", "1", "2020-01-01"));
    auto const live = make_live(with_policy(path));
    ASSERT_TRUE(live);
    auto lines = notices(**live, real_now());
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_THAT(std::move(lines[0]).finish(),
                HasSubstr(R"("event":"policy-entry-expired","rule":"csa-prior-puva")"));
}

TEST(PolicyOfAServer, HasAReviewDayOfItsOwn) {
    Folder const folder;
    auto text = policy("csa-thiazide", "9");
    text.replace(text.find("2999-12-31"), 10, "2020-12-31");
    auto const live = make_live(with_policy(folder.write("policy.json", text)));
    ASSERT_TRUE(live);
    EXPECT_THAT((*live)->overdue_reviews(real_now()),
                testing::Contains("Site policy 9 was to be reviewed by 2020-12-31."));
}

/// Exit status and standard output of a command.
std::pair<int, std::string> run(std::vector<char const*> const& arguments) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    auto const status = command_policy(arguments);
    std::fflush(stdout);
    auto out = testing::internal::GetCapturedStdout();
    return {status, out + testing::internal::GetCapturedStderr()};
}

TEST(PolicyCheck, PrintsTheDifferenceOrRefuses) {
    Folder const folder;
    auto const good = folder.write("good.json", policy("csa-prior-puva", "1", "2030-01-31"));
    auto const [status, text] = run({"policy", "check", good.c_str(), "--on", "2030-01-31"});
    EXPECT_EQ(status, 0);
    EXPECT_THAT(text, HasSubstr("(csa-prior-puva)\n  Off:"));
    auto const [later, after] = run({"policy", "check", good.c_str(), "--on", "2030-02-01"});
    EXPECT_EQ(later, 0);
    EXPECT_THAT(after, HasSubstr("No difference to the knowledge."));
    auto const bad = folder.write("bad.json", policy("csa-prior-pupa", "1"));
    auto const [refused, why] = run({"policy", "check", bad.c_str()});
    EXPECT_EQ(refused, 2);
    EXPECT_THAT(why, HasSubstr("bad.json, #/entries/0/rule: there is no rule"));
    EXPECT_EQ(run({"policy", "check"}).first, 2);
    EXPECT_EQ(run({"policy", "check", good.c_str(), "--on", "soon"}).first, 2);
}

}  // namespace
}  // namespace cds::server
