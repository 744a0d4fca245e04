#include "server/fhir_bases.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/json.hpp"
#include "server/address.hpp"

namespace cds::server {

namespace {

using base::json::Value;

/// Special purpose by the registries of IANA: nobody's public server.
constexpr std::array<std::string_view, 25> not_public{
    "0.0.0.0/8",     "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4",
    "::/96",         "64:ff9b::/96",    "64:ff9b:1::/48", "100::/64",       "2001::/23",
    "2001:db8::/32", "2002::/16",       "fc00::/7",       "fe80::/10",      "ff00::/8"};

/// Where clouds give credentials to whoever asks.
constexpr std::array<std::string_view, 4> metadata{"169.254.169.254", "169.254.170.2",
                                                   "100.100.100.200", "fd00:ec2::254"};

bool in_any(std::string_view address, auto const& networks) {
    return std::any_of(std::begin(networks), std::end(networks),
                       [&](auto const& network) { return in_network(address, network); });
}

base::Error bad(std::string const& where, std::string what) {
    return {base::ErrorCode::invalid, where, std::move(what)};
}

base::Result<std::shared_ptr<FhirBase const>> read_base(Value entry, std::string const& where) {
    static constexpr std::array<std::string_view, 6> names{
        "url", "networks", "ca-file", "certificate-file", "key-file", "proxy"};
    if (!entry.is_object()) return bad(where, "Each FHIR server must be a JSON object.");
    for (auto const member : entry) {
        if (std::find(names.begin(), names.end(), member.key()) == names.end())
            return bad(where,
                       "Its members are url, networks, ca-file, certificate-file, key-file and "
                       "proxy.");
    }
    FhirBase base;
    for (auto const network : entry["networks"].each())
        base.networks.emplace_back(network.string());
    base.ca_file = entry["ca-file"].string();
    base.certificate_file = entry["certificate-file"].string();
    base.key_file = entry["key-file"].string();
    base.proxy = entry["proxy"].string();
    return checked_base(std::move(base), entry["url"].string(), where);
}

}  // namespace

base::Result<std::shared_ptr<FhirBase const>> checked_base(FhirBase base, std::string_view url,
                                                           std::string const& where) {
    auto const parsed = hooks::BaseUrl::parse(url);
    if (!parsed)
        return bad(where,
                   "url must be the base URL of a FHIR server as clients send it in fhirServer, "
                   "for example https://ehr.example.com/fhir/r4.");
    base.url = *parsed;
    auto host = std::string_view{base.url.host};
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    if (base.url.scheme == "http" && host != "localhost" && !is_loopback_address(host))
        return bad(where, "url must be https: patient data and tokens go over it.");
    for (auto const& network : base.networks) {
        if (!is_network(network))
            return bad(where,
                       "networks must be numeric addresses or networks, for example 10.0.0.0/8.");
    }
    for (auto const& [name, path] : {std::pair{"ca-file", &base.ca_file},
                                     std::pair{"certificate-file", &base.certificate_file},
                                     std::pair{"key-file", &base.key_file}}) {
        if (!path->empty() && !std::ifstream{*path})
            return bad(where, std::string{name} + " must name a file that can be read.");
    }
    return std::make_shared<FhirBase const>(std::move(base));
}

base::Result<FhirBases> read_fhir_bases(std::string const& path) {
    FhirBases bases;
    if (path.empty()) return bases;
    std::string const file_name = "FHIR servers " + path;
    std::ifstream file{path, std::ios::binary};
    std::string const bytes{std::istreambuf_iterator<char>{file}, {}};
    if (!file)
        return base::Error{base::ErrorCode::not_found, file_name, "The file cannot be read."};
    base::json::Document document;
    auto const root = document.parse(bytes);
    if (!root) return base::Error{base::ErrorCode::malformed, file_name, root.error().what};
    if (!root->is_array()) return bad(file_name, "The file must hold a JSON array.");
    for (auto const entry : *root) {
        auto base = read_base(entry, file_name + " /" + std::to_string(bases.size()));
        if (!base) return base.error();
        bases.push_back(*std::move(base));
    }
    return bases;
}

std::shared_ptr<FhirBase const> find_base(FhirBases const& bases, std::string_view fhir_server) {
    auto const url = hooks::BaseUrl::parse(fhir_server);
    if (!url) return nullptr;
    auto const found = std::find_if(bases.begin(), bases.end(),
                                    [&](auto const& base) { return base->url == *url; });
    return found == bases.end() ? nullptr : *found;
}

bool may_connect(std::string_view address, std::span<std::string const> networks) {
    if (in_any(address, metadata)) return false;
    if (networks.empty()) return in_network(address, "::/0") && !in_any(address, not_public);
    return in_any(address, networks);
}

}  // namespace cds::server
