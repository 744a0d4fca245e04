#pragma once
#include <atomic>
#include <fstream>
#include <iterator>
#include <string>

#include "server/clock.hpp"
#include "tests/auth/corpus.hpp"
#include "tests/server/kept.hpp"
#include "tests/server/running_server.hpp"

// What the tests of callers share: a registered client, its tokens, and a log to look into.

namespace cds::server::test {

inline std::string const service_url = auth::test::base_url + auth::test::service_path;

/// A folder with registrations, a store and a log, gone at the end.
class Registered {
public:
    /// `more`: further members of the one client, "ehr".
    explicit Registered(std::string const& more = {}) {
        auth::test::now = real_now();
        write("clients.json", R"({"clients":[{"id":"ehr","issuer":")" + auth::test::issuer +
                                  R"(","jwks":)" + auth::test::Keys::get().jwks() + more + "}]}");
    }

    std::string path(std::string const& name) const { return (folder_.path() / name).string(); }
    void write(std::string const& name, std::string const& text) const {
        std::ofstream{path(name), std::ios::binary} << text;
    }
    std::string read(std::string const& name) const {
        std::ifstream stream{path(name), std::ios::binary};
        return {std::istreambuf_iterator<char>{stream}, {}};
    }
    std::string log() const { return read("log"); }
    store::Place place() const { return folder_.place(); }
    StoreFolder const& folder() const { return folder_; }

    /// Settings for a server with these clients.
    std::function<void(Settings&)> settings(
        std::function<void(Settings&)> const& change = {}) const {
        return [this, change](Settings& settings) {
            settings.clients = path("clients.json");
            settings.base_url = auth::test::base_url;
            settings.store = folder_.file();
            settings.log_file = path("log");
            if (change) change(settings);
        };
    }

private:
    StoreFolder folder_;
};

/// A token good for the service, but for `changes` of its claims; each has an id of its own.
inline std::string token(auth::test::Members const& changes = {}) {
    static std::atomic<int> count{0};
    auth::test::now = real_now();
    auto const id = "\"id-" + std::to_string(++count) + "\"";
    auto const claims = auth::test::with(auth::test::good_claims(), {{"jti", id}});
    return auth::test::sealed(auth::test::Keys::get().es384,
                              auth::test::object(auth::test::good_header()),
                              auth::test::object(auth::test::with(claims, changes)));
}

inline std::string bearer(std::string const& token) {
    return "Authorization: Bearer " + token + "\r\n";
}

/// The status of a hook call with a token.
inline unsigned call(std::uint16_t port, std::string const& token) {
    auto const answer = ask(port, post(empty_call(), bearer(token)));
    return answer ? answer->status : 0;
}

}  // namespace cds::server::test
