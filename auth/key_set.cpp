#include "auth/key_set.hpp"

#include <map>

namespace cds::auth {
namespace {

using base::Error;
using base::ErrorCode;

}  // namespace

base::Result<KeySet> KeySet::read(std::string_view jwks) {
    if (jwks.size() > most_bytes)
        return Error{ErrorCode::too_large, "", "A JWKS may have 256 KiB."};
    base::json::Document document;
    base::json::Limits limits;
    limits.max_depth = 8;
    auto const root = document.parse(jwks, limits);
    if (!root) return root.error();
    return read(*root);
}

base::Result<KeySet> KeySet::read(base::json::Value jwks) {
    auto const entries = jwks["keys"];
    if (!entries.is_array())
        return Error{ErrorCode::invalid, "/keys", "A JWKS has an array of keys."};
    if (entries.size() > most_keys)
        return Error{ErrorCode::too_large, "/keys", "A JWKS may have 50 keys."};
    std::map<std::string_view, int> named;
    for (auto const entry : entries)
        if (auto const id = entry["kid"]; id.is_string()) ++named[id.string()];
    KeySet set;
    for (auto const entry : entries) {
        auto const id = entry["kid"];
        bool const ambiguous = id.is_string() && named[id.string()] > 1;
        auto key = PublicKey::read(entry);
        if (key && !ambiguous)
            set.keys_.push_back(*std::move(key));
        else
            ++set.passed_over_;
    }
    return set;
}

PublicKey const* KeySet::find(std::string_view id) const noexcept {
    for (auto const& key : keys_)
        if (key.id() && *key.id() == id) return &key;
    return nullptr;
}

}  // namespace cds::auth
