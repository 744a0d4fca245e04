#pragma once
#include <curl/curl.h>

#include <chrono>
#include <string>
#include <vector>

namespace cds::server {

/// One download of a JWKS: no redirects, no proxy, no credentials, capped in size and time, and
/// only from addresses that the client's registration allows.
class KeyTransfer {
public:
    struct Source {
        std::string url, ca_file;
        std::vector<std::string> networks;  ///< empty: public addresses
    };
    KeyTransfer(Source source, std::chrono::milliseconds limit);
    ~KeyTransfer();
    KeyTransfer(KeyTransfer const&) = delete;
    KeyTransfer& operator=(KeyTransfer const&) = delete;

    CURL* handle() const { return easy_; }
    std::string const& url() const { return source_.url; }
    /// After the end: whether `body` is an answer of status 200 that calls itself JSON. Else
    /// `fault` says why not, in fixed words.
    bool good(CURLcode outcome);
    std::string body;
    std::string_view fault;

private:
    static std::size_t take(char* data, std::size_t, std::size_t size, void* self);
    static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address);

    Source const source_;
    CURL* easy_;
    bool too_large_ = false, refused_address_ = false;
};

}  // namespace cds::server
