/// What the documents promise is there: the commands that they name and the links that they set.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/repo/source_tree.hpp"

namespace cds::repo {
namespace {

namespace fs = std::filesystem;
fs::path const root{COUNTERSIGN_SOURCE_DIR};

std::string read(fs::path const& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

bool executable(fs::path const& path) {
    return fs::is_regular_file(path) &&
           (fs::status(path).permissions() & fs::perms::owner_exec) != fs::perms::none;
}

std::vector<std::string> matches(std::string const& text, char const* pattern) {
    std::regex const expression{pattern};
    std::vector<std::string> found;
    for (std::sregex_iterator at{text.begin(), text.end(), expression}, end; at != end; ++at) {
        found.push_back((*at)[1].str());
    }
    return found;
}

/// Text without fenced code blocks, where brackets mean something else.
std::string outside_code(std::string const& markdown) {
    std::string out;
    bool in_code = false;
    for (std::size_t start = 0; start < markdown.size();) {
        auto const end = std::min(markdown.find('\n', start), markdown.size());
        auto const line = std::string_view{markdown}.substr(start, end - start);
        if (line.starts_with("```")) in_code = !in_code;
        if (!in_code) out.append(line).append("\n");
        start = end + 1;
    }
    return out;
}

/// The anchor that a heading gets: lower case, punctuation dropped, blanks as hyphens.
std::string anchor(std::string const& heading) {
    std::string out;
    for (char const c : heading) {
        auto const byte = static_cast<unsigned char>(c);
        if (c == ' ' || c == '-') out += '-';
        if (std::isalnum(byte) != 0 || c == '_' || byte >= 0x80)
            out += static_cast<char>(std::tolower(byte));
    }
    return out;
}

std::set<std::string> anchors(std::string const& markdown) {
    std::set<std::string> found;
    for (auto const& heading : matches(outside_code(markdown), R"((?:^|\n)#+ ([^\n]*))"))
        found.insert(anchor(heading));
    return found;
}

/// Empty when the link leads somewhere; else why not. Addresses of the web are not tried.
std::string fault(fs::path const& document, std::string const& link) {
    if (link.find("://") != link.npos || link.starts_with("mailto:")) return {};
    auto const hash = link.find('#');
    auto const file = link.substr(0, hash);
    auto const target = file.empty() ? document : document.parent_path() / file;
    if (!fs::exists(target)) return "leads to no file";
    if (hash == link.npos || target.extension() != ".md") return {};
    return anchors(read(target)).contains(link.substr(hash + 1)) ? "" : "leads to no heading";
}

TEST(Documents, TheReadmeNamesTheTwoCommands) {
    auto const readme = read(root / "README.md");
    EXPECT_THAT(readme, testing::HasSubstr("\ndeploy/run"));
    EXPECT_THAT(readme, testing::HasSubstr("\ntests/run"));
}

TEST(Documents, EveryCommandOfOursCanBeStarted) {
    for (auto const* path :
         {"deploy/run", "deploy/install-dependencies.sh", "tests/run", ".ci/run"}) {
        EXPECT_TRUE(executable(root / path)) << path;
    }
}

TEST(Documents, EveryPathThatTheReadmeNamesExists) {
    static constexpr auto path =
        R"(((?:deploy|tests|test-fixtures|docs|bench|rules)/[A-Za-z0-9_./-]*[A-Za-z0-9_/]))";
    auto const named = matches(read(root / "README.md"), path);
    EXPECT_FALSE(named.empty());
    for (auto const& name : named) EXPECT_TRUE(fs::exists(root / name)) << name;
}

TEST(Documents, EveryRelativeLinkLeadsSomewhere) {
    std::size_t links = 0;
    for (auto const& file : read_tree(root)) {
        if (!file.path.ends_with(".md") || file.folder() == "test-fixtures") continue;
        for (auto const& link : matches(outside_code(file.text), R"(\]\(([^)\s]+)\))")) {
            ++links;
            auto const wrong = fault(root / file.path, link);
            EXPECT_TRUE(wrong.empty()) << file.path << ": " << link << " " << wrong;
        }
    }
    EXPECT_GT(links, 0U);
}

TEST(Documents, ALinkThatLeadsNowhereIsNoticed) {
    EXPECT_EQ(fault(root / "README.md", "docs/no-such-file.md"), "leads to no file");
    EXPECT_EQ(fault(root / "README.md", "README.md#no-such-heading"), "leads to no heading");
    EXPECT_EQ(fault(root / "README.md", "https://cds-hooks.org"), "");
    EXPECT_EQ(anchor("What it checks, and what not"), "what-it-checks-and-what-not");
}

}  // namespace
}  // namespace cds::repo
