#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/json.hpp"

namespace cds::base::json {
namespace {

namespace fs = std::filesystem;

struct Exception {
    std::string_view file, reason;
};

/// Files of the suite that must be accepted by a reader of RFC 8259 but that ours refuses on
/// purpose.
constexpr std::array<Exception, 2> refused_on_purpose{{
    {"y_object_duplicated_key.json",
     "a repeated member name leaves open which value a rule would read"},
    {"y_object_duplicated_key_and_value.json", "the same, whatever the values are"},
}};

bool is_refused_on_purpose(std::string_view file) {
    return std::any_of(refused_on_purpose.begin(), refused_on_purpose.end(),
                       [&](Exception const& exception) { return exception.file == file; });
}

std::string bytes_of(fs::path const& path) {
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

std::vector<fs::path> files_below(fs::path const& folder) {
    std::vector<fs::path> files;
    for (auto const& entry : fs::directory_iterator{folder})
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

class JsonSuite : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path{COUNTERSIGN_SOURCE_DIR} / ".." / "shared" / "suites" / "json" /
                  "JSONTestSuite";
        if (!fs::is_directory(folder_)) GTEST_SKIP() << "JSONTestSuite is not here: " << folder_;
    }
    fs::path folder_;
};

TEST_F(JsonSuite, IsAnsweredAsItAsks) {
    int accepted = 0;
    int refused = 0;
    int open_accepted = 0;
    int open_refused = 0;
    Document document;
    for (auto const& path : files_below(folder_ / "test_parsing")) {
        auto const name = path.filename().string();
        auto const text = bytes_of(path);
        auto const value = document.parse(text);
        if (name.starts_with("y_")) {
            EXPECT_EQ(static_cast<bool>(value), !is_refused_on_purpose(name)) << name;
            ++accepted;
        } else if (name.starts_with("n_")) {
            EXPECT_FALSE(value) << name;
            ++refused;
        } else {
            ++(value ? open_accepted : open_refused);
        }
    }
    std::cout << "JSONTestSuite: " << accepted << " to accept (" << refused_on_purpose.size()
              << " of them refused on purpose), " << refused << " to refuse, "
              << open_accepted + open_refused << " left open (accepted " << open_accepted
              << ", refused " << open_refused << ")\n";
    EXPECT_GE(accepted, 95);
    EXPECT_GE(refused, 188);
}

TEST_F(JsonSuite, WhatIsAcceptedIsWrittenBackUnchangedInMeaning) {
    auto const folder = folder_ / "test_transform";
    auto files = files_below(folder_ / "test_parsing");
    if (fs::is_directory(folder)) {
        auto const more = files_below(folder);
        files.insert(files.end(), more.begin(), more.end());
    }
    int written = 0;
    Document document;
    for (auto const& path : files) {
        auto const text = bytes_of(path);
        Limits limits;
        limits.max_depth = 1024;
        auto const value = document.parse(text, limits);
        if (!value) continue;
        std::string once;
        write(*value, once);
        Document again;
        auto const back = again.parse(once, limits);
        ASSERT_TRUE(back) << path.filename();
        std::string twice;
        write(*back, twice);
        EXPECT_EQ(once, twice) << path.filename();
        ++written;
    }
    std::cout << "JSONTestSuite: " << written << " files written back\n";
    EXPECT_GT(written, 90);
}

}  // namespace
}  // namespace cds::base::json
