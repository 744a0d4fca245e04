#include "server/reply.hpp"

#include "server/problem.hpp"

namespace cds::server {

void Reply::refuse(unsigned new_status, std::string_view new_reason, std::string_view where,
                   std::string_view what, std::string_view request_id) {
    status = new_status;
    reason = new_reason;
    content_type = "application/fhir+json";
    retry_after = new_status == 503 || new_status == 429;
    has_stats = false;
    to_keep.clear();
    sent.clear();
    report.reset();
    cache_control = "no-store";
    vary = "Origin";
    fields.clear();
    body.clear();
    append_outcome(status, where, what, request_id, body);
}

void Reply::refuse(Violation const& violation, std::string_view request_id) {
    refuse(violation.status, violation.reason, violation.where, violation.what, request_id);
}

void Reply::refuse(base::Error const& error, std::string_view request_id) {
    refuse(http_status(error.code), reason_code(error.code), error.where, error.what, request_id);
}

void append_head(Reply const& reply, Envelope const& envelope, std::string& out) {
    out += "HTTP/1.1 ";
    out += std::to_string(reply.status);
    out += ' ';
    out += status_text(reply.status);
    out += "\r\nDate: ";
    out += envelope.date;
    out += "\r\nCache-Control: ";
    out += reply.cache_control;
    out += "\r\nVary: ";
    out += reply.vary;
    out += "\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: ";
    out += envelope.request_id;
    out += reply.fields;
    if (reply.status != 204 && reply.status != 304) {
        out += "\r\nContent-Type: ";
        out += reply.content_type;
        out += "\r\nContent-Length: ";
        out += std::to_string(reply.body.size());
    }
    if (!reply.allow.empty()) {
        out += "\r\nAllow: ";
        out += reply.allow;
    }
    if (reply.retry_after) out += "\r\nRetry-After: 1";
    if (reply.status == 401) out += "\r\nWWW-Authenticate: Bearer error=\"invalid_token\"";
    if (!envelope.allowed_origin.empty() && !reply.own_pages_only) {
        out += "\r\nAccess-Control-Allow-Origin: ";
        out += envelope.allowed_origin;
        out += "\r\nAccess-Control-Expose-Headers: X-Request-Id";
        if (reply.preflight)
            out +=
                "\r\nAccess-Control-Allow-Methods: GET, POST, OPTIONS"
                "\r\nAccess-Control-Allow-Headers: Authorization, Content-Type"
                "\r\nAccess-Control-Max-Age: 600";
    }
    if (envelope.close)
        out += "\r\nConnection: close";
    else if (envelope.http_1_0)
        out += "\r\nConnection: keep-alive";
    out += "\r\n\r\n";
}

}  // namespace cds::server
