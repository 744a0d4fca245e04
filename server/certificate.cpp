#include "server/certificate.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "server/address.hpp"

namespace cds::server {
namespace {

using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

std::string text_of(BIO* memory) {
    char* data = nullptr;
    auto const size = BIO_get_mem_data(memory, &data);
    return size > 0 ? std::string{data, static_cast<std::size_t>(size)} : std::string{};
}

bool add_extension(X509* certificate, X509* issuer, int kind, std::string const& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> const extension{
        X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()), X509_EXTENSION_free};
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

/// "DNS:localhost,IP:127.0.0.1"
std::string alternative_names(std::vector<std::string> const& hosts) {
    std::string out;
    for (auto const& host : hosts) {
        if (!out.empty()) out += ',';
        out += (is_network(host) ? "IP:" : "DNS:") + host;
    }
    return out;
}

bool set_times(X509* certificate, Certificate::Wanted const& wanted) {
    auto const seconds = [](base::Instant instant) {
        return static_cast<time_t>(
            std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count());
    };
    return ASN1_TIME_set(X509_getm_notBefore(certificate), seconds(wanted.from)) &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), seconds(wanted.until));
}

bool set_name(X509* certificate, std::string const& name) {
    auto const* const text = name.c_str();
    void const* const generic = text;
    return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                      static_cast<unsigned char const*>(generic), -1, -1, 0) == 1;
}

bool set_serial(X509* certificate) {
    std::uint64_t number = 0;
    void* const place = &number;
    return RAND_bytes(static_cast<unsigned char*>(place), sizeof number) == 1 &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), number >> 1U) == 1;
}

bool add_extensions(X509* certificate, X509* issuer, Certificate::Wanted const& wanted,
                    bool authority) {
    auto const add = [&](int kind, std::string const& value) {
        return add_extension(certificate, issuer, kind, value);
    };
    if (!add(NID_subject_key_identifier, "hash")) return false;
    if (authority)
        return add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
               add(NID_key_usage, "critical,keyCertSign,cRLSign");
    bool const server = !wanted.hosts.empty();
    return add(NID_basic_constraints, "critical,CA:FALSE") &&
           add(NID_authority_key_identifier, "keyid") &&
           add(NID_key_usage, "critical,digitalSignature") &&
           add(NID_ext_key_usage, server ? "serverAuth" : "clientAuth") &&
           (!server || add(NID_subject_alt_name, alternative_names(wanted.hosts)));
}

}  // namespace

base::Result<Certificate> Certificate::make(Wanted const& wanted, Certificate const* issuer) {
    Certificate made;
    made.key_ = {EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free};
    made.certificate_ = {X509_new(), X509_free};
    auto* const certificate = made.certificate_.get();
    auto const* const parent = issuer ? issuer : &made;
    bool const good =
        certificate && made.key_ && X509_set_version(certificate, 2) == 1 &&
        set_serial(certificate) && set_name(certificate, wanted.name) &&
        X509_set_issuer_name(certificate, X509_get_subject_name(parent->certificate_.get())) == 1 &&
        set_times(certificate, wanted) && X509_set_pubkey(certificate, made.key_.get()) == 1 &&
        add_extensions(certificate, parent->certificate_.get(), wanted, issuer == nullptr) &&
        X509_sign(certificate, parent->key_.get(), EVP_sha256()) > 0;
    ERR_clear_error();
    if (!good)
        return base::Error{base::ErrorCode::internal, "", "The certificate could not be made."};
    return made;
}

base::Result<Certificate> Certificate::authority(Wanted const& wanted) {
    return make(wanted, nullptr);
}

base::Result<Certificate> Certificate::issue(Wanted const& wanted) const {
    return make(wanted, this);
}

std::string Certificate::certificate_pem() const {
    Memory const memory{BIO_new(BIO_s_mem()), BIO_free};
    PEM_write_bio_X509(memory.get(), certificate_.get());
    return text_of(memory.get());
}

std::string Certificate::key_pem() const {
    Memory const memory{BIO_new(BIO_s_mem()), BIO_free};
    PEM_write_bio_PrivateKey(memory.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return text_of(memory.get());
}

}  // namespace cds::server
