#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/auth/corpus.hpp"

namespace cds::auth::test {
namespace {

using testing::HasSubstr;

std::string entry(Members const& changes) {
    Members const plain{{"id", R"("ehr")"},
                        {"issuer", R"("https://ehr.example.org")"},
                        {"jwksUrl", R"("https://ehr.example.org/jwks")"}};
    return object(with(plain, changes));
}

base::Result<Registry> read(std::string const& entries, std::string_view base = base_url) {
    return Registry::read(R"({"clients":[)" + entries + "]}", base);
}

TEST(Registry, GivesTheStrictestValueToWhatIsLeftOut) {
    auto const registry = read(entry({}));
    ASSERT_TRUE(registry) << registry.error().what;
    auto const* const client = registry->find("https://ehr.example.org");
    ASSERT_NE(client, nullptr);
    EXPECT_EQ(client->id, "ehr");
    EXPECT_THAT(client->algorithms, testing::ElementsAre(Algorithm::es384, Algorithm::rs384));
    EXPECT_THAT(client->audience_bases, testing::ElementsAre(base_url));
    EXPECT_EQ(client->token_lifetime.count(), 600);
    EXPECT_EQ(client->key_lifetime.count(), 3600);
    EXPECT_EQ(client->replay, Replay::never);
    EXPECT_TRUE(client->fhir_bases.empty());
    EXPECT_TRUE(client->networks.empty());
    EXPECT_TRUE(client->may_use("immunosuppressant-safety"));
    EXPECT_EQ(registry->find("https://ehr.example.org/"), nullptr);
}

TEST(Registry, ReadsAllThatARegistrationMaySay) {
    auto const registry = read(entry(
        {{"audienceBases", R"(["https://a.example.org","https://b.example.org/cds"])"},
         {"audiences", R"(["urn:x"])"},
         {"algorithms", R"(["EdDSA","ES256"])"},
         {"services", R"(["one"])"},
         {"profile", R"("epic")"},
         {"fhirBases", R"([{"url":"https://fhir.example.org/r4","caFile":"ca.pem",)"
                       R"("certificateFile":"c.pem","keyFile":"k.pem","proxy":"http://p:1"}])"},
         {"networks", R"(["10.0.0.0/8"])"},
         {"replay", R"("within-lifetime")"},
         {"callsPerSecond", "2.5"},
         {"burst", "7"},
         {"keyLifetimeSeconds", "60"}}));
    ASSERT_TRUE(registry) << registry.error().where << registry.error().what;
    auto const& client = registry->clients().front();
    EXPECT_EQ(client.audience_bases.size(), 2U);
    EXPECT_TRUE(client.allows(Algorithm::eddsa));
    EXPECT_FALSE(client.allows(Algorithm::es384));
    EXPECT_TRUE(client.may_use("one"));
    EXPECT_FALSE(client.may_use("two"));
    ASSERT_EQ(client.fhir_bases.size(), 1U);
    EXPECT_EQ(client.fhir_bases[0].url, "https://fhir.example.org/r4");
    EXPECT_EQ(client.fhir_bases[0].proxy, "http://p:1");
    EXPECT_THAT(client.fhir_bases[0].networks, testing::ElementsAre("10.0.0.0/8"));
    EXPECT_EQ(client.replay, Replay::within_lifetime);
    EXPECT_DOUBLE_EQ(client.calls_per_second, 2.5);
    EXPECT_DOUBLE_EQ(client.burst, 7);
    EXPECT_EQ(client.token_lifetime.count(), 900) << "the epic profile's default";
    EXPECT_EQ(client.key_lifetime.count(), 60);
}

TEST(Registry, RefusesWhatCannotBeMeantAndSaysWhere) {
    struct {
        std::string name;
        Members changes;
        std::string where;
    } const rows[] = {
        {"no id", {{"id", ""}}, "/clients/0/id"},
        {"id in capitals", {{"id", R"("EHR")"}}, "/clients/0/id"},
        {"no issuer", {{"issuer", ""}}, "/clients/0/issuer"},
        {"no keys", {{"jwksUrl", ""}}, "/clients/0/jwks"},
        {"keys twice", {{"jwks", Keys::get().jwks()}}, "/clients/0/jwks"},
        {"keys over http", {{"jwksUrl", R"("http://ehr.example.org/jwks")"}}, "/clients/0/jwksUrl"},
        {"keys from a file", {{"jwksUrl", R"("file:///jwks")"}}, "/clients/0/jwksUrl"},
        {"userinfo", {{"jwksUrl", R"("https://a@b.example.org/")"}}, "/clients/0/jwksUrl"},
        {"HMAC", {{"algorithms", R"(["HS256"])"}}, "/clients/0/algorithms"},
        {"none", {{"algorithms", R"(["none"])"}}, "/clients/0/algorithms"},
        {"no text", {{"algorithms", "[1]"}}, "/clients/0/algorithms"},
        {"replay", {{"replay", R"("always")"}}, "/clients/0/replay"},
        {"rate", {{"callsPerSecond", "0"}}, "/clients/0/callsPerSecond"},
        {"lifetime", {{"tokenLifetimeSeconds", "86400"}}, "/clients/0/tokenLifetimeSeconds"},
        {"slash", {{"audienceBases", R"(["https://x/"])"}}, "/clients/0/audienceBases"},
        {"unknown member", {{"audience", R"("x")"}}, "/clients/0"},
        {"FHIR over http",
         {{"fhirBases", R"([{"url":"http://x"}])"}},
         "/clients/0/fhirBases/0/url"},
        {"FHIR base with a slash",
         {{"fhirBases", R"([{"url":"https://x/"}])"}},
         "/clients/0/fhirBases/0/url"},
        {"certificate without key",
         {{"fhirBases", R"([{"url":"https://x","certificateFile":"c"}])"}},
         "/clients/0/fhirBases/0/keyFile"},
        {"private key",
         {{"jwksUrl", ""}, {"jwks", R"({"keys":[{"kty":"EC","d":"x"}]})"}},
         "/clients/0/jwks"},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        auto const registry = read(entry(row.changes));
        ASSERT_FALSE(registry);
        EXPECT_EQ(registry.error().where, row.where);
        EXPECT_THAT(registry.error().what, HasSubstr("."));
    }
}

TEST(Registry, RefusesTwoClientsOfOneIssuerOrId) {
    auto const same_issuer = read(entry({}) + "," + entry({{"id", R"("other")"}}));
    ASSERT_FALSE(same_issuer);
    EXPECT_EQ(same_issuer.error().where, "/clients/1/issuer");
    auto const same_id = read(entry({}) + "," + entry({{"issuer", R"("x")"}}));
    ASSERT_FALSE(same_id);
    EXPECT_EQ(same_id.error().where, "/clients/1/id");
}

TEST(Registry, NeedsToKnowUnderWhichAddressItIsCalled) {
    auto const registry = read(entry({}), "");
    ASSERT_FALSE(registry);
    EXPECT_EQ(registry.error().where, "/clients/0/audienceBases");
}

}  // namespace
}  // namespace cds::auth::test
