#include "auth/client.hpp"

#include <algorithm>

namespace cds::auth {

bool Client::may_use(std::string_view service) const noexcept {
    return services.empty() || std::ranges::find(services, service) != services.end();
}

bool Client::allows(Algorithm algorithm) const noexcept {
    return std::ranges::find(algorithms, algorithm) != algorithms.end();
}

Client const* Registry::find(std::string_view issuer) const noexcept {
    for (auto const& client : clients_)
        if (client.issuer == issuer) return &client;
    return nullptr;
}

}  // namespace cds::auth
