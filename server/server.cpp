#include "server/server.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <thread>

#include "server/address.hpp"
#include "server/clock.hpp"
#include "server/coroutine.hpp"
#include "server/keeping.hpp"
#include "server/live.hpp"
#include "server/notices.hpp"
#include "server/process.hpp"
#include "server/session.hpp"
#include "server/version.hpp"
#include "server/worker.hpp"

namespace cds::server {
namespace {

using boost::system::error_code;
using net::ip::tcp;
using std::chrono::milliseconds;
using Acceptor = net::basic_socket_acceptor<tcp, Executor>;

constexpr milliseconds accept_pause{10};
constexpr std::chrono::seconds accept_failure_log_pause{1};

base::Error listen_error(std::string const& address, error_code error) {
    auto const what =
        error == net::error::address_in_use
            ? "The address " + address +
                  " is already in use by another program; choose another with --listen HOST:PORT."
            : "The service cannot listen on " + address + ": " + error.message() + ".";
    return {base::ErrorCode::invalid, "listen", what};
}

}  // namespace

struct Server::State {
    State(Loader configuration, Log& sink)
        : loader{std::move(configuration)}, log{sink}, shared{sink} {}
    ~State() {
        for (auto& worker : workers) worker->io.stop();
        for (auto& thread : threads)
            if (thread.joinable()) thread.join();
        if (shared.fetcher) shared.fetcher->close();
        if (shared.store) shared.store->close();
        if (shared.keys) shared.keys->close();
        shared.reports.join();
        if (reserve >= 0) ::close(reserve);
    }

    Loader loader;
    Log& log;
    Shared shared;
    std::shared_ptr<Live const> live;  ///< the control thread's copy
    std::vector<std::unique_ptr<Worker>> workers;
    std::vector<std::thread> threads;
    std::size_t running = 0;  ///< workers that have not finished; control thread only
    std::size_t next = 0;
    std::size_t room = 0;
    bool draining = false;
    int reserve = -1;  ///< a descriptor to give up when there are none left
    tcp::endpoint endpoint;
    Steady::time_point accept_failure_logged{};

    net::io_context control{1};
    Acceptor acceptor{control};
    net::steady_timer pause{control};
    net::steady_timer drain_timer{control};
    net::steady_timer expiry{control};
    net::basic_signal_set<Executor> signals{control};

    base::Result<void> listen();
    void start_workers();
    Task<void> accept_loop();
    void admit(Worker& worker, PlainStream socket);
    void log_accept_failure(error_code error);
    void answer_without_descriptor();
    void accept_rest();
    void drain();
    void force_end();
    void worker_ended();
    void reload();
    void wait_for_signal();
    void use_clients();
    void log_live(LogLine line);
    void expire_hourly();
};

base::Result<void> Server::State::listen() {
    auto const address = parse_listen(live->settings.listen);
    error_code error;
    auto const ip = net::ip::make_address(address->host, error);
    tcp::endpoint const wanted{ip, address->port};
    if (!error) acceptor.open(wanted.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(wanted, error);
    if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
    if (!error) endpoint = acceptor.local_endpoint(error);
    if (error) return listen_error(live->settings.listen, error);
    return {};
}

void Server::State::start_workers() {
    auto count = static_cast<std::size_t>(live->settings.threads);
    if (count == 0) count = std::max(1U, std::thread::hardware_concurrency());
    for (std::size_t i = 0; i < count; ++i)
        workers.push_back(std::make_unique<Worker>(shared, static_cast<unsigned>(i), live));
    running = count;
    for (auto& worker : workers)
        threads.emplace_back([this, one = worker.get()] {
            one->io.run();
            net::post(control, [this] { worker_ended(); });
        });
}

Task<void> Server::State::accept_loop() {
    while (acceptor.is_open()) {
        auto& worker = *workers[next++ % workers.size()];
        PlainStream socket{worker.io};
        auto [error] = co_await acceptor.async_accept(socket, as_result);
        if (draining || error == net::error::operation_aborted) co_return;
        if (!error) {
            admit(worker, std::move(socket));
            continue;
        }
        if (error == net::error::connection_aborted) continue;
        // Out of descriptors or memory: turn one caller away properly, then pause instead of
        // spinning.
        log_accept_failure(error);
        answer_without_descriptor();
        shared.connections.close_oldest_waiting();
        pause.expires_after(accept_pause);
        co_await pause.async_wait(as_result);
    }
}

void Server::State::log_accept_failure(error_code error) {
    auto const now = Steady::now();
    if (now < accept_failure_logged + accept_failure_log_pause) return;
    accept_failure_logged = now;
    log.write(std::move(LogLine{"accept-failed", "warning"}.number("errno", error.value())));
}

void Server::State::admit(Worker& worker, PlainStream socket) {
    error_code error;
    auto const peer = socket.remote_endpoint(error);
    if (error) return;  // already gone
    socket.set_option(tcp::no_delay(true), error);
    auto const& settings = live->settings;
    auto connection = std::make_shared<Connection>();
    connection->counted_peer = counted_peer(peer.address().to_string(), settings.trusted_proxies);
    bool const stranger = !connection->counted_peer.empty();
    if (stranger && settings.tls_proxy == "on" && !live->tls) return;
    connection->waiting_since = Steady::now().time_since_epoch().count();
    Connections::Limits limits;
    limits.all = std::min(static_cast<std::size_t>(settings.connections), room);
    limits.per_peer = static_cast<std::size_t>(settings.connections_per_peer);
    bool const admitted =
        shared.connections.admit(connection, limits) == Connections::Admission::admitted;
    if (admitted && live->tls)
        serve_connection(worker, std::move(socket), std::move(connection), *live->tls);
    else if (admitted)
        serve_connection(worker, std::move(socket), std::move(connection));
    else if (!live->tls)  // a handshake would cost more than there is
        refuse_connection(worker, std::move(socket));
}

void Server::State::answer_without_descriptor() {
    static constexpr std::string_view busy =
        "HTTP/1.1 503 Service Unavailable\r\nCache-Control: no-store\r\nRetry-After: 1\r\n"
        "Connection: close\r\nContent-Length: 0\r\n\r\n";
    if (reserve >= 0) ::close(reserve);
    int const caller =
        ::accept4(acceptor.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (caller >= 0) {
        // A new socket's send buffer takes this at once; if not, the caller sees a closed
        // connection.
        [[maybe_unused]] auto const sent = ::send(caller, busy.data(), busy.size(), MSG_NOSIGNAL);
        ::shutdown(caller, SHUT_WR);
        ::close(caller);
    }
    reserve = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void Server::State::accept_rest() {
    error_code error;
    acceptor.non_blocking(true, error);
    while (!error) {
        auto& worker = *workers[next++ % workers.size()];
        PlainStream socket{worker.io};
        acceptor.accept(socket, error);
        if (!error) admit(worker, std::move(socket));
    }
}

void Server::State::drain() {
    if (draining) return;
    draining = true;
    log.write(LogLine{"draining"});
    error_code ignored;
    acceptor.cancel(ignored);
    // Callers whose connection the system has already accepted get their answer.
    accept_rest();
    acceptor.close(ignored);
    pause.cancel();
    expiry.cancel();
    for (auto& worker : workers) net::post(worker->io, [one = worker.get()] { one->drain(); });
    drain_timer.expires_after(milliseconds{live->settings.drain_ms});
    drain_timer.async_wait([this](error_code error) {
        if (!error) force_end();
    });
}

void Server::State::force_end() {
    log.write(std::move(LogLine{"drain-cut-off", "warning"}.number(
        "connections", static_cast<std::int64_t>(shared.connections.count()))));
    for (auto& worker : workers) worker->io.stop();
}

void Server::State::worker_ended() {
    if (--running == 0) control.stop();
}

void Server::State::reload() {
    auto const failed = [this](base::Error const& error) {
        log.write(std::move(
            LogLine{"reload-failed", "error"}.text("where", error.where).text("what", error.what)));
    };
    auto settings = loader();
    if (!settings) return failed(settings.error());
    auto const fixed = keep_fixed(live->settings, *settings);
    auto fresh = make_live(*std::move(settings));
    if (!fresh) return failed(fresh.error());
    if (auto const opened = log.open((*fresh)->settings.log_file); !opened)
        return failed(opened.error());
    for (auto const name : fixed)
        log.write(std::move(LogLine{"needs-restart", "warning"}.text("key", name)));
    live = *std::move(fresh);
    use_clients();
    for (auto& worker : workers)
        net::post(worker->io, [one = worker.get(), now = live] { one->live = now; });
    log_live(LogLine{"reloaded"});
}

void Server::State::use_clients() {
    auto clients = live->clients ? live->clients : std::make_shared<auth::Registry const>();
    shared.keys->use(std::move(clients));
}

/// Ends a line with what answers from now on, and says what those in charge must know of it.
void Server::State::log_live(LogLine line) {
    auto const& knowledge = *live->knowledge;
    line.text("knowledge", knowledge.version()).text("digest", knowledge.digest());
    if (auto const* policy = knowledge.policy())
        line.text("policy", policy->version).text("policy_digest", policy->digest);
    log.write(std::move(line));
    for (auto& notice : notices(*live, real_now())) log.write(std::move(notice));
}

void Server::State::expire_hourly() {
    expire_old_rows(*shared.store, live->settings, real_now(), log);
    expiry.expires_after(std::chrono::hours{1});
    expiry.async_wait([this](error_code error) {
        if (!error && !draining) expire_hourly();
    });
}

void Server::State::wait_for_signal() {
    signals.async_wait([this](error_code error, int number) {
        if (error) return;
        if (number == SIGHUP)
            reload();
        else if (draining)
            ::_exit(1);
        else
            drain();
        wait_for_signal();
    });
}

Server::Server(Loader loader, Log& log) : state_{std::make_unique<State>(std::move(loader), log)} {}
Server::~Server() = default;

base::Result<void> Server::start() {
    auto& state = *state_;
    auto prefix = random_prefix();
    if (!prefix) return prefix.error();
    state.shared.id_prefix = *prefix;
    auto settings = state.loader();
    if (!settings) return settings.error();
    auto live = make_live(*std::move(settings));
    if (!live) return live.error();
    state.live = *live;
    if (auto const opened = state.log.open(state.live->settings.log_file); !opened)
        return opened.error();
    state.room = room_for_connections(static_cast<std::size_t>(state.live->settings.connections));
    state.reserve = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    auto store = open_store(state.live->settings, state.log);
    if (!store) return store.error();
    state.shared.store = *std::move(store);
    KeyCache::Options keys;
    keys.log = &state.log;
    state.shared.keys = std::make_unique<KeyCache>(keys);
    state.use_clients();
    state.shared.fetcher =
        std::make_unique<Fetcher>(static_cast<std::size_t>(state.live->settings.fetch_queue));
    if (auto const listening = state.listen(); !listening) return listening.error();
    state.start_workers();
    state.expire_hourly();
    net::co_spawn(state.control, state.accept_loop(), [&state](std::exception_ptr const& failure) {
        if (failure) state.log.write(LogLine{"acceptor-failed", "error"});
    });
    LogLine line{"started"};
    line.text("version", program_version)
        .text("url", url())
        .text("as_of", state.live->settings.as_of)
        .number("threads", static_cast<std::int64_t>(state.workers.size()))
        .number("connections", static_cast<std::int64_t>(state.room))
        .number("clients", static_cast<std::int64_t>(
                               state.live->clients ? state.live->clients->clients().size() : 0));
    state.log_live(std::move(line));
    return {};
}

std::uint16_t Server::port() const { return state_->endpoint.port(); }

std::string Server::url() const {
    auto const address = state_->endpoint.address();
    auto const host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
    auto const scheme = state_->live->tls ? "https://" : "http://";
    return scheme + host + ":" + std::to_string(port());
}

std::string Server::description() const {
    auto const& live = *state_->live;
    std::string text = "knowledge " + std::string{live.knowledge->version()};
    if (auto const* policy = live.knowledge->policy()) text += ", site policy " + policy->version;
    if (live.site.as_of) text += ", clinical clock frozen at " + base::iso(*live.site.as_of);
    return text;
}

std::string Server::storage() const {
    auto const name = store_name(state_->live->settings);
    if (state_->shared.store->works()) return "Feedback is kept in " + name + ".";
    return "Feedback cannot be kept in " + name +
           " now (the log says why) and is answered with 503; hooks are answered as ever.";
}

void Server::handle_signals() {
    for (int const number : {SIGTERM, SIGINT, SIGHUP}) state_->signals.add(number);
    state_->wait_for_signal();
}

void Server::run() {
    state_->control.run();
    for (auto& thread : state_->threads) thread.join();
    state_->threads.clear();
    state_->shared.fetcher->close();
    // Cards of the last answers may still wait for their place in the store.
    state_->shared.store->close();
    state_->shared.keys->close();
    auto const dropped = state_->shared.store->counts().dropped;
    state_->log.write(
        std::move(LogLine{"stopped"}
                      .number("log_lines_dropped", static_cast<std::int64_t>(state_->log.dropped()))
                      .number("cards_not_recorded", static_cast<std::int64_t>(dropped))));
}

void Server::drain() {
    net::post(state_->control, [this] { state_->drain(); });
}

void Server::reload() {
    net::post(state_->control, [this] { state_->reload(); });
}

}  // namespace cds::server
