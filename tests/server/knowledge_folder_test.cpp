#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "server/commands.hpp"
#include "server/live.hpp"
#include "tests/server/http_client.hpp"
#include "tests/server/running_server.hpp"
#include "tests/server/temporary_folder.hpp"

// A knowledge folder of the site's own is used only after its examples went as they say.

namespace cds::server {
namespace {

using test::Folder;
using testing::HasSubstr;

/// A copy of the shipped knowledge, to be changed.
void copy_knowledge(Folder const& folder) {
    std::filesystem::copy(COUNTERSIGN_SOURCE_DIR "/rules/knowledge", folder.path(),
                          std::filesystem::copy_options::recursive);
}

void change(Folder const& folder, std::string const& name, std::string const& from,
            std::string const& to) {
    auto text = Folder::read(folder.file(name));
    auto const at = text.find(from);
    ASSERT_NE(at, text.npos) << from;
    folder.write(name, text.replace(at, from.size(), to));
}

std::string const rule = "rules/csa-thiazide.json";

Settings with_knowledge(Folder const& folder) {
    return test::test_settings(
        [&](Settings& settings) { settings.knowledge = folder.path().string(); });
}

TEST(KnowledgeFolder, IsRefusedAtTheStartWhenAnExampleDiffers) {
    Folder const folder;
    copy_knowledge(folder);
    ASSERT_TRUE(make_live(with_knowledge(folder)));
    change(folder, rule, R"("tier": "core")", R"("tier": "off")");
    auto const live = make_live(with_knowledge(folder));
    ASSERT_FALSE(live);
    EXPECT_THAT(live.error().where, HasSubstr("examples/csa-thiazide-warning.json"));
    EXPECT_THAT(live.error().what, HasSubstr("missing: csa-thiazide (warning)"));
}

TEST(KnowledgeFolder, TheOldOneStaysWhenAReloadFindsAnExampleThatDiffers) {
    Folder const folder;
    copy_knowledge(folder);
    change(folder, "knowledge.json", R"("version": ")", R"("version": "A.)");
    auto const log_file = folder.file(".log");
    test::RunningServer server{Server::Loader{[&]() -> base::Result<Settings> {
        auto settings = with_knowledge(folder);
        settings.log_file = log_file;
        return settings;
    }}};
    auto const health = [&] { return test::ask(server.port(), test::get("/healthz"))->body; };
    EXPECT_THAT(health(), HasSubstr(R"("version":"A.)"));
    change(folder, "knowledge.json", R"("version": "A.)", R"("version": "B.)");
    change(folder, rule, R"("tier": "core")", R"("tier": "off")");
    server.server.reload();
    for (int i = 0; i < 4; ++i) EXPECT_THAT(health(), HasSubstr(R"("version":"A.)"));
    change(folder, rule, R"("tier": "off")", R"("tier": "core")");
    server.server.reload();
    while (health().find(R"("version":"B.)") == std::string::npos) continue;
    server.stop();
    server.log.close();
    EXPECT_THAT(Folder::read(log_file), HasSubstr("missing: csa-thiazide (warning)"));
}

TEST(KnowledgeFolder, HealthTellsWhichCodeListsItHas) {
    auto const built_in = make_live(test::test_settings());
    ASSERT_TRUE(built_in);
    auto const& terminology = (*built_in)->knowledge->terminology();
    auto const said = [](bool present) { return std::string{present ? "true" : "false"}; };
    EXPECT_THAT((*built_in)->health,
                HasSubstr(R"("codeLists":{"snomedCt":)" + said(terminology.has_snomed()) +
                          R"(,"atc":)" + said(terminology.has_atc()) + "}"));
    Folder const folder;
    copy_knowledge(folder);
    std::filesystem::remove_all(folder.path() / "valuesets" / "atc");
    auto const live = make_live(with_knowledge(folder));
    ASSERT_TRUE(live) << live.error().what;
    EXPECT_THAT((*live)->health, HasSubstr(R"("atc":false})"));
}

TEST(KnowledgeCheck, PrintsEachExampleThatDiffers) {
    Folder const folder;
    copy_knowledge(folder);
    auto const path = folder.path().string();
    auto const run = [&] {
        testing::internal::CaptureStdout();
        std::vector<char const*> const arguments{"knowledge", "check", path.c_str()};
        auto const status = command_knowledge(arguments);
        std::fflush(stdout);
        return std::pair{status, testing::internal::GetCapturedStdout()};
    };
    auto const [good, words] = run();
    EXPECT_EQ(good, 0);
    EXPECT_THAT(words, HasSubstr(" 0 of them not as expected."));
    change(folder, rule, R"("tier": "core")", R"("tier": "off")");
    auto const [bad, text] = run();
    EXPECT_EQ(bad, 2);
    EXPECT_THAT(text,
                HasSubstr("examples/csa-thiazide-warning.json\n  Ciclosporin with a thiazide"));
    EXPECT_THAT(text, HasSubstr("\n  - missing: csa-thiazide (warning)\n"));
}

}  // namespace
}  // namespace cds::server
