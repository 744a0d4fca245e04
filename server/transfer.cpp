#include "server/transfer.hpp"

#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <new>

#include "server/header_text.hpp"

namespace cds::server {

namespace {

/// Compressed bytes may come to nothing for ever: they count too.
constexpr curl_off_t wire_allowance = 64 * 1024;

void add_field(curl_slist*& list, std::string const& field) {
    auto* const longer = curl_slist_append(list, field.c_str());
    if (!longer) throw std::bad_alloc{};
    list = longer;
}

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
    // A libcurl that lacks one of these options must not be used without it.
    if (curl_easy_setopt(easy, option, value) != CURLE_OK) throw std::bad_alloc{};
}

/// The numeric form of a socket address; empty when it is neither IPv4 nor IPv6.
std::string numeric(curl_sockaddr const& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address.addr, sizeof v4);
        inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    } else if (address.family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address.addr, std::min<std::size_t>(sizeof v6, address.addrlen));
        inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    }
    return text.data();
}

/// JSON in UTF-8.
bool is_json_type(std::string_view type) {
    auto rest = type;
    auto const media = next_part(rest, ';');
    bool const json = same_token(media, "application/json") ||
                      same_token(media, "application/fhir+json") ||
                      same_token(media, "application/json+fhir");
    return json && is_utf8(rest);
}

}  // namespace

RequestFields::RequestFields(std::string_view token) {
    add_field(list_, "Accept: application/fhir+json");
    if (token.empty()) return;
    std::string field{"Authorization: Bearer "};
    field.reserve(field.size() + token.size());
    field += token;
    add_field(list_, field);
    wipe(field);
}

RequestFields::~RequestFields() {
    for (auto* one = list_; one; one = one->next)
        OPENSSL_cleanse(one->data, std::strlen(one->data));
    curl_slist_free_all(list_);
}

Transfer::Transfer(FhirBase const& base, RequestFields const& fields)
    : base_{base}, fields_{fields}, easy_{curl_easy_init()} {
    if (!easy_) throw std::bad_alloc{};
}

Transfer::~Transfer() { curl_easy_cleanup(easy_); }

void Transfer::prepare(std::string const& target, std::chrono::milliseconds time_left,
                       std::size_t room, std::size_t header_room, std::size_t& call_room) {
    response = Response{};
    too_large = false;
    room_ = room;
    header_room_ = header_room;
    call_room_ = &call_room;
    curl_easy_reset(easy_);
    auto const url = base_.url.text() + target;
    auto const ms = static_cast<long>(std::max<std::int64_t>(time_left.count(), 1));
    set(easy_, CURLOPT_URL, url.c_str());
    set(easy_, CURLOPT_PATH_AS_IS, 1L);
    set(easy_, CURLOPT_HTTPHEADER, fields_.list());
    set(easy_, CURLOPT_USERAGENT, "countersign");
    set(easy_, CURLOPT_ACCEPT_ENCODING, "gzip");
    set(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(easy_, CURLOPT_PROTOCOLS_STR, base_.url.scheme.c_str());
    set(easy_, CURLOPT_FOLLOWLOCATION, 0L);
    set(easy_, CURLOPT_PROXY, base_.proxy.c_str());
    set(easy_, CURLOPT_NOPROXY, "");
    set(easy_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(easy_, CURLOPT_NOSIGNAL, 1L);
    // A name that is being looked up is given up at the deadline, not waited for.
    set(easy_, CURLOPT_QUICK_EXIT, 1L);
    set(easy_, CURLOPT_TIMEOUT_MS, ms);
    set(easy_, CURLOPT_CONNECTTIMEOUT_MS, ms);
    set(easy_, CURLOPT_LOW_SPEED_LIMIT, 32L);
    set(easy_, CURLOPT_LOW_SPEED_TIME, 3L);
    set(easy_, CURLOPT_SSL_VERIFYPEER, 1L);
    set(easy_, CURLOPT_SSL_VERIFYHOST, 2L);
    set(easy_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!base_.ca_file.empty()) set(easy_, CURLOPT_CAINFO, base_.ca_file.c_str());
    if (!base_.certificate_file.empty())
        set(easy_, CURLOPT_SSLCERT, base_.certificate_file.c_str());
    if (!base_.key_file.empty()) set(easy_, CURLOPT_SSLKEY, base_.key_file.c_str());
    set(easy_, CURLOPT_WRITEFUNCTION, &Transfer::take_body);
    set(easy_, CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(easy_, CURLOPT_HEADERFUNCTION, &Transfer::take_header);
    set(easy_, CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(easy_, CURLOPT_XFERINFOFUNCTION, &Transfer::look_at_progress);
    set(easy_, CURLOPT_XFERINFODATA, static_cast<void*>(this));
    set(easy_, CURLOPT_NOPROGRESS, 0L);
    set(easy_, CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
    set(easy_, CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
}

std::size_t Transfer::take_body(char* data, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    auto& body = transfer.response.body;
    auto const room = transfer.room_ - std::min(body.size(), transfer.room_);
    if (size > std::min(room, *transfer.call_room_)) {
        transfer.too_large = true;
        return 0;
    }
    *transfer.call_room_ -= size;
    try {
        body.append(data, size);
    } catch (std::bad_alloc const&) {
        transfer.too_large = true;
        return 0;
    }
    return size;
}

std::size_t Transfer::take_header(char* data, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (size > transfer.header_room_) {
        transfer.too_large = true;
        return 0;
    }
    transfer.header_room_ -= size;
    std::string_view line{data, size};
    if (line.starts_with("HTTP/")) transfer.response.retry_after.reset();
    auto const name = next_part(line, ':');
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    while (line.starts_with(' ')) line.remove_prefix(1);
    if (same_token(name, "content-type")) transfer.response.is_json = is_json_type(line);
    if (same_token(name, "retry-after")) {
        long seconds = 0;
        auto const [stop, error] = std::from_chars(line.data(), line.data() + line.size(), seconds);
        // A date, or nonsense: too long to be waited for.
        bool const number = error == std::errc{} && stop == line.data() + line.size();
        transfer.response.retry_after = std::chrono::seconds{number && seconds >= 0 ? seconds : 60};
    }
    return size;
}

int Transfer::look_at_progress(void* self, curl_off_t, curl_off_t received, curl_off_t,
                               curl_off_t) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (received <= static_cast<curl_off_t>(transfer.room_) + wire_allowance) return 0;
    transfer.too_large = true;
    return 1;
}

curl_socket_t Transfer::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(self);
    auto const& base = transfer.base_;
    auto const peer = numeric(*address);
    // An explicit proxy is where the administrator put it.
    std::array<std::string, 2> const anywhere{"0.0.0.0/0", "::/0"};
    bool const allowed =
        base.proxy.empty() ? may_connect(peer, base.networks) : may_connect(peer, anywhere);
    if (!allowed) {
        transfer.refused_address = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace cds::server
