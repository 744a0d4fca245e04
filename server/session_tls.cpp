#include <boost/asio/ssl/context.hpp>

#include "server/session_start.hpp"

namespace cds::server {

void serve_connection(Worker& worker, PlainStream stream, std::shared_ptr<Connection> connection,
                      Tls const& tls) {
    TlsStream encrypted{std::move(stream), *tls.context};
    start_session(worker, std::move(encrypted), std::move(connection));
}

}  // namespace cds::server
