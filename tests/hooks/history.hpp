#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "hooks/capture.hpp"
#include "tests/cards/chart_case.hpp"

namespace cds::hooks {

inline std::string read_file(std::filesystem::path const& path) {
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

/// Requests captured from one bundle, with what was counted.
struct History {
    CaptureCounts counts;
    std::vector<CapturedRequest> requests;
};

inline History captured_from(std::filesystem::path const& path) {
    auto const text = read_file(path);
    base::json::Document document;
    auto const bundle = document.parse(text);
    EXPECT_TRUE(bundle) << path;
    History history;
    if (!bundle) return history;
    auto const counts = capture(cards::knowledge(), *bundle, [&](CapturedRequest const& request) {
        history.requests.push_back(request);
    });
    EXPECT_TRUE(counts) << path;
    if (counts) history.counts = *counts;
    return history;
}

/// A made-up woman with colitis: amoxicillin, then infliximab, then ciclosporin beside it.
inline History made_up_colitis() {
    return captured_from(std::filesystem::path{COUNTERSIGN_SOURCE_DIR} / "test-fixtures" /
                         "histories" / "made-up-colitis.json");
}

}  // namespace cds::hooks
