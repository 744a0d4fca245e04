// CPU and wall time of a request: countersign against the parse-only baseline, in short interleaved
// rounds.
//   bench_requests [--rounds N] [--seconds S] [--body 12k|100k|1m]

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace {

using Clock = std::chrono::steady_clock;

struct Server {
    char const* name;
    std::vector<std::string> command;
    int port;
    pid_t pid = -1;
    std::string target;
};

std::string read_file(std::string const& path) {
    std::ostringstream text;
    text << std::ifstream{path, std::ios::binary}.rdbuf();
    return text.str();
}

/// 1 MB of the same kind: the 100 KB body with its observations repeated under new ids and older
/// dates.
std::string megabyte_body(std::string const& body) {
    cds::base::json::Document document;
    auto const root = *document.parse(body);
    std::string rows;
    auto const observations = root["prefetch"]["observations"]["entry"];
    for (int copy = 0; rows.size() < 900'000; ++copy) {
        for (auto entry : observations.each()) {
            std::string row;
            cds::base::json::write(entry, row);
            auto const id = row.find("\"id\":\"");
            if (id != std::string::npos) row.insert(id + 6, "c" + std::to_string(copy) + "-");
            for (auto at = row.find("\"2026-"); at != std::string::npos;
                 at = row.find("\"2026-", at)) {
                row.replace(at + 1, 4, "2024");
            }
            rows += row + ",";
        }
    }
    auto const at = body.find("\"entry\":[", body.find("\"observations\":")) + 9;
    return body.substr(0, at) + rows + body.substr(at);
}

void pin(int core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(core), &set);
    sched_setaffinity(0, sizeof set, &set);
}

void start(Server& server) {
    server.pid = fork();
    if (server.pid == 0) {
        pin(0);
        std::vector<char*> arguments;
        for (auto& part : server.command) arguments.push_back(part.data());
        arguments.push_back(nullptr);
        std::freopen("/dev/null", "w", stdout);
        std::freopen("/dev/null", "w", stderr);
        execv(arguments.front(), arguments.data());
        _exit(127);
    }
}

int connect_to(int port) {
    auto const fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int attempt = 0; attempt < 200; ++attempt) {
        if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
            int one = 1;
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            return fd;
        }
        usleep(20'000);
    }
    std::fprintf(stderr, "no server on port %d\n", port);
    std::exit(1);
}

/// User and system time of the process in nanoseconds, all threads.
double cpu_ns(pid_t pid) {
    double total = 0;
    for (auto const& task : {std::string{"/proc/"} + std::to_string(pid) + "/task"}) {
        auto* pipe = popen(("cat " + task + "/*/schedstat").c_str(), "r");
        unsigned long long run = 0, wait = 0, slices = 0;
        while (pipe && std::fscanf(pipe, "%llu %llu %llu", &run, &wait, &slices) == 3)
            total += static_cast<double>(run);
        if (pipe) pclose(pipe);
    }
    return total;
}

struct Connection {
    int fd;
    std::string request;
    std::size_t instance_at;
};

void send_request(Connection& connection, unsigned long count) {
    char digits[13];
    std::snprintf(digits, sizeof digits, "%012lx", count);
    std::memcpy(connection.request.data() + connection.instance_at, digits, 12);
    for (std::size_t sent = 0; sent < connection.request.size();) {
        auto const n = send(connection.fd, connection.request.data() + sent,
                            connection.request.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) std::exit(1);
        sent += static_cast<std::size_t>(n);
    }
}

void receive_answer(Connection const& connection) {
    thread_local std::vector<char> buffer(1 << 20);
    std::size_t have = 0, want = 0;
    while (want == 0 || have < want) {
        auto const n = recv(connection.fd, buffer.data() + have, buffer.size() - have, 0);
        if (n <= 0) std::exit(1);
        have += static_cast<std::size_t>(n);
        if (want != 0) continue;
        std::string_view const text{buffer.data(), have};
        auto const head = text.find("\r\n\r\n");
        if (head == std::string_view::npos) continue;
        auto at = text.find("Content-Length: ");
        if (at == std::string_view::npos) at = text.find("content-length: ");
        want = head + 4 + std::strtoul(text.data() + at + 16, nullptr, 10);
        if (text.substr(9, 3) != "200") {
            std::fprintf(stderr, "%.*s\n", static_cast<int>(std::min<std::size_t>(have, 600)),
                         buffer.data());
            std::exit(1);
        }
    }
}

/// Closed loop with every connection in flight: each sends its next request as soon as it has its
/// answer, so the server is always busy and is not charged for falling asleep between requests.
/// Returns the number of answers.
unsigned long drive(std::vector<Connection>& connections, double seconds, unsigned long& count) {
    auto const begin = Clock::now();
    unsigned long answers = 0;
    for (auto& connection : connections) send_request(connection, ++count);
    do {
        for (auto& connection : connections) {
            receive_answer(connection);
            send_request(connection, ++count);
            ++answers;
        }
    } while (std::chrono::duration<double>(Clock::now() - begin).count() < seconds);
    for (auto& connection : connections) receive_answer(connection);
    return answers + connections.size();
}

struct Figures {
    double cpu_us, wall_us;
};

Figures measure(Server const& server, std::string const& body, double seconds) {
    static unsigned long count = 0;
    std::vector<Connection> connections;
    for (int i = 0; i < 8; ++i) {
        Connection one{connect_to(server.port), {}, 0};
        one.request =
            "POST " + server.target +
            " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n";
        auto const head = one.request.size();
        one.request += body;
        one.instance_at = head + body.find("\"hookInstance\":\"") + 16 + 24;
        connections.push_back(std::move(one));
    }
    drive(connections, seconds / 10, count);  // warm
    auto const cpu = cpu_ns(server.pid);
    auto const begin = Clock::now();
    auto const requests = drive(connections, seconds, count);
    auto const wall = std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
    auto const used = cpu_ns(server.pid) - cpu;
    for (auto& connection : connections) close(connection.fd);
    return {used / 1000 / static_cast<double>(requests), wall / static_cast<double>(requests)};
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void compare(std::vector<Server> const& servers, char const* name, std::string const& body,
             int rounds, double seconds) {
    std::vector<double> ratios, base_cpu, our_cpu, base_wall, our_wall;
    for (int round = 0; round < rounds; ++round) {
        auto const first = static_cast<std::size_t>(round % 2);
        Figures figures[2];
        figures[first] = measure(servers[first], body, seconds);
        figures[1 - first] = measure(servers[1 - first], body, seconds);
        base_cpu.push_back(figures[0].cpu_us);
        our_cpu.push_back(figures[1].cpu_us);
        base_wall.push_back(figures[0].wall_us);
        our_wall.push_back(figures[1].wall_us);
        ratios.push_back(figures[1].cpu_us / figures[0].cpu_us);
    }
    std::sort(ratios.begin(), ratios.end());
    std::printf(
        "%-5s %7zu bytes  parse-only cpu %7.1f us wall %7.1f us  answer cpu %7.1f us wall %7.1f us "
        " ratio %.2f (%.2f-%.2f)\n",
        name, body.size(), median(base_cpu), median(base_wall), median(our_cpu), median(our_wall),
        ratios[ratios.size() / 2], ratios.front(), ratios.back());
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    int rounds = 7;
    double seconds = 0.5;
    std::string only;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!std::strcmp(argv[i], "--rounds")) rounds = std::atoi(argv[i + 1]);
        if (!std::strcmp(argv[i], "--seconds")) seconds = std::atof(argv[i + 1]);
        if (!std::strcmp(argv[i], "--body")) only = argv[i + 1];
    }
    std::string const bin = COUNTERSIGN_BINARY_DIR;
    auto const store = bin + "/bench-store.db";
    for (auto const* part : {"", "-wal", "-shm"}) std::remove((store + part).c_str());
    std::string const bodies = COUNTERSIGN_SOURCE_DIR "/bench/bodies/order-sign-";
    std::vector<Server> servers{
        {"parse-only", {bin + "/bench_parse_only", "18471"}, 18471, -1, "/"},
        {"countersign",
         {bin + "/countersign", "serve", "--listen", "127.0.0.1:18472", "--threads", "1", "--as-of",
          "2026-06-01T14:30:00Z", "--store", store},
         18472,
         -1,
         "/cds-services/immunosuppressant-safety"}};
    for (auto& server : servers) start(server);
    pin(1);
    for (auto const& server : servers) close(connect_to(server.port));
    auto const small = read_file(bodies + "12k.json"), large = read_file(bodies + "100k.json");
    if (only.empty() || only == "12k") compare(servers, "12k", small, rounds, seconds);
    if (only.empty() || only == "100k") compare(servers, "100k", large, rounds, seconds);
    if (only.empty() || only == "1m") compare(servers, "1m", megabyte_body(large), rounds, seconds);
    for (auto const& server : servers) {
        kill(server.pid, SIGTERM);
        waitpid(server.pid, nullptr, 0);
    }
}
