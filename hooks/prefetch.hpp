#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "rules/knowledge.hpp"

namespace cds::hooks {

/// One prefetch key and its FHIR query.
struct PrefetchTemplate {
    std::string_view key;
    std::string query;
};

/// The queries in the order of the discovery document. They stay inside the subset that CDS
/// Hooks 2.0 names: no date arithmetic (windows are the rules' business), equality of codes and
/// status. `_include` is the one departure.
std::vector<PrefetchTemplate> prefetch_templates(rules::Knowledge const& knowledge,
                                                 bool include_medication);

}  // namespace cds::hooks
