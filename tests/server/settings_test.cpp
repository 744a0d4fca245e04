#include "server/settings.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "server/version.hpp"

namespace cds::server {
namespace {

std::string content(std::string const& path) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// A file that is gone at the end of the test.
class TemporaryFile {
public:
    explicit TemporaryFile(std::string const& text) {
        path_ = (std::filesystem::temp_directory_path() / "countersign-settings-XXXXXX").string();
        int const descriptor = ::mkstemp(path_.data());
        EXPECT_GE(descriptor, 0);
        ::close(descriptor);
        std::ofstream{path_} << text;
    }
    ~TemporaryFile() { std::filesystem::remove(path_); }
    TemporaryFile(TemporaryFile const&) = delete;
    TemporaryFile& operator=(TemporaryFile const&) = delete;
    std::string const& path() const { return path_; }

private:
    std::string path_;
};

base::Result<Settings> from_file(std::string const& text) {
    TemporaryFile const file{text};
    Sources sources;
    sources.config_file = file.path();
    return load_settings(sources);
}

base::Result<Settings> from_flag(std::string name, std::string value) {
    Sources sources;
    sources.flags.emplace_back(std::move(name), std::move(value));
    return load_settings(sources);
}

TEST(Settings, TheDefaultsPassTheirOwnChecks) {
    auto const settings = default_settings();
    EXPECT_EQ(settings.listen, "127.0.0.1:8080");
    EXPECT_EQ(settings.max_body_bytes, 4 * 1024 * 1024);
    EXPECT_EQ(settings.site_zone, "UTC");
    EXPECT_TRUE(settings.cors_origins.empty());
}

TEST(Settings, NumbersAreHeldToTheirLimits) {
    for (auto const& setting : settings_table()) {
        if (setting.type() != "number") continue;
        std::string const name{setting.name};
        EXPECT_TRUE(from_flag(name, std::to_string(setting.least))) << name;
        EXPECT_TRUE(from_flag(name, std::to_string(setting.most))) << name;
        EXPECT_FALSE(from_flag(name, std::to_string(setting.least - 1))) << name;
        EXPECT_FALSE(from_flag(name, std::to_string(setting.most + 1))) << name;
        for (auto const* bad : {"", "x", "1.5", "1e3", " 1", "99999999999999999999"})
            EXPECT_FALSE(from_flag(name, bad)) << name << " " << bad;
    }
}

TEST(Settings, TextsAreHeldToTheirLimits) {
    struct {
        char const* name;
        char const* value;
        bool good;
    } const rows[] = {
        {"listen", "127.0.0.1:8080", true},
        {"listen", "[::1]:0", true},
        {"listen", "localhost:65535", true},
        {"listen", "0.0.0.0:8080", true},
        {"listen", "192.168.1.1:8080", true},
        {"listen", "[::]:8080", true},
        {"listen", "127.0.0.1", false},
        {"listen", "127.0.0.1:65536", false},
        {"listen", "::1:8080", false},
        {"listen", "example.com:8080", false},
        {"tls-proxy", "on", true},
        {"tls-proxy", "yes", false},
        {"discovery", "token", true},
        {"discovery", "closed", false},
        {"site-zone", "Europe/Amsterdam", true},
        {"site-zone", "Mars/Olympus", false},
        {"region", "eu", true},
        {"region", "uk", false},
        {"language", "en-US", true},
        {"language", "nl", false},
        {"as-of", "2026-06-01T09:00:00Z", true},
        {"as-of", "2026-06-01T09:00:00+02:00", true},
        {"as-of", "2026-06-01", false},
        {"as-of", "yesterday", false},
        {"as-of", "", true},
        {"base-url", "https://cds.example.com/x", true},
        {"base-url", "https://cds.example.com/", false},
        {"base-url", "cds.example.com", false},
        {"default-profile", "epic", true},
        {"default-profile", "Epic", false},
        {"default-switches", "annotates-orders,report-tolerated", true},
        {"default-switches", "everything", false},
        {"cors-origins", "https://a.example,http://localhost:4434", true},
        {"cors-origins", "*", false},
        {"cors-origins", "https://a.example/", false},
        {"cors-origins", "null", false},
        {"trusted-proxies", "10.0.0.0/8, ::1, fe80::/10", true},
        {"trusted-proxies", "10.0.0.0/33", false},
        {"trusted-proxies", "proxy.example", false},
    };
    for (auto const& row : rows)
        EXPECT_EQ(from_flag(row.name, row.value).has_value(), row.good)
            << row.name << " " << row.value;
}

TEST(Settings, ALaterSourceWins) {
    TemporaryFile const file{R"({"threads":3,"region":"eu","cors-origins":["https://file"]})"};
    Sources sources;
    sources.config_file = file.path();
    EXPECT_EQ(load_settings(sources)->threads, 3);
    sources.environment.emplace_back("COUNTERSIGN_THREADS", "4");
    EXPECT_EQ(load_settings(sources)->threads, 4);
    sources.flags.emplace_back("threads", "5");
    auto const settings = load_settings(sources);
    EXPECT_EQ(settings->threads, 5);
    EXPECT_EQ(settings->region, "eu");
    EXPECT_EQ(settings->cors_origins, std::vector<std::string>{"https://file"});
}

TEST(Settings, UnknownKeysStopTheStartWhereverTheyStand) {
    EXPECT_NE(from_file(R"({"thread":3})").error().what.find("thread"), std::string::npos);
    EXPECT_FALSE(from_flag("thread", "3"));
    Sources sources;
    sources.environment.emplace_back("COUNTERSIGN_THREAD", "3");
    auto const settings = load_settings(sources);
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().where, "environment variable COUNTERSIGN_THREAD");
}

TEST(Settings, AFileMustHoldOneObjectWithTheRightTypes) {
    for (auto const* text :
         {"", "[]", "{", R"({"threads":"3"})", R"({"listen":1})", R"({"threads":1,"threads":2})",
          R"({"cors-origins":"https://a"})", R"({"cors-origins":[1]})", R"({"threads":1.5})",
          R"({"threads":null})"})
        EXPECT_FALSE(from_file(text)) << text;
    EXPECT_TRUE(from_file("{}"));
    Sources sources;
    sources.config_file = "/nonexistent/countersign.json";
    EXPECT_FALSE(load_settings(sources));
}

TEST(Settings, VariablesThatKubernetesSetsAreNotOurs) {
    char const* const environment[] = {"COUNTERSIGN_THREADS=2",
                                       "COUNTERSIGN_PORT=tcp://10.0.0.1:80",
                                       "COUNTERSIGN_PORT_80_TCP=x",
                                       "COUNTERSIGN_SERVICE_HOST=x",
                                       "PATH=/bin",
                                       nullptr};
    auto const pairs = environment_settings(environment);
    ASSERT_EQ(pairs.size(), 1U);
    EXPECT_EQ(pairs[0].first, "COUNTERSIGN_THREADS");
    EXPECT_EQ(pairs[0].second, "2");
}

TEST(Settings, WhatOnlyARestartCanChangeIsKept) {
    auto const current = default_settings();
    auto fresh = current;
    fresh.listen = "127.0.0.1:9090";
    fresh.region = "eu";
    auto const changed = keep_fixed(current, fresh);
    ASSERT_EQ(changed.size(), 1U);
    EXPECT_EQ(changed[0], "listen");
    EXPECT_EQ(fresh.listen, current.listen);
    EXPECT_EQ(fresh.region, "eu");
}

TEST(Settings, ABodyHasItsTimeByRateAndInAll) {
    auto const settings = default_settings();  // 2 s, then 1024 bytes/s, 15 s in all
    EXPECT_EQ(body_time(settings, 0).count(), 2000);
    EXPECT_EQ(body_time(settings, 1024).count(), 3000);
    EXPECT_EQ(body_time(settings, 13 * 1024).count(), 15'000);
    EXPECT_EQ(body_time(settings, 14 * 1024).count(), 15'000);
}

TEST(Settings, TheDocumentIsWhatTheProgramPrints) {
    EXPECT_EQ(content(COUNTERSIGN_SOURCE_DIR "/docs/configuration.md"), settings_markdown())
        << "run: countersign config --markdown > docs/configuration.md";
}

TEST(Version, IsTheOneOfTheBuild) {
    auto const cmake = content(COUNTERSIGN_SOURCE_DIR "/CMakeLists.txt");
    EXPECT_NE(cmake.find("VERSION " + std::string{program_version}), std::string::npos);
}

}  // namespace
}  // namespace cds::server
