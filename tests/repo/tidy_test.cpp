/// Reads the sources of this repository and refuses what the house style forbids and no tool knows.
/// Every check is itself held to a text that it must refuse and one that it must accept.
#include "tests/repo/tidy_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>

namespace cds::repo {
namespace {

std::vector<SourceFile> const& tree() {
    static auto const files = read_tree(COUNTERSIGN_SOURCE_DIR);
    return files;
}

std::vector<Complaint> look(std::string_view check_name, SourceFile const& file) {
    std::vector<Complaint> complaints;
    for (auto const& check : checks()) {
        if (check.name == check_name) check.look(file, complaints);
    }
    return complaints;
}

TEST(Tidy, TheTreeIsReadAtAll) {
    EXPECT_GT(tree().size(), 20U);
    auto const here = std::ranges::find(tree(), "tests/repo/tidy_test.cpp", &SourceFile::path);
    EXPECT_NE(here, tree().end());
}

TEST(Tidy, TheSourcesKeepTheHouseStyle) {
    for (auto const& check : checks()) {
        std::vector<Complaint> complaints;
        for (auto const& file : tree()) check.look(file, complaints);
        EXPECT_TRUE(complaints.empty()) << "check '" << check.name << "':\n"
                                        << describe(complaints);
    }
}

TEST(Tidy, EveryRuleHasASourceAndACase) {
    std::vector<Complaint> complaints;
    rules_without_source_or_case(tree(), complaints);
    EXPECT_TRUE(complaints.empty()) << describe(complaints);
}

struct Planted {
    char const* name;
    char const* check;
    char const* path;
    std::string text;
    bool refused;
};
void PrintTo(Planted const& row, std::ostream* out) { *out << row.name; }

constexpr bool refused = true;
constexpr bool accepted = false;

std::string repeated(std::string const& line, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += line;
    return out;
}

std::vector<Planted> const& planted() {
    static std::vector<Planted> const rows{
        {"IncludeUp", "include direction", "fhir/a.cpp", "#include \"rules/finding.hpp\"\n",
         refused},
        {"IncludeUpWithBlanks", "include direction", "base/a.hpp",
         "  # include  \"fhir/codes.hpp\"\n", refused},
        {"IncludeSideways", "include direction", "auth/a.cpp", "#include \"store/log.hpp\"\n",
         refused},
        {"IncludeFromProductToTests", "include direction", "cards/a.cpp",
         "#include \"tests/x.hpp\"\n", refused},
        {"IncludeWithoutFolder", "include direction", "server/a.cpp", "#include \"gate.hpp\"\n",
         refused},
        {"IncludeRelative", "include direction", "hooks/a.cpp", "#include \"../base/date.hpp\"\n",
         refused},
        {"IncludeDown", "include direction", "hooks/a.cpp", "#include \"base/date.hpp\"\n",
         accepted},
        {"IncludeOfServerDown", "include direction", "server/a.cpp", "#include \"store/log.hpp\"\n",
         accepted},
        {"IncludeInComment", "include direction", "base/a.cpp", "// #include \"fhir/x.hpp\"\n",
         accepted},
        {"SocketInRules", "network headers", "rules/a.cpp", "#include <sys/socket.h>\n", refused},
        {"BeastInHooks", "network headers", "hooks/a.cpp", "#include <boost/beast/http.hpp>\n",
         refused},
        {"BeastInServer", "network headers", "server/a.cpp", "#include <boost/beast/http.hpp>\n",
         accepted},
        {"ResultInBase", "network headers", "base/a.hpp", "#include <boost/system/result.hpp>\n",
         accepted},
        {"ClockInRules", "clocks", "rules/a.cpp", "auto n = std::chrono::system_clock::now();",
         refused},
        {"SteadyClockInHooks", "clocks", "hooks/a.cpp", "auto n = steady_clock::now();", refused},
        {"TimeCall", "clocks", "base/a.cpp", "auto n = std::time(nullptr);", refused},
        {"BareTimeCall", "clocks", "base/a.cpp", "auto n = time(nullptr);", refused},
        {"Gettimeofday", "clocks", "fhir/a.cpp", "gettimeofday(&t, nullptr);", refused},
        {"ClockInServer", "clocks", "server/a.cpp", "auto n = std::chrono::system_clock::now();",
         accepted},
        {"OtherTime", "clocks", "fhir/a.cpp",
         "date.time(); has_time(); base::time(x); int time = 1;", accepted},
        {"ClockInString", "clocks", "fhir/a.cpp", "auto s = \"system_clock::now\"; // time(0)",
         accepted},
        {"Detached", "detached", "server/a.cpp", "co_spawn(io, run(), net::detached);", refused},
        {"DetachedThread", "detached", "server/a.cpp", "worker.detach();", refused},
        {"DetachedInComment", "detached", "server/a.cpp", "// never detached", accepted},
        {"LogHandler", "detached", "server/a.cpp", "co_spawn(io, run(), log_failure);", accepted},
        {"LeftoverMark", "leftovers", "fhir/a.cpp",
         "int x; // "
         "TO"
         "DO: more",
         refused},
        {"LeftoverInScript", "leftovers", "deploy/run",
         "#!/bin/sh\n# FIX"
         "ME later\n",
         refused},
        {"PatternOfTemporaryFile", "leftovers", "deploy/run", "#!/bin/sh\nmktemp x.XXXXXX\n",
         accepted},
        {"VagueName", "file names", "fhir/string_utils.cpp", "", refused},
        {"VagueFolder", "file names", "common/a.cpp", "", refused},
        {"ManagerName", "file names", "server/session_manager.hpp", "", refused},
        {"NameOfANoun", "file names", "server/commander.cpp", "", accepted},
        {"LongLine", "sizes", "fhir/a.cpp", std::string(111, 'x') + "\n", refused},
        {"LineAtTheLimit", "sizes", "fhir/a.cpp", std::string(110, 'x') + "\n", accepted},
        {"LineOfCodePoints", "sizes", "fhir/a.cpp", repeated("\xC3\xA9", 110) + "\n", accepted},
        {"Tab", "sizes", "fhir/a.cpp", "\tint x;\n", refused},
        {"LongFile", "sizes", "fhir/a.cpp", repeated("int x;\n", 401), refused},
        {"FileAtTheLimit", "sizes", "fhir/a.cpp", repeated("int x;\n", 400), accepted},
        {"LongData", "sizes", "rules/knowledge/a.json", repeated("{}\n", 401), accepted},
        {"ExampleAddress", "example addresses", "cards/a.cpp", "auto u = \"http://example.org/x\";",
         refused},
        {"ExampleInFixture", "example addresses", "test-fixtures/a.json", "http://ehr.example.org",
         accepted},
        {"OwnUri", "example addresses", "cards/a.cpp", "auto u = \"urn:countersign:rules\";",
         accepted},
        {"AmericanName", "spelling", "rules/a.cpp", "bool cyclosporine_ongoing();", refused},
        {"RecognisedInput", "spelling", "rules/a.cpp", "auto name = \"cyclosporine\";", accepted},
        {"MachinePath", "machine paths", "tests/a.cpp",
         "open(\"/wo"
         "rk/main/x\");",
         refused},
        {"PathInTheRepository", "machine paths", "tests/a.cpp", "open(\"build/work/x\");",
         accepted},
    };
    return rows;
}

class PlantedText : public testing::TestWithParam<Planted> {};

TEST_P(PlantedText, IsJudgedAsMeant) {
    auto const& row = GetParam();
    auto const complaints = look(row.check, source_file(row.path, row.text));
    EXPECT_EQ(!complaints.empty(), row.refused) << row.text << "\n" << describe(complaints);
}

INSTANTIATE_TEST_SUITE_P(Tidy, PlantedText, testing::ValuesIn(planted()),
                         [](auto const& row) { return row.param.name; });

TEST(Tidy, EveryCheckIsHeldToATextItMustRefuse) {
    for (auto const& check : checks()) {
        if (check.name == "coroutine shapes") continue;  // coroutine_shapes_test.cpp
        auto const has = [&](bool verdict) {
            return std::ranges::any_of(planted(), [&](Planted const& row) {
                return row.check == check.name && row.refused == verdict;
            });
        };
        EXPECT_TRUE(has(refused) && has(accepted)) << check.name;
    }
}

TEST(RuleSources, ARuleWithEvidenceAndACaseIsAccepted) {
    std::vector<SourceFile> const files{
        source_file("rules/knowledge/rules/x-y.json", R"({"id":"x-y","evidence":["E1"]})"),
        source_file("test-fixtures/acceptance/A.json", R"({"expect":{"x-y":"info"}})")};
    std::vector<Complaint> complaints;
    rules_without_source_or_case(files, complaints);
    EXPECT_TRUE(complaints.empty()) << describe(complaints);
}

TEST(RuleSources, ARuleWithoutSourceIsRefused) {
    std::vector<SourceFile> const files{
        source_file("rules/knowledge/rules/x-y.json",
                    R"({"id":"x-y","evidence":[],"catalogue":""})"),
        source_file("test-fixtures/vignettes/s/x-y/case.json", R"({"source":["x-y"]})")};
    std::vector<Complaint> complaints;
    rules_without_source_or_case(files, complaints);
    EXPECT_EQ(complaints.size(), 1U) << describe(complaints);
}

TEST(RuleSources, ARuleThatNoCaseNamesIsRefused) {
    std::vector<SourceFile> const files{
        source_file("rules/knowledge/rules/x-y.json", R"({"id":"x-y","catalogue":"S0 L1"})"),
        source_file("test-fixtures/acceptance/A.json", R"({"expect":{"x-y-z":"info"}})"),
        source_file("docs/rules.md", R"("x-y")")};
    std::vector<Complaint> complaints;
    rules_without_source_or_case(files, complaints);
    EXPECT_EQ(complaints.size(), 1U) << describe(complaints);
}

TEST(RuleSources, ABrokenRuleFileIsRefused) {
    std::vector<Complaint> complaints;
    rules_without_source_or_case({source_file("rules/knowledge/rules/x.json", "{")}, complaints);
    EXPECT_EQ(complaints.size(), 1U) << describe(complaints);
}

TEST(SourceFile, LiteralsAndCommentsAreBlankedInPlace) {
    std::string const text =
        "auto s = \"a\\\"b\"; // c\nchar q = '\"'; int n = 1'000; /* x\ny */ R\"z(\")\")z\";\n";
    auto const file = source_file("a.cpp", text);
    ASSERT_EQ(file.code.size(), text.size());
    ASSERT_EQ(file.prose.size(), text.size());
    EXPECT_THAT(file.code, testing::HasSubstr("int n = 1'000;"));
    EXPECT_THAT(file.code, testing::Not(testing::HasSubstr("c\n")));
    EXPECT_THAT(file.prose, testing::HasSubstr("// c\n"));
    EXPECT_EQ(std::ranges::count(file.code, '\n'), std::ranges::count(text, '\n'));
}

}  // namespace
}  // namespace cds::repo
