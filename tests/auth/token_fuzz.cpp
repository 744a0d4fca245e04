// Property: nothing that is not signed by a registered key is let in, whatever it looks like, and
// what is read of a token is within its limits.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "auth/token.hpp"

namespace auth = cds::auth;

namespace {

auth::Registry registry() {
    return *auth::Registry::read(
        R"({"clients":[{"id":"ehr","issuer":"i","algorithms":["ES256","ES384","RS256","RS384","EdDSA"],)"
        R"("jwks":{"keys":[{"kty":"EC","crv":"P-256","kid":"k",)"
        R"("x":"KSexBRK64-3c_kZ4KBKLrSkDJpkZ9whgacjE32xzKDg",)"
        R"("y":"x3h5ZOqsAOWSH7FJimD0YGdms9loUAFVjRqXTnNBUT4"}]}}]})",
        "https://cds");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static auth::Registry const clients = registry();
    static std::vector<std::string> const paths{"/cds-services/x"};
    void const* const bytes = data;
    std::string_view const text{static_cast<char const*>(bytes), size};
    if (auto const set = auth::KeySet::read(text))
        if (set->keys().size() > auth::KeySet::most_keys) std::abort();
    auto const now = cds::base::Instant{std::chrono::seconds{1'790'000'000}};
    auto const token = auth::check_token(text, clients, paths, now);
    if (!token) return 0;
    if (token->token_id.empty() || token->token_id.size() > 256) std::abort();
    if (auth::verify(token->jws, *token->client->keys)) std::abort();
    return 0;
}
