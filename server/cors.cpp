#include "server/cors.hpp"

#include <algorithm>

#include "server/address.hpp"

namespace cds::server {

std::string_view allowed_origin(std::span<std::string const> configured, std::string_view host,
                                std::string_view origin) {
    constexpr std::size_t longest_origin = 300;
    if (origin.empty() || origin.size() > longest_origin) return {};
    for (auto const c : origin)
        if (c < '!' || c > '~' || c == ',') return {};
    if (configured.empty()) return is_loopback_host(host) ? origin : std::string_view{};
    return std::ranges::find(configured, origin) != configured.end() ? origin : std::string_view{};
}

}  // namespace cds::server
