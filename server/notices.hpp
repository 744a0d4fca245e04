#pragma once
#include <vector>

#include "server/live.hpp"
#include "server/log.hpp"

namespace cds::server {

/// What those who answer for a site must see in the log at every start and reload: a review that
/// is overdue, a safety-critical rule that the policy silences, and entries of the policy whose day
/// has passed.
std::vector<LogLine> notices(Live const& live, base::Instant now);

}  // namespace cds::server
