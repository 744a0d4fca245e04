#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/coroutine.hpp"
#include "server/gate.hpp"
#include "server/live.hpp"
#include "server/refusals.hpp"
#include "server/routes.hpp"
#include "server/worker.hpp"

namespace cds::server {

/// Who calls, or the refusal.
struct Admission {
    auth::Client const* client = nullptr;  ///< of the Live's registry; null: nobody is registered
    std::optional<Violation> refusal;
};

/// Whether calls of this route need a token: services with their parts once clients are registered,
/// and the list of services when the settings say so.
bool needs_token(Live const& live, Route const& route);

/// Finds out who calls: checks what costs nothing, then the signature, then that the token was not
/// used before, which is durable when this returns. Waits for keys and store without holding the
/// thread, and not for long. `peer` is the caller's address.
///
/// A refusal is 401 with one text for every reason, 403 for a service that was not granted, 429
/// beyond a rate, or 503 when keys or store fail. `live` and what `head` looks at must outlive the
/// call.
Task<Admission> admit_caller(Worker& worker, Live const& live, Route route, Head const& head,
                             std::string peer);

}  // namespace cds::server
