#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cds::server {

/// What the gate allows; from the configuration.
struct GateLimits {
    std::size_t target_bytes = 8192;
    std::size_t header_bytes = 16384;  ///< all fields together, without the request line
    std::size_t fields = 100;
};

/// A request that is refused because of its header. The texts are fixed: nothing of the input is in
/// them.
struct Violation {
    unsigned status = 400;
    std::string_view reason;  ///< short code for the log, "host-repeated"
    std::string_view what;    ///< what is wrong and how to mend it
    std::string_view where = "the request header";
};

enum class Method : std::uint8_t { get, head, post, options, other };

/// A request header that passed. All texts are views into the bytes given to `check_header`.
struct Head {
    Method method = Method::other;
    bool http_1_0 = false;
    bool keep_alive = true;
    bool chunked = false;
    bool expect_continue = false;
    bool preflight = false;  ///< Access-Control-Request-Method is there
    std::optional<std::uint64_t> content_length;
    std::size_t fields = 0;
    std::string_view target, path;  ///< path: the target without its query
    std::string_view host, origin, content_type, content_encoding, authorization;
    std::string_view accept_encoding, if_none_match;  ///< the first of several

    bool has_body() const noexcept { return chunked || content_length.value_or(0) > 0; }
};

/// Looks for the end of a header in bytes that arrive piece by piece. Stops early at what can never
/// become one (a bare LF, a first byte that starts no method, a line or block beyond the limits),
/// so that nobody waits.
class HeaderScan {
public:
    enum class State : std::uint8_t { more, complete, refused };

    void restart() noexcept { *this = HeaderScan{}; }
    /// `bytes` is everything received since the request's first byte.
    State look(std::string_view bytes, GateLimits const& limits) noexcept;
    /// Complete: length of the header with its empty line.
    std::size_t end() const noexcept { return end_; }
    Violation const& violation() const noexcept { return violation_; }

private:
    std::size_t seen_ = 0;        ///< bytes already searched for LF
    std::size_t first_line_ = 0;  ///< length of the request line with CRLF; 0: not complete yet
    std::size_t line_start_ = 0;
    std::size_t end_ = 0;
    Violation violation_;
};

/// The strict reading of a whole header block (request line to empty line, as received). Beast 1.81
/// accepts repeated Host, folded lines, unknown transfer codings and more, which is how requests
/// are smuggled past a proxy; so the raw bytes are read here first, and Beast sees only what
/// passed.
///
/// None: `head` is filled and may be trusted. Otherwise `head` holds no more than `host` and
/// `origin`, for the CORS headers of the refusal, and only when each was there exactly once.
std::optional<Violation> check_header(std::string_view raw, GateLimits const& limits, Head& head);

/// Host and Origin of a header that was refused or never completed, as far as they can be read.
void salvage_origin(std::string_view raw, Head& head);

/// Whether a trailer field of a chunked body may be dropped silently; framing and routing fields
/// may not.
bool is_harmless_trailer(std::string_view name) noexcept;

}  // namespace cds::server
