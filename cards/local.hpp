#pragma once
#include <string>

#include "cards/call.hpp"

// What a site's policy adds to a card.

namespace cds::cards {

/// "Local guidance": the policy's sentence and contact for this rule, as the inside of a JSON
/// string; nothing when there is none. `start` is where the detail begins.
void append_local(Context const& context, rules::RuleInfo const& rule, std::size_t start,
                  std::string& detail);

/// `{"label":…,"url":…,"type":"absolute"}` of the local guideline; false, with nothing written,
/// when there is none.
bool write_local_link(rules::RuleInfo const& rule, std::string& out);

/// "Site policy 2026-3 (0123456789ab).", as the inside of a JSON string; nothing without a policy.
void append_policy_version(Context const& context, std::string& detail);

}  // namespace cds::cards
