#include <gtest/gtest.h>

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

}  // namespace
}  // namespace cds::acceptance
