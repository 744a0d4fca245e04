#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "hooks/base_url.hpp"

namespace cds::server {

/// A FHIR server that may be asked for what calls lack.
struct FhirBase {
    hooks::BaseUrl url;
    /// Where its address may lie ("10.20.0.0/16"). Empty: anywhere public. Private, loopback and
    /// link-local addresses only when they are listed, those of cloud metadata never.
    std::vector<std::string> networks;
    std::string ca_file;           ///< PEM; empty: the system's authorities
    std::string certificate_file;  ///< our own, PEM, when it demands one
    std::string key_file;
    std::string proxy;  ///< "http://proxy:3128"; empty: none, whatever the environment says
};
using FhirBases = std::vector<std::shared_ptr<FhirBase const>>;

/// A base with its URL, when that can be used: https, or http on loopback. Fails with `where` and a
/// sentence, also when a file that it names cannot be read or a network is none.
base::Result<std::shared_ptr<FhirBase const>> checked_base(FhirBase base, std::string_view url,
                                                           std::string const& where);

/// Reads a JSON file: an array of objects with `url` and, as needed, `networks`, `ca-file`,
/// `certificate-file`, `key-file`, `proxy`. An empty path is an empty list. Fails with the place
/// in the file and a sentence.
base::Result<FhirBases> read_fhir_bases(std::string const& path);

/// The base that a call's `fhirServer` names; nullptr: it is not registered.
std::shared_ptr<FhirBase const> find_base(FhirBases const& bases, std::string_view fhir_server);

/// Whether a connection may go to a numeric address.
bool may_connect(std::string_view address, std::span<std::string const> networks);

}  // namespace cds::server
