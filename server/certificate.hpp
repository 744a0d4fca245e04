#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.hpp"
#include "base/result.hpp"

struct evp_pkey_st;
struct x509_st;

namespace cds::server {

/// A certificate with its key, made here: for trying TLS out, and for tests.
class Certificate {
public:
    struct Wanted {
        std::string name;                ///< common name
        std::vector<std::string> hosts;  ///< names and addresses of a server; empty: a client's
        base::Instant from{}, until{};
    };
    /// An authority that signed itself.
    static base::Result<Certificate> authority(Wanted const& wanted);
    /// One that this authority signed.
    base::Result<Certificate> issue(Wanted const& wanted) const;

    std::string certificate_pem() const;
    std::string key_pem() const;

private:
    static base::Result<Certificate> make(Wanted const& wanted, Certificate const* issuer);
    std::shared_ptr<evp_pkey_st> key_;
    std::shared_ptr<x509_st> certificate_;
};

}  // namespace cds::server
