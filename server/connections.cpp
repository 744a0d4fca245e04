#include "server/connections.hpp"

#include <algorithm>

#include "server/address.hpp"

namespace cds::server {

Connections::Admission Connections::admit(std::shared_ptr<Connection> const& connection,
                                          Limits limits) {
    std::lock_guard const lock{mutex_};
    auto const& peer = connection->counted_peer;
    if (!peer.empty()) {
        auto const known = of_peer_.find(peer);
        if (known != of_peer_.end() && known->second >= limits.per_peer)
            return Admission::peer_full;
    }
    if (open_.size() >= limits.all && !close_oldest_waiting_locked()) return Admission::full;
    open_.insert(connection);
    if (!peer.empty()) ++of_peer_[peer];
    return Admission::admitted;
}

void Connections::leave(std::shared_ptr<Connection> const& connection) {
    std::lock_guard const lock{mutex_};
    forget(connection);
}

bool Connections::close_oldest_waiting() {
    std::lock_guard const lock{mutex_};
    return close_oldest_waiting_locked();
}

std::size_t Connections::count() const {
    std::lock_guard const lock{mutex_};
    return open_.size();
}

bool Connections::close_oldest_waiting_locked() {
    std::shared_ptr<Connection> oldest;
    Steady::rep since = 0;
    for (auto const& candidate : open_) {
        auto const waiting = candidate->waiting_since.load(std::memory_order_relaxed);
        if (waiting == 0 || (oldest && waiting >= since)) continue;
        oldest = candidate;
        since = waiting;
    }
    if (!oldest) return false;
    forget(oldest);
    oldest->close();
    return true;
}

void Connections::forget(std::shared_ptr<Connection> const& connection) {
    if (open_.erase(connection) == 0 || connection->counted_peer.empty()) return;
    auto const peer = of_peer_.find(connection->counted_peer);
    if (peer != of_peer_.end() && --peer->second == 0) of_peer_.erase(peer);
}

std::string counted_peer(std::string const& address, std::vector<std::string> const& trusted) {
    if (is_loopback_address(address)) return {};
    bool const proxy = std::ranges::any_of(
        trusted, [&](std::string const& network) { return in_network(address, network); });
    return proxy ? std::string{} : address;
}

}  // namespace cds::server
