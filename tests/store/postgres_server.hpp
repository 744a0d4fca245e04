#pragma once
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace cds::store::test {

/// A real PostgreSQL of the test's own: data in a temporary folder, a unix socket and no network
/// address. Started once a process, as the user postgres where the tests run as root; it ends with
/// the process, also when that is killed.
class PostgresServer {
public:
    /// Starts it at the first call. Throws when PostgreSQL is not installed or does not start: the
    /// tests of PostgreSQL fail then, they are never skipped.
    static PostgresServer& running();

    /// The connection to a database that is made anew, empty, for each call.
    std::string fresh_database(std::string const& options = {});
    /// Ends the server as a crash of the machine would, without any clean-up.
    void kill();
    /// With further options of the command line.
    void start(std::vector<std::string> const& options = {});
    PostgresServer(PostgresServer const&) = delete;
    PostgresServer& operator=(PostgresServer const&) = delete;
    ~PostgresServer();

private:
    PostgresServer();
    std::string address(std::string const& database) const;
    pid_t launch(std::vector<std::string> const& words, int output) const;
    void run(std::vector<std::string> const& words) const;

    std::filesystem::path folder_;
    std::string programs_;
    pid_t server_ = -1;
    int databases_ = 0;
    std::thread words_;  ///< reads what the server says, so that it never waits for a reader
};

}  // namespace cds::store::test
