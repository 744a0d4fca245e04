#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "fhir/query.hpp"
#include "hooks/services.hpp"
#include "rules/knowledge.hpp"

namespace cds::hooks {

/// One prefetch key and its FHIR query.
struct PrefetchTemplate {
    std::string_view key;
    std::string query;  ///< "Condition?patient={{context.patientId}}"
    fhir::Query asks{};
};

/// The queries in the order of the discovery document. They stay inside the subset that CDS
/// Hooks 2.0 names: no date arithmetic (windows are the rules' business), equality of codes and
/// status. `_include` is the one departure.
std::vector<PrefetchTemplate> prefetch_templates(rules::Knowledge const& knowledge,
                                                 bool include_medication);

/// A further query for clients that follow paths into the context (CDS Hooks 3.0): what no search
/// by patient is sure to find.
struct PathTemplate {
    std::string_view key, query;
};
/// nullptr: nothing further is asked for on this hook.
PathTemplate const* path_template(Hook hook);

}  // namespace cds::hooks
