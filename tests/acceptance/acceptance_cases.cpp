#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>

#include "tests/acceptance/case_runner.hpp"

// acceptance_cases [--only RULE] [--case ID] [--within] [-v] [FOLDER]: what each case expects and
// what the rules say.
// --within: only cases that expect nothing but rules that exist.

namespace {

using cds::acceptance::Expectation;

std::string text(Expectation const& expectation) {
    std::string out;
    for (auto const& [rule, indicator] : expectation) out += " " + rule + "=" + indicator;
    return out.empty() ? " -" : out;
}

}  // namespace

int main(int argc, char** argv) {
    std::string only, id, folder = COUNTERSIGN_SOURCE_DIR "/test-fixtures/acceptance";
    bool within = false, verbose = false;
    for (int i = 1; i < argc; ++i) {
        if (!std::strcmp(argv[i], "--only") && i + 1 < argc)
            only = argv[++i];
        else if (!std::strcmp(argv[i], "--case") && i + 1 < argc)
            id = argv[++i];
        else if (!std::strcmp(argv[i], "--within"))
            within = true;
        else if (!std::strcmp(argv[i], "-v"))
            verbose = true;
        else
            folder = argv[i];
    }
    auto const known = cds::acceptance::knowledge();
    auto exact = 0, count = 0;
    for (auto const& one : cds::acceptance::load_cases(folder)) {
        if (!id.empty() && one.id != id) continue;
        auto const named = one.expect.count(only) > 0 ||
                           std::find(one.must_not_fire.begin(), one.must_not_fire.end(), only) !=
                               one.must_not_fire.end();
        if (!only.empty() && !named) continue;
        auto exists = true;
        for (auto const& [rule, indicator] : one.expect)
            exists = exists && (rule == "not-evaluated" || known->find(rule));
        if (within && !exists) continue;
        ++count;
        auto const outcome = cds::acceptance::run(one);
        auto const right = outcome.failure.empty() && outcome.got == one.expect;
        exact += right;
        if (right && !verbose) continue;
        std::printf("%s %s  %s\n  expect%s\n  got   %s\n", right ? "ok  " : "FAIL", one.id.c_str(),
                    one.title.c_str(), text(one.expect).c_str(), text(outcome.got).c_str());
        if (!outcome.failure.empty()) std::printf("  failure %s\n", outcome.failure.c_str());
        for (auto const& line : outcome.not_checked)
            std::printf("  not checked %s\n", line.c_str());
        for (auto const& line : outcome.suppressed) std::printf("  suppressed %s\n", line.c_str());
    }
    std::printf("exact %d/%d\n", exact, count);
    return count > 0 && exact == count ? 0 : 1;
}
