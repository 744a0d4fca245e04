#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "rules/evaluate.hpp"

// Runs acceptance cases at the level of rules: request JSON -> record -> chart -> findings.

namespace cds::acceptance {

using Expectation = std::map<std::string, std::string>;  ///< rule id -> indicator

struct Case {
    std::string file, id, title, text;
    Expectation expect;
    std::vector<std::string> must_not_fire;
};

struct Outcome {
    Expectation got;
    std::vector<std::string> not_checked;  ///< "rule: reason (queries)"
    std::vector<std::string> suppressed;
    std::string failure;  ///< could not be run at all
};

/// The knowledge built into this program, loaded once; ends the process with a message when it does
/// not load.
std::shared_ptr<rules::Knowledge const> knowledge();

/// Reads one case file; the rest of a folder's files are passed over.
std::vector<Case> load_cases(std::filesystem::path const& folder);

/// `now` of the case is the clock.
Outcome run(Case const& acceptance_case);
/// Runs a request (its JSON text) at `now`.
Outcome run_request(std::string const& request, std::string const& now);

}  // namespace cds::acceptance
