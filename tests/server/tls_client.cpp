#include "tests/server/tls_client.hpp"

#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <stdexcept>

namespace cds::server::test {
namespace {

int connected_socket(std::uint16_t port) {
    int const descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    void* const generic = &address;
    timeval const patience{20, 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::connect(descriptor, static_cast<sockaddr*>(generic), sizeof address) != 0)
        throw std::runtime_error{"cannot connect"};
    return descriptor;
}

/// Whether `text` holds a whole answer.
bool whole(std::string_view text) {
    auto const end = text.find("\r\n\r\n");
    auto const field = text.find("Content-Length: ");
    if (end == text.npos) return false;
    std::size_t length = 0;
    if (field != text.npos && field < end)
        std::from_chars(text.data() + field + 16, text.data() + end, length);
    return text.size() >= end + 4 + length;
}

}  // namespace

TlsClient::TlsClient(std::uint16_t port, TlsWishes const& wishes)
    : socket_{connected_socket(port)},
      context_{SSL_CTX_new(TLS_client_method()), SSL_CTX_free},
      ssl_{nullptr, SSL_free} {
    auto* const context = context_.get();
    // So that a client may try what the server is to refuse.
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, wishes.least_version);
    SSL_CTX_set_max_proto_version(context, wishes.most_version);
    if (!wishes.ciphers.empty()) SSL_CTX_set_cipher_list(context, wishes.ciphers.c_str());
    if (!wishes.ca_file.empty()) {
        SSL_CTX_load_verify_locations(context, wishes.ca_file.c_str(), nullptr);
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    }
    if (!wishes.certificate_file.empty()) {
        SSL_CTX_use_certificate_chain_file(context, wishes.certificate_file.c_str());
        SSL_CTX_use_PrivateKey_file(context, wishes.key_file.c_str(), SSL_FILETYPE_PEM);
    }
    ssl_.reset(SSL_new(context));
    SSL_set_fd(ssl_.get(), socket_);
    SSL_set1_host(ssl_.get(), "localhost");
    if (!wishes.protocols.empty()) {
        void const* const bytes = wishes.protocols.data();
        SSL_set_alpn_protos(ssl_.get(), static_cast<unsigned char const*>(bytes),
                            static_cast<unsigned>(wishes.protocols.size()));
    }
    if (wishes.session) SSL_set_session(ssl_.get(), wishes.session.get());
    connected_ = SSL_connect(ssl_.get()) == 1;
    ERR_clear_error();
}

TlsClient::~TlsClient() {
    if (connected_) SSL_shutdown(ssl_.get());
    ERR_clear_error();
    ::close(socket_);
}

std::string TlsClient::ask(std::string_view request) {
    std::string received;
    if (!connected_) return received;
    SSL_write(ssl_.get(), request.data(), static_cast<int>(request.size()));
    std::array<char, 16384> bytes{};
    while (!whole(received)) {
        auto const count = SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
        if (count <= 0) break;
        received.append(bytes.data(), static_cast<std::size_t>(count));
    }
    ERR_clear_error();
    return received;
}

std::string TlsClient::version() const { return SSL_get_version(ssl_.get()); }

std::string TlsClient::protocol() const {
    unsigned char const* data = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(ssl_.get(), &data, &length);
    void const* const text = data;
    return data ? std::string{static_cast<char const*>(text), length} : std::string{};
}

bool TlsClient::resumed() const { return SSL_session_reused(ssl_.get()) == 1; }

std::string TlsClient::peer_serial() const {
    auto const* const certificate = SSL_get0_peer_certificate(ssl_.get());
    if (!certificate) return {};
    std::uint64_t number = 0;
    ASN1_INTEGER_get_uint64(&number, X509_get0_serialNumber(certificate));
    return std::to_string(number);
}

std::shared_ptr<ssl_session_st> TlsClient::session() const {
    return {SSL_get1_session(ssl_.get()), SSL_SESSION_free};
}

}  // namespace cds::server::test
