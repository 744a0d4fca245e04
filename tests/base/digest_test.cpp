#include "base/digest.hpp"

#include <gtest/gtest.h>

#include <set>

namespace cds::base {
namespace {

TEST(Digest, KnowsTheVectorsOfFips180) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Digest, TheSamePartsAlwaysGiveTheSameUuid) {
    EXPECT_EQ(name_uuid({"service", "rule", "patient"}), name_uuid({"service", "rule", "patient"}));
    // Stored feedback refers to these: a change here orphans it.
    EXPECT_EQ(name_uuid({}), "e3b0c442-98fc-8c14-9afb-f4c8996fb924");
}

TEST(Digest, DifferentPartsGiveDifferentUuids) {
    std::set<std::string> const all{
        name_uuid({}),
        name_uuid({""}),
        name_uuid({"", ""}),
        name_uuid({"abc"}),
        name_uuid({"ab", "c"}),
        name_uuid({"a", "bc"}),
        name_uuid({"a", "b", "c"}),
        name_uuid({"1:a"}),
        name_uuid({"c", "ab"}),
        name_uuid({"abc", ""}),
        name_uuid({"", "abc"}),
    };
    EXPECT_EQ(all.size(), 11U);
}

TEST(Digest, AUuidHasTheShapeOfVersionEight) {
    for (int i = 0; i < 64; ++i) {
        auto const uuid = name_uuid({std::to_string(i)});
        ASSERT_EQ(uuid.size(), 36U);
        for (std::size_t at = 0; at < uuid.size(); ++at) {
            bool const hyphen = at == 8 || at == 13 || at == 18 || at == 23;
            EXPECT_EQ(uuid[at] == '-', hyphen) << uuid;
            bool const digit = uuid[at] != '-';
            EXPECT_TRUE(!digit || std::string_view{"0123456789abcdef"}.find(uuid[at]) !=
                                      std::string_view::npos)
                << uuid;
        }
        EXPECT_EQ(uuid[14], '8') << uuid;
        EXPECT_NE(std::string_view{"89ab"}.find(uuid[19]), std::string_view::npos) << uuid;
    }
}

}  // namespace
}  // namespace cds::base
