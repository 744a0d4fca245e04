#include "server/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <boost/asio/ssl/context.hpp>
#include <ctime>

namespace cds::server {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

/// ECDHE with AEAD only; TLS 1.3 has nothing else.
constexpr char const* ciphers_1_2 =
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
    "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";

base::Error bad(std::string_view key, std::string what) {
    ERR_clear_error();
    return {base::ErrorCode::invalid, std::string{key}, std::move(what)};
}

/// ALPN (RFC 7301): http/1.1 is all that is spoken; who offers other protocols only is refused.
int choose_protocol(SSL*, unsigned char const** out, unsigned char* out_length,
                    unsigned char const* offered, unsigned offered_length, void*) {
    static constexpr unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* chosen = nullptr;
    auto const found =
        SSL_select_next_proto(&chosen, out_length, ours, sizeof ours, offered, offered_length);
    *out = chosen;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

base::Instant end_of(SSL_CTX* context) {
    std::tm parts{};
    auto const* const certificate = SSL_CTX_get0_certificate(context);
    if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1) return {};
    return base::Instant{std::chrono::seconds{::timegm(&parts)}};
}

void set_rules(SSL_CTX* context) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_cipher_list(context, ciphers_1_2);
    SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384");
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
    static constexpr unsigned char name[] = {'c', 'd', 's'};
    SSL_CTX_set_session_id_context(context, name, sizeof name);
    // An idle connection then gives its 32 KiB of buffers back.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
}

}  // namespace

base::Result<std::shared_ptr<Tls const>> load_tls(Settings const& settings) {
    if (settings.tls_certificate.empty() && settings.tls_key.empty() &&
        settings.tls_client_ca.empty())
        return std::shared_ptr<Tls const>{};
    if (settings.tls_certificate.empty() || settings.tls_key.empty())
        return bad("tls-certificate", "tls-certificate and tls-key go together; give both.");
    auto tls = std::make_shared<Tls>();
    tls->context = std::make_shared<ssl::context>(ssl::context::tls_server);
    auto& context = *tls->context;
    set_rules(context.native_handle());
    error_code error;
    // A key with a passphrase is refused; without this OpenSSL would ask for it at the terminal.
    context.set_password_callback([](std::size_t, auto) { return std::string{}; }, error);
    context.use_certificate_chain_file(settings.tls_certificate, error);
    if (error)
        return bad("tls-certificate",
                   "The file cannot be read, or is no certificate chain in PEM.");
    context.use_private_key_file(settings.tls_key, ssl::context::pem, error);
    if (error || SSL_CTX_check_private_key(context.native_handle()) != 1)
        return bad("tls-key",
                   "The file cannot be read, or is no private key in PEM that belongs to the "
                   "certificate.");
    if (!settings.tls_client_ca.empty()) {
        context.load_verify_file(settings.tls_client_ca, error);
        if (error)
            return bad("tls-client-ca", "The file cannot be read, or holds no certificate in PEM.");
        context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, error);
    }
    tls->certificate_ends = end_of(context.native_handle());
    ERR_clear_error();
    return std::shared_ptr<Tls const>{std::move(tls)};
}

int days_left(Tls const& tls, base::Instant now) {
    return static_cast<int>(
        std::chrono::floor<std::chrono::days>(tls.certificate_ends - now).count());
}

}  // namespace cds::server
