#pragma once
#include <span>
#include <string>
#include <string_view>

namespace cds::server {

/// The origin to name in Access-Control-Allow-Origin; empty when the page may not read the answer.
///
/// With configured origins: those, compared byte by byte. Without: any origin, since the service
/// listens on loopback only and knows no clients yet, but only when `host` names this machine, so
/// that a foreign name that was made to resolve to 127.0.0.1 gains nothing.
std::string_view allowed_origin(std::span<std::string const> configured, std::string_view host,
                                std::string_view origin);

}  // namespace cds::server
