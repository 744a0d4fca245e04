#pragma once
#include <span>
#include <string_view>

#include "rules/scene.hpp"

namespace cds::rules {

/// A rule's logic and the drafts that can make it speak (catalogue section 9).
struct Rule {
    std::string_view id;
    Answer (*evaluate)(Scene&);
    DrugSet trigger;              ///< drafted medications of these drugs
    bool service_drafts = false;  ///< drafted ServiceRequests too
};

/// Every rule, in catalogue order. The index is `Finding::rule` and the index in
/// `Knowledge::rules()`.
std::span<Rule const> rule_list();

}  // namespace cds::rules
