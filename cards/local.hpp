#pragma once
#include <string>

#include "cards/call.hpp"

// What a site's policy adds to a card.

namespace cds::cards {

/// "Local guidance": the policy's sentence and contact for this rule; nothing when there is none.
void append_local(Context const& context, rules::RuleInfo const& rule, std::string& markdown);

/// `{"label":…,"url":…,"type":"absolute"}` of the local guideline; false, with nothing written,
/// when there is none.
bool write_local_link(rules::RuleInfo const& rule, std::string& out);

/// "Site policy 2026-3 (0123456789ab)."; nothing without a policy.
void append_policy_version(Context const& context, std::string& markdown);

}  // namespace cds::cards
