/// capture, replay and explain as a person starts them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "server/commands.hpp"
#include "server/folder.hpp"
#include "tests/server/ran.hpp"

namespace cds::server {
namespace {

namespace fs = std::filesystem;
using test::run;
using testing::ElementsAre;
using testing::HasSubstr;

/// A folder of the test's own, removed at its end.
struct Folder {
    fs::path path =
        fs::temp_directory_path() / ("countersign-replay-" + std::to_string(::getpid()) + "-" +
                                     testing::UnitTest::GetInstance()->current_test_info()->name());
    Folder() {
        fs::remove_all(path);
        fs::create_directories(path);
    }
    ~Folder() { fs::remove_all(path); }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;

    void put(std::string const& name, std::string const& text) const {
        std::ofstream{path / name} << text;
    }
};

std::string history() {
    return (fs::path{COUNTERSIGN_SOURCE_DIR} / "test-fixtures" / "histories" /
            "made-up-colitis.json")
        .string();
}

std::vector<std::string> names_in(fs::path const& folder) {
    std::vector<std::string> names;
    for (auto const& path : *json_files(folder)) names.push_back(path.filename().string());
    return names;
}

TEST(CaptureCommand, WritesARequestForEachOrderAndSaysWhatItLeftOut) {
    Folder const folder;
    auto const out = folder.path / "requests";
    auto const ran = run(command_capture, {history(), "--out", out.string()});
    EXPECT_EQ(ran.status, 0) << ran.error;
    EXPECT_THAT(names_in(out), ElementsAre("made-up-colitis-0001.json", "made-up-colitis-0002.json",
                                           "made-up-colitis-0003.json"));
    EXPECT_THAT(ran.out, HasSubstr("3 requests of 1 patients from 1 bundles"));
    EXPECT_THAT(ran.out, HasSubstr("Left out, not dated: 1"));
    EXPECT_THAT(ran.out, HasSubstr("Left out, no drug: 1"));
}

TEST(CaptureCommand, AFolderThatIsNotEmptyIsLeftAlone) {
    Folder const folder;
    folder.put("old.json", "{}");
    auto const ran = run(command_capture, {history(), "--out", folder.path.string()});
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.error, HasSubstr("not empty"));
    EXPECT_THAT(names_in(folder.path), ElementsAre("old.json"));
}

TEST(CaptureCommand, AnUnreadableBundleIsNamedAndTheOthersAreRead) {
    Folder const folder;
    fs::create_directory(folder.path / "in");
    fs::copy(history(), folder.path / "in" / "b.json");
    folder.put("in/a.json", "{");
    auto const out = (folder.path / "out").string();
    auto const ran = run(command_capture, {(folder.path / "in").string(), "--out", out});
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.error, HasSubstr("a.json"));
    EXPECT_EQ(names_in(out).size(), 3U);
}

TEST(ReplayCommand, CountsWhatTheCapturedRequestsCause) {
    Folder const folder;
    auto const out = (folder.path / "requests").string();
    ASSERT_EQ(run(command_capture, {history(), "--out", out}).status, 0);
    auto const ran = run(command_replay, {out});
    EXPECT_EQ(ran.status, 0) << ran.error;
    EXPECT_THAT(ran.out, HasSubstr("Requests: 3 with 3 orders"));
    EXPECT_THAT(ran.out, HasSubstr("Interruptions (critical and warning cards): "));
    EXPECT_THAT(ran.out, HasSubstr("| uc-ifx-csa-concurrent | 1 | 0 | 0 |"));
    auto const again = run(command_replay, {out});
    EXPECT_EQ(ran.out, again.out);
    auto const json = run(command_replay, {out, "--json"});
    EXPECT_THAT(json.out, HasSubstr(R"("requests":3)"));
    EXPECT_THAT(json.out, HasSubstr(R"("notAnswered":[])"));
}

TEST(ReplayCommand, WhatCannotBeAnsweredIsCountedAndNamed) {
    Folder const folder;
    folder.put("bad.json", "{\"hook\":");
    folder.put("other-hook.json", R"({"hook":"appointment-book"})");
    auto const ran = run(command_replay, {folder.path.string()});
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.out, HasSubstr("Not answered: 2 files"));
    EXPECT_THAT(ran.out, HasSubstr("- bad.json"));
    EXPECT_THAT(ran.out, HasSubstr("- other-hook.json, at /hook"));
    EXPECT_EQ(run(command_replay, {(folder.path / "nowhere").string()}).status, 1);
}

TEST(ReplayCommand, ARequestWithoutAnInstantTakesTheGivenClock) {
    Folder const folder;
    folder.put("one.json",
               R"({"hook":"order-sign","context":{"patientId":"p","draftOrders":{
               "resourceType":"Bundle","type":"collection"}}})");
    auto const ran = run(command_replay, {folder.path.string(), "--as-of", "2026-03-10T09:00:00Z"});
    EXPECT_EQ(ran.status, 0);
    EXPECT_THAT(ran.out, HasSubstr("Without an instant of their own: 1, answered at "
                                   "2026-03-10T09:00:00Z"));
}

TEST(ExplainCommand, PrintsTextOrJsonAndKnowsItsRules) {
    Folder const folder;
    auto const out = folder.path / "requests";
    ASSERT_EQ(run(command_capture, {history(), "--out", out.string()}).status, 0);
    auto const file = (out / "made-up-colitis-0003.json").string();
    auto const text = run(command_explain, {file});
    EXPECT_EQ(text.status, 0) << text.error;
    EXPECT_THAT(text.out, HasSubstr("Clock 2020-06-01T07:00:00Z")) << "the instant of its capture";
    auto const later = run(command_explain, {file, "--as-of", "2020-06-02T07:00:00Z"});
    EXPECT_THAT(later.out, HasSubstr("Clock 2020-06-02T07:00:00Z"));
    EXPECT_THAT(text.out, HasSubstr("RULES THAT SPEAK"));
    auto const json = run(command_explain, {file, "--rule", "csa-thiazide", "--json"});
    EXPECT_THAT(json.out, HasSubstr(R"("id":"csa-thiazide")"));
    EXPECT_THAT(json.out, testing::Not(HasSubstr(R"("id":"csa-prior-puva")")));
    auto const unknown = run(command_explain, {file, "--rule", "no-such-rule"});
    EXPECT_EQ(unknown.status, 2);
    EXPECT_THAT(unknown.error, HasSubstr("There is no rule of that id"));
    EXPECT_EQ(unknown.out, "");
    EXPECT_EQ(run(command_explain, {(folder.path / "nothing.json").string()}).status, 1);
}

TEST(SafeName, TwoNamesStayTwoAndNoneLeavesTheFolder) {
    EXPECT_EQ(safe_name("Ann_B-1.x"), "Ann_B-1.x");
    auto const accented = safe_name("Jos\xC3\xA9");
    auto const other = safe_name("Jos\xC3\xA8");
    EXPECT_NE(accented, other);
    EXPECT_TRUE(accented.starts_with("Jos__-"));
    EXPECT_EQ(safe_name("../x").find('/'), std::string::npos);
    EXPECT_FALSE(safe_name("..").starts_with('.'));
}

}  // namespace
}  // namespace cds::server
