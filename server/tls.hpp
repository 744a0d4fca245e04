#pragma once
#include <memory>
#include <string>

#include "base/date.hpp"
#include "base/result.hpp"
#include "server/settings.hpp"

namespace boost::asio::ssl {
class context;
}

namespace cds::server {

/// How the service speaks TLS: 1.2 and 1.3, with a certificate from files. Immutable; a reload
/// makes another one, and connections that are open keep theirs.
struct Tls {
    std::shared_ptr<boost::asio::ssl::context> context;
    base::Instant certificate_ends{};  ///< the first of the chain
};

/// Reads certificate, key and, where one is set, the authority of client certificates. Null when no
/// certificate is set. Fails with `invalid` and a sentence when a file cannot be read, or key and
/// certificate are no pair.
base::Result<std::shared_ptr<Tls const>> load_tls(Settings const& settings);

/// Whole days until the certificate ends; negative once it has.
int days_left(Tls const& tls, base::Instant now);

}  // namespace cds::server
