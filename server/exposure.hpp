#pragma once
#include <memory>

#include "auth/client.hpp"
#include "base/result.hpp"
#include "server/settings.hpp"

// Who can reach the service, and whether that is safe.

namespace cds::server {

/// The clients that the settings name; null when they name none. Errors carry the file and the
/// place in it.
base::Result<std::shared_ptr<auth::Registry const>> load_clients(Settings const& settings);

/// Whether the service may listen where the settings say: beyond loopback it needs registered
/// clients, and TLS of its own or of a declared proxy. Fails with `invalid` and the fix.
base::Result<void> check_exposure(Settings const& settings, auth::Registry const* clients);

}  // namespace cds::server
