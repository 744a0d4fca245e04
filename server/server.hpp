#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "server/log.hpp"
#include "server/settings.hpp"

namespace cds::server {

/// The listening service: one thread accepts and handles signals, the others answer.
class Server {
public:
    /// Reads the configuration, at the start and at each reload.
    using Loader = std::function<base::Result<Settings>()>;

    Server(Loader loader, Log& log);
    ~Server();
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;

    /// Loads, listens and starts the threads. An error has a sentence for the person at the
    /// terminal.
    base::Result<void> start();
    std::uint16_t port() const;
    /// "http://127.0.0.1:8080"
    std::string url() const;
    /// "Knowledge 1.0 (sha256 12ab…)", and the frozen clock when there is one.
    std::string description() const;
    /// A sentence on where feedback is kept, or that it cannot be.
    std::string storage() const;

    /// SIGTERM and SIGINT drain (a second one ends the process at once), SIGHUP reloads.
    void handle_signals();
    /// Accepts and works until a drain is complete.
    void run();
    /// Stops accepting, lets running requests finish, then makes `run` return. From any thread.
    void drain();
    /// Reads configuration and knowledge anew; when they are broken the old ones stay and the error
    /// is logged. From any thread.
    void reload();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace cds::server
