#include "tests/server/http_client.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <stdexcept>

#include "server/header_text.hpp"
#include "tests/hooks/linted.hpp"

namespace cds::server::test {
namespace {

constexpr int patience_ms = 20'000;

Answer parse_head(std::string_view head) {
    Answer answer;
    auto line_end = head.find("\r\n");
    auto const status = head.substr(9, 3);
    std::from_chars(status.data(), status.data() + status.size(), answer.status);
    while (line_end != std::string_view::npos) {
        head.remove_prefix(line_end + 2);
        line_end = head.find("\r\n");
        auto const line = head.substr(0, line_end);
        auto const colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        std::string name{line.substr(0, colon)};
        for (auto& c : name) c = lower(c);
        answer.fields[name] = std::string{trimmed(line.substr(colon + 1))};
    }
    return answer;
}

/// Whatever a test receives, our own answers keep the specification.
void lint_message(std::string const& body) {
    base::json::Document document;
    auto const root = document.parse(body);
    auto const kind = root ? hooks::lint::recognise(*root) : std::nullopt;
    using hooks::lint::Kind;
    if (kind == Kind::response || kind == Kind::discovery) {
        EXPECT_EQ(hooks::lint_errors(body, *kind), "") << body;
    }
}

}  // namespace

Client::Client(std::uint16_t port, int receive_buffer_bytes) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receive_buffer_bytes > 0)
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes,
                     sizeof receive_buffer_bytes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    void* const generic = &address;
    if (::connect(socket_, static_cast<sockaddr*>(generic), sizeof address) != 0)
        throw std::runtime_error{"cannot connect"};
}

Client::~Client() { ::close(socket_); }

bool Client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        auto const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void Client::end_sending() { ::shutdown(socket_, SHUT_WR); }

bool Client::fill() {
    pollfd ready{socket_, POLLIN, 0};
    if (::poll(&ready, 1, patience_ms) <= 0)
        throw std::runtime_error{"the server neither answered nor closed"};
    std::array<char, 65536> bytes;  // NOLINT: filled by recv
    auto const count = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (count <= 0) return false;
    buffer_.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
}

std::optional<Answer> Client::receive(bool head_only) {
    auto end = buffer_.find("\r\n\r\n");
    while (end == std::string::npos) {
        if (!fill()) return {};
        end = buffer_.find("\r\n\r\n");
    }
    auto answer = parse_head(std::string_view{buffer_}.substr(0, end + 2));
    buffer_.erase(0, end + 4);
    auto const length_text = answer.field("content-length");
    std::size_t length = 0;
    std::from_chars(length_text.data(), length_text.data() + length_text.size(), length);
    if (head_only) length = 0;
    while (buffer_.size() < length)
        if (!fill()) return {};
    answer.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    if (answer.status == 200) lint_message(answer.body);
    return answer;
}

std::vector<Answer> Client::receive_all() {
    std::vector<Answer> answers;
    while (auto answer = receive()) answers.push_back(*std::move(answer));
    return answers;
}

bool Client::closed() { return buffer_.empty() && !fill(); }

std::optional<Answer> ask(std::uint16_t port, std::string_view request, bool head_only) {
    Client client{port};
    client.send(request);
    return client.receive(head_only);
}

std::string get(std::string_view target, std::string_view lines) {
    return "GET " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\n" + std::string{lines} +
           "\r\n";
}

std::string post(std::string_view body, std::string_view lines) {
    return "POST /cds-services/immunosuppressant-safety HTTP/1.1\r\nHost: localhost\r\n"
           "Content-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n" + std::string{lines} + "\r\n" + std::string{body};
}

std::string_view empty_call() {
    return R"({"hook":"order-sign","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","context":{)"
           R"("userId":"Practitioner/example","patientId":"1288992","draftOrders":)"
           R"({"resourceType":"Bundle","type":"collection","entry":[]}}})";
}

}  // namespace cds::server::test
