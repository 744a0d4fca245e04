#include "server/problem.hpp"

#include "base/json.hpp"

namespace cds::server {
namespace {

/// FHIR's issue-type code for a status (http://hl7.org/fhir/R4/valueset-issue-type.html).
std::string_view issue_code(unsigned status) {
    switch (status) {
        case 400:
            return "structure";
        case 401:
            return "login";
        case 403:
            return "forbidden";
        case 404:
            return "not-found";
        case 405:
        case 415:
        case 417:
            return "not-supported";
        case 408:
            return "timeout";
        case 412:
            return "incomplete";
        case 413:
        case 414:
        case 431:
            return "too-long";
        case 429:
        case 503:
            return "throttled";
        default:
            return "exception";
    }
}

}  // namespace

unsigned http_status(base::ErrorCode code) {
    switch (code) {
        case base::ErrorCode::malformed:
        case base::ErrorCode::invalid:
        case base::ErrorCode::wrong_patient:
            return 400;
        case base::ErrorCode::unknown_service:
            return 404;
        case base::ErrorCode::too_large:
            return 413;
        case base::ErrorCode::unavailable:
            return 412;
        case base::ErrorCode::store_unavailable:
            return 503;
        case base::ErrorCode::not_found:
        case base::ErrorCode::internal:
            return 500;
    }
    return 500;
}

std::string_view reason_code(base::ErrorCode code) {
    switch (code) {
        case base::ErrorCode::malformed:
            return "malformed";
        case base::ErrorCode::invalid:
            return "invalid";
        case base::ErrorCode::wrong_patient:
            return "wrong-patient";
        case base::ErrorCode::unknown_service:
            return "unknown-service";
        case base::ErrorCode::too_large:
            return "too-large";
        case base::ErrorCode::unavailable:
            return "unavailable";
        case base::ErrorCode::store_unavailable:
            return "store-unavailable";
        case base::ErrorCode::not_found:
            return "not-found";
        case base::ErrorCode::internal:
            return "internal";
    }
    return "internal";
}

std::string_view status_text(unsigned status) {
    switch (status) {
        case 200:
            return "OK";
        case 204:
            return "No Content";
        case 304:
            return "Not Modified";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 503:
            return "Service Unavailable";
        default:
            return "Internal Server Error";
    }
}

void append_outcome(unsigned status, std::string_view where, std::string_view what,
                    std::string_view request_id, std::string& out) {
    out += R"({"resourceType":"OperationOutcome","id":)";
    base::json::write_string(request_id, out);
    out += R"(,"issue":[{"severity":"error","code":")";
    out += issue_code(status);
    out += R"(","details":{"text":)";
    base::json::write_string(what, out);
    out += "}";
    std::string diagnostics = "Request " + std::string{request_id};
    if (!where.empty()) diagnostics = "At " + std::string{where} + ". " + diagnostics;
    out += R"(,"diagnostics":)";
    base::json::write_string(diagnostics + ".", out);
    out += "}]}";
}

}  // namespace cds::server
