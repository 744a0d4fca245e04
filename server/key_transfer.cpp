#include "server/key_transfer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <span>

#include "auth/key_set.hpp"
#include "server/address.hpp"
#include "server/fhir_bases.hpp"

namespace cds::server {
namespace {

std::string text_of(curl_sockaddr const& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    void const* const generic = &address.addr;
    if (address.family == AF_INET)
        inet_ntop(AF_INET, &static_cast<sockaddr_in const*>(generic)->sin_addr, text.data(),
                  text.size());
    if (address.family == AF_INET6)
        inet_ntop(AF_INET6, &static_cast<sockaddr_in6 const*>(generic)->sin6_addr, text.data(),
                  text.size());
    return text.data();
}

}  // namespace

KeyTransfer::KeyTransfer(Source source, std::chrono::milliseconds limit)
    : source_{std::move(source)}, easy_{curl_easy_init()} {
    if (!easy_) return;
    auto const set = [this](CURLoption option, auto value) {
        curl_easy_setopt(easy_, option, value);
    };
    bool const https = source_.url.starts_with("https:");
    set(CURLOPT_URL, source_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, https ? "https" : "http");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(limit.count()));
    set(CURLOPT_MAXFILESIZE, static_cast<long>(auth::KeySet::most_bytes));
    set(CURLOPT_WRITEFUNCTION, &KeyTransfer::take);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_OPENSOCKETFUNCTION, &KeyTransfer::open_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
    set(CURLOPT_PRIVATE, this);
    if (!source_.ca_file.empty()) set(CURLOPT_CAINFO, source_.ca_file.c_str());
}

KeyTransfer::~KeyTransfer() { curl_easy_cleanup(easy_); }

std::size_t KeyTransfer::take(char* data, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<KeyTransfer*>(self);
    transfer.too_large_ = transfer.body.size() + size > auth::KeySet::most_bytes;
    if (transfer.too_large_) return 0;
    transfer.body.append(data, size);
    return size;
}

curl_socket_t KeyTransfer::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& transfer = *static_cast<KeyTransfer*>(self);
    if (!may_connect(text_of(*address), transfer.source_.networks)) {
        transfer.refused_address_ = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool KeyTransfer::good(CURLcode outcome) {
    long status = 0;
    char const* type = nullptr;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy_, CURLINFO_CONTENT_TYPE, &type);
    std::string_view const media = type ? type : "";
    if (refused_address_)
        fault = "the address is outside the networks that the registration allows";
    else if (too_large_ || outcome == CURLE_FILESIZE_EXCEEDED)
        fault = "larger than 256 KiB";
    else if (outcome == CURLE_OPERATION_TIMEDOUT)
        fault = "no answer in time";
    else if (outcome != CURLE_OK)
        fault = "no connection, or its certificate was not accepted";
    else if (status != 200)
        fault = "answered with another status than 200 (redirects are not followed)";
    else if (media.find("json") == media.npos)
        fault = "the answer is no JSON by its Content-Type";
    return fault.empty();
}

}  // namespace cds::server
