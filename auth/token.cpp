#include "auth/token.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/json.hpp"

namespace cds::auth {
namespace {

using base::json::Value;

constexpr std::size_t longest_token_id = 256;
constexpr std::array every_algorithm{Algorithm::es256, Algorithm::es384, Algorithm::rs256,
                                     Algorithm::rs384, Algorithm::eddsa};

/// A NumericDate (RFC 7519, section 2) from 1970 to 9999, whole or with a fraction, which is cut.
/// No exponents: no caller needs them, and they are where readers of numbers differ.
std::optional<base::Instant> numeric_date(Value value) {
    auto const digits = value.number();
    auto const dot = digits.find('.');
    auto const whole = digits.substr(0, dot);
    constexpr std::string_view decimal = "0123456789";
    if (whole.empty() || whole.size() > 12 || digits.size() > 24) return std::nullopt;
    if (whole.find_first_not_of(decimal) != whole.npos) return std::nullopt;
    if (dot != digits.npos && digits.find_first_not_of(decimal, dot + 1) != digits.npos)
        return std::nullopt;
    std::int64_t seconds = 0;
    std::from_chars(whole.data(), whole.data() + whole.size(), seconds);
    return base::Instant{std::chrono::seconds{seconds}};
}

struct Claims {
    base::Instant issued_at{}, expires{}, not_before{};
    std::string_view issuer, token_id;
    Value audience;
};

std::optional<Claims> read_claims(Value root) {
    if (!root.is_object()) return std::nullopt;
    Claims claims;
    auto const issued_at = numeric_date(root["iat"]);
    auto const expires = numeric_date(root["exp"]);
    auto const not_before = root["nbf"] ? numeric_date(root["nbf"]) : base::Instant{};
    claims.issuer = root["iss"].string();
    claims.token_id = root["jti"].string();
    claims.audience = root["aud"];
    bool const whole = issued_at && expires && not_before && !claims.issuer.empty() &&
                       !claims.token_id.empty() && claims.token_id.size() <= longest_token_id;
    if (!whole) return std::nullopt;
    claims.issued_at = *issued_at;
    claims.expires = *expires;
    claims.not_before = *not_before;
    return claims;
}

bool is_audience(std::string_view value, Client const& client, Paths paths) {
    if (std::ranges::find(client.audiences, value) != client.audiences.end()) return true;
    for (std::string_view const base : client.audience_bases)
        if (value.starts_with(base) &&
            std::ranges::find(paths, value.substr(base.size())) != paths.end())
            return true;
    return false;
}

bool has_audience(Value audience, Client const& client, Paths paths) {
    if (!audience.is_string() && !audience.is_array()) return false;
    for (auto const one : audience.each())
        if (one.is_string() && is_audience(one.string(), client, paths)) return true;
    return false;
}

std::optional<Refusal> fault_of_times(Claims const& claims, Client const& client,
                                      base::Instant now) {
    if (now >= claims.expires + clock_leeway) return Refusal::expired;
    if (claims.issued_at > now + clock_leeway || claims.not_before > now + clock_leeway)
        return Refusal::not_yet_valid;
    auto const lifetime = claims.expires - claims.issued_at;
    if (lifetime <= std::chrono::seconds{0} || lifetime > client.token_lifetime)
        return Refusal::lifetime;
    return {};
}

}  // namespace

Checked<std::string_view> bearer_token(std::string_view authorization) {
    constexpr std::string_view scheme = "bearer";
    if (authorization.size() <= scheme.size()) return Refusal::no_token;
    for (std::size_t i = 0; i < scheme.size(); ++i)
        if ((authorization[i] | 0x20) != scheme[i]) return Refusal::no_token;
    auto const token = authorization.substr(scheme.size());
    auto const start = token.find_first_not_of(' ');
    if (start == 0 || start == token.npos) return Refusal::no_token;
    return token.substr(start);
}

Checked<Candidate> check_token(std::string_view token, Registry const& registry, Paths paths,
                               base::Instant now) {
    auto jws = read_jws(token, every_algorithm);
    if (!jws) return jws.error();
    if (!jws->key_id) return Refusal::key_id;
    base::json::Document document;
    base::json::Limits limits;
    limits.max_depth = 8;
    auto const root = document.parse(jws->payload, limits);
    auto const claims = root ? read_claims(*root) : std::nullopt;
    if (!claims) return Refusal::claims;
    auto const* const client = registry.find(claims->issuer);
    if (!client) return Refusal::issuer;
    if (!client->allows(jws->algorithm)) return Refusal::algorithm;
    if (jws->key_url && (client->jwks_url.empty() || *jws->key_url != client->jwks_url))
        return Refusal::header_keys;
    if (!has_audience(claims->audience, *client, paths)) return Refusal::audience;
    if (auto const fault = fault_of_times(*claims, *client, now)) return *fault;
    Candidate candidate;
    candidate.client = client;
    candidate.token_id = std::string{claims->token_id};
    candidate.remember_until = claims->expires + clock_leeway;
    candidate.jws = *std::move(jws);
    return candidate;
}

}  // namespace cds::auth
