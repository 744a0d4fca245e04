#pragma once
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace cds::server::test {

/// A tiny HTTP server on loopback that gives one answer to every request, and counts.
class JwksServer {
public:
    JwksServer();
    ~JwksServer();
    JwksServer(JwksServer const&) = delete;
    JwksServer& operator=(JwksServer const&) = delete;

    std::string url() const;
    /// From now on: a whole answer, or nothing at all for an empty text (it then never answers).
    void answer_with(std::string text);
    /// A good answer with this body.
    void serve(std::string const& body);
    int requests() const { return requests_; }
    /// While it is held, requests are taken and not answered.
    void hold(bool on) { held_ = on; }

private:
    void run();
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    std::string text_;
    std::atomic<int> requests_{0};
    std::atomic<bool> held_{false}, ending_{false};
    std::thread thread_;
};

}  // namespace cds::server::test
