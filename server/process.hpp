#pragma once
#include <cstddef>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace cds::server {

/// No core dumps and no tracing by others of the same user: memory holds patient data. A closed
/// pipe is an error code and not the end.
void protect_process();

/// Raises the limit on open files as far as allowed; returns how many connections it leaves room
/// for, at most `wanted`.
std::size_t room_for_connections(std::size_t wanted);

/// Eight hexadecimal digits from the system's random source. Fails with `internal` when there is
/// none.
base::Result<std::string> random_prefix();

}  // namespace cds::server
