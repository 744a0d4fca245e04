#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/fetch_site.hpp"

// Where a token and a request may go: to the registered origin and path, and nowhere else.

namespace cds::server::test {
namespace {

constexpr auto canary = "canary-token-7f3a";

FhirReply body(std::string text) {
    FhirReply reply;
    reply.body = std::move(text);
    return reply;
}

Values const observations_missing{{"observations", ""}};

TEST(FetchTrust, TheTokenGoesToTheRegisteredServer) {
    FhirServer fhir{[](FhirRequest const&) { return body(empty_bundle()); }};
    FetchingService service{{fhir.base()}};
    service.cards(ciclosporin_call(observations_missing, access(fhir.base(), token(canary))));
    ASSERT_EQ(fhir.requests().size(), 1U);
    auto fields = fhir.requests().front().fields;
    EXPECT_EQ(fields["authorization"], std::string{"Bearer "} + canary);
    EXPECT_EQ(fields.count("cookie"), 0U);
}

/// A `fhirServer` as an attacker may send it; %P is the sensor's port, %R the registered one.
class Unregistered : public testing::TestWithParam<std::pair<char const*, char const*>> {};

TEST_P(Unregistered, IsNeverContacted) {
    Sensor sensor;
    FhirServer fhir{[](FhirRequest const&) { return body(empty_bundle()); }};
    FetchingService service{{fhir.base()}};
    std::string url = GetParam().second;
    auto const fill = [&](std::string const& mark, std::string const& value) {
        for (auto at = url.find(mark); at != std::string::npos; at = url.find(mark))
            url.replace(at, mark.size(), value);
    };
    fill("%P", sensor.origin().substr(sensor.origin().rfind(':') + 1));
    fill("%R", std::to_string(fhir.port()));
    EXPECT_EQ(service.cards(ciclosporin_call(observations_missing, access(url, token(canary)))),
              cards_with(observations_missing));
    EXPECT_EQ(sensor.touched(), 0U);
    EXPECT_THAT(fhir.requests(), testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Servers, Unregistered,
    testing::Values(std::pair{"OtherPort", "http://127.0.0.1:%P/fhir"},
                    std::pair{"OtherHost", "http://localhost:%R/fhir"},
                    std::pair{"OtherScheme", "https://127.0.0.1:%R/fhir"},
                    std::pair{"OtherPath", "http://127.0.0.1:%R/fhir2"},
                    std::pair{"ShorterPath", "http://127.0.0.1:%R/"},
                    std::pair{"DotSegments", "http://127.0.0.1:%R/x/../fhir"},
                    std::pair{"EscapedPath", "http://127.0.0.1:%R/%66hir"},
                    std::pair{"User", "http://127.0.0.1:%R@127.0.0.1:%P/fhir"},
                    std::pair{"UserBefore", "http://a@127.0.0.1:%R/fhir"},
                    std::pair{"Backslash", R"(http://127.0.0.1:%P\\@127.0.0.1:%R/fhir)"},
                    std::pair{"Decimal", "http://2130706433:%P/fhir"},
                    std::pair{"Octal", "http://0177.0.0.1:%P/fhir"},
                    std::pair{"Hexadecimal", "http://0x7f000001:%P/fhir"},
                    std::pair{"Short", "http://127.1:%P/fhir"},
                    std::pair{"Ipv6", "http://[::1]:%P/fhir"},
                    std::pair{"Mapped", "http://[::ffff:127.0.0.1]:%R/fhir"},
                    std::pair{"Metadata", "http://169.254.169.254/latest"},
                    std::pair{"File", "file:///etc/passwd"},
                    std::pair{"Gopher", "gopher://127.0.0.1:%P/fhir"},
                    std::pair{"Query", "http://127.0.0.1:%R/fhir?x=http://127.0.0.1:%P"},
                    std::pair{"Fragment", "http://127.0.0.1:%R/fhir#http://127.0.0.1:%P"},
                    std::pair{"LineFeed", R"(http://127.0.0.1:%R/fhir\r\nHost: 127.0.0.1:%P)"},
                    std::pair{"Empty", ""}),
    [](auto const& each) { return each.param.first; });

/// A `next` link; %P is the sensor, %B the base, %O its origin.
class NextLink : public testing::TestWithParam<std::pair<char const*, char const*>> {};

TEST_P(NextLink, ElsewhereIsNotFollowed) {
    Sensor sensor;
    std::string link = GetParam().second;
    FhirServer fhir{[&](FhirRequest const&) {
        return body(bundle_of(creatinine("o1", "2026-05-28"),
                              R"("link":[{"relation":"next","url":")" + link + R"("}],)"));
    }};
    auto const fill = [&](std::string const& mark, std::string const& value) {
        for (auto at = link.find(mark); at != std::string::npos; at = link.find(mark))
            link.replace(at, mark.size(), value);
    };
    fill("%P", sensor.origin());
    fill("%B", fhir.base());
    fill("%O", fhir.origin());
    FetchingService service{{fhir.base()}};
    EXPECT_EQ(
        service.cards(ciclosporin_call(observations_missing, access(fhir.base(), token(canary)))),
        cards_with({{"observations", bundle_of(creatinine("o1", "2026-05-28"),
                                               R"("link":[{"relation":"next"}],)")}}));
    EXPECT_EQ(sensor.touched(), 0U);
    EXPECT_EQ(fhir.requests().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Links, NextLink,
                         testing::Values(std::pair{"OtherOrigin", "%P/fhir?page=2"},
                                         std::pair{"SchemeRelative", "//127.0.0.1/fhir?page=2"},
                                         std::pair{"AboveTheBase", "%O/other?page=2"},
                                         std::pair{"PathPrefixOnly", "%B2/Observation?page=2"},
                                         std::pair{"DotSegments", "%B/../admin?page=2"},
                                         std::pair{"EscapedDots", "%B/%2e%2e/admin?page=2"},
                                         std::pair{"UserInfo", "http://a:b@127.0.0.1/fhir?page=2"},
                                         std::pair{"Backslash", R"(%B\\..\\admin)"},
                                         std::pair{"Space", "%B/a b"}, std::pair{"Missing", ""}),
                         [](auto const& each) { return each.param.first; });

TEST(FetchTrust, RedirectsAreNotFollowed) {
    Sensor sensor;
    FhirServer fhir{[&](FhirRequest const&) {
        FhirReply reply;
        reply.status = 307;
        reply.fields.emplace_back("Location", sensor.origin() + "/fhir/Observation");
        return reply;
    }};
    FetchingService service{{fhir.base()}};
    service.cards(ciclosporin_call(observations_missing, access(fhir.base(), token(canary))));
    EXPECT_EQ(sensor.touched(), 0U);
    EXPECT_EQ(fhir.requests().size(), 1U);
}

TEST(FetchTrust, AReferenceElsewhereIsNotFollowed) {
    Sensor sensor;
    FhirServer fhir{[](FhirRequest const&) { return body(empty_bundle()); }};
    FetchingService service{{fhir.base()}};
    auto const order =
        R"({"resourceType":"MedicationRequest","id":"m1","status":"active","intent":"order",)"
        R"("medicationReference":{"reference":")" +
        sensor.origin() + R"(/fhir/Medication/1"},"subject":{"reference":"Patient/p1"}})";
    service.cards(ciclosporin_call({{"observations", ""}, {"medications", bundle_of(order)}},
                                   access(fhir.base(), token(canary))));
    EXPECT_EQ(sensor.touched(), 0U);
    ASSERT_EQ(fhir.requests().size(), 1U);
    EXPECT_EQ(type_of(fhir.requests().front().target), "Observation");
}

TEST(FetchTrust, AnAddressOutsideTheNetworksIsNotConnectedTo) {
    FhirServer fhir{[](FhirRequest const&) { return body(empty_bundle()); }};
    for (auto const* networks : {"[]", R"(["10.0.0.0/8"])", R"(["127.0.0.2"])"}) {
        FetchingService service{{fhir.base()}, {}, networks};
        EXPECT_EQ(service.cards(ciclosporin_call(observations_missing, access(fhir.base()))),
                  cards_with({{"observations", outcome("transient")}}));
        EXPECT_THAT(service.log(), testing::HasSubstr(R"("fetch_refused_address":true)"));
    }
    EXPECT_EQ(fhir.connections(), 0U);
}

TEST(FetchTrust, ProxyVariablesOfTheEnvironmentAreNotUsed) {
    Sensor sensor;
    FhirServer fhir{[](FhirRequest const&) { return body(empty_bundle()); }};
    ::setenv("http_proxy", sensor.origin().c_str(), 1);
    ::setenv("ALL_PROXY", sensor.origin().c_str(), 1);
    {
        FetchingService service{{fhir.base()}};
        service.cards(ciclosporin_call(observations_missing, access(fhir.base())));
    }
    ::unsetenv("http_proxy");
    ::unsetenv("ALL_PROXY");
    EXPECT_EQ(sensor.touched(), 0U);
    EXPECT_EQ(fhir.requests().size(), 1U);
}

TEST(FetchTrust, ATokenForAnotherPatientIsNotUsed) {
    FhirServer fhir{[](FhirRequest const&) { return body(empty_bundle()); }};
    FetchingService service{{fhir.base()}};
    auto const authorization = R"({"access_token":"t","token_type":"Bearer","expires_in":300,)"
                               R"("scope":"patient/*.rs","patient":"p2"})";
    EXPECT_EQ(
        service.cards(ciclosporin_call(observations_missing, access(fhir.base(), authorization))),
        cards_with({{"observations", outcome("forbidden")}}));
    EXPECT_THAT(fhir.requests(), testing::IsEmpty());
}

/// A patient id as an attacker may send it, and how it must stand in the query.
TEST(FetchTrust, IdsAreEncodedInQueries) {
    for (auto const& [id, encoded] :
         {std::pair{"a&code=1", "a%26code%3D1"}, std::pair{"a?b#c", "a%3Fb%23c"},
          std::pair{"a b%", "a%20b%25"}, std::pair{"a,b", "a%5C%2Cb"}, std::pair{"..", ".."}}) {
        FhirServer fhir{[](FhirRequest const&) { return body(empty_bundle()); }};
        FetchingService service{{fhir.base()}};
        auto call =
            ciclosporin_call({{"patient", "null"}, {"conditions", ""}}, access(fhir.base()));
        for (auto at = call.find("p1\""); at != std::string::npos; at = call.find("p1\"", at + 9))
            call.replace(at, 2, id);
        service.cards(call);
        ASSERT_EQ(fhir.requests().size(), 1U) << id;
        EXPECT_EQ(fhir.requests().front().target,
                  "/fhir/Condition?patient=" + std::string{encoded} + "&_count=250");
    }
}

TEST(FetchTrust, NothingOfPatientTokenOrServerIsLoggedOrTold) {
    FhirServer fhir{[](FhirRequest const& request) {
        FhirReply reply = body(R"({"resourceType":"OperationOutcome","issue":[{"severity":"error",)"
                               R"("code":"exception","diagnostics":"canary-diagnostics-91c2"}]})");
        reply.status = type_of(request.target) == "Patient" ? 404 : 500;
        return reply;
    }};
    FetchingService service{{fhir.base()}};
    auto call = order_call(infliximab,
                           {{"patient", ""},
                            {"encounter", ""},
                            {"medications", ""},
                            {"statements", ""},
                            {"dispenses", ""},
                            {"conditions", ""},
                            {"administrations", ""},
                            {"allergies", ""},
                            {"observations", ""},
                            {"procedures", ""},
                            {"serviceRequests", ""}},
                           access(fhir.base(), token(canary)));
    for (auto at = call.find("p1\""); at != std::string::npos; at = call.find("p1\"", at + 9))
        call.replace(at, 2, "canary-patient-55d0");
    auto const got = service.answer(call);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->status, 412U);
    auto const text = got->body + service.log();
    for (auto const& secret : {std::string{canary}, std::string{"canary-patient"},
                               std::string{"canary-diagnostics"}, fhir.base()})
        EXPECT_THAT(text, testing::Not(testing::HasSubstr(secret)));
    EXPECT_THAT(text, testing::HasSubstr("fetch_requests"));
}

}  // namespace
}  // namespace cds::server::test
