#include "server/gate.hpp"

#include <array>
#include <cstring>

#include "server/header_text.hpp"

namespace cds::server {
namespace {

using Refusal = std::optional<Violation>;

constexpr Violation bad_line_end{400, "bare-line-feed", "Lines of the header must end with CR LF."};
constexpr Violation not_http{400, "not-http",
                             "This is not an HTTP/1.1 request; the port speaks plain HTTP."};
constexpr Violation target_too_long{414, "target-too-long",
                                    "The request target is too long; send the data in the body.",
                                    "the request target"};
constexpr Violation header_too_large{
    431, "header-too-large",
    "The header fields together are too large; send fewer or shorter ones."};
constexpr Violation too_many_fields{431, "too-many-fields",
                                    "There are too many header fields; send fewer."};
constexpr Violation bad_request_line{
    400, "request-line", "The request line must be METHOD, one space, target, one space, HTTP/1.1.",
    "the request line"};
constexpr Violation bad_version{400, "version", "Only HTTP/1.1 and HTTP/1.0 are spoken here.",
                                "the request line"};
constexpr Violation bad_target{
    400, "target", "The target must be a path that starts with / and has no forbidden characters.",
    "the request target"};
constexpr Violation bad_field_name{
    400, "field-name",
    "Names of header fields must be tokens without spaces or underscores, followed by a colon."};
constexpr Violation folded{400, "folded-line",
                           "Header fields must not be folded over several lines."};
constexpr Violation bad_field_value{400, "field-value",
                                    "Values of header fields must not hold control characters."};
constexpr Violation repeated{400, "field-repeated",
                             "A header field that may be sent once was sent more than once."};
constexpr Violation no_host{400, "host", "HTTP/1.1 demands exactly one valid Host field.", "Host"};
constexpr Violation bad_length{
    400, "content-length", "Content-Length must be one plain decimal number.", "Content-Length"};
constexpr Violation bad_coding{
    400, "transfer-encoding",
    "Transfer-Encoding must be exactly chunked, in HTTP/1.1, without Content-Length.",
    "Transfer-Encoding"};
constexpr Violation bad_expect{
    417, "expect", "Only Expect: 100-continue can be met; leave the field out.", "Expect"};

/// The field names that this service reads. Their values must be plain ASCII and may be sent once,
/// Connection excepted.
enum class Field : std::uint8_t {
    none,
    host,
    content_length,
    transfer_encoding,
    content_type,
    content_encoding,
    expect,
    origin,
    connection,
    preflight_method,
    authorization,
    accept_encoding,
    if_none_match,
    count
};

/// What only chooses among forms of the same page: nothing is refused because of it.
bool only_chooses(Field field) {
    return field == Field::accept_encoding || field == Field::if_none_match;
}

bool may_repeat(Field field) { return field == Field::connection || only_chooses(field); }
bool must_be_ascii(Field field) { return field != Field::none && !only_chooses(field); }

Field field_of(std::string_view name) {
    switch (name.size()) {
        case 4:
            return same_token(name, "host") ? Field::host : Field::none;
        case 6:
            if (same_token(name, "origin")) return Field::origin;
            return same_token(name, "expect") ? Field::expect : Field::none;
        case 10:
            return same_token(name, "connection") ? Field::connection : Field::none;
        case 12:
            return same_token(name, "content-type") ? Field::content_type : Field::none;
        case 13:
            if (same_token(name, "if-none-match")) return Field::if_none_match;
            return same_token(name, "authorization") ? Field::authorization : Field::none;
        case 14:
            return same_token(name, "content-length") ? Field::content_length : Field::none;
        case 15:
            return same_token(name, "accept-encoding") ? Field::accept_encoding : Field::none;
        case 16:
            return same_token(name, "content-encoding") ? Field::content_encoding : Field::none;
        case 17:
            return same_token(name, "transfer-encoding") ? Field::transfer_encoding : Field::none;
        case 29:
            return same_token(name, "access-control-request-method") ? Field::preflight_method
                                                                     : Field::none;
        default:
            return Field::none;
    }
}

Method method_of(std::string_view name) {
    if (name == "POST") return Method::post;
    if (name == "GET") return Method::get;
    if (name == "OPTIONS") return Method::options;
    if (name == "HEAD") return Method::head;
    return Method::other;
}

/// Origin-form, no NUL, and no `..` segment once decoded.
Refusal check_target(std::string_view target, GateLimits const& limits) {
    if (target.size() > limits.target_bytes) return target_too_long;
    if (target.empty() || target.front() != '/') return bad_target;
    for (auto const c : target)
        if (c < '!' || c > '~') return bad_target;
    bool in_path = true;
    std::size_t segment = 0, dots = 0;
    auto const ends_climbing = [&] { return segment == 2 && dots == 2; };
    for (std::size_t i = 0; i < target.size(); ++i) {
        char c = target[i];
        if (c == '?' && in_path) {
            if (ends_climbing()) return bad_target;
            in_path = false;
        }
        if (c == '%') {
            auto const decoded = percent_decoded(target.substr(i));
            if (!decoded || *decoded == '\0') return bad_target;
            c = *decoded;
            i += 2;
        }
        if (!in_path) continue;
        if (c == '/' || c == '\\') {
            if (ends_climbing()) return bad_target;
            segment = dots = 0;
        } else {
            ++segment;
            if (c == '.') ++dots;
        }
    }
    if (in_path && ends_climbing()) return bad_target;
    return {};
}

Refusal check_request_line(std::string_view line, GateLimits const& limits, Head& head) {
    auto const first = line.find(' ');
    if (first == std::string_view::npos || first == 0 || first > 32) return bad_request_line;
    auto const method = line.substr(0, first);
    for (auto const c : method)
        if (!is_token_char(c)) return bad_request_line;
    auto const second = line.find(' ', first + 1);
    if (second == std::string_view::npos) return bad_request_line;
    head.method = method_of(method);
    head.target = line.substr(first + 1, second - first - 1);
    auto const version = line.substr(second + 1);
    if (version.size() != 8 || !version.starts_with("HTTP/")) return bad_request_line;
    if (version == "HTTP/1.0")
        head.http_1_0 = true;
    else if (version != "HTTP/1.1")
        return bad_version;
    if (auto refusal = check_target(head.target, limits)) return refusal;
    head.path = head.target.substr(0, head.target.find('?'));
    return {};
}

bool is_host(std::string_view value) {
    if (value.empty() || value.size() > 261) return false;
    for (auto const c : value) {
        bool const letter =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && !std::strchr("-._~!$&'()*+,;=%:[]", c)) return false;
    }
    return true;
}

std::optional<std::uint64_t> length_of(std::string_view digits) {
    if (digits.empty() || digits.size() > 10) return {};
    std::uint64_t number = 0;
    for (auto const c : digits) {
        if (c < '0' || c > '9') return {};
        number = number * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return number;
}

/// Collects the fields of one header.
struct Reader {
    Head& head;
    std::array<bool, static_cast<std::size_t>(Field::count)> seen{};
    bool close = false, keep_alive = false;

    bool has(Field field) const { return seen[static_cast<std::size_t>(field)]; }

    Refusal field(std::string_view line) {
        auto const colon = line.find(':');
        if (line.front() == ' ' || line.front() == '\t') return folded;
        if (colon == std::string_view::npos || colon == 0) return bad_field_name;
        auto const name = line.substr(0, colon);
        for (auto const c : name)
            if (!is_token_char(c) || c == '_') return bad_field_name;
        auto const value = trimmed(line.substr(colon + 1));
        auto const which = field_of(name);
        for (auto const c : value) {
            auto const byte = static_cast<unsigned char>(c);
            if ((byte < 0x20 && c != '\t') || byte == 0x7f) return bad_field_value;
            if (byte >= 0x80 && must_be_ascii(which)) return bad_field_value;
        }
        if (which == Field::none) return {};
        auto& already = seen[static_cast<std::size_t>(which)];
        if (already && !may_repeat(which)) return which == Field::host ? no_host : repeated;
        already = true;
        return keep(which, value);
    }

    Refusal keep(Field which, std::string_view value) {
        switch (which) {
            case Field::host:
                if (!is_host(value)) return no_host;
                head.host = value;
                return {};
            case Field::content_length:
                head.content_length = length_of(value);
                if (!head.content_length) return bad_length;
                return {};
            case Field::transfer_encoding:
                if (value != "chunked") return bad_coding;
                head.chunked = true;
                return {};
            case Field::expect:
                if (!same_token(value, "100-continue")) return bad_expect;
                head.expect_continue = true;
                return {};
            case Field::content_type:
                head.content_type = value;
                return {};
            case Field::content_encoding:
                head.content_encoding = value;
                return {};
            case Field::origin:
                head.origin = value;
                return {};
            case Field::preflight_method:
                head.preflight = true;
                return {};
            case Field::connection:
                close = close || has_token(value, "close");
                keep_alive = keep_alive || has_token(value, "keep-alive");
                return {};
            case Field::accept_encoding:
                if (head.accept_encoding.empty()) head.accept_encoding = value;
                return {};
            case Field::if_none_match:
                if (head.if_none_match.empty()) head.if_none_match = value;
                return {};
            case Field::authorization:
                head.authorization = value;
                return {};
            case Field::none:
            case Field::count:
                return {};
        }
        return {};
    }

    Refusal together() {
        if (!has(Field::host) && !head.http_1_0) return no_host;
        if (head.chunked && (head.content_length || head.http_1_0)) return bad_coding;
        head.keep_alive = !close && (!head.http_1_0 || keep_alive);
        // Nobody waits for 100 in HTTP/1.0, and there is nothing to wait for without a body.
        head.expect_continue = head.expect_continue && !head.http_1_0 && head.has_body();
        return {};
    }
};

Refusal read_header(std::string_view raw, GateLimits const& limits, Head& head) {
    auto const line_end = raw.find("\r\n");
    if (line_end == std::string_view::npos) return bad_line_end;
    auto const line = raw.substr(0, line_end);
    if (auto refusal = check_request_line(line, limits, head)) return refusal;
    auto rest = raw.substr(line_end + 2);
    if (rest.size() > limits.header_bytes + 2) return header_too_large;
    Reader reader{head, {}, false, false};
    while (true) {
        auto const end = rest.find("\r\n");
        if (end == std::string_view::npos) return bad_line_end;
        if (end == 0) break;
        if (++head.fields > limits.fields) return too_many_fields;
        if (auto refusal = reader.field(rest.substr(0, end))) return refusal;
        rest.remove_prefix(end + 2);
    }
    if (rest.size() != 2) return bad_line_end;
    return reader.together();
}

}  // namespace

HeaderScan::State HeaderScan::look(std::string_view bytes, GateLimits const& limits) noexcept {
    auto const refuse = [this](Violation const& violation) {
        violation_ = violation;
        return State::refused;
    };
    if (bytes.empty()) return State::more;
    if (!is_token_char(bytes.front())) return refuse(not_http);
    while (seen_ < bytes.size()) {
        auto const* found =
            static_cast<char const*>(std::memchr(bytes.data() + seen_, '\n', bytes.size() - seen_));
        if (!found) {
            seen_ = bytes.size();
            break;
        }
        auto const at = static_cast<std::size_t>(found - bytes.data());
        if (at == 0 || bytes[at - 1] != '\r') return refuse(bad_line_end);
        seen_ = at + 1;
        if (first_line_ == 0) {
            first_line_ = at + 1;
        } else if (at - 1 == line_start_) {
            end_ = at + 1;
            return State::complete;
        }
        line_start_ = at + 1;
    }
    // A method, two spaces and the version take less than 64 bytes beside the target.
    if (first_line_ == 0 && bytes.size() > limits.target_bytes + 64) return refuse(target_too_long);
    if (first_line_ != 0 && bytes.size() - first_line_ > limits.header_bytes + 2)
        return refuse(header_too_large);
    return State::more;
}

std::optional<Violation> check_header(std::string_view raw, GateLimits const& limits, Head& head) {
    head = Head{};
    auto refusal = read_header(raw, limits, head);
    if (refusal) {
        head = Head{};
        salvage_origin(raw, head);
    }
    return refusal;
}

void salvage_origin(std::string_view raw, Head& head) {
    std::size_t hosts = 0, origins = 0;
    while (!raw.empty()) {
        auto const end = raw.find("\r\n");
        auto const line = raw.substr(0, end);
        auto const colon = line.find(':');
        auto const which =
            colon == std::string_view::npos ? Field::none : field_of(line.substr(0, colon));
        if (which == Field::host && ++hosts == 1) head.host = trimmed(line.substr(colon + 1));
        if (which == Field::origin && ++origins == 1) head.origin = trimmed(line.substr(colon + 1));
        if (end == std::string_view::npos) break;
        raw.remove_prefix(end + 2);
    }
    if (hosts != 1 || !is_host(head.host)) head.host = {};
    if (origins != 1) head.origin = {};
    for (auto const c : head.origin)
        if (c < '!' || c > '~') {
            head.origin = {};
            break;
        }
}

bool is_harmless_trailer(std::string_view name) noexcept {
    auto const field = field_of(name);
    return field != Field::host && field != Field::content_length &&
           field != Field::transfer_encoding && field != Field::authorization;
}

}  // namespace cds::server
