#include "server/routes.hpp"

#include <exception>
#include <new>
#include <string>

#include "base/json.hpp"
#include "hooks/explain.hpp"
#include "server/feedback.hpp"
#include "server/header_text.hpp"
#include "server/openapi.hpp"
#include "server/pages.hpp"
#include "server/report.hpp"

namespace cds::server {
namespace {

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

/// `%2D` and `-` are the same path (RFC 3986, section 6.2.2.2); `%2F` and `/` are not.
std::string normalised(std::string_view path) {
    std::string out;
    for (std::size_t i = 0; i < path.size(); ++i) {
        auto const decoded = path[i] == '%' ? percent_decoded(path.substr(i)) : std::nullopt;
        if (decoded && is_unreserved(*decoded)) {
            out += *decoded;
            i += 2;
        } else {
            out += path[i];
        }
    }
    return out;
}

/// Takes slashes off the front; returns how many.
std::size_t take_slashes(std::string_view& text) {
    auto const first = text.find_first_not_of('/');
    auto const count = first == std::string_view::npos ? text.size() : first;
    text.remove_prefix(count);
    return count;
}

bool take_segment(std::string_view& rest, std::string_view segment) {
    if (!rest.starts_with(segment)) return false;
    auto const after = rest.substr(segment.size());
    if (!after.empty() && after.front() != '/') return false;
    rest = after;
    return true;
}

/// Takes what may stand behind a service's id off the front: `$explain`, whose dollar sign clients
/// may send encoded, or `feedback`.
Route::Kind take_part(std::string_view& rest) {
    if (take_segment(rest, "$explain") || take_segment(rest, "%24explain"))
        return Route::Kind::explain;
    if (take_segment(rest, "feedback")) return Route::Kind::feedback;
    return Route::Kind::service;
}

bool is_json_type(std::string_view type) {
    return same_token(type, "application/json") || same_token(type, "application/fhir+json");
}

/// JSON media types; a charset, if any, is utf-8. Other parameters (fhirVersion) are allowed.
bool is_acceptable_type(std::string_view content_type) {
    auto rest = content_type;
    return is_json_type(next_part(rest, ';')) && is_utf8(rest);
}

/// Ready with a warning is ready: knowledge that is due for a review is better than none. The
/// request's log line says so too, from the first call after the day has passed.
void answer_ready(Live const& live, Moment const& moment, Reply& reply) {
    if (moment.draining)
        return reply.refuse(503, "draining", "",
                            "The service is shutting down; call another instance.",
                            moment.request_id);
    if (!moment.store_works)
        return reply.refuse(503, "store-unavailable", "",
                            "Hooks are answered, but feedback cannot be stored; see the log.",
                            moment.request_id);
    auto overdue = live.overdue_reviews(moment.now);
    reply.review_overdue = !overdue.empty();
    if (auto sentence = live.certificate_warning(moment.now); !sentence.empty())
        overdue.push_back(std::move(sentence));
    reply.body = R"({"ready":true)";
    for (auto const& sentence : overdue) {
        reply.body += &sentence == &overdue.front() ? R"(,"warnings":[)" : ",";
        base::json::write_string(sentence, reply.body);
    }
    reply.body += overdue.empty() ? "}" : "]}";
}

void answer_service(Live const& live, Route const& route, std::string_view body,
                    Moment const& moment, hooks::Workspace& workspace, Reply& reply) {
    auto const& client = live.dialogues.with(moment.client).client;
    auto const now = live.clinical_time(moment.now);
    auto const stats = route.kind == Route::Kind::explain
                           ? hooks::explain(*live.knowledge, live.site, client, route.service, body,
                                            now, workspace, reply.body)
                           : hooks::answer(*live.knowledge, live.site, client, route.service, body,
                                           now, workspace, reply.body);
    if (!stats) return reply.refuse(stats.error(), moment.request_id);
    reply.stats = *stats;
    reply.has_stats = true;
    if (route.kind == Route::Kind::service)
        reply.sent = card_rows(hooks::sent_cards(workspace), client.id, moment.now);
}

void dispatch(Live const& live, Route const& route, std::string_view body, Moment const& moment,
              hooks::Workspace& workspace, Reply& reply) {
    switch (route.kind) {
        case Route::Kind::discovery:
            reply.body = live.dialogues.with(moment.client).discovery;
            return;
        case Route::Kind::health:
            reply.body = live.health;
            return;
        case Route::Kind::ready:
            answer_ready(live, moment, reply);
            return;
        case Route::Kind::service:
        case Route::Kind::explain:
            answer_service(live, route, body, moment, workspace, reply);
            return;
        case Route::Kind::feedback:
            answer_feedback(live.dialogues.with(moment.client).client, route.service, body, moment,
                            reply);
            return;
        case Route::Kind::openapi:
            reply.body = openapi_document;
            return;
        case Route::Kind::rules:
            live.rules->answer(moment.accept_encoding, reply);
            return;
        case Route::Kind::page:
        case Route::Kind::report:
        case Route::Kind::unknown_service:
        case Route::Kind::unknown:
            return;
    }
}

}  // namespace

std::string_view Route::name() const {
    switch (kind) {
        case Kind::discovery:
            return "/cds-services";
        case Kind::service:
        case Kind::unknown_service:
            return "/cds-services/{id}";
        case Kind::explain:
            return "/cds-services/{id}/$explain";
        case Kind::feedback:
            return "/cds-services/{id}/feedback";
        case Kind::health:
            return "/healthz";
        case Kind::ready:
            return "/readyz";
        case Kind::openapi:
            return "/openapi.json";
        case Kind::page:
            return "page";
        case Kind::rules:
            return "/rules.json";
        case Kind::report:
            return report_path;
        case Kind::unknown:
            return "unknown";
    }
    return "unknown";
}

std::string_view Route::methods() const { return posts() ? "POST, OPTIONS" : "GET, HEAD, OPTIONS"; }

Route find_route(std::string_view path, bool explains, Workbench workbench) {
    Route route;
    if (workbench != Workbench::off && is_page(path)) {
        route.kind = Route::Kind::page;
        return route;
    }
    std::string decoded;
    if (path.find('%') != std::string_view::npos) {
        decoded = normalised(path);
        path = decoded;
    }
    if (path == "/healthz") route.kind = Route::Kind::health;
    if (path == "/readyz") route.kind = Route::Kind::ready;
    if (path == "/openapi.json") route.kind = Route::Kind::openapi;
    if (workbench != Workbench::off) {
        if (path == "/rules.json") route.kind = Route::Kind::rules;
        if (path == report_path && workbench == Workbench::whole) route.kind = Route::Kind::report;
    }
    constexpr std::string_view services = "cds-services";
    auto rest = path;
    auto const leading = take_slashes(rest);
    if (leading == 0 || !rest.starts_with(services)) return route;
    rest.remove_prefix(services.size());
    if (!rest.empty() && rest.front() != '/') return route;
    auto const slashes = take_slashes(rest);
    route.tolerated = leading > 1 || slashes > 1 || (slashes == 1 && rest.empty());
    if (rest.empty()) {
        route.kind = Route::Kind::discovery;
        return route;
    }
    auto const id = rest.substr(0, rest.find('/'));
    rest.remove_prefix(id.size());
    auto const after = take_slashes(rest);
    auto const kind = take_part(rest);
    bool const part = kind != Route::Kind::service;
    auto const trailing = part ? take_slashes(rest) : 0;
    if (!rest.empty() || (kind == Route::Kind::explain && !explains)) return Route{};
    route.tolerated = route.tolerated || trailing > 0 || after > (part ? 1U : 0U);
    route.kind = Route::Kind::unknown_service;
    if (auto const* service = hooks::find_service(id)) {
        route.kind = kind;
        route.service = service->id;
    }
    return route;
}

bool answer_early(Route const& route, Head const& head, std::string_view request_id, Reply& reply) {
    reply.route = route.name();
    reply.service = route.service;
    reply.tolerated_path = route.tolerated;
    if (route.kind == Route::Kind::unknown) {
        reply.refuse(404, "unknown-path", "the request target",
                     "There is nothing at this path; the services are listed at /cds-services.",
                     request_id);
        return true;
    }
    if (route.kind == Route::Kind::unknown_service) {
        reply.refuse(404, "unknown-service", "the request target",
                     "There is no service with this id; the services are listed at /cds-services.",
                     request_id);
        return true;
    }
    if (head.method == Method::options) {
        reply.status = 204;
        reply.allow = route.methods();
        reply.preflight = true;
        return true;
    }
    bool const posts = route.posts();
    bool const reads = head.method == Method::get || head.method == Method::head;
    if (posts ? head.method != Method::post : !reads) {
        reply.refuse(405, "method", "the request method",
                     posts ? "This path is called with POST." : "This path is read with GET.",
                     request_id);
        reply.allow = route.methods();
        return true;
    }
    if (!head.content_encoding.empty() && !same_token(head.content_encoding, "identity")) {
        reply.refuse(415, "content-encoding", "Content-Encoding",
                     "Compressed bodies are not accepted; send the body as it is.", request_id);
        return true;
    }
    if (posts && !is_acceptable_type(head.content_type)) {
        reply.refuse(
            415, "content-type", "Content-Type",
            "The body must be sent as application/json or application/fhir+json, in UTF-8.",
            request_id);
        return true;
    }
    if (route.kind == Route::Kind::page) answer_page(head, reply);
    if (route.kind == Route::Kind::report) answer_report(head, request_id, reply);
    return route.kind == Route::Kind::page || route.kind == Route::Kind::report;
}

void answer(Live const& live, Route const& route, std::string_view body, Moment const& moment,
            hooks::Workspace& workspace, Reply& reply) noexcept {
    try {
        try {
            dispatch(live, route, body, moment, workspace, reply);
        } catch (std::bad_alloc const&) {
            reply.refuse(503, "memory", "",
                         "The service is short of memory; try again in a moment.",
                         moment.request_id);
        } catch (std::exception const&) {
            // The exception's text may hold patient data, so it goes nowhere.
            reply.refuse(500, "exception", "",
                         "The service failed on this request; the fault is ours.",
                         moment.request_id);
        }
    } catch (...) {
        // Not even the refusal could be built: an empty 503 takes no memory.
        reply.status = 503;
        reply.reason = "memory";
        reply.has_stats = false;
        reply.body.clear();
    }
}

}  // namespace cds::server
