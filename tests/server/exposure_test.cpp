#include "server/exposure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/live.hpp"
#include "tests/server/registered.hpp"

namespace cds::server {
namespace {

using namespace test;
using testing::HasSubstr;

TEST(Exposure, BeyondLoopbackNeedsClientsAndTlsOrAProxy) {
    Registered const clients;
    struct {
        std::string name;
        std::string listen;
        bool registered, tls, proxy, proxies;
        std::string complaint;  ///< empty: may start
    } const rows[] = {
        {"loopback", "127.0.0.1:0", false, false, false, false, ""},
        {"nothing", "0.0.0.0:0", false, false, false, false, "registered clients"},
        {"TLS alone", "0.0.0.0:0", false, true, false, false, "registered clients"},
        {"clients alone", "0.0.0.0:0", true, false, false, false, "TLS"},
        {"clients and TLS", "0.0.0.0:0", true, true, false, false, ""},
        {"a proxy of no address", "[::]:0", true, false, true, false, "proxy"},
        {"a proxy", "192.168.1.1:0", true, false, true, true, ""},
        {"a proxy without clients", "192.168.1.1:0", false, false, true, true,
         "registered clients"},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        auto settings = default_settings();
        settings.listen = row.listen;
        settings.base_url = "https://cds.example.org";
        if (row.registered) settings.clients = clients.path("clients.json");
        if (row.tls) settings.tls_certificate = settings.tls_key = "named";
        settings.tls_proxy = row.proxy ? "on" : "off";
        if (row.proxies) settings.trusted_proxies = {"192.168.1.2"};
        auto const registry = load_clients(settings);
        ASSERT_TRUE(registry) << registry.error().what;
        auto const safe = check_exposure(settings, registry->get());
        EXPECT_EQ(safe.has_value(), row.complaint.empty());
        auto const complaint = safe ? std::string{} : safe.error().what;
        EXPECT_THAT(complaint, HasSubstr(row.complaint));
    }
}

TEST(Exposure, ABrokenRegistrationStopsTheStartWithItsPlace) {
    Registered const clients;
    auto settings = default_settings();
    settings.base_url = "https://cds.example.org";
    settings.clients = clients.path("clients.json");
    EXPECT_TRUE(make_live(settings));
    clients.write("clients.json", R"({"clients":[{"id":"a","issuer":"x","jwksUrl":"ftp://x"}]})");
    auto const live = make_live(settings);
    ASSERT_FALSE(live);
    EXPECT_THAT(live.error().where, HasSubstr("/clients/0/jwksUrl"));
    clients.write("clients.json", R"({"clients":[{"id":"a","issuer":"x","networks":["intranet"],)"
                                  R"("jwksUrl":"https://x/jwks"}]})");
    EXPECT_THAT(make_live(settings).error().what, HasSubstr("networks"));
    settings.clients = clients.path("missing.json");
    EXPECT_EQ(make_live(settings).error().code, base::ErrorCode::not_found);
}

TEST(Exposure, WhereClientsAreRegisteredNoPageMayReadAnswersUnlessItIsListed) {
    Registered const clients;
    auto const origin = std::string{"Origin: https://page.example.org\r\n"};
    RunningServer const open;
    EXPECT_FALSE(ask(open.port(), get("/cds-services", origin))
                     ->field("access-control-allow-origin")
                     .empty());
    RunningServer const closed{clients.settings()};
    EXPECT_TRUE(ask(closed.port(), get("/cds-services", origin))
                    ->field("access-control-allow-origin")
                    .empty());
    RunningServer const listed{clients.settings(
        [](Settings& settings) { settings.cors_origins = {"https://page.example.org"}; })};
    EXPECT_EQ(
        ask(listed.port(), get("/cds-services", origin))->field("access-control-allow-origin"),
        "https://page.example.org");
}

}  // namespace
}  // namespace cds::server
