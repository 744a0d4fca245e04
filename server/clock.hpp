#pragma once
#include <chrono>
#include <cstdint>

#include "base/date.hpp"

namespace cds::server {

/// The real time, for logs, and for the rules unless `as-of` freezes theirs. The only wall clock of
/// the program.
base::Instant real_now();

/// The clock of deadlines: it never jumps.
using Steady = std::chrono::steady_clock;
std::int64_t microseconds_since(Steady::time_point start);

/// `instant` as HTTP writes dates: "Mon, 01 Jun 2026 09:00:00 GMT".
std::string http_date(base::Instant instant);

}  // namespace cds::server
