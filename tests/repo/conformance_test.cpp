/// docs/conformance.md is made from docs/conformance.json, and the tests that it names exist.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "base/json.hpp"
#include "tests/repo/source_tree.hpp"

namespace cds::repo {
namespace {

namespace fs = std::filesystem;
using base::json::Value;
fs::path const root{COUNTERSIGN_SOURCE_DIR};

std::string read(fs::path const& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

struct Data {
    std::string text = read(root / "docs/conformance.json");
    base::json::Document document;
    Value sections = (*document.parse(text))["sections"];

    template <class Visit>
    void each(Visit visit) const {
        for (auto const section : sections)
            for (auto const requirement : section["requirements"]) visit(requirement);
    }
};

constexpr std::array<std::string_view, 4> statuses{"met", "not applicable", "departed", "open"};

constexpr std::string_view preamble =
    "# Conformance\n\n"
    "Every requirement that CDS Hooks 2.0 and 3.0, real clients and the Inferno suite put to a "
    "service, by the ids that\n`countersign lint` prints: *met*; *not applicable*; *departed* from "
    "on purpose, with the reason; or *open*, not done in\nthis version. Behind each, the test that "
    "shows it. A test keeps this page in step with\n[conformance.json](conformance.json) and with "
    "the names of the tests; `UPDATE_GOLDEN=1` writes it anew. Do not edit.\n";

std::string cell(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if (c == '|') out += '\\';
        out += c;
    }
    return out;
}

std::string row(Value requirement) {
    std::string out = "| " + std::string{requirement["id"].string()} + " | " +
                      cell(requirement["title"].string()) + " | " +
                      std::string{requirement["status"].string()} + " | " +
                      cell(requirement["reason"].string());
    char const* before = requirement["reason"] ? "<br>" : "";
    for (auto const test : requirement["tests"].each()) {
        out += before;
        out += "`" + cell(test.string()) + "`";
        before = "<br>";
    }
    return out + " |\n";
}

std::string markdown(Data const& data) {
    std::map<std::string_view, std::size_t> counts;
    data.each([&](Value one) { ++counts[one["status"].string()]; });
    std::string out{preamble};
    out += '\n';
    for (auto const status : statuses)
        out += (out.back() == '\n' ? "" : ", ") + std::string{status} + " " +
               std::to_string(counts[status]);
    out += ".\n";
    for (auto const section : data.sections) {
        out += "\n## " + std::string{section["title"].string()} +
               "\n\n| id | requirement | | why, and what shows it |\n|---|---|---|---|\n";
        for (auto const requirement : section["requirements"]) out += row(requirement);
    }
    return out;
}

/// "Suite.Name" of every test in C++, and "node: title" of every test in JavaScript.
std::set<std::string> test_names() {
    static std::regex const cpp{R"(\b(?:TYPED_)?TEST(?:_F|_P)?\(\s*(\w+)\s*,\s*(\w+)\s*\))"};
    static std::regex const node{R"(\btest\(\s*['`]([^'`]+)['`])"};
    std::set<std::string> names;
    for (auto const& file : read_tree(root)) {
        if (file.folder() != "tests") continue;
        bool const is_node = file.path.ends_with(".test.mjs");
        if (!is_node && !file.path.ends_with(".cpp")) continue;
        auto const& expression = is_node ? node : cpp;
        for (std::sregex_iterator at{file.text.begin(), file.text.end(), expression}, end;
             at != end; ++at)
            names.insert(is_node ? "node: " + (*at)[1].str()
                                 : (*at)[1].str() + "." + (*at)[2].str());
    }
    return names;
}

TEST(ConformanceDocument, IsMadeFromItsData) {
    Data const data;
    auto const page = root / "docs/conformance.md";
    if (auto const* update = std::getenv("UPDATE_GOLDEN"); update && *update == '1') {
        std::ofstream{page, std::ios::binary} << markdown(data);
        return;
    }
    // Not EXPECT_EQ: the texts are long.
    EXPECT_TRUE(read(page) == markdown(data))
        << "run: UPDATE_GOLDEN=1 repo_tests --gtest_filter='Conformance*'";
}

TEST(ConformanceDocument, EveryTestThatItNamesExists) {
    auto const names = test_names();
    EXPECT_GT(names.size(), 100U);
    Data const data;
    data.each([&](Value one) {
        for (auto const test : one["tests"].each())
            EXPECT_TRUE(names.contains(std::string{test.string()}))
                << one["id"].string() << ": " << test.string();
    });
}

TEST(ConformanceDocument, EveryRequirementStandsOnceWithAStatusThatIsShownOrExplained) {
    std::set<std::string_view> ids;
    Data const data;
    data.each([&](Value one) {
        auto const id = one["id"].string(), status = one["status"].string();
        EXPECT_TRUE(ids.insert(id).second) << id;
        EXPECT_FALSE(one["title"].string().empty()) << id;
        EXPECT_NE(std::ranges::find(statuses, status), statuses.end()) << id;
        EXPECT_TRUE(one["reason"] || (status == "met" && one["tests"].size() > 0)) << id;
    });
    EXPECT_GT(ids.size(), 150U);
}

TEST(ConformanceDocument, HasEveryRequirementOfTheChecklist) {
    auto const checklist = read(root / "../shared/spec/cds-hooks-requirements.md");
    if (checklist.empty()) GTEST_SKIP() << "the checklist is not there";
    std::set<std::string, std::less<>> ids;
    Data const data;
    data.each([&](Value one) {
        std::string const id{one["id"].string()};
        ids.insert(id);
        // D5 and S5 are tables, with an id for each row.
        ids.insert(id.substr(0, id.find('-')));
    });
    static std::regex const id{R"((?:\*\*|\n\| )([A-Z]\d+|cds-[a-z]+-\d|ord-1)\b)"};
    for (std::sregex_iterator at{checklist.begin(), checklist.end(), id}, end; at != end; ++at)
        EXPECT_TRUE(ids.contains((*at)[1].str())) << (*at)[1].str();
}

}  // namespace
}  // namespace cds::repo
