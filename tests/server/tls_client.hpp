#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;
struct ssl_session_st;

namespace cds::server::test {

/// What a TLS client of a test does differently.
struct TlsWishes {
    int least_version = 0, most_version = 0;  ///< as OpenSSL numbers them; 0: its own
    std::string ciphers;                      ///< of TLS 1.2; empty: OpenSSL's
    std::string ca_file;                      ///< whom it trusts; empty: everybody
    std::string certificate_file, key_file;   ///< its own; empty: none
    std::string protocols;                    ///< for ALPN, in wire form; empty: none offered
    std::shared_ptr<ssl_session_st> session;  ///< to be resumed
};

/// A blocking TLS client over loopback.
class TlsClient {
public:
    TlsClient(std::uint16_t port, TlsWishes const& wishes = {});
    ~TlsClient();
    TlsClient(TlsClient const&) = delete;
    TlsClient& operator=(TlsClient const&) = delete;

    /// Whether the handshake was completed.
    bool connected() const { return connected_; }
    /// Sends a request; everything that is received until a whole answer is there, or the end.
    std::string ask(std::string_view request);
    /// "TLSv1.3"
    std::string version() const;
    std::string protocol() const;  ///< that ALPN chose
    bool resumed() const;
    std::string peer_serial() const;
    std::shared_ptr<ssl_session_st> session() const;

private:
    int socket_ = -1;
    std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;
    std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
    bool connected_ = false;
};

}  // namespace cds::server::test
