#include "tests/auth/corpus.hpp"

#include <stdexcept>

#include "base/base64url.hpp"

namespace cds::auth::test {

Keys const& Keys::get() {
    static Keys const keys;
    return keys;
}

std::string Keys::jwks() const {
    auto const& twice = foreign;
    return R"({"keys":[)" + es384.public_jwk("ec") + "," + es256.public_jwk("p256") + "," +
           rs384.public_jwk("rsa") + R"(,{"kty":"oct","kid":"oct","k":"c2VjcmV0"},)" +
           twice.public_jwk("twice") + "," + es384.public_jwk("twice") + "]}";
}

Registry registry(std::string const& more) {
    auto const text = R"({"clients":[{"id":"ehr","issuer":")" + issuer + R"(","jwks":)" +
                      Keys::get().jwks() + more + "}]}";
    auto read = Registry::read(text, base_url);
    if (!read) throw std::runtime_error{read.error().where + ": " + read.error().what};
    return *std::move(read);
}

std::string object(Members const& members) {
    std::string out = "{";
    for (auto const& [name, value] : members) {
        if (value.empty()) continue;
        if (out.size() > 1) out += ',';
        out += '"' + name + "\":" + value;
    }
    return out + "}";
}

Members with(Members members, Members const& changes) {
    for (auto const& [name, value] : changes) {
        bool known = false;
        for (auto& member : members)
            if (member.first == name) {
                member.second = value;
                known = true;
            }
        if (!known) members.emplace_back(name, value);
    }
    return members;
}

Members good_header() { return {{"alg", R"("ES384")"}, {"typ", R"("JWT")"}, {"kid", R"("ec")"}}; }

Members good_claims() {
    auto const seconds = now.time_since_epoch().count() / 1000;
    return {{"iss", '"' + issuer + '"'},
            {"aud", '"' + base_url + service_path + '"'},
            {"iat", std::to_string(seconds)},
            {"exp", std::to_string(seconds + 300)},
            {"jti", R"("0b5c3b1e-6f5d-4b6a-9f60-2a2b7f0c9a11")"}};
}

std::string sealed(SigningKey const& key, std::string const& header, std::string const& claims) {
    auto const text = base::to_base64url(header) + "." + base::to_base64url(claims);
    return text + "." + base::to_base64url(key.sign(text));
}

}  // namespace cds::auth::test
