#include "server/fhir_bases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/temporary_folder.hpp"

namespace cds::server {
namespace {

TEST(FhirBases, PublicAddressesAreTheDefault) {
    for (auto const* address : {"8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "172.32.0.1"})
        EXPECT_TRUE(may_connect(address, {})) << address;
    for (auto const* address : {"127.0.0.1",
                                "127.9.9.9",
                                "::1",
                                "10.0.0.1",
                                "172.16.0.1",
                                "172.31.255.255",
                                "192.168.1.1",
                                "169.254.1.1",
                                "100.64.0.1",
                                "0.0.0.0",
                                "::",
                                "fe80::1",
                                "fd00::1",
                                "::ffff:127.0.0.1",
                                "::ffff:10.0.0.1",
                                "64:ff9b::7f00:1",
                                "2002:7f00:1::",
                                "224.0.0.1",
                                "255.255.255.255",
                                "ff02::1",
                                "",
                                "localhost",
                                "8.8.8.8/0"})
        EXPECT_FALSE(may_connect(address, {})) << address;
}

TEST(FhirBases, ListedNetworksAreAllThereIs) {
    std::vector<std::string> const networks{"10.20.0.0/16", "::1"};
    EXPECT_TRUE(may_connect("10.20.3.4", networks));
    EXPECT_TRUE(may_connect("::1", networks));
    EXPECT_FALSE(may_connect("10.21.0.1", networks));
    EXPECT_FALSE(may_connect("8.8.8.8", networks));
}

TEST(FhirBases, MetadataAddressesAreNeverConnectedTo) {
    std::vector<std::string> const everything{"0.0.0.0/0", "::/0", "169.254.169.254"};
    for (auto const* address :
         {"169.254.169.254", "::ffff:169.254.169.254", "169.254.170.2", "fd00:ec2::254"})
        EXPECT_FALSE(may_connect(address, everything)) << address;
}

struct Refused {
    std::string name, text, says;
};
void PrintTo(Refused const& refused, std::ostream* out) { *out << refused.name; }

class BasesFile : public testing::TestWithParam<Refused> {};

TEST_P(BasesFile, IsRefusedWithItsPlace) {
    test::Folder const folder;
    auto const got = read_fhir_bases(folder.write("bases.json", GetParam().text));
    ASSERT_FALSE(got);
    EXPECT_THAT(got.error().what, testing::HasSubstr(GetParam().says));
    EXPECT_THAT(got.error().where, testing::HasSubstr("bases.json"));
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, BasesFile,
    testing::Values(
        Refused{"NoJson", "{", "JSON"}, Refused{"NoArray", "{}", "array"},
        Refused{"NoUrl", "[{}]", "base URL"},
        Refused{"Http", R"([{"url":"http://ehr.example/fhir"}])", "https"},
        Refused{"HttpToANetwork", R"([{"url":"http://10.0.0.1/fhir","networks":["10.0.0.1"]}])",
                "https"},
        Refused{"Network", R"([{"url":"https://ehr.example","networks":["ehr"]}])", "networks"},
        Refused{"UnknownMember", R"([{"url":"https://ehr.example","network":"10.0.0.0/8"}])",
                "members are"},
        Refused{"NoSuchCa", R"([{"url":"https://ehr.example","ca-file":"/nowhere.pem"}])",
                "ca-file"}),
    [](auto const& each) { return each.param.name; });

TEST(FhirBases, AServerIsFoundByEveryWayToWriteItsUrl) {
    test::Folder const folder;
    auto const bases =
        read_fhir_bases(folder.write("bases.json", R"([{"url":"https://EHR.example/fhir/r4/"}])"));
    ASSERT_TRUE(bases);
    for (auto const* url : {"https://ehr.example/fhir/r4", "https://ehr.example:443/fhir/r4/",
                            "HTTPS://Ehr.Example/fhir/r4"})
        EXPECT_TRUE(find_base(*bases, url)) << url;
    for (auto const* url : {"https://ehr.example/fhir", "https://ehr.example:8443/fhir/r4",
                            "https://ehr.example.evil/fhir/r4", "https://ehr.example/FHIR/r4", ""})
        EXPECT_FALSE(find_base(*bases, url)) << url;
}

TEST(FhirBases, NoneAreConfiguredByAnEmptyPath) {
    auto const bases = read_fhir_bases("");
    ASSERT_TRUE(bases);
    EXPECT_THAT(*bases, testing::IsEmpty());
}

}  // namespace
}  // namespace cds::server
