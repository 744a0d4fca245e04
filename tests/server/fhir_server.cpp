#include "tests/server/fhir_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string_view>

namespace cds::server::test {

namespace {

bool send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        auto const sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::string lower_case(std::string text) {
    for (auto& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

FhirRequest parse(std::string_view head) {
    FhirRequest request;
    auto const first = head.substr(0, head.find("\r\n"));
    auto const space = first.find(' ');
    request.target = first.substr(space + 1, first.rfind(' ') - space - 1);
    for (auto rest = head.substr(first.size() + 2); rest.find("\r\n") != rest.npos;) {
        auto const line = rest.substr(0, rest.find("\r\n"));
        rest.remove_prefix(line.size() + 2);
        auto const colon = line.find(": ");
        if (colon != line.npos)
            request.fields[lower_case(std::string{line.substr(0, colon)})] = line.substr(colon + 2);
    }
    return request;
}

std::string head_of(FhirReply const& reply, std::size_t length) {
    std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " Scripted\r\n";
    if (!reply.content_type.empty()) head += "Content-Type: " + reply.content_type + "\r\n";
    for (auto const& [name, value] : reply.fields) head += name + ": " + value + "\r\n";
    if (reply.end == FhirReply::End::endless)
        head += "Transfer-Encoding: chunked\r\n";
    else if (reply.status != 204)
        head += "Content-Length: " + std::to_string(length) + "\r\n";
    return head + "\r\n";
}

}  // namespace

FhirServer::FhirServer(Script script) : script_{std::move(script)} {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = static_cast<sockaddr*>(static_cast<void*>(&address));
    if (listener_ < 0 || ::bind(listener_, any, size) != 0 || ::listen(listener_, 128) != 0 ||
        ::getsockname(listener_, any, &size) != 0)
        throw std::runtime_error{"the FHIR server of the test cannot listen"};
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread{[this] { accept_all(); }};
}

FhirServer::~FhirServer() {
    {
        std::lock_guard const lock{mutex_};
        ended_ = true;
        for (int const socket : sockets_) ::shutdown(socket, SHUT_RDWR);
    }
    ending_.notify_all();
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (auto& thread : threads_) thread.join();
    for (int const socket : sockets_) ::close(socket);
    ::close(listener_);
}

std::vector<FhirRequest> FhirServer::requests() const {
    std::lock_guard const lock{mutex_};
    return requests_;
}

std::size_t FhirServer::connections() const {
    std::lock_guard const lock{mutex_};
    return sockets_.size();
}

void FhirServer::accept_all() {
    while (true) {
        int const socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) return;
        std::lock_guard const lock{mutex_};
        if (ended_) {
            ::close(socket);
            return;
        }
        sockets_.push_back(socket);
        threads_.emplace_back([this, socket, number = sockets_.size()] { serve(socket, number); });
    }
}

bool FhirServer::wait(std::chrono::milliseconds time) {
    std::unique_lock lock{mutex_};
    return !ending_.wait_for(lock, time, [this] { return ended_; });
}

void FhirServer::serve(int socket, std::uint64_t number) {
    std::string bytes;
    std::string chunk(16384, '\0');
    while (true) {
        auto end = bytes.find("\r\n\r\n");
        while (end == std::string::npos) {
            auto const count = ::recv(socket, chunk.data(), chunk.size(), 0);
            if (count <= 0) return;
            bytes.append(chunk, 0, static_cast<std::size_t>(count));
            if (bytes.front() == '\x16') {  // a TLS handshake: nothing for this server
                ::shutdown(socket, SHUT_RDWR);
                return;
            }
            end = bytes.find("\r\n\r\n");
        }
        auto request = parse(std::string_view{bytes}.substr(0, end + 2));
        request.connection = number;
        bytes.erase(0, end + 4);
        {
            std::lock_guard const lock{mutex_};
            requests_.push_back(request);
        }
        if (!answer(socket, script_(request))) break;
    }
    ::shutdown(socket, SHUT_RDWR);
}

/// Whether another request may follow.
bool FhirServer::answer(int socket, FhirReply const& reply) {
    using End = FhirReply::End;
    if (reply.after.count() > 0 && !wait(reply.after)) return false;
    switch (reply.end) {
        case End::whole:
            return send_all(socket, head_of(reply, reply.body.size()) + reply.body);
        case End::cut_off:
            send_all(socket, head_of(reply, reply.body.size() + 100) + reply.body);
            return false;
        case End::reset: {
            linger const hard{1, 0};
            ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
            ::shutdown(socket, SHUT_RD);
            std::lock_guard const lock{mutex_};
            // A connection in place of this one: its descriptor stays ours until the end.
            int const other = ::open("/dev/null", O_RDWR | O_CLOEXEC);
            ::dup3(other, socket, O_CLOEXEC);
            ::close(other);
            return false;
        }
        case End::endless:
            if (!send_all(socket, head_of(reply, 0))) return false;
            while (send_all(socket, "4000\r\n" + std::string(0x4000, ' ') + "\r\n")) {
            }
            return false;
        case End::drip:
            if (!send_all(socket, head_of(reply, reply.body.size()))) return false;
            for (char const c : reply.body) {
                if (!wait(std::chrono::milliseconds{20}) || !send_all(socket, {&c, 1}))
                    return false;
            }
            return true;
        case End::never:
            while (wait(std::chrono::hours{1})) {
            }
            return false;
    }
    return false;
}

}  // namespace cds::server::test
