#include "server/pages.hpp"

#include "server/gzip.hpp"
#include "server/header_text.hpp"
#include "web/assets.hpp"

namespace cds::server {
namespace {

/// Everything comes from here, and nothing runs or styles that did not come as a file of its own.
constexpr std::string_view page_policy =
    "\r\nContent-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
    "\r\nReferrer-Policy: no-referrer";

constexpr std::string_view without_workbench =
    "Countersign runs; the services are listed at /cds-services.\n\n"
    "This program was built without the workbench, because npm or its packages could not be had "
    "(or COUNTERSIGN_WEB was OFF). With npm installed, build it again: "
    "cmake --preset release && cmake --build --preset release\n";

/// Whether an If-None-Match field names this version (RFC 9110, section 13.1.2: weakly).
bool names(std::string_view if_none_match, std::string_view etag) {
    while (!if_none_match.empty()) {
        auto const one = next_part(if_none_match, ',');
        if (one == etag || one == "*") return true;
    }
    return false;
}

}  // namespace

bool is_page(std::string_view path) { return path == "/" || web::find(path) != nullptr; }

void answer_page(Head const& head, Reply& reply) {
    reply.fields = page_policy;
    auto const* const asset = web::find(head.path);
    if (!asset) {
        reply.content_type = "text/plain; charset=utf-8";
        reply.body = without_workbench;
        return;
    }
    reply.content_type = asset->content_type;
    reply.cache_control = "no-cache";
    reply.vary = "Origin, Accept-Encoding";
    reply.fields += "\r\nETag: ";
    reply.fields += asset->etag;
    if (names(head.if_none_match, asset->etag)) {
        reply.status = 304;
        return;
    }
    bool const gzip = takes_gzip(head.accept_encoding);
    if (gzip) reply.fields += "\r\nContent-Encoding: gzip";
    reply.body = gzip ? asset->gzipped : asset->plain;
}

}  // namespace cds::server
