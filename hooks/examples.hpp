#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/pack.hpp"
#include "base/result.hpp"
#include "rules/knowledge.hpp"

namespace cds::hooks {

/// Where examples lie in a knowledge folder: one JSON file each (docs/knowledge.md).
inline constexpr std::string_view example_folder = "examples/";

/// An example that did not go as it says.
struct FailedExample {
    std::string file;   ///< "examples/csa-thiazide-warning.json"
    std::string title;  ///< empty when it could not be read
    /// "missing: csa-thiazide (warning)", "unexpected: …", "csa-thiazide: warning expected, got
    /// info"; or place and fault of a file that is no example.
    std::vector<std::string> differences;

    /// "examples/x.json, Title: missing: …; unexpected: …".
    std::string text() const;
};

struct ExampleReport {
    std::size_t run = 0;
    std::vector<FailedExample> failed;
};

/// Answers the request of every example in `pack` from `knowledge`, which was loaded from it and
/// has no policy laid over it, and compares the cards with the expected ones: the same rules, each
/// with its indicator, no more and no fewer.
ExampleReport run_examples(base::Pack const& pack, rules::Knowledge const& knowledge);

/// Fails with `invalid` and the first examples that differ, or when there is no example at all:
/// knowledge that nobody has tried is not used. Returns how many there are.
base::Result<std::size_t> check_examples(base::Pack const& pack, rules::Knowledge const& knowledge);

}  // namespace cds::hooks
