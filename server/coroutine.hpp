#pragma once
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cds::server {

namespace net = boost::asio;

/// All our coroutines run on an io_context of one thread; naming its executor spares the
/// type-erased one.
using Executor = net::io_context::executor_type;
template <class T>
using Task = net::awaitable<T, Executor>;

/// Completions as values: `auto [error, count] = co_await …(as_result)`.
inline constexpr auto as_result = net::as_tuple(net::use_awaitable_t<Executor>{});

}  // namespace cds::server
