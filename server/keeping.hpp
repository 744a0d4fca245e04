#pragma once
#include <memory>
#include <string>

#include "base/date.hpp"
#include "base/result.hpp"
#include "server/log.hpp"
#include "server/settings.hpp"
#include "store/store.hpp"

// What the service does with its store: opens it, logs its condition, lets old rows go.

namespace cds::server {

/// Where the settings put the store; STATE_DIRECTORY of this process decides when they are silent.
base::Result<store::Place> store_place(Settings const& settings);
/// The same for people, without password.
std::string store_name(Settings const& settings);

/// Opens the store. One that cannot be used now is logged and tried again each second; the service
/// starts all the same. Fails with a sentence when it never can be used.
base::Result<std::unique_ptr<store::Store>> open_store(Settings const& settings, Log& log);

/// What retention lets go at `now`.
store::Horizon horizon(Settings const& settings, base::Instant now);
/// Starts the removal of old rows and logs what was removed.
void expire_old_rows(store::Store& store, Settings const& settings, base::Instant now, Log& log);

}  // namespace cds::server
