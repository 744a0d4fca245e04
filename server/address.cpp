#include "server/address.hpp"

#include <arpa/inet.h>

#include <array>
#include <charconv>

namespace cds::server {
namespace {

/// An address as 16 bytes; IPv4 is mapped into IPv6 (::ffff:a.b.c.d).
using Bytes = std::array<unsigned char, 16>;

std::optional<Bytes> parse_address(std::string_view text) {
    std::string const terminated{text};
    Bytes bytes{};
    if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return bytes;
    std::array<unsigned char, 4> v4{};
    if (inet_pton(AF_INET, terminated.c_str(), v4.data()) != 1) return std::nullopt;
    bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, v4[0], v4[1], v4[2], v4[3]};
    return bytes;
}

bool is_mapped_v4(Bytes const& bytes) {
    for (std::size_t i = 0; i < 10; ++i)
        if (bytes[i] != 0) return false;
    return bytes[10] == 0xff && bytes[11] == 0xff;
}

template <class Number>
std::optional<Number> parse_number(std::string_view digits, Number most) {
    Number number{};
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size() || number > most) return {};
    return number;
}

struct Network {
    Bytes bytes{};
    unsigned prefix_bits = 128;
};

std::optional<Network> parse_network(std::string_view text) {
    auto const slash = text.find('/');
    auto const address = parse_address(text.substr(0, slash));
    if (!address) return std::nullopt;
    Network network{*address, 128};
    if (slash == std::string_view::npos) return network;
    bool const v4 = text.find(':') == std::string_view::npos;
    auto const bits = parse_number<unsigned>(text.substr(slash + 1), v4 ? 32U : 128U);
    if (!bits) return std::nullopt;
    network.prefix_bits = v4 ? *bits + 96 : *bits;
    return network;
}

}  // namespace

std::optional<Listen> parse_listen(std::string_view text) {
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto const port = parse_number<std::uint32_t>(text.substr(colon + 1), 65535U);
    if (!port) return std::nullopt;
    auto host = text.substr(0, colon);
    if (host == "localhost") host = "127.0.0.1";
    bool const bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    bool const v6 = host.find(':') != std::string_view::npos;
    if (v6 != bracketed || !parse_address(host)) return std::nullopt;
    Listen listen;
    listen.host = std::string{host};
    listen.port = static_cast<std::uint16_t>(*port);
    listen.loopback = is_loopback_address(host);
    return listen;
}

bool is_loopback_address(std::string_view address) {
    auto const bytes = parse_address(address);
    if (!bytes) return false;
    if (is_mapped_v4(*bytes)) return (*bytes)[12] == 127;
    for (std::size_t i = 0; i < 15; ++i)
        if ((*bytes)[i] != 0) return false;
    return bytes->back() == 1;
}

bool is_loopback_host(std::string_view host_header) {
    auto host = host_header;
    if (!host.empty() && host.front() == '[') {
        auto const close = host.find(']');
        if (close == std::string_view::npos) return false;
        auto const rest = host.substr(close + 1);
        if (!rest.empty() && (rest.front() != ':' || !parse_number(rest.substr(1), 65535U)))
            return false;
        host = host.substr(1, close - 1);
        return host.find(':') != std::string_view::npos && is_loopback_address(host);
    }
    if (auto const colon = host.find(':'); colon != std::string_view::npos) {
        if (!parse_number(host.substr(colon + 1), 65535U)) return false;
        host = host.substr(0, colon);
    }
    std::string lower{host};
    for (auto& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower == "localhost" || is_loopback_address(lower);
}

bool in_network(std::string_view address, std::string_view network) {
    auto const bytes = parse_address(address);
    auto const range = parse_network(network);
    if (!bytes || !range) return false;
    for (unsigned bit = 0; bit < range->prefix_bits; ++bit) {
        auto const mask = static_cast<unsigned char>(0x80U >> (bit % 8));
        if (((*bytes)[bit / 8] & mask) != (range->bytes[bit / 8] & mask)) return false;
    }
    return true;
}

bool is_network(std::string_view network) { return parse_network(network).has_value(); }

}  // namespace cds::server
