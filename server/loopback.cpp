#include "server/loopback.hpp"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <iterator>

#include "server/address.hpp"

namespace cds::server {
namespace {

constexpr std::string_view scheme = "http://";
constexpr std::chrono::seconds patience{10};

/// The parts of a URL, as they are sent and connected to.
struct Target {
    std::string authority, host, port, path;
};

base::Result<Target> read_url(std::string_view url) {
    Target target;
    auto rest = url.substr(std::min(scheme.size(), url.size()));
    auto const slash = std::min(rest.find('/'), rest.size());
    target.authority = rest.substr(0, slash);
    target.path = slash == rest.size() ? "/" : std::string{rest.substr(slash)};
    bool const is_printable = url.find_first_of(" \t\r\n") == std::string_view::npos;
    if (!url.starts_with(scheme) || !is_printable || !is_loopback_host(target.authority))
        return base::Error{base::ErrorCode::invalid, "the URL",
                           "Only plain http to this machine is asked, for example "
                           "http://127.0.0.1:8080/cds-services."};
    auto const bracket = target.authority.rfind(']');
    auto const colon = target.authority.rfind(':');
    bool const has_port =
        colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
    target.host = target.authority.substr(0, has_port ? colon : std::string::npos);
    target.port = has_port ? target.authority.substr(colon + 1) : "80";
    if (target.host.starts_with('[')) target.host = target.host.substr(1, target.host.size() - 2);
    if (target.host == "localhost") target.host = "127.0.0.1";
    return target;
}

}  // namespace

bool is_url(std::string_view text) { return text.find("://") != std::string_view::npos; }

base::Result<std::string> ask_loopback(std::string_view url, std::string_view body) {
    auto const target = read_url(url);
    if (!target) return target.error();
    boost::asio::ip::tcp::iostream stream;
    stream.expires_after(patience);
    stream.connect(target->host, target->port);
    // HTTP/1.0: the answer comes in one piece and ends with the connection.
    stream << (body.empty() ? "GET " : "POST ") << target->path
           << " HTTP/1.0\r\nHost: " << target->authority << "\r\nAccept: application/json\r\n";
    if (!body.empty())
        stream << "Content-Type: application/json\r\nContent-Length: " << body.size() << "\r\n";
    stream << "Connection: close\r\n\r\n" << body << std::flush;
    std::string const answer{std::istreambuf_iterator<char>{stream}, {}};
    auto const end = answer.find("\r\n\r\n");
    if (!answer.starts_with("HTTP/1.") || end == std::string::npos)
        return base::Error{base::ErrorCode::unavailable, "the URL",
                           "No HTTP answer came; is the server running there?"};
    if (answer.substr(8, 5) != " 200 ")
        return base::Error{base::ErrorCode::unavailable, "the URL",
                           "The server answered with status " + answer.substr(9, 3) +
                               "; only what comes with 200 is looked at."};
    return answer.substr(end + 4);
}

}  // namespace cds::server
