#include "tests/server/jwks_server.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace cds::server::test {

JwksServer::JwksServer() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    void* const generic = &address;
    socklen_t size = sizeof address;
    if (::bind(listener_, static_cast<sockaddr*>(generic), size) != 0 ||
        ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, static_cast<sockaddr*>(generic), &size) != 0)
        throw std::runtime_error{"cannot listen"};
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { run(); }};
}

JwksServer::~JwksServer() {
    ending_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
}

std::string JwksServer::url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/jwks";
}

void JwksServer::answer_with(std::string text) {
    std::lock_guard const lock{mutex_};
    text_ = std::move(text);
}

void JwksServer::serve(std::string const& body) {
    answer_with(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
        "Content-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body);
}

void JwksServer::run() {
    while (!ending_) {
        int const caller = ::accept(listener_, nullptr, nullptr);
        if (caller < 0) return;
        ++requests_;
        std::array<char, 4096> bytes{};
        [[maybe_unused]] auto const got = ::recv(caller, bytes.data(), bytes.size(), 0);
        while (held_ && !ending_) std::this_thread::yield();
        std::string text;
        {
            std::lock_guard const lock{mutex_};
            text = text_;
        }
        pollfd gone{caller, POLLIN, 0};
        if (text.empty())
            while (!ending_ && ::poll(&gone, 1, 10) == 0) continue;
        std::size_t sent = 0;
        while (sent < text.size()) {
            auto const count = ::send(caller, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
            if (count <= 0) break;
            sent += static_cast<std::size_t>(count);
        }
        ::close(caller);
    }
}

}  // namespace cds::server::test
