// The baseline of bench/README.md: a Beast server that receives a body, parses it with Boost.JSON
// into a monotonic_resource over a kept buffer, and answers fixed 2 KB. What a careful programmer
// gets without trying.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;

net::awaitable<void> serve(net::ip::tcp::socket accepted) {
    beast::tcp_stream stream{std::move(accepted)};
    stream.socket().set_option(net::ip::tcp::no_delay{true});
    beast::flat_buffer buffer;
    buffer.reserve(std::size_t{64} * 1024);
    std::string body;
    auto const arena = std::make_unique<unsigned char[]>(std::size_t{4} * 1024 * 1024);
    std::string const answer(2048, 'x');
    for (;;) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(std::uint64_t{32} * 1024 * 1024);
        parser.get().body() = std::move(body);
        parser.get().body().clear();
        stream.expires_after(std::chrono::seconds{60});
        co_await http::async_read(stream, buffer, parser, net::use_awaitable);
        auto request = parser.release();
        json::monotonic_resource memory{arena.get(), std::size_t{4} * 1024 * 1024};
        json::parse_options options;
        options.max_depth = 64;
        json::parser reader{json::storage_ptr{}, options};
        reader.reset(&memory);
        reader.write(request.body());
        auto const document = reader.release();
        http::response<http::string_body> response{
            document.is_object() ? http::status::ok : http::status::bad_request, 11};
        response.set(http::field::content_type, "application/json");
        response.body() = answer;
        response.keep_alive(request.keep_alive());
        response.prepare_payload();
        co_await http::async_write(stream, response, net::use_awaitable);
        body = std::move(request.body());
        if (!response.keep_alive()) co_return;
    }
}

net::awaitable<void> listen(net::ip::tcp::acceptor acceptor) {
    for (;;) {
        auto socket = co_await acceptor.async_accept(net::use_awaitable);
        auto session = serve(std::move(socket));
        net::co_spawn(acceptor.get_executor(), std::move(session), [](std::exception_ptr) {});
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    net::io_context context{1};
    auto const port = static_cast<unsigned short>(std::atoi(argv[1]));
    net::ip::tcp::acceptor acceptor{context, {net::ip::make_address("127.0.0.1"), port}};
    auto listener = listen(std::move(acceptor));
    net::co_spawn(context, std::move(listener), [](std::exception_ptr) {});
    context.run();
}
