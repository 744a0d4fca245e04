#pragma once
#include <boost/asio/post.hpp>
#include <memory>

#include "server/coroutine.hpp"
#include "server/session_core.hpp"

namespace cds::server {

template <class Stream>
Task<void> run_session(std::shared_ptr<Session<Stream>> session) {
    co_await session->run();
}

/// An exception that reached here ended its connection; its text may hold anything, so it is only
/// counted.
inline auto session_ended(Worker& worker) {
    return [&worker](std::exception_ptr const& failure) {
        if (!failure) return;
        worker.shared.failed_sessions.fetch_add(1);
        worker.shared.log.write(LogLine{"session-failed", "error"});
    };
}

/// Starts a session that the registry of connections may close.
template <class Stream>
void start_session(Worker& worker, Stream stream, std::shared_ptr<Connection> connection) {
    auto session = std::make_shared<Session<Stream>>(worker, std::move(stream), connection);
    connection->close = [&worker, weak = std::weak_ptr{session}] {
        net::post(worker.io, [weak] {
            if (auto const open = weak.lock()) open->evict();
        });
    };
    net::co_spawn(worker.io, run_session(session), session_ended(worker));
}

}  // namespace cds::server
