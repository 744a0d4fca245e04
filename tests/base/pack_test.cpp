#include "base/pack.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace cds::base {
namespace {

namespace fs = std::filesystem;

/// A folder that is this test's own and gone afterwards.
class PackFolder : public testing::Test {
protected:
    void SetUp() override {
        auto const* const test = testing::UnitTest::GetInstance()->current_test_info();
        folder_ = fs::path{COUNTERSIGN_BINARY_DIR} / "pack_test" / test->name();
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }
    void write(fs::path const& name, std::string_view bytes) const {
        fs::create_directories((folder_ / name).parent_path());
        std::ofstream{folder_ / name, std::ios::binary} << bytes;
    }
    fs::path folder_;
};

TEST_F(PackFolder, HoldsEveryFileBelowTheFolderSortedByName) {
    write("rules/b.json", "{}");
    write("rules/a.json", std::string_view{"\0\r\n\xFF", 4});
    write("lists/deep/er/c.json", "");
    write(".git/config", "secret");
    write("rules/.a.json.swp", "left over");
    fs::create_symlink("a.json", folder_ / "rules" / "link.json");
    fs::create_directory_symlink("..", folder_ / "rules" / "circle");
    auto const pack = Pack::from_folder(folder_);
    ASSERT_TRUE(pack);
    std::vector<std::string> names;
    for (auto const& file : pack->files()) names.push_back(file.name);
    EXPECT_EQ(names, (std::vector<std::string>{"lists/deep/er/c.json", "rules/a.json",
                                               "rules/b.json", "rules/link.json"}));
    ASSERT_NE(pack->find("rules/a.json"), nullptr);
    EXPECT_EQ(pack->find("rules/a.json")->bytes, (std::string_view{"\0\r\n\xFF", 4}));
    EXPECT_EQ(pack->find("rules/link.json")->bytes, pack->find("rules/a.json")->bytes);
    EXPECT_EQ(pack->find("lists/deep/er/c.json")->bytes, "");
}

TEST_F(PackFolder, TheSameFilesHaveTheSameDigestWhereverTheyLie) {
    write("rules/a.json", "{}");
    write("z.json", "[1]");
    auto const read = Pack::from_folder(folder_);
    ASSERT_TRUE(read);
    auto const embedded = Pack::of({{"z.json", "[1]"}, {"rules/a.json", "{}"}});
    EXPECT_EQ(read->digest(), embedded.digest());
    EXPECT_EQ(read->digest().size(), 64U);
}

TEST_F(PackFolder, ACopyOutlivesTheOriginal) {
    write("a.json", "[\"long enough to live on the heap, surely\"]");
    Pack copy;
    {
        auto const read = Pack::from_folder(folder_);
        ASSERT_TRUE(read);
        copy = *read;
    }
    EXPECT_EQ(copy.find("a.json")->bytes, "[\"long enough to live on the heap, surely\"]");
}

TEST_F(PackFolder, RefusesAFolderOfMoreThanSixtyFourMebibytes) {
    write("a.json", "{}");
    fs::resize_file(folder_ / "a.json", 64ULL * 1024 * 1024 + 1);
    auto const pack = Pack::from_folder(folder_);
    ASSERT_FALSE(pack);
    EXPECT_EQ(pack.error().code, ErrorCode::too_large);
}

TEST_F(PackFolder, AMissingFolderIsNotFound) {
    auto const pack = Pack::from_folder(folder_ / "nowhere");
    ASSERT_FALSE(pack);
    EXPECT_EQ(pack.error().code, ErrorCode::not_found);
}

TEST_F(PackFolder, AFileInThePlaceOfAFolderIsNotFound) {
    write("a.json", "{}");
    auto const pack = Pack::from_folder(folder_ / "a.json");
    ASSERT_FALSE(pack);
    EXPECT_EQ(pack.error().code, ErrorCode::not_found);
}

TEST(Pack, FindsByNameAndPrefix) {
    auto const pack =
        Pack::of({{"rules/b", "2"}, {"rules/a", "1"}, {"rulesx", "4"}, {"lists/a", "3"}});
    EXPECT_EQ(pack.find("rules/a")->bytes, "1");
    EXPECT_EQ(pack.find("rules"), nullptr);
    EXPECT_EQ(pack.find(""), nullptr);
    auto const rules = pack.below("rules/");
    ASSERT_EQ(rules.size(), 2U);
    EXPECT_EQ(rules[0]->name, "rules/a");
    EXPECT_EQ(rules[1]->name, "rules/b");
    EXPECT_TRUE(pack.below("none/").empty());
    EXPECT_EQ(pack.below("").size(), 4U);
    EXPECT_TRUE(Pack{}.files().empty());
}

TEST(Pack, ADifferenceInNameOrBytesChangesTheDigest) {
    auto const digest = Pack::of({{"a", "12"}, {"b", ""}}).digest();
    EXPECT_EQ(Pack::of({{"b", ""}, {"a", "12"}}).digest(), digest);
    EXPECT_NE(Pack::of({{"a", "1"}, {"b", "2"}}).digest(), digest);
    EXPECT_NE(Pack::of({{"a1", "2"}, {"b", ""}}).digest(), digest);
    EXPECT_NE(Pack::of({{"a", "12"}}).digest(), digest);
    EXPECT_NE(Pack{}.digest(), digest);
}

}  // namespace
}  // namespace cds::base
