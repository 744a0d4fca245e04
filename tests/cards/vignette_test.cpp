#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "hooks/engine.hpp"
#include "tests/cards/chart_case.hpp"
#include "tests/cards/golden_text.hpp"
#include "tests/hooks/linted.hpp"

// Patient stories with the whole answer as golden: test-fixtures/vignettes/<service>/<case>/ holds
// story.md, case.json, request.json and expected.json. UPDATE_GOLDEN=1 rewrites expected.json, and
// the reviewer reads the difference.

namespace cds::cards {
namespace {

using base::json::Value;
namespace fs = std::filesystem;

std::string const folder = COUNTERSIGN_SOURCE_DIR "/test-fixtures/vignettes";

std::string read(fs::path const& file) {
    std::ostringstream text;
    text << std::ifstream{file, std::ios::binary}.rdbuf();
    return text.str();
}

std::vector<fs::path> folders_in(fs::path const& parent) {
    std::vector<fs::path> found;
    if (!fs::is_directory(parent)) return found;
    for (auto const& entry : fs::directory_iterator{parent}) {
        if (entry.is_directory()) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::string laid_out(std::string const& json, Order order) {
    Parsed const parsed{json};
    std::string out;
    lay_out(*parsed, order, Layout::lines, "", out);
    return out + '\n';
}

class Vignette : public testing::Test {
public:
    explicit Vignette(fs::path place) : place_{std::move(place)} {}

    void TestBody() override {
        EXPECT_FALSE(read(place_ / "story.md").empty()) << "a clinician needs the story";
        Parsed const story{read(place_ / "case.json")};
        for (auto const* name : {"title", "service", "now", "sources"})
            EXPECT_TRUE(story[name]) << "case.json lacks " << name;
        auto const got = answer(story);
        ASSERT_FALSE(HasFatalFailure());
        check_expectation(story, got);
        auto const golden = place_ / "expected.json";
        if (auto const* update = std::getenv("UPDATE_GOLDEN"); update && *update == '1') {
            std::ofstream{golden, std::ios::binary} << laid_out(got, Order::as_written);
            return;
        }
        ASSERT_TRUE(fs::exists(golden)) << "UPDATE_GOLDEN=1 writes it";
        EXPECT_EQ(laid_out(got, Order::by_name), laid_out(read(golden), Order::by_name));
    }

private:
    std::string answer(Parsed const& story) const {
        auto const now = instant(story["now"].string());
        hooks::Site site;
        site.as_of = now;
        hooks::Workspace workspace;
        std::string out;
        auto const request = read(place_ / "request.json");
        auto const stats = hooks::answer(knowledge(), site, {}, story["service"].string(), request,
                                         now, workspace, out);
        EXPECT_TRUE(stats) << stats.error().where << ": " << stats.error().what;
        EXPECT_EQ(hooks::lint_errors(out, hooks::lint::Kind::response, request), "");
        return without_version(std::move(out));
    }

    /// `speaks`: {rule: indicator} that the answer holds; `silent`: rules that it does not.
    static void check_expectation(Parsed const& story, std::string const& got) {
        Parsed const parsed{got};
        std::map<std::string, std::string, std::less<>> cards;
        for (auto const card : parsed["cards"])
            cards[std::string{card["source"]["topic"]["code"].string()}] =
                card["indicator"].string();
        for (auto const wanted : story["speaks"])
            EXPECT_EQ(cards[std::string{wanted.key()}], wanted.string()) << wanted.key();
        for (auto const rule : story["silent"])
            EXPECT_EQ(cards.count(rule.string()), 0U) << rule.string();
    }

    fs::path place_;
};

/// "uc-both-agents" -> "UcBothAgents".
std::string test_name(std::string const& words) {
    std::string out;
    bool starts_word = true;
    for (char const c : words) {
        if (std::isalnum(static_cast<unsigned char>(c)) == 0) {
            starts_word = true;
            continue;
        }
        out += starts_word ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        starts_word = false;
    }
    return out;
}

/// Registered before main, so that listing the tests names each story.
std::size_t register_stories() {
    std::size_t count = 0;
    for (auto const& service : folders_in(folder)) {
        for (auto const& place : folders_in(service)) {
            testing::RegisterTest("Vignettes", test_name(place.filename().string()).c_str(),
                                  nullptr, nullptr, __FILE__, __LINE__,
                                  [place]() -> Vignette* { return new Vignette{place}; });
            ++count;
        }
    }
    return count;
}

std::size_t const stories = register_stories();

TEST(VignetteFolder, HoldsStories) { EXPECT_GT(stories, 0U) << folder << " is empty"; }

}  // namespace
}  // namespace cds::cards
