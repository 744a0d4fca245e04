#include <gtest/gtest.h>

#include <algorithm>

#include "rules/knowledge.hpp"
#include "tests/acceptance/case_runner.hpp"

// All acceptance cases against all rules, in one process.

namespace cds::acceptance {
namespace {

std::vector<Case> const& cases() {
    static auto const loaded = load_cases(COUNTERSIGN_SOURCE_DIR "/test-fixtures/acceptance");
    return loaded;
}

std::string text(Expectation const& expectation) {
    std::string out;
    for (auto const& [rule, indicator] : expectation) out += " " + rule + "=" + indicator;
    return out.empty() ? " nothing" : out;
}

TEST(AcceptanceCases, AreAllThere) { EXPECT_EQ(cases().size(), 838U); }

TEST(AcceptanceCases, GiveExactlyTheExpectedCards) {
    for (auto const& one : cases()) {
        auto const outcome = run(one);
        EXPECT_TRUE(outcome.failure.empty()) << one.id << ": " << outcome.failure;
        EXPECT_TRUE(outcome.got == one.expect)
            << one.id << "  " << one.title << "\n  expected" << text(one.expect) << "\n  got     "
            << text(outcome.got);
        for (auto const& rule : one.must_not_fire)
            EXPECT_EQ(outcome.got.count(rule), 0U) << one.id << " " << rule;
    }
}

/// What a suggestion would lead to is asked only of rules whose file lists a warning or critical
/// (rules/evaluate.cpp, newly_raised), so the lists must be whole.
TEST(AcceptanceCases, ShowOnlyIndicatorsThatTheRulesFileLists) {
    auto const loaded = rules::Knowledge::load(rules::embedded_pack());
    ASSERT_TRUE(loaded);
    for (auto const& one : cases()) {
        for (auto const& [id, indicator] : run(one).got) {
            auto const* rule = (*loaded)->find(id);
            if (!rule || rule->kind == rules::Kind::service) continue;
            auto const listed =
                std::any_of(rule->indicators.begin(), rule->indicators.end(),
                            [&](rules::Indicator each) { return rules::name(each) == indicator; });
            EXPECT_TRUE(listed) << one.id << ": " << id << " at " << indicator;
        }
    }
}

}  // namespace
}  // namespace cds::acceptance
