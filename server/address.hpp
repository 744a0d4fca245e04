#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cds::server {

/// Where to listen.
struct Listen {
    std::string host;        ///< numeric address; "localhost" was turned into 127.0.0.1
    std::uint16_t port = 0;  ///< 0: the system chooses
    bool loopback = false;
};

/// Reads "127.0.0.1:8080", "[::1]:8080" or "localhost:8080"; none when it is none of these.
std::optional<Listen> parse_listen(std::string_view text);

/// Whether a numeric address (without brackets) is 127.0.0.0/8, ::1 or the former mapped into IPv6.
bool is_loopback_address(std::string_view address);

/// Whether a Host header names this machine only: localhost or a loopback address, with or without
/// a port.
bool is_loopback_host(std::string_view host_header);

/// Whether `address` lies in `network`: a numeric address, or one with a prefix length
/// ("10.0.0.0/8").
bool in_network(std::string_view address, std::string_view network);

/// Whether `network` is something that `in_network` can read.
bool is_network(std::string_view network);

}  // namespace cds::server
