#include "tests/store/postgres_server.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <stdexcept>

#include "store/place.hpp"

namespace cds::store::test {
namespace {

namespace fs = std::filesystem;

/// Where Debian puts the newest server's programs; the search path comes second.
std::string find_programs() {
    std::string newest;
    std::error_code error;
    for (auto const& version : fs::directory_iterator{"/usr/lib/postgresql", error}) {
        auto const folder = version.path() / "bin";
        if (fs::exists(folder / "initdb", error)) newest = std::max(newest, folder.string() + "/");
    }
    if (newest.empty())
        throw std::runtime_error{
            "PostgreSQL is not installed; deploy/install-dependencies.sh test installs it"};
    return newest;
}

/// PostgreSQL refuses to run as root.
void become_postgres() {
    if (::getuid() != 0) return;
    auto const* const user = ::getpwnam("postgres");
    if (!user || ::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 ||
        ::setuid(user->pw_uid) != 0)
        ::_exit(126);
}

/// Reads until the server is ready. Returns false when it ended before.
bool wait_until_ready(int output) {
    static constexpr std::string_view ready = "database system is ready to accept connections";
    std::string said;
    std::array<char, 4096> bytes{};
    while (said.find(ready) == said.npos) {
        auto const count = ::read(output, bytes.data(), bytes.size());
        if (count <= 0) return false;
        said.append(bytes.data(), static_cast<std::size_t>(count));
    }
    return true;
}

void read_to_the_end(int output) {
    std::array<char, 4096> bytes{};
    while (::read(output, bytes.data(), bytes.size()) > 0) continue;
    ::close(output);
}

}  // namespace

PostgresServer& PostgresServer::running() {
    static PostgresServer server;
    return server;
}

PostgresServer::PostgresServer() : programs_{find_programs()} {
    std::string name = (fs::temp_directory_path() / "countersign-postgres-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error{"cannot make a folder for PostgreSQL"};
    folder_ = name;
    if (::getuid() == 0) {
        auto const* const user = ::getpwnam("postgres");
        if (!user || ::chown(name.c_str(), user->pw_uid, user->pw_gid) != 0)
            throw std::runtime_error{"there is no user postgres"};
    }
    run({"initdb", "-D", (folder_ / "data").string(), "-A", "trust", "-U", "postgres", "-E", "UTF8",
         "--locale=C", "--no-sync"});
    start();
}

PostgresServer::~PostgresServer() {
    if (server_ > 0) {
        // At once: a checkpoint of what is thrown away would take longer than the tests.
        ::kill(server_, SIGQUIT);
        ::waitpid(server_, nullptr, 0);
    }
    if (words_.joinable()) words_.join();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

std::string PostgresServer::address(std::string const& database) const {
    return "postgres:///" + database + "?user=postgres&host=" + folder_.string();
}

void PostgresServer::start(std::vector<std::string> const& options) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
    // fsync stays on: the product refuses a server without it.
    std::vector<std::string> words{"postgres",
                                   "-D",
                                   (folder_ / "data").string(),
                                   "-k",
                                   folder_.string(),
                                   "-c",
                                   "listen_addresses=",
                                   "-c",
                                   "max_connections=20",
                                   "-c",
                                   "shared_buffers=8MB",
                                   "-c",
                                   "recovery_init_sync_method=syncfs"};
    words.insert(words.end(), options.begin(), options.end());
    server_ = launch(words, ends[1]);
    ::close(ends[1]);
    if (!wait_until_ready(ends[0])) throw std::runtime_error{"PostgreSQL does not start"};
    words_ = std::thread{read_to_the_end, ends[0]};
}

void PostgresServer::kill() {
    // SIGQUIT to the parent ends all its processes at once, without a checkpoint.
    ::kill(server_, SIGQUIT);
    ::waitpid(server_, nullptr, 0);
    words_.join();
    server_ = -1;
}

pid_t PostgresServer::launch(std::vector<std::string> const& words, int output) const {
    // By its whole path in the arguments too: it looks beside itself for what else it needs.
    auto const program = programs_ + words.front();
    std::vector<char*> arguments{const_cast<char*>(program.c_str())};
    for (std::size_t i = 1; i < words.size(); ++i)
        arguments.push_back(const_cast<char*>(words[i].c_str()));
    arguments.push_back(nullptr);
    auto const parent = ::getpid();
    auto const child = ::fork();
    if (child != 0) return child;
    become_postgres();
    // Behind the change of user, which would clear it.
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (::getppid() != parent || ::chdir("/") != 0) ::_exit(125);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::execv(program.c_str(), arguments.data());
    ::_exit(127);
}

void PostgresServer::run(std::vector<std::string> const& words) const {
    int const nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    auto const child = launch(words, nowhere);
    ::close(nowhere);
    int status = 0;
    if (::waitpid(child, &status, 0) != child || status != 0)
        throw std::runtime_error{words.front() + " failed"};
}

std::string PostgresServer::fresh_database(std::string const& options) {
    auto const name = "test_" + std::to_string(++databases_);
    auto const database = connect_postgresql(address("postgres"), Use::writing);
    if (!database) throw std::runtime_error{database.error().what};
    auto const made = (*database)->execute("CREATE DATABASE " + name + " " + options);
    if (!made) throw std::runtime_error{made.error().what};
    return address(name);
}

}  // namespace cds::store::test
