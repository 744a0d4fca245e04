#include "server/body_reader.hpp"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <new>
#include <optional>

namespace cds::server {
namespace {

namespace net = boost::asio;
namespace http = boost::beast::http;
using boost::beast::error_code;
using Request = http::request_parser<http::string_body>;

/// Chunk extensions are dropped, but they must be plain text: some servers end a chunk's line at a
/// bare CR or LF.
bool is_plain(boost::beast::string_view text) {
    constexpr std::size_t longest_extension = 256;
    if (text.size() > longest_extension) return false;
    for (auto const c : text)
        if ((c < ' ' && c != '\t') || c > '~') return false;
    return true;
}

}  // namespace

struct BodyReader::Parser {
    std::optional<Request> request;
    std::size_t critical_in_header = 0;
    bool chunked = false;
    std::function<void(std::uint64_t, boost::beast::string_view, error_code&)> on_chunk =
        [](std::uint64_t, boost::beast::string_view extensions, error_code& error) {
            if (!is_plain(extensions)) error = http::error::bad_chunk_extension;
        };

    State state(error_code error) {
        if (error == http::error::body_limit) return State::too_large;
        if (error && error != http::error::need_more) return State::malformed;
        if (!request->is_done()) return State::more;
        return chunked && !trailers_are_harmless() ? State::malformed : State::done;
    }

    /// Trailers are dropped; but one that would change framing or routing is an attack, not a
    /// mistake.
    bool trailers_are_harmless() const { return critical_fields() == critical_in_header; }

    /// Beast adds trailers to the fields of the header, so the count tells whether one came in
    /// later.
    std::size_t critical_fields() const {
        std::size_t count = 0;
        for (auto const& field : request->get()) {
            auto const name = field.name_string();
            if (!is_harmless_trailer({name.data(), name.size()})) ++count;
        }
        return count;
    }
};

BodyReader::BodyReader() : parser_{std::make_unique<Parser>()} {}
BodyReader::~BodyReader() = default;

BodyReader::State BodyReader::start(std::string_view header, Head const& head,
                                    std::uint64_t max_body_bytes, std::string kept) {
    auto& parser = *parser_;
    kept.clear();
    try {
        parser.request.emplace();
        auto& request = *parser.request;
        request.get().body() = std::move(kept);
        // The gate has applied the configured limits already.
        request.header_limit(128 * 1024);
        request.body_limit(max_body_bytes);
        request.on_chunk_header(parser.on_chunk);
        parser.chunked = head.chunked;
        error_code error;
        auto const used = request.put(net::const_buffer{header.data(), header.size()}, error);
        if (!error && used != header.size()) return State::malformed;
        if (!error && !request.is_header_done()) return State::malformed;
        if (parser.chunked) parser.critical_in_header = parser.critical_fields();
        return parser.state(error);
    } catch (std::bad_alloc const&) {
        return State::no_memory;
    }
}

BodyReader::State BodyReader::feed(std::string_view bytes, std::size_t& used) {
    auto& request = *parser_->request;
    request.eager(true);
    used = 0;
    try {
        error_code error;
        used = request.put(net::const_buffer{bytes.data(), bytes.size()}, error);
        return parser_->state(error);
    } catch (std::bad_alloc const&) {
        return State::no_memory;
    }
}

std::string_view BodyReader::body() const noexcept {
    return parser_->request ? std::string_view{parser_->request->get().body()} : std::string_view{};
}

bool BodyReader::active() const noexcept { return parser_->request.has_value(); }

std::string BodyReader::finish() {
    if (!parser_->request) return {};
    auto kept = std::move(parser_->request->get().body());
    parser_->request.reset();
    return kept;
}

}  // namespace cds::server
