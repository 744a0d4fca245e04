#pragma once
#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/stream_traits.hpp>

#include "server/body_reader.hpp"
#include "server/caller.hpp"
#include "server/coroutine.hpp"
#include "server/cors.hpp"
#include "server/feedback.hpp"
#include "server/fetch_missing.hpp"
#include "server/refusals.hpp"
#include "server/request_log.hpp"
#include "server/routes.hpp"
#include "server/session.hpp"

// The session itself, for the two sources that serve plain and TLS connections.

namespace cds::server {

using boost::system::error_code;
using std::chrono::milliseconds;

constexpr milliseconds handshake_time{5000};

/// What one read from the stream came to.
enum class Received : std::uint8_t { bytes, timed_out, closed };

/// Whether a stream needs a handshake first and a word of farewell.
template <class Stream>
inline constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

/// One connection: plain TCP, or TLS over it.
template <class Stream>
class Session final : public Watched, public std::enable_shared_from_this<Session<Stream>> {
public:
    Session(Worker& worker, Stream stream, std::shared_ptr<Connection> connection)
        : worker_{worker},
          stream_{std::move(stream)},
          connection_{std::move(connection)},
          large_body_{worker.shared.large_bodies} {}

    Session(Session const&) = delete;
    Session& operator=(Session const&) = delete;

    ~Session() override {
        if (watching_) worker_.unwatch(*this);
        if (connection_) worker_.shared.connections.leave(connection_);
    }

    Task<void> run() {
        begin();
        bool open = true;
        if constexpr (is_tls<Stream>) open = co_await shake_hands();
        while (open) {
            open = co_await receive_header();
            if (open) open = co_await serve();
            release();
        }
        co_await linger();
    }

    Task<void> run_refusal() {
        begin();
        start_request();
        reply_.refuse(refusals::no_place, request_id_);
        refused_ = true;
        co_await send_reply();
        co_await linger();
    }

    void expire() override {
        expired_ = true;
        error_code ignored;
        lowest().cancel(ignored);
    }

    /// Gives the place up to another connection: at once, or after the answer that is due.
    void evict() {
        evicted_ = true;
        error_code ignored;
        if (waiting_ || lingering_) lowest().close(ignored);
    }

    void drain() override {
        if (waiting_ && buffer_.size() == 0) deadline = std::min(deadline, drain_deadline());
    }

private:
    auto& lowest() { return boost::beast::get_lowest_layer(stream_); }
    Settings const& settings() const { return live_->settings; }
    std::string_view received() const {
        auto const bytes = buffer_.cdata();
        return {static_cast<char const*>(bytes.data()), bytes.size()};
    }

    void begin() {
        live_ = worker_.live;
        // Not given to the constructor: that would be the largest size, and reads stayed small.
        buffer_.reserve(64 * 1024);
        worker_.watch(*this);
        watching_ = true;
    }

    void arm(Steady::time_point when) {
        expired_ = false;
        deadline = when;
    }

    Steady::time_point drain_deadline() const {
        return Steady::now() + milliseconds{settings().drain_idle_ms};
    }

    Task<bool> shake_hands() {
        start_waiting();
        arm(std::min(deadline, Steady::now() + handshake_time));
        auto const side = net::ssl::stream_base::server;
        auto [error] = co_await stream_.async_handshake(side, as_result);
        co_return !error;
    }

    Task<Received> read_some() {
        auto const space = buffer_.prepare(buffer_.capacity() - buffer_.size());
        auto [error, count] = co_await stream_.async_read_some(space, as_result);
        if (expired_) co_return Received::timed_out;
        if (error) co_return Received::closed;
        buffer_.commit(count);
        co_return Received::bytes;
    }

    void start_waiting() {
        live_ = worker_.live;
        waiting_ = true;
        scan_.restart();
        skipped_line_ = false;
        auto const now = Steady::now();
        // The first header has been awaited since the accept.
        if (connection_ && served_ > 0)
            connection_->waiting_since.store(now.time_since_epoch().count(),
                                             std::memory_order_relaxed);
        bool const fresh = served_ == 0 || buffer_.size() > 0;
        arm(now + milliseconds{fresh ? settings().header_timeout_ms : settings().idle_timeout_ms});
        if (worker_.draining && buffer_.size() == 0)
            deadline = std::min(deadline, drain_deadline());
    }

    /// One empty line before a request is tolerated (RFC 9112, section 2.2). Returns whether to
    /// read on first.
    bool skip_empty_line() {
        if (skipped_line_ || received().empty() || received().front() != '\r')
            return received().empty();
        if (received().size() == 1) return true;
        if (!received().starts_with("\r\n")) return false;
        buffer_.consume(2);
        skipped_line_ = true;
        return received().empty();
    }

    /// Reads until a whole header is there and good. False: the connection is to end (a refusal was
    /// sent).
    Task<bool> receive_header() {
        if (evicted_) co_return false;
        start_waiting();
        auto state = HeaderScan::State::more;
        while (state == HeaderScan::State::more) {
            bool const need_bytes = skip_empty_line();
            if (!need_bytes) state = scan_.look(received(), live_->limits);
            if (state != HeaderScan::State::more) break;
            bool const first = buffer_.size() == 0;
            auto const outcome = co_await read_some();
            if (outcome == Received::closed) co_return false;
            if (outcome == Received::timed_out) {
                if (first) co_return false;
                start_request();
                salvage_origin(received(), head_);
                co_return co_await refuse(refusals::late_header);
            }
            if (first && served_ > 0)
                arm(Steady::now() + milliseconds{settings().header_timeout_ms});
        }
        start_request();
        if (state == HeaderScan::State::refused) {
            salvage_origin(received(), head_);
            co_return co_await refuse(scan_.violation());
        }
        head_text_.assign(received().substr(0, scan_.end()));
        buffer_.consume(scan_.end());
        auto const violation = check_header(head_text_, live_->limits, head_);
        if (violation) co_return co_await refuse(*violation);
        co_return true;
    }

    void start_request() {
        waiting_ = false;
        if (connection_) connection_->waiting_since.store(0, std::memory_order_relaxed);
        request_id_ = worker_.next_request_id();
        started_ = Steady::now();
        head_ = Head{};
        reply_ = Reply{};
        reply_.body = worker_.take_buffer();
        body_bytes_ = 0;
        answer_us_ = 0;
    }

    Task<bool> serve() {
        ++served_;
        reply_.head_only = head_.method == Method::head;
        auto const route = find_route(head_.path, live_->explains, live_->workbench);
        bool early = answer_early(route, head_, request_id_, reply_);
        if (!early && needs_token(*live_, route)) {
            bool const admitted = co_await admit(route);
            early = !admitted;
        }
        // Nothing of the body has been sent yet.
        refused_ = refused_ || (early && head_.expect_continue);
        if (!refused_) {
            bool const whole = co_await receive_body();
            if (!whole) co_return false;
        }
        if (!early) decide(route);
        if (!early)
            co_await fetch_missing(worker_, *live_, route, body_.body(), request_id_, reply_);
        if (!reply_.to_keep.empty() || reply_.report) co_await use_store();
        co_return co_await send_reply();
    }

    /// Nothing of the body of a stranger is read.
    Task<bool> admit(Route const& route) {
        arm(Steady::time_point::max());
        auto const peer = connection_->counted_peer;
        auto const admission = co_await admit_caller(worker_, *live_, route, head_, peer);
        if (admission.client) reply_.client = admission.client->id;
        if (!admission.refusal) co_return true;
        reply_.refuse(*admission.refusal, request_id_);
        refused_ = head_.has_body();
        co_return false;
    }

    void decide(Route const& route) {
        auto const before = Steady::now();
        Moment const moment{real_now(),  worker_.draining, worker_.shared.store->works(),
                            request_id_, reply_.client,    head_.accept_encoding};
        answer(*live_, route, body_.body(), moment, worker_.workspace, reply_);
        answer_us_ = microseconds_since(before);
    }

    Task<void> use_store() {
        arm(Steady::time_point::max());
        release_body();
        co_await finish_with_store(worker_, live_, request_id_, reply_);
    }

    Task<bool> receive_body() {
        auto const announced = head_.content_length.value_or(0);
        auto const most = static_cast<std::uint64_t>(settings().max_body_bytes);
        if (announced > most) co_return co_await refuse(refusals::body_too_large);
        bool const room =
            announced <= large_body_bytes || large_body_.take(settings().large_bodies);
        if (!room) co_return co_await refuse(refusals::too_many_large_bodies);
        auto state = body_.start(head_text_, head_, most, worker_.take_buffer());
        if (state == BodyReader::State::more && head_.expect_continue) {
            bool const sent = co_await send_continue();
            if (!sent) co_return false;
        }
        auto const start = Steady::now();
        while (state == BodyReader::State::more) {
            if (buffer_.size() > 0) {
                std::size_t used = 0;
                state = body_.feed(received(), used);
                wipe(received().substr(0, used));  // a token may be in it
                buffer_.consume(used);
                body_bytes_ = body_.body().size();
                bool const fits =
                    body_bytes_ <= large_body_bytes || large_body_.take(settings().large_bodies);
                if (!fits) co_return co_await refuse(refusals::too_many_large_bodies);
                if (used > 0 || state != BodyReader::State::more) continue;
            }
            // A decoder that wants more although the buffer is full will never be satisfied.
            if (buffer_.size() == buffer_.capacity()) co_return co_await refuse(refusals::bad_body);
            arm(start + body_time(settings(), body_bytes_));
            auto const outcome = co_await read_some();
            if (outcome == Received::closed) co_return false;
            if (outcome == Received::timed_out) co_return co_await refuse(refusals::late_body);
        }
        if (state == BodyReader::State::malformed) co_return co_await refuse(refusals::bad_body);
        if (state == BodyReader::State::too_large)
            co_return co_await refuse(refusals::body_too_large);
        if (state == BodyReader::State::no_memory) co_return co_await refuse(refusals::no_memory);
        body_bytes_ = body_.body().size();
        co_return true;
    }

    /// Before the answer is sent: a slow reader does not hold its request too.
    void release_body() {
        if (body_.active()) worker_.give_buffer(body_.finish());
        large_body_.give();
    }

    /// Refuses a request after which the connection cannot go on. Always false: there is no next
    /// request.
    Task<bool> refuse(Violation violation) {
        reply_.refuse(violation, request_id_);
        refused_ = true;
        co_return co_await send_reply();
    }

    Task<bool> send_continue() {
        static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
        arm(Steady::now() + milliseconds{settings().write_timeout_ms});
        auto const bytes = net::buffer(text.data(), text.size());
        auto [error, count] = co_await net::async_write(stream_, bytes, as_result);
        co_return !error;
    }

    /// Whether another request may follow.
    Task<bool> send_reply() {
        bool const keep = !refused_ && head_.keep_alive && !worker_.draining && !evicted_;
        Envelope envelope;
        envelope.request_id = request_id_;
        envelope.date = worker_.date(real_now());
        // Any page may call a service that anybody may call; no other.
        if (!live_->clients || !settings().cors_origins.empty())
            envelope.allowed_origin =
                allowed_origin(settings().cors_origins, head_.host, head_.origin);
        envelope.close = !keep;
        envelope.http_1_0 = head_.http_1_0;
        release_body();
        reply_head_.clear();
        append_head(reply_, envelope, reply_head_);
        auto const body = reply_.head_only ? std::string_view{} : std::string_view{reply_.body};
        std::array<net::const_buffer, 2> const bytes{net::buffer(reply_head_),
                                                     net::buffer(body.data(), body.size())};
        arm(Steady::now() + milliseconds{settings().write_timeout_ms});
        auto [error, count] = co_await net::async_write(stream_, bytes, as_result);
        answered_ = !error;
        RequestRecord const record{request_id_, head_.method, head_text_.size() + body_bytes_,
                                   count,       answer_us_,   microseconds_since(started_),
                                   answered_};
        worker_.shared.log.write(request_line(record, reply_));
        if (answered_ && !reply_.sent.empty()) worker_.shared.store->record(std::move(reply_.sent));
        co_return keep && !error;
    }

    /// Gives back what the request needed, so that an idle connection holds little.
    void release() {
        release_body();
        worker_.give_buffer(std::move(reply_.body));
        reply_.body.clear();
        request_id_.clear();
        head_text_.clear();
    }

    /// Ends our side and reads on for a moment: a close with unread bytes would make the system
    /// throw the last answer away.
    Task<void> linger() {
        if (!answered_) co_return;
        lingering_ = true;
        if (connection_)
            connection_->waiting_since.store(Steady::now().time_since_epoch().count(),
                                             std::memory_order_relaxed);
        arm(Steady::now() + milliseconds{settings().linger_ms});
        if constexpr (is_tls<Stream>) co_await stream_.async_shutdown(as_result);
        error_code ignored;
        lowest().shutdown(net::ip::tcp::socket::shutdown_send, ignored);
        bool more = !expired_;
        while (more) {
            buffer_.clear();
            auto const space = buffer_.prepare(buffer_.capacity());
            auto [error, count] = co_await lowest().async_read_some(space, as_result);
            more = !error && !expired_ && Steady::now() < deadline;
        }
    }

    Worker& worker_;
    Stream stream_;
    std::shared_ptr<Connection> connection_;  ///< none while a connection is only refused
    std::shared_ptr<Live const> live_;
    boost::beast::flat_buffer buffer_;
    HeaderScan scan_;
    BodyReader body_;
    LargeBodySlot large_body_;
    std::string head_text_, reply_head_, request_id_;
    Head head_;  ///< views into head_text_, or into the buffer when the header was refused
    Reply reply_;
    Steady::time_point started_{};
    std::uint64_t served_ = 0;
    std::size_t body_bytes_ = 0;
    std::int64_t answer_us_ = 0;
    bool watching_ = false, waiting_ = false, expired_ = false, skipped_line_ = false;
    bool refused_ = false, answered_ = false;
    bool evicted_ = false, lingering_ = false;
};

}  // namespace cds::server
