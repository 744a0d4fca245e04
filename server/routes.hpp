#pragma once
#include <string_view>

#include "base/date.hpp"
#include "hooks/engine.hpp"
#include "server/gate.hpp"
#include "server/live.hpp"
#include "server/reply.hpp"

namespace cds::server {

/// Where a target leads.
struct Route {
    enum class Kind : std::uint8_t {
        unknown,
        discovery,
        service,
        explain,
        feedback,
        unknown_service,
        health,
        ready,
        page,
        rules,
        report,
        openapi
    };
    Kind kind = Kind::unknown;
    std::string_view service;  ///< one of our own ids
    bool tolerated = false;    ///< a doubled or trailing slash was read as one

    /// For the log: fixed texts.
    std::string_view name() const;
    /// Methods for Allow.
    std::string_view methods() const;
    /// Whether it is called with a request body.
    bool posts() const {
        return kind == Kind::service || kind == Kind::explain || kind == Kind::feedback;
    }
};

/// Paths are compared byte by byte, after unreserved characters that were percent-encoded were
/// decoded. `explains`: whether a service's `$explain` is there.
Route find_route(std::string_view path, bool explains = false,
                 Workbench workbench = Workbench::off);

/// What can be refused by the header alone: 404, 405, 415 (content coding, type or charset).
/// Returns whether `reply` is now the answer; preflights and OPTIONS are answered here too.
bool answer_early(Route const& route, Head const& head, std::string_view request_id, Reply& reply);

/// What the routes may know besides the request.
struct Moment {
    base::Instant now;
    bool draining = false;
    bool store_works = true;
    std::string_view request_id;
    std::string_view client = {};  ///< id of the registered caller; empty: nobody is registered
    std::string_view accept_encoding = {};
};

/// Answers a request whose header passed `answer_early`. Never throws: what a library throws
/// becomes 500, and exhausted memory 503.
void answer(Live const& live, Route const& route, std::string_view body, Moment const& moment,
            hooks::Workspace& workspace, Reply& reply) noexcept;

}  // namespace cds::server
