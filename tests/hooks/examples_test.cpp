#include "hooks/examples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <set>
#include <string>

#include "base/json.hpp"

namespace cds::hooks {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

/// The built-in pack with changed files; an empty text takes a file away.
class Changed {
public:
    Changed& put(std::string const& name, std::string text) {
        for (auto& file : files_) {
            if (file.name != name) continue;
            texts_.push_back(std::move(text));
            file.bytes = texts_.back();
            return *this;
        }
        texts_.push_back(std::move(text));
        files_.push_back({name, texts_.back()});
        return *this;
    }
    Changed& without(std::string const& prefix) {
        std::erase_if(files_, [&](auto const& file) { return file.name.starts_with(prefix); });
        return *this;
    }
    Changed& replace(std::string const& name, std::string const& from, std::string const& to) {
        for (auto const& file : files_) {
            if (file.name != name) continue;
            std::string text{file.bytes};
            auto const at = text.find(from);
            EXPECT_NE(at, text.npos) << from;
            if (at != text.npos) text.replace(at, from.size(), to);
            return put(name, text);
        }
        ADD_FAILURE() << name;
        return *this;
    }
    base::Pack pack() const { return base::Pack::of(files_); }

private:
    static std::vector<base::Pack::File> built_in() {
        auto const pack = rules::embedded_pack();
        return {pack.files().begin(), pack.files().end()};
    }
    std::deque<std::string> texts_;
    std::vector<base::Pack::File> files_ = built_in();
};

/// The pack looks into `changed`.
base::Result<std::size_t> checked(Changed const& changed) {
    auto const pack = changed.pack();
    auto const knowledge = rules::Knowledge::load(pack);
    if (!knowledge) return knowledge.error();
    return check_examples(pack, **knowledge);
}

std::string const thiazide = "examples/csa-thiazide-warning.json";

TEST(Examples, TheBuiltInOnesGoAsTheySay) {
    auto const pack = rules::embedded_pack();
    auto const knowledge = rules::Knowledge::load(pack);
    ASSERT_TRUE(knowledge);
    auto const report = run_examples(pack, **knowledge);
    for (auto const& failed : report.failed) ADD_FAILURE() << failed.text();
    EXPECT_GT(report.run, 100U);
}

TEST(Examples, EachRuleThatRunsHasOneForEachOfItsIndicators) {
    auto const pack = rules::embedded_pack();
    auto const knowledge = rules::Knowledge::load(pack);
    ASSERT_TRUE(knowledge);
    std::set<std::string> shown;
    for (auto const* file : pack.below(example_folder)) {
        base::json::Document document;
        auto const root = document.parse(file->bytes);
        ASSERT_TRUE(root) << file->name;
        for (auto const card : (*root)["expect"])
            shown.insert(std::string{card.key()} + " " + std::string{card.string()});
    }
    for (auto const& rule : (*knowledge)->rules()) {
        if (!rule.enabled) continue;
        for (auto const indicator : rule.indicators)
            EXPECT_THAT(shown, Contains(rule.id + " " + std::string{rules::name(indicator)}));
    }
}

TEST(Examples, DoNotNeedTheCodeListsThatCanBeLeftOut) {
    Changed changed;
    changed.without("valuesets/snomed/").without("valuesets/atc/");
    auto const result = checked(changed);
    EXPECT_TRUE(result) << result.error().what;
}

TEST(Examples, AChangedThresholdIsNoticedWithTheDifference) {
    auto const result = checked(Changed{}.replace("rules/oma-dose-exceeds-max.json",
                                                  R"("value": 600)", R"("value": 60000)"));
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().where, HasSubstr("examples/oma-dose-exceeds-max"));
    EXPECT_THAT(result.error().what, HasSubstr("oma-dose-exceeds-max"));
}

TEST(Examples, ARuleThatIsSwitchedOffIsMissed) {
    auto const result = checked(
        Changed{}.replace("rules/csa-thiazide.json", R"("tier": "core")", R"("tier": "off")"));
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().what, HasSubstr("missing: csa-thiazide (warning)"));
}

TEST(Examples, SayWhatIsMissingUnexpectedAndOfAnotherWeight) {
    auto const differences = [](std::string const& expected) {
        Changed changed;
        changed.replace(thiazide, R"({"csa-thiazide": "warning"})", expected);
        auto const pack = changed.pack();
        auto const knowledge = rules::Knowledge::load(pack);
        auto const report = run_examples(pack, **knowledge);
        return report.failed.size() == 1 ? report.failed.front().differences
                                         : std::vector<std::string>{"not one failed example"};
    };
    EXPECT_THAT(differences("{}"), ElementsAre("unexpected: csa-thiazide (warning)"));
    EXPECT_THAT(differences(R"({"csa-thiazide": "critical"})"),
                ElementsAre("csa-thiazide: critical expected, got warning"));
    EXPECT_THAT(differences(R"({"csa-thiazide": "warning", "csa-pregnancy": "warning"})"),
                ElementsAre("missing: csa-pregnancy (warning)"));
    EXPECT_THAT(differences(R"({"csa-thiazid": "warning"})"),
                ElementsAre("/expect/csa-thiazid: no such rule"));
}

TEST(Examples, AFileThatIsNoneIsAFailureOfItsOwn) {
    struct Row {
        char const* text;
        char const* difference;
    };
    for (
        auto const& row :
        {Row{"{", ""}, Row{"[]", "object"}, Row{"{}", "/title"},
         Row{R"({"title":"x","asOf":"2026-03-10","region":"us","expect":{},"request":{}})",
             "/asOf"},
         Row{R"({"title":"x","asOf":"2026-03-10T09:00:00Z","region":"uk","expect":{},"request":{}})",
             "/region"},
         Row{R"({"title":"x","asOf":"2026-03-10T09:00:00Z","region":"us","expect":{},"request":{}})",
             "/request/hook"},
         Row{R"({"title":"x","asOf":"2026-03-10T09:00:00Z","region":"us","expected":{},"request":{}})",
             "/expected"}}) {
        auto const result =
            checked(Changed{}.without("examples/").put("examples/a.json", row.text));
        ASSERT_FALSE(result) << row.text;
        EXPECT_EQ(result.error().where, "examples/a.json");
        EXPECT_THAT(result.error().what, HasSubstr(row.difference));
    }
}

TEST(Examples, KnowledgeWithoutAnyIsRefused) {
    auto const result = checked(Changed{}.without("examples/"));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().where, "examples/");
}

}  // namespace
}  // namespace cds::hooks
