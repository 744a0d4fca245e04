#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "server/clock.hpp"

namespace cds::server {

/// What the registry of open connections knows of one of them.
struct Connection {
    /// Address when it counts towards the limit for one peer; empty for loopback and trusted
    /// proxies.
    std::string counted_peer;
    /// Since when no complete header has been there, in ticks of the steady clock; 0 while a
    /// request is being read or answered. Written by the connection's thread, read by the
    /// acceptor's.
    std::atomic<Steady::rep> waiting_since{0};
    /// Closes it. Set and called by the acceptor's thread only.
    std::function<void()> close;
};

/// All open connections and their limits. Safe to use from several threads, but only the acceptor's
/// may call what closes others.
class Connections {
public:
    struct Limits {
        std::size_t all = 1024;
        std::size_t per_peer = 64;
    };
    enum class Admission : std::uint8_t { admitted, full, peer_full };

    /// Counts `connection` in. When all places are taken, the connection that has been longest
    /// without a complete header is closed for it; when all others are at work, it is not admitted.
    Admission admit(std::shared_ptr<Connection> const& connection, Limits limits);
    void leave(std::shared_ptr<Connection> const& connection);
    /// Closes the connection that has been longest without a complete header, if there is one.
    bool close_oldest_waiting();
    std::size_t count() const;

private:
    bool close_oldest_waiting_locked();
    void forget(std::shared_ptr<Connection> const& connection);

    mutable std::mutex mutex_;
    std::set<std::shared_ptr<Connection>> open_;
    std::map<std::string, std::size_t> of_peer_;
};

/// The address under which a peer is counted: none for loopback and for `trusted` networks.
std::string counted_peer(std::string const& address, std::vector<std::string> const& trusted);

}  // namespace cds::server
