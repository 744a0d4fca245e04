#include "auth/jws.hpp"

#include <algorithm>

#include "base/base64url.hpp"
#include "base/json.hpp"

namespace cds::auth {
namespace {

constexpr std::size_t longest_key_id = 256;

/// "JWT" in any case of letters; other kinds of token are for other purposes.
bool is_jwt_type(std::string_view type) {
    return type.size() == 3 && (type[0] | 0x20) == 'j' && (type[1] | 0x20) == 'w' &&
           (type[2] | 0x20) == 't';
}

std::optional<Refusal> fault_of_header(base::json::Value header,
                                       std::span<Algorithm const> allowed) {
    auto const algorithm = algorithm_of(header["alg"].string());
    if (!algorithm || std::ranges::find(allowed, *algorithm) == allowed.end())
        return Refusal::algorithm;
    for (auto const* const member : {"jwk", "x5c", "x5u"})
        if (header[member]) return Refusal::header_keys;
    for (auto const* const member : {"crit", "b64", "enc", "zip", "cty"})
        if (header[member]) return Refusal::extension;
    if (auto const type = header["typ"]; type && !is_jwt_type(type.string()))
        return Refusal::header;
    if (auto const jku = header["jku"]; jku && !jku.is_string()) return Refusal::header_keys;
    auto const kid = header["kid"];
    if (kid && (!kid.is_string() || kid.string().empty() || kid.string().size() > longest_key_id))
        return Refusal::key_id;
    return {};
}

Checked<void> verify_with(PublicKey const& key, Jws const& jws) {
    if (!key.fits(jws.algorithm)) return Refusal::wrong_key;
    if (!key.verifies(jws.algorithm, jws.signed_part, jws.signature)) return Refusal::signature;
    return {};
}

}  // namespace

Checked<Jws> read_jws(std::string_view text, std::span<Algorithm const> allowed) {
    if (text.size() > longest_jws_bytes) return Refusal::too_long;
    auto const first = text.find('.');
    auto const second = first == text.npos ? text.npos : text.find('.', first + 1);
    if (second == text.npos || text.find('.', second + 1) != text.npos) return Refusal::form;
    auto const header_bytes = base::from_base64url(text.substr(0, first));
    auto payload = base::from_base64url(text.substr(first + 1, second - first - 1));
    auto signature = base::from_base64url(text.substr(second + 1));
    if (!header_bytes || !payload || !signature || header_bytes->empty() || signature->empty())
        return Refusal::form;
    base::json::Document document;
    base::json::Limits limits;
    limits.max_depth = 8;
    auto const header = document.parse(*header_bytes, limits);
    if (!header || !header->is_object()) return Refusal::header;
    if (auto const fault = fault_of_header(*header, allowed)) return *fault;
    Jws jws;
    jws.algorithm = *algorithm_of((*header)["alg"].string());
    if (auto const kid = (*header)["kid"]) jws.key_id = std::string{kid.string()};
    if (auto const jku = (*header)["jku"]) jws.key_url = std::string{jku.string()};
    jws.signed_part = text.substr(0, second);
    jws.payload = *std::move(payload);
    jws.signature = *std::move(signature);
    return jws;
}

Checked<void> verify(Jws const& jws, KeySet const& keys) {
    if (!jws.key_id) return Refusal::key_id;
    auto const* const key = keys.find(*jws.key_id);
    if (!key) return Refusal::unknown_key;
    return verify_with(*key, jws);
}

Checked<void> verify_with_only_key(Jws const& jws, KeySet const& keys) {
    if (jws.key_id) return verify(jws, keys);
    if (keys.keys().size() != 1 || keys.passed_over() > 0) return Refusal::unknown_key;
    return verify_with(keys.keys().front(), jws);
}

}  // namespace cds::auth
