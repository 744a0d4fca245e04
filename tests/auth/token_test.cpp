#include "auth/token.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>

#include "tests/auth/corpus.hpp"

namespace cds::auth::test {
namespace {

std::vector<std::string> const paths{service_path};

/// As the server does it: what is cheap first, then the signature.
Checked<void> outcome(std::string const& token, Registry const& clients, base::Instant when = now) {
    auto const candidate = check_token(token, clients, paths, when);
    if (!candidate) return candidate.error();
    return verify(candidate->jws, *candidate->client->keys);
}

std::string changed_claims(Members const& changes) {
    return sealed(Keys::get().es384, object(good_header()), object(with(good_claims(), changes)));
}

TEST(Tokens, EveryAttackIsRefusedAndEveryGoodTokenTaken) {
    auto const clients = registry();
    std::set<std::string> tokens;
    std::size_t accepted = 0;
    for (auto const& attack : attacks()) {
        SCOPED_TRACE(attack.name);
        auto const result = outcome(attack.token, clients);
        EXPECT_EQ(result.has_value(), attack.accepted)
            << (result ? "accepted" : std::string{name(result.error())});
        tokens.insert(attack.token);
        accepted += attack.accepted ? 1 : 0;
    }
    EXPECT_GE(tokens.size(), 200U);
    EXPECT_GE(accepted, 10U);
}

TEST(Tokens, ForgedOnesAreRefusedForWhatIsForged) {
    auto const clients = registry();
    struct {
        std::string name;
        std::string token;
        Refusal refusal;
    } const rows[] = {
        {"audience", changed_claims({{"aud", '"' + base_url + '"'}}), Refusal::audience},
        {"expired", changed_claims({{"iat", "1"}, {"exp", "100"}}), Refusal::expired},
        {"lifetime", changed_claims({{"exp", "1790009999"}}), Refusal::lifetime},
        {"issuer", changed_claims({{"iss", "\"x\""}}), Refusal::issuer},
        {"signature", sealed(Keys::get().foreign, object(good_header()), object(good_claims())),
         Refusal::signature},
        {"key",
         sealed(Keys::get().es384, object(with(good_header(), {{"kid", "\"x\""}})),
                object(good_claims())),
         Refusal::unknown_key},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        auto const result = outcome(row.token, clients);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error(), row.refusal) << name(result.error());
    }
}

TEST(Tokens, MalleatedSignatureHasTheSameTokenId) {
    auto const clients = registry();
    auto const first = changed_claims({});
    auto const second = changed_claims({});
    EXPECT_NE(first, second) << "ECDSA signs with a fresh nonce";
    auto const a = check_token(first, clients, paths, now);
    auto const b = check_token(second, clients, paths, now);
    ASSERT_TRUE(a && b);
    EXPECT_EQ(a->token_id, b->token_id);
}

TEST(Tokens, AreRememberedUntilTheyAreRefusedAsExpired) {
    auto const clients = registry();
    auto const token = changed_claims({});
    auto const candidate = check_token(token, clients, paths, now);
    ASSERT_TRUE(candidate);
    EXPECT_TRUE(outcome(token, clients, candidate->remember_until - std::chrono::milliseconds{1}));
    EXPECT_FALSE(outcome(token, clients, candidate->remember_until));
}

TEST(Tokens, FeedbackTakesItsOwnUrlOrTheServices) {
    auto const clients = registry();
    std::vector<std::string> const feedback{service_path + "/feedback", service_path};
    auto const own = changed_claims({{"aud", '"' + base_url + service_path + "/feedback\""}});
    EXPECT_TRUE(check_token(own, clients, feedback, now));
    EXPECT_TRUE(check_token(changed_claims({}), clients, feedback, now));
    EXPECT_FALSE(check_token(own, clients, paths, now)) << "the service's endpoint";
}

TEST(Tokens, AsEpicMakesThemAreTaken) {
    auto const keys = KeySet::read(R"({"keys":[)" + Keys::get().rs384.public_jwk("aB+/c==") + "]}");
    ASSERT_TRUE(keys);
    auto const read =
        Registry::read(R"({"clients":[{"id":"epic","profile":"epic","issuer":")" + issuer +
                           R"(","jwksUrl":"https://epic.example.org/jwks"}]})",
                       base_url);
    ASSERT_TRUE(read);
    auto const after = [](int seconds) {
        auto const since = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
        return std::to_string(since.count() + seconds);
    };
    auto const token = [&](std::string const& jku) {
        auto const header =
            with(good_header(),
                 {{"alg", R"("RS384")"}, {"kid", R"("aB+/c==")"}, {"jku", '"' + jku + '"'}});
        auto const claims = with(good_claims(), {{"sub", '"' + issuer + '"'},
                                                 {"nbf", after(0)},
                                                 {"iat", after(0)},
                                                 {"exp", after(900)}});
        return sealed(Keys::get().rs384, object(header), object(claims));
    };
    auto const good = token("https://epic.example.org/jwks");
    auto const candidate = check_token(good, *read, paths, now);
    ASSERT_TRUE(candidate) << name(candidate.error());
    EXPECT_TRUE(verify(candidate->jws, *keys));
    EXPECT_FALSE(check_token(token("https://epic.example.org/other"), *read, paths, now))
        << "only the registered address of keys may be named";
}

TEST(Tokens, FurtherAudiencesAreThoseOfTheRegistrationOnly) {
    auto const clients = registry(R"(,"audiences":["urn:countersign"])");
    EXPECT_TRUE(outcome(changed_claims({{"aud", R"("urn:countersign")"}}), clients));
    EXPECT_FALSE(outcome(changed_claims({{"aud", R"("urn:countersign:x")"}}), clients));
    EXPECT_FALSE(outcome(changed_claims({{"aud", R"("urn:countersign")"}}), registry()));
}

TEST(Tokens, OtherAlgorithmsAreTakenOnceTheClientIsRegisteredWithThem) {
    auto const token =
        sealed(Keys::get().es256,
               object(with(good_header(), {{"alg", R"("ES256")"}, {"kid", R"("p256")"}})),
               object(good_claims()));
    EXPECT_FALSE(outcome(token, registry()));
    EXPECT_TRUE(outcome(token, registry(R"(,"algorithms":["ES256"])")));
}

TEST(Tokens, LifetimeIsTheClients) {
    auto const token = changed_claims({{"exp", std::to_string(1'790'000'900)}});
    EXPECT_FALSE(outcome(token, registry()));
    EXPECT_TRUE(outcome(token, registry(R"(,"profile":"epic")")));
    EXPECT_TRUE(outcome(token, registry(R"(,"tokenLifetimeSeconds":900)")));
}

TEST(Tokens, StandBehindBearerOnly) {
    struct {
        std::string_view field;
        std::string_view token;  ///< empty: refused
    } const rows[] = {
        {"Bearer abc", "abc"}, {"bearer abc", "abc"}, {"BEARER  abc", "abc"}, {"", ""},
        {"Bearer", ""},        {"Bearer ", ""},       {"Bearerabc", ""},      {"Basic abc", ""},
        {"abc", ""},           {"DPoP abc", ""},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.field);
        auto const token = bearer_token(row.field);
        EXPECT_EQ(token ? *token : std::string_view{}, row.token);
    }
}

}  // namespace
}  // namespace cds::auth::test
