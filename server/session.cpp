#include "server/session_start.hpp"

namespace cds::server {
namespace {

Task<void> run_refusal(std::shared_ptr<Session<PlainStream>> session) {
    co_await session->run_refusal();
}

}  // namespace

void serve_connection(Worker& worker, PlainStream stream, std::shared_ptr<Connection> connection) {
    start_session(worker, std::move(stream), std::move(connection));
}

void refuse_connection(Worker& worker, PlainStream stream) {
    auto session = std::make_shared<Session<PlainStream>>(worker, std::move(stream), nullptr);
    net::co_spawn(worker.io, run_refusal(session), session_ended(worker));
}

}  // namespace cds::server
