#pragma once
#include <string_view>

#include "server/coroutine.hpp"
#include "server/live.hpp"
#include "server/routes.hpp"
#include "server/worker.hpp"

namespace cds::server {

/// When something was not checked: fetches what the call in `body` lacks from its FHIR server, if
/// that is registered, and answers anew. Ends by the deadline of the settings; what did not come
/// until then is not checked, with its reason. The answer that was there stays when nothing can be
/// fetched. All references outlive the coroutine.
Task<void> fetch_missing(Worker& worker, Live const& live, Route const& route,
                         std::string_view body, std::string_view request_id, Reply& reply);

}  // namespace cds::server
