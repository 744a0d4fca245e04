#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/acceptance/case_runner.hpp"

// Every acceptance case again, with one part of the record withheld after the other: a card that
// the whole record gives may become another card or a line of what was not checked, never silence.

namespace cds::acceptance {
namespace {

std::vector<Case> const& cases() {
    static auto const loaded = load_cases(COUNTERSIGN_SOURCE_DIR "/test-fixtures/acceptance");
    return loaded;
}

char const* const keys[] = {"patient",         "encounter",  "medications",    "statements",
                            "administrations", "dispenses",  "conditions",     "allergies",
                            "observations",    "procedures", "serviceRequests"};

/// The request with the value of one prefetch key left out (`value` empty) or replaced.
std::string with_key(base::json::Value request, std::string_view key, std::string_view value) {
    std::string out = "{";
    for (auto const member : request) {
        if (out.size() > 1) out += ',';
        base::json::write_string(member.key(), out);
        out += ':';
        if (member.key() != "prefetch") {
            base::json::write(member, out);
            continue;
        }
        out += '{';
        auto first = true;
        for (auto const part : member) {
            auto const withheld = part.key() == key;
            if (withheld && value.empty()) continue;
            if (!first) out += ',';
            first = false;
            base::json::write_string(part.key(), out);
            out += ':';
            if (withheld)
                out += value;
            else
                base::json::write(part, out);
        }
        out += '}';
    }
    return out + "}";
}

bool names(std::vector<std::string> const& lines, std::string const& rule) {
    return std::any_of(lines.begin(), lines.end(), [&](std::string const& line) {
        return line.starts_with(rule + ":") || line.starts_with(rule + " ");
    });
}

/// Cards that another card stands in for, or whose ground is gone with the data, so that they are
/// not named themselves; the card of what was not checked is there all the same.
std::map<std::string, char const*> const& replaced() {
    static std::map<std::string, char const*> const reasons{
        {"uc-ifx-csa-concurrent", "without the disease the pair is still warned of, as unknown"},
        {"ra-ifx-csa-mtx-contraindicated", "what spares methotrexate is never assumed"},
        {"csa-dose-unverifiable", "the dose rules are named instead"},
        {"data-quality-unusable", "there is no result left that could not be used"},
    };
    return reasons;
}

TEST(WithheldSweep, NoCardTurnsIntoSilence) {
    std::size_t answers = 0;
    for (auto const& one : cases()) {
        auto const whole = run(one);
        base::json::Document document;
        auto const root = document.parse(one.text);
        ASSERT_TRUE(root);
        for (auto const* key : keys) {
            if (!(*root)["request"]["prefetch"][key]) continue;
            for (auto const* value :
                 {"", R"({"resourceType":"OperationOutcome","issue":[{"severity":"error"}]})"}) {
                ++answers;
                auto const part = run_request(with_key((*root)["request"], key, value),
                                              std::string{(*root)["now"].string()});
                ASSERT_EQ(part.failure, "") << one.id << " without " << key;
                for (auto const& [rule, indicator] : whole.got) {
                    if (part.got.contains(rule) || names(part.suppressed, rule)) continue;
                    EXPECT_TRUE(part.got.contains("not-evaluated"))
                        << one.id << " without " << key << ": " << rule << " is silent";
                    EXPECT_TRUE(names(part.not_checked, rule) || replaced().contains(rule))
                        << one.id << " without " << key << ": " << rule << " is not named";
                }
            }
        }
    }
    EXPECT_GT(answers, 10'000U);
}

}  // namespace
}  // namespace cds::acceptance
