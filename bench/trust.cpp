// What trust costs: a call of 12 KB without client authentication, with a token of ES384 and of
// RS384, and over TLS, with a whole and with a resumed handshake. Each call has a connection of its
// own. CPU of server and client together, so the client's half of a handshake is in it.
//   bench_trust [rounds] [calls]

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "server/certificate.hpp"
#include "tests/server/registered.hpp"
#include "tests/server/tls_client.hpp"

namespace {

using namespace cds;
using namespace cds::server;
using auth::test::Keys;

double cpu_us() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

std::string post(std::string const& body, std::string const& lines = {}) {
    return "POST /cds-services/immunosuppressant-safety HTTP/1.1\r\nHost: localhost\r\n" + lines +
           "Content-Type: application/json\r\nConnection: close\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// One call on a connection of its own, without looking at the answer beyond its first line.
bool ask(std::uint16_t port, std::string const& request) {
    int const socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    void const* const generic = &address;
    bool good = ::connect(socket, static_cast<sockaddr const*>(generic), sizeof address) == 0;
    std::size_t sent = 0;
    while (good && sent < request.size()) {
        auto const now = ::send(socket, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
        good = now > 0;
        if (good) sent += static_cast<std::size_t>(now);
    }
    std::array<char, 16 * 1024> part{};
    std::string answer;
    for (;;) {
        auto const got = good ? ::recv(socket, part.data(), part.size(), 0) : 0;
        if (got <= 0) break;
        answer.append(part.data(), static_cast<std::size_t>(got));
    }
    ::close(socket);
    return answer.starts_with("HTTP/1.1 200");
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void must(bool holds, char const* what) {
    if (holds) return;
    std::fprintf(stderr, "%s\n", what);
    std::exit(1);
}

std::string file(std::string const& path) {
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

/// A token of RS384, good for the service.
std::string rsa_token() {
    static int count = 0;
    auth::test::now = real_now();
    auto const id = "\"rsa-" + std::to_string(++count) + "\"";
    auto const header =
        auth::test::with(auth::test::good_header(), {{"alg", R"("RS384")"}, {"kid", R"("rsa")"}});
    auto const claims = auth::test::with(auth::test::good_claims(), {{"jti", id}});
    return auth::test::sealed(Keys::get().rs384, auth::test::object(header),
                              auth::test::object(claims));
}

/// One way to call: `prepare` makes what the clock must not see, `call` returns whether it is 200.
struct Way {
    char const* name;
    std::function<std::string()> prepare;
    std::function<bool(std::string const&)> call;
    std::vector<double> us{};
};

double one_round(Way const& way, int calls) {
    std::vector<std::string> requests;
    for (int i = 0; i < calls; ++i) requests.push_back(way.prepare());
    auto const begin = cpu_us();
    for (auto const& request : requests)
        must(way.call(request), "a call was not answered with 200");
    return (cpu_us() - begin) / calls;
}

bool is_ok(std::string const& answer) { return answer.starts_with("HTTP/1.1 200"); }

void serve_tls(test::Registered const& files, Settings& settings) {
    Certificate::Wanted wanted;
    wanted.name = "localhost";
    wanted.from = real_now() - std::chrono::hours{1};
    wanted.until = real_now() + std::chrono::days{1};
    auto const authority = Certificate::authority(wanted);
    wanted.hosts = {"localhost"};
    must(bool{authority}, "no authority could be made");
    auto const made = authority->issue(wanted);
    must(bool{made}, "no certificate could be made");
    files.write("server.pem", made->certificate_pem());
    files.write("server-key.pem", made->key_pem());
    settings.tls_certificate = files.path("server.pem");
    settings.tls_key = files.path("server-key.pem");
}

}  // namespace

int main(int count, char** words) {
    int const rounds = count > 1 ? std::atoi(words[1]) : 9;
    int const calls = count > 2 ? std::atoi(words[2]) : 60;
    test::Registered const files(R"(,"callsPerSecond":100000,"burst":1000000)");
    auto const many = [](Settings& settings) { settings.calls_per_second = 100'000; };
    test::RunningServer const open;
    test::RunningServer const registered{files.settings(many)};
    test::Registered const certificates;
    test::RunningServer const secure{
        [&](Settings& settings) { serve_tls(certificates, settings); }};
    auto const body = file(COUNTERSIGN_SOURCE_DIR "/bench/bodies/order-sign-12k.json");
    auto const plain = post(body);
    auto const session = [&] {
        test::TlsClient first{secure.port()};
        must(is_ok(first.ask(plain)), "TLS was not answered with 200");
        return first.session();
    };
    auto const over_tls = [&](bool resume) {
        return [&, resume](std::string const& request) {
            static auto const kept = session();
            test::TlsWishes wishes;
            if (resume) wishes.session = kept;
            test::TlsClient client{secure.port(), wishes};
            auto const answered = is_ok(client.ask(request));
            return answered && client.resumed() == resume;
        };
    };
    std::array ways{
        Way{"no token, no TLS", [&] { return plain; },
            [&](std::string const& request) { return ask(open.port(), request); }},
        Way{"token ES384", [&] { return post(body, test::bearer(test::token())); },
            [&](std::string const& request) { return ask(registered.port(), request); }},
        Way{"token RS384", [&] { return post(body, test::bearer(rsa_token())); },
            [&](std::string const& request) { return ask(registered.port(), request); }},
        Way{"TLS, whole handshake", [&] { return plain; }, over_tls(false)},
        Way{"TLS, resumed", [&] { return plain; }, over_tls(true)}};
    for (int round = 0; round < rounds; ++round)
        for (auto& way : ways) way.us.push_back(one_round(way, calls));
    auto const base = median(ways[0].us);
    for (auto const& way : ways)
        std::printf("%-22s %8.0f us  ratio %.2f\n", way.name, median(way.us),
                    median(way.us) / base);
}
