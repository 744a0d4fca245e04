#pragma once
#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "server/fetcher.hpp"

// One HTTP request to a FHIR server, on libcurl. Used by the fetcher's thread alone.

namespace cds::server {

/// Fields that all requests of a job send. Zeroed at the end: one of them is the token.
class RequestFields {
public:
    explicit RequestFields(std::string_view token);
    ~RequestFields();
    RequestFields(RequestFields const&) = delete;
    RequestFields& operator=(RequestFields const&) = delete;
    curl_slist* list() const { return list_; }

private:
    curl_slist* list_ = nullptr;
};

/// What came back.
struct Response {
    long status = 0;  ///< 0: none came
    bool is_json = false;
    std::optional<std::chrono::seconds> retry_after;  ///< absent: none, or not a number
    std::string body;
};

class Transfer {
public:
    Transfer(FhirBase const& base, RequestFields const& fields);
    ~Transfer();
    Transfer(Transfer const&) = delete;
    Transfer& operator=(Transfer const&) = delete;

    /// Makes the handle ready for a request. `target` follows the base; `room` is how many bytes
    /// the body may have, and the headers `header_room`. What comes is taken off `call_room`, which
    /// the transfers of a call share.
    void prepare(std::string const& target, std::chrono::milliseconds time_left, std::size_t room,
                 std::size_t header_room, std::size_t& call_room);
    CURL* handle() const { return easy_; }

    Response response;
    bool too_large = false;        ///< it was cut off for its size
    bool refused_address = false;  ///< an address was not allowed

private:
    static std::size_t take_body(char* data, std::size_t, std::size_t size, void* self);
    static std::size_t take_header(char* data, std::size_t, std::size_t size, void* self);
    static int look_at_progress(void* self, curl_off_t, curl_off_t received, curl_off_t,
                                curl_off_t);
    static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address);

    FhirBase const& base_;
    RequestFields const& fields_;
    CURL* easy_ = nullptr;
    std::size_t room_ = 0, header_room_ = 0;
    std::size_t* call_room_ = nullptr;
};

}  // namespace cds::server
