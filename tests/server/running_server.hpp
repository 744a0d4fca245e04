#pragma once
#include <fcntl.h>
#include <stdlib.h>

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>

#include "server/server.hpp"

namespace cds::server::test {

/// A store of this process, gone at its end.
inline std::string test_store() {
    struct Folder {
        std::string path =
            (std::filesystem::temp_directory_path() / "countersign-server-XXXXXX").string();
        Folder() {
            if (!::mkdtemp(path.data())) throw std::runtime_error{"no folder for the store"};
        }
        ~Folder() {
            std::error_code ignored;
            std::filesystem::remove_all(path, ignored);
        }
    };
    static Folder const folder;
    return folder.path + "/countersign.db";
}

/// Settings of a test: the defaults on a port of the system's choice, with two threads and changes.
inline Settings test_settings(std::function<void(Settings&)> const& change = {}) {
    auto settings = default_settings();
    settings.listen = "127.0.0.1:0";
    settings.threads = 2;
    settings.drain_idle_ms = 10;
    settings.linger_ms = 200;
    settings.store = test_store();
    if (change) change(settings);
    return settings;
}

/// A whole server in this process, drained at the end.
class RunningServer {
public:
    explicit RunningServer(std::function<void(Settings&)> const& change = {})
        : RunningServer{Server::Loader{[change] { return test_settings(change); }}} {}

    explicit RunningServer(Server::Loader loader) : server{std::move(loader), log} {
        if (auto const started = server.start(); !started)
            throw std::runtime_error{started.error().what};
        thread_ = std::thread{[this] { server.run(); }};
    }
    ~RunningServer() { stop(); }
    RunningServer(RunningServer const&) = delete;
    RunningServer& operator=(RunningServer const&) = delete;

    /// Drains and waits for the end.
    void stop() {
        server.drain();
        wait();
    }
    void wait() {
        if (thread_.joinable()) thread_.join();
    }
    std::uint16_t port() const { return server.port(); }

private:
    int sink_ = ::open("/dev/null", O_WRONLY | O_CLOEXEC);

public:
    Log log{sink_, 4096};
    Server server;

private:
    std::thread thread_;
};

}  // namespace cds::server::test
