#include "server/exposure.hpp"

#include <fstream>
#include <iterator>

#include "server/address.hpp"

namespace cds::server {
namespace {

using base::Error;
using base::ErrorCode;

/// A thousand registrations with inline keys fit.
constexpr std::size_t largest_file = 4 << 20;

Error unsafe(std::string_view key, std::string_view what) {
    return {ErrorCode::invalid, std::string{key}, std::string{what}};
}

base::Result<void> check_networks(auth::Registry const& clients, std::string const& source) {
    for (auto const& client : clients.clients()) {
        auto all = client.networks;
        for (auto const& one : client.fhir_bases)
            all.insert(all.end(), one.networks.begin(), one.networks.end());
        for (auto const& network : all)
            if (!is_network(network))
                return unsafe(source + ", client " + client.id,
                              "networks must be numeric addresses or networks, for example "
                              "10.0.0.0/8.");
    }
    return {};
}

}  // namespace

base::Result<std::shared_ptr<auth::Registry const>> load_clients(Settings const& settings) {
    if (settings.clients.empty()) return std::shared_ptr<auth::Registry const>{};
    auto const source = "clients " + settings.clients;
    std::ifstream file{settings.clients, std::ios::binary};
    std::string const json{std::istreambuf_iterator<char>{file}, {}};
    if (!file || json.empty())
        return Error{ErrorCode::not_found, source, "The file cannot be read, or it is empty."};
    if (json.size() > largest_file)
        return Error{ErrorCode::too_large, source, "The file is larger than 4 MiB."};
    auto registry = auth::Registry::read(json, settings.base_url);
    if (!registry)
        return Error{registry.error().code, source + ", " + registry.error().where,
                     registry.error().what};
    if (auto const good = check_networks(*registry, source); !good) return good.error();
    return std::make_shared<auth::Registry const>(*std::move(registry));
}

base::Result<void> check_exposure(Settings const& settings, auth::Registry const* clients) {
    auto const listen = parse_listen(settings.listen);
    if (listen && listen->loopback) return {};
    if (!clients || clients->empty())
        return unsafe("listen",
                      "Beyond loopback the service needs registered clients (setting clients): "
                      "anyone who reached it could send patient data and read advice.");
    bool const proxied = settings.tls_proxy == "on";
    if (settings.tls_certificate.empty() && !proxied)
        return unsafe("listen",
                      "Beyond loopback the service needs TLS (tls-certificate and tls-key), or a "
                      "proxy in front that does it (tls-proxy on, with trusted-proxies): patient "
                      "data must not travel in the clear.");
    if (settings.tls_certificate.empty() && settings.trusted_proxies.empty())
        return unsafe("trusted-proxies",
                      "tls-proxy is on: name the proxy's address; everyone else is turned away.");
    return {};
}

}  // namespace cds::server
