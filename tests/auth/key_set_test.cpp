#include "auth/key_set.hpp"

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/evp.h>

#include "auth/rate_limit.hpp"
#include "base/base64url.hpp"
#include "tests/auth/corpus.hpp"

namespace cds::auth::test {
namespace {

std::string const x(64, 'A');

base::Result<KeySet> one_key(std::string const& jwk) {
    return KeySet::read(R"({"keys":[)" + jwk + "]}");
}

std::string rsa(std::string const& modulus, std::string const& exponent) {
    return R"({"kty":"RSA","kid":"k","n":")" + base::to_base64url(modulus) + R"(","e":")" +
           base::to_base64url(exponent) + "\"}";
}

TEST(KeySet, PassesOverKeysThatMustNotVerifyAnything) {
    auto const good_modulus = '\xc3' + std::string(254, '\x5a') + '\x0b';
    auto const f4 = std::string{"\1\0\1", 3};
    ASSERT_TRUE(one_key(rsa(good_modulus, f4))->find("k")) << "the rows below differ from this one";
    auto const good = Keys::get().es384.public_jwk("k");
    auto const changed = [&](std::string const& from, std::string const& to) {
        auto out = good;
        out.replace(out.find(from), from.size(), to);
        return out;
    };
    std::pair<std::string, std::string> const rows[] = {
        {"symmetric", R"({"kty":"oct","kid":"k","k":"c2VjcmV0"})"},
        {"RSA of 512 bits", rsa(good_modulus.substr(192), f4)},
        {"RSA of 2040 bits", rsa(good_modulus.substr(1), f4)},
        {"RSA of 16384 bits", rsa('\xc3' + std::string(2047, '\x5b'), f4)},
        {"even modulus", rsa('\xc3' + std::string(254, '\x5a') + '\x0a', f4)},
        {"modulus with a zero first", rsa('\0' + good_modulus, f4)},
        {"exponent 1", rsa(good_modulus, "\1")},
        {"exponent 2", rsa(good_modulus, "\2")},
        {"exponent 0", rsa(good_modulus, std::string(1, '\0'))},
        {"exponent of 40 bits", rsa(good_modulus, "\1\1\1\1\1")},
        {"no exponent", rsa(good_modulus, "")},
        {"for encryption", changed(R"("use":"sig")", R"("use":"enc")")},
        {"for signing only", changed(R"("use":"sig")", R"("key_ops":["sign"])")},
        {"of an unknown algorithm", changed("ES384", "ES512")},
        {"of the other curve's algorithm", changed("ES384", "ES256")},
        {"of another curve", changed("P-384", "P-256")},
        {"of no curve here", changed("P-384", "P-521")},
        {"of another kind", changed(R"("kty":"EC")", R"("kty":"OKP")")},
        {"off the curve",
         R"({"kty":"EC","kid":"k","crv":"P-384","x":")" + x + R"(","y":")" + x + "\"}"},
        {"short Ed25519", R"({"kty":"OKP","kid":"k","crv":"Ed25519","x":"AAAA"})"},
        {"private", changed("{", R"({"d":"AAAA",)")},
        {"kid a number", changed(R"("kid":"k")", R"("kid":1)")},
        {"no object", "1"},
    };
    for (auto const& [name, jwk] : rows) {
        SCOPED_TRACE(name);
        auto const set = one_key(jwk);
        ASSERT_TRUE(set);
        EXPECT_EQ(set->find("k"), nullptr);
        EXPECT_TRUE(set->keys().empty());
        EXPECT_EQ(set->passed_over(), 1U);
    }
}

TEST(KeySet, PassesOverARealRsaKeyOf1024Bits) {
    auto* const key = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024});
    BIGNUM* modulus = nullptr;
    ASSERT_EQ(EVP_PKEY_get_bn_param(key, "n", &modulus), 1);
    std::string bytes(128, '\0');
    void* const place = bytes.data();
    BN_bn2bin(modulus, static_cast<unsigned char*>(place));
    BN_free(modulus);
    EVP_PKEY_free(key);
    EXPECT_EQ(one_key(rsa(bytes, std::string{"\1\0\1", 3}))->find("k"), nullptr);
}

TEST(KeySet, AKidThatStandsTwiceBelongsToNoKey) {
    auto const a = Keys::get().es384.public_jwk("same"), b = Keys::get().rs384.public_jwk("same");
    auto const other = Keys::get().es256.public_jwk("other");
    auto const set = one_key(a + "," + b + "," + other);
    ASSERT_TRUE(set);
    EXPECT_EQ(set->find("same"), nullptr);
    EXPECT_NE(set->find("other"), nullptr);
    auto const shadowed = one_key(a + R"(,{"kty":"oct","kid":"same","k":"AA"})");
    EXPECT_EQ(shadowed->find("same"), nullptr) << "also when the other key is unusable";
}

TEST(KeySet, HasCaps) {
    auto const key = Keys::get().es256.public_jwk("k");
    std::string many = key;
    for (std::size_t i = 1; i < KeySet::most_keys; ++i) many += "," + key;
    EXPECT_TRUE(one_key(many));
    EXPECT_EQ(one_key(many + "," + key).error().code, base::ErrorCode::too_large);
    auto const large = R"({"keys":[],"x":")" + std::string(KeySet::most_bytes, 'x') + "\"}";
    EXPECT_EQ(KeySet::read(large).error().code, base::ErrorCode::too_large);
}

TEST(KeySet, IsNoSetWithoutAnArrayOfKeys) {
    for (auto const* const text : {"", "{}", "[]", R"({"keys":{}})", R"({"keys":[)", "null",
                                   R"({"keys":[],"keys":[]})", "<html>"}) {
        SCOPED_TRACE(text);
        EXPECT_FALSE(KeySet::read(text));
    }
    EXPECT_TRUE(KeySet::read(R"({"keys":[]})"));
}

TEST(Base64url, HasOneTextForEachSequenceOfBytes) {
    for (auto const* const bytes : {"", "f", "fo", "foo", "foob", "fooba", "foobar", "\xff\xfe"}) {
        auto const text = base::to_base64url(bytes);
        EXPECT_EQ(base::from_base64url(text), std::optional<std::string>{bytes}) << text;
    }
    for (auto const* const text :
         {"Z", "Zg==", "Zg=", "Zh", "Zm9", "Zm9v Zg", "+/8", "Zm9vYg==", "\n"})
        EXPECT_FALSE(base::from_base64url(text)) << text;
}

TEST(SigningKeys, MakeSignaturesThatTheirPublicHalvesVerify) {
    for (auto const algorithm : {Algorithm::es256, Algorithm::es384, Algorithm::rs256,
                                 Algorithm::rs384, Algorithm::eddsa}) {
        SCOPED_TRACE(name(algorithm));
        auto const key = SigningKey::generate(algorithm);
        ASSERT_TRUE(key);
        auto const set = one_key(key->public_jwk("k"));
        ASSERT_TRUE(set && set->find("k"));
        EXPECT_TRUE(set->find("k")->verifies(algorithm, "text", key->sign("text")));
        EXPECT_FALSE(set->find("k")->verifies(algorithm, "Text", key->sign("text")));
        auto const again = SigningKey::read(algorithm, key->pem());
        ASSERT_TRUE(again);
        EXPECT_TRUE(set->find("k")->verifies(algorithm, "text", again->sign("text")));
        auto const other = algorithm == Algorithm::eddsa ? Algorithm::es256 : Algorithm::eddsa;
        EXPECT_FALSE(SigningKey::read(other, key->pem()));
    }
    EXPECT_FALSE(SigningKey::read(Algorithm::es384, "no key"));
}

TEST(RateLimit, LetsSoManyAtOnceAndThenSoManyASecond) {
    using namespace std::chrono_literals;
    RateLimit limit;
    RateLimit::Rate const rate{2, 3};
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.take("a", rate, 0s));
    EXPECT_FALSE(limit.take("a", rate, 0s));
    EXPECT_FALSE(limit.take("a", rate, 499ms));
    EXPECT_TRUE(limit.take("b", rate, 0s)) << "each has a bucket of its own";
    EXPECT_TRUE(limit.has("a", rate, 500ms));
    EXPECT_TRUE(limit.take("a", rate, 500ms));
    EXPECT_FALSE(limit.has("a", rate, 500ms));
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.take("a", rate, 1h));
    EXPECT_FALSE(limit.take("a", rate, 1h)) << "never more than the burst";
    EXPECT_FALSE(limit.take("a", rate, 1s)) << "a clock that goes back fills nothing";
}

}  // namespace
}  // namespace cds::auth::test
