#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/server/http_client.hpp"
#include "tests/server/running_server.hpp"

namespace cds::server {
namespace {

namespace fs = std::filesystem;

fs::path const suite{COUNTERSIGN_SOURCE_DIR "/../shared/suites/http1/gunicorn/tests/requests"};

/// The suite's files hold one request stream: line feeds are for the reader, CR and LF are written
/// as \r\n.
std::string read_vector(fs::path const& path) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream raw;
    raw << file.rdbuf();
    auto const text = raw.str();
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n') continue;
        if (text[i] != '\\' || i + 1 == text.size()) {
            bytes += text[i];
            continue;
        }
        char const kind = text[++i];
        if (kind == 'r') bytes += '\r';
        if (kind == 'n') bytes += '\n';
        if (kind == 't') bytes += '\t';
        if (kind == '0') bytes += '\0';
        if (kind == 'x') {
            bytes += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
            i += 2;
        }
    }
    return bytes;
}

/// Many vectors leave Host out, which alone refuses them here; with it they test what they mean to.
std::string with_host(std::string bytes) {
    if (bytes.find("Host:") != std::string::npos) return bytes;
    for (auto at = bytes.find(" HTTP/1.1\r\n"); at != std::string::npos;
         at = bytes.find(" HTTP/1.1\r\n", at + 1))
        bytes.insert(at + 11, "Host: localhost\r\n");
    return bytes;
}

/// Whether the routes (no vector's path is one of ours) answered, as opposed to the gate, the body
/// reader or a close.
bool taken_as_request(test::Answer const& answer) { return answer.status == 404; }

bool refused(std::vector<test::Answer> const& answers) {
    return answers.empty() || !std::ranges::all_of(answers, taken_as_request);
}

constexpr auto coding = "no transfer coding but chunked is accepted";
constexpr auto ascii = "targets are ASCII";
constexpr auto colon = "no blank may stand before a colon";
constexpr auto underscore = "field names with underscores are refused";
constexpr auto cut = "the vector's body is shorter than its Content-Length";
constexpr auto fold = "folded lines are refused";
constexpr auto proxy = "the PROXY protocol is not spoken";
constexpr auto form = "targets are in origin-form only";
constexpr auto method = "any token may be a method; which one fits is the route's question";
constexpr auto limits = "within this service's limits; the vector needs smaller ones";
constexpr auto forwarded = "X-Forwarded fields are not read, so they cannot contradict each other";

/// Vectors whose label we contradict on purpose.
std::map<std::string, char const*> const& differences() {
    static std::map<std::string, char const*> const reasons{
        {"valid/025", coding},
        {"valid/025_line", coding},
        {"valid/029", coding},
        {"valid/030", coding},
        {"valid/rfc9112_smuggle_gzip_chunked_01", coding},
        {"valid/rfc9112_smuggle_te_identity_chunked_01", coding},
        {"valid/009", coding},
        {"valid/027", ascii},
        {"valid/028", colon},
        {"valid/040", underscore},
        {"valid/040_compat", underscore},
        {"valid/099", cut},
        {"valid/compat_obs_fold", fold},
        {"valid/compat_obs_fold_huge", fold},
        {"valid/pp_01", proxy},
        {"valid/pp_02", proxy},
        {"valid/pp_04", proxy},
        {"valid/pp_05", proxy},
        {"valid/rfc9112_target_absolute_01", form},
        {"valid/rfc9112_target_absolute_https_01", form},
        {"valid/rfc9112_target_absolute_ipv6_01", form},
        {"valid/rfc9112_target_absolute_userinfo_01", form},
        {"valid/rfc9112_target_asterisk_options_01", form},
        {"valid/rfc9112_target_authority_connect_01", form},
        {"valid/rfc9112_target_authority_ipv6_01", form},
        {"invalid/003c", method},
        {"invalid/006", limits},
        {"invalid/007", limits},
        {"invalid/008", limits},
        {"invalid/010", limits},
        {"invalid/011", limits},
        {"invalid/012", limits},
        {"invalid/017", limits},
        {"invalid/limit_header_default_01", limits},
        {"invalid/019", forwarded},
    };
    return reasons;
}

class Http1Suite : public testing::TestWithParam<bool> {};

TEST_P(Http1Suite, GunicornVectorsAreReadAsLabelled) {
    if (!fs::exists(suite)) GTEST_SKIP() << "http1/gunicorn is not here";
    // The vectors ask for "/", which must be no page here: what was taken gets 404.
    test::RunningServer const server{[](Settings& settings) { settings.workbench = "off"; }};
    std::map<std::string, int> counts;
    std::vector<std::string> unexpected;
    for (auto const* label : {"valid", "invalid"}) {
        std::vector<fs::path> files;
        for (auto const& entry : fs::directory_iterator{suite / label})
            files.push_back(entry.path());
        std::ranges::sort(files);
        for (auto const& path : files) {
            auto const name = std::string{label} + "/" + path.stem().string();
            SCOPED_TRACE(name);
            auto const vector = read_vector(path);
            auto const bytes = GetParam() ? with_host(vector) : vector;
            test::Client client{server.port()};
            client.send(bytes);
            client.end_sending();
            auto const answers = client.receive_all();
            for (auto const& answer : answers)
                EXPECT_TRUE(answer.status >= 400 && answer.status < 500);
            bool const was_refused = refused(answers);
            ++counts[std::string{label} + (was_refused ? " refused" : " taken")];
            bool const as_labelled = was_refused == (std::string_view{label} == "invalid");
            bool const listed = differences().contains(name);
            if (GetParam() && as_labelled == listed) {
                std::string statuses;
                for (auto const& answer : answers)
                    statuses += std::to_string(answer.status) + answer.body + " ";
                unexpected.push_back(name + " " + statuses);
            }
        }
    }
    for (auto const& [what, count] : counts) std::printf("%s: %d\n", what.c_str(), count);
    if (GetParam())
        for (auto const& [name, reason] : differences())
            std::printf("  %s: %s\n", name.c_str(), reason);
    for (auto const& name : unexpected) ADD_FAILURE() << name;
    EXPECT_EQ(test::ask(server.port(), test::get("/healthz"))->status, 200U);
}

INSTANTIATE_TEST_SUITE_P(Vectors, Http1Suite, testing::Values(false, true), [](auto const& tested) {
    return tested.param ? "WithHost" : "AsTheyAre";
});

}  // namespace
}  // namespace cds::server
