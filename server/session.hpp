#pragma once
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "server/connections.hpp"
#include "server/tls.hpp"
#include "server/worker.hpp"

namespace boost::asio::ssl {
template <class Lower>
class stream;
}

namespace cds::server {

/// A plain TCP connection of one worker.
using PlainStream =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

using TlsStream = boost::asio::ssl::stream<PlainStream>;

/// Serves one accepted connection on its worker until it closes. May be called from another thread.
/// `connection` was admitted; it leaves the registry when the session ends.
void serve_connection(Worker& worker, PlainStream stream, std::shared_ptr<Connection> connection);
/// The same, with TLS.
void serve_connection(Worker& worker, PlainStream stream, std::shared_ptr<Connection> connection,
                      Tls const& tls);

/// Answers 503 to a connection for which there is no place, and closes it.
void refuse_connection(Worker& worker, PlainStream stream);

}  // namespace cds::server
