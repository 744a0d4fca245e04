#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "hooks/engine.hpp"
#include "tests/cards/chart_case.hpp"
#include "tests/cards/golden_text.hpp"
#include "tests/cards/rule_story.hpp"

// Three patients a rule: one for whom it speaks, with the whole card; one for whom it is silent;
// one for whom it cannot know, with what is seen instead. test-fixtures/vignettes/rules/README.md
// says how they are written. UPDATE_GOLDEN=1 rewrites answers and cards, and the reviewer reads the
// difference beside the rule's source.

namespace cds::cards {
namespace {

using base::json::Value;
namespace fs = std::filesystem;

fs::path const folder = COUNTERSIGN_SOURCE_DIR "/test-fixtures/vignettes/rules";
constexpr std::string_view not_evaluated = "not-evaluated";

std::string read(fs::path const& file) {
    std::ostringstream text;
    text << std::ifstream{file, std::ios::binary}.rdbuf();
    return text.str();
}

using Answer = std::map<std::string, std::string, std::less<>>;

std::string as_json(Answer const& answer) {
    std::string out = "{";
    for (auto const& [rule, indicator] : answer) {
        if (out.size() > 1) out += ',';
        base::json::write_string(rule, out);
        out += ':';
        base::json::write_string(indicator, out);
    }
    return out + '}';
}

/// The card without uuids, its detail line by line.
void write_readable(Value value, std::string& out) {
    if (value.key() == "detail" && value.is_string()) {
        auto const text = without_version(std::string{value.string()});
        std::istringstream lines{text};
        out += '[';
        auto first = true;
        for (std::string line; std::getline(lines, line);) {
            if (line.empty()) continue;
            if (!std::exchange(first, false)) out += ',';
            base::json::write_string(line, out);
        }
        out += ']';
        return;
    }
    if (!value.is_object() && !value.is_array()) return base::json::write(value, out);
    out += value.is_object() ? '{' : '[';
    auto first = true;
    for (auto const child : value) {
        if (child.key() == "uuid") continue;
        if (!std::exchange(first, false)) out += ',';
        if (value.is_object()) {
            base::json::write_string(child.key(), out);
            out += ':';
        }
        write_readable(child, out);
    }
    out += value.is_object() ? '}' : ']';
}

/// What the service says to one of the three.
class Reply {
public:
    Reply(std::string request, base::Instant now) {
        hooks::Site site;
        site.as_of = now;
        hooks::Workspace workspace;
        std::string out;
        auto const stats = hooks::answer(knowledge(), site, {}, hooks::safety_service, request, now,
                                         workspace, out);
        EXPECT_TRUE(stats) << stats.error().where << ": " << stats.error().what;
        if (!stats) return;
        parsed_.emplace(std::move(out));
        for (auto const card : (*parsed_)["cards"])
            answer[std::string{topic(card)}] = card["indicator"].string();
    }

    Value card(std::string_view rule) const {
        if (!parsed_) return {};
        for (auto const card : (*parsed_)["cards"])
            if (topic(card) == rule) return card;
        return {};
    }
    std::string readable(std::string_view rule) const {
        std::string out;
        if (auto const found = card(rule)) write_readable(found, out);
        return out;
    }
    /// Whether the card of what was not checked names the rule's check.
    bool lists(std::string_view title) const {
        auto const detail = card(not_evaluated)["detail"].string();
        for (auto at = detail.find(title); at != detail.npos; at = detail.find(title, at + 1)) {
            auto const after = at + title.size();
            if (at >= 2 && detail[at - 1] == ' ' &&
                (detail[at - 2] == ':' || detail[at - 2] == ';') && after < detail.size() &&
                (detail[after] == ';' || detail[after] == '.'))
                return true;
        }
        return false;
    }

    Answer answer;

private:
    static std::string_view topic(Value card) { return card["source"]["topic"]["code"].string(); }
    std::optional<Parsed> parsed_;
};

std::string laid_out(std::string const& json, Order order) {
    if (json.empty()) return "none";
    Parsed const parsed{json};
    std::string out;
    lay_out(*parsed, order, Layout::compact, "", out);
    return out + '\n';
}

class RuleVignettes : public testing::Test {
public:
    explicit RuleVignettes(fs::path place)
        : place_{std::move(place)},
          file_{read(place_)},
          charts_{read(folder.parent_path() / "rule-charts.json")} {}

    void TestBody() override {
        auto const* rule = knowledge().find(file_["rule"].string());
        ASSERT_TRUE(rule) << place_;
        EXPECT_EQ(place_.stem().string(), rule->id);
        bool const update = [] {
            auto const* asked = std::getenv("UPDATE_GOLDEN");
            return asked && *asked == '1';
        }();
        std::map<std::string, Reply, std::less<>> replies;
        for (auto const part : file_["stories"]) {
            auto const name = std::string{part.key()};
            SCOPED_TRACE(rule->id + ", " + name);
            EXPECT_FALSE(part["story"].string().empty()) << "a clinician needs the story";
            auto const& reply = replies.try_emplace(name, request(part), now()).first->second;
            check(*rule, name, part, reply);
            if (!update) compare(*rule, name, part, reply);
        }
        if (update) rewrite(*rule, replies);
    }

private:
    base::Instant now() const { return instant(file_["now"].string()); }

    std::string request(Value part) const {
        StoryRequest made{*charts_, part["patient"] ? part["patient"] : file_["patient"]};
        made.add_drafts(part["drafts"] ? part["drafts"] : file_["drafts"]);
        made.add_chart(file_["chart"]);
        made.add_chart(part["chart"]);
        return made.text(part["withheld"]);
    }

    /// What the name of the story promises.
    static void check(rules::RuleInfo const& rule, std::string const& name, Value part,
                      Reply const& reply) {
        bool const spoke = reply.answer.contains(rule.id);
        if (name == "speaks") {
            EXPECT_TRUE(spoke);
        } else if (name == "silent") {
            EXPECT_FALSE(spoke);
            EXPECT_FALSE(reply.lists(rule.title)) << "it does know";
        } else if (auto const shown = part["shown-by"].string(); !shown.empty()) {
            EXPECT_TRUE(reply.card(shown)) << "nobody tells that it cannot know";
        } else {
            EXPECT_TRUE(reply.lists(rule.title)) << "nobody tells that it was not checked";
        }
    }

    /// The card that is kept with a story; empty when the story keeps none.
    static std::string kept(rules::RuleInfo const& rule, std::string_view name, Value part,
                            Reply const& reply) {
        if (name == "silent") return {};
        if (name == "speaks") return reply.readable(rule.id);
        auto const shown = part["shown-by"].string();
        return reply.readable(shown.empty() ? not_evaluated : shown);
    }

    static void compare(rules::RuleInfo const& rule, std::string_view name, Value part,
                        Reply const& reply) {
        std::string answer, card;
        base::json::write(part["answer"], answer);
        EXPECT_EQ(laid_out(answer, Order::by_name),
                  laid_out(as_json(reply.answer), Order::by_name));
        if (part["card"]) base::json::write(part["card"], card);
        EXPECT_EQ(laid_out(card, Order::by_name),
                  laid_out(kept(rule, name, part, reply), Order::by_name));
    }

    void rewrite(rules::RuleInfo const& rule,
                 std::map<std::string, Reply, std::less<>> const& replies) const {
        std::string out;
        write_updated(*file_, rule, replies, out);
        std::ofstream{place_, std::ios::binary} << laid_out(out, Order::as_written);
    }

    static void write_updated(Value value, rules::RuleInfo const& rule,
                              std::map<std::string, Reply, std::less<>> const& replies,
                              std::string& out) {
        auto const reply = replies.find(value.key());
        out += '{';
        auto first = true;
        for (auto const member : value) {
            if (member.key() == "answer" || member.key() == "card") continue;
            if (!std::exchange(first, false)) out += ',';
            base::json::write_string(member.key(), out);
            out += ':';
            if (member.key() == "stories" || replies.contains(member.key()))
                write_updated(member, rule, replies, out);
            else
                base::json::write(member, out);
        }
        if (reply != replies.end()) {
            out += R"(,"answer":)" + as_json(reply->second.answer);
            if (auto const card = kept(rule, reply->first, value, reply->second); !card.empty())
                out += R"(,"card":)" + card;
        }
        out += '}';
    }

    fs::path place_;
    Parsed file_, charts_;
};

std::vector<fs::path> story_files() {
    std::vector<fs::path> found;
    if (!fs::is_directory(folder)) return found;
    for (auto const& entry : fs::directory_iterator{folder})
        if (entry.path().extension() == ".json") found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

/// Registered before main, so that listing the tests names each rule.
bool register_stories() {
    for (auto const& place : story_files())
        testing::RegisterTest("RuleVignettes", place.stem().string().c_str(), nullptr, nullptr,
                              __FILE__, __LINE__,
                              [place]() -> RuleVignettes* { return new RuleVignettes{place}; });
    return true;
}

bool const registered = register_stories();

/// The cards of monitoring that a whole answer among the stories of that service holds.
std::set<std::string> monitoring_stories() {
    std::set<std::string> found;
    for (auto const& entry :
         fs::directory_iterator{folder.parent_path() / "immunosuppressant-monitoring"}) {
        auto const text = read(entry.path() / "expected.json");
        Parsed const answer{text};
        for (auto const card : answer["cards"].each())
            found.emplace(card["source"]["topic"]["code"].string());
    }
    return found;
}

TEST(RuleVignetteFolder, HoldsAllThreeStoriesOfEveryRuleThatRuns) {
    EXPECT_TRUE(registered);
    for (auto const& rule : knowledge().rules()) {
        if (rule.tier == rules::Tier::off) continue;
        // The cards of monitoring answer other hooks; their stories are folders of their own.
        if (rule.id.starts_with("monitoring-")) {
            EXPECT_TRUE(monitoring_stories().contains(rule.id)) << rule.id << " has no story";
            continue;
        }
        auto const place = folder / (rule.id + ".json");
        if (!fs::exists(place)) {
            ADD_FAILURE() << rule.id << " has no vignettes";
            continue;
        }
        Parsed const file{read(place)};
        for (auto const* name : {"speaks", "silent", "cannot-know"}) {
            EXPECT_TRUE(file["stories"][name]) << rule.id << " lacks " << name;
        }
    }
}

}  // namespace
}  // namespace cds::cards
