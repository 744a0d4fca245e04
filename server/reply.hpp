#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hooks/engine.hpp"
#include "server/gate.hpp"
#include "store/report.hpp"
#include "store/rows.hpp"

namespace cds::server {

/// What was fetched for an answer. Counts only.
struct FetchSummary {
    std::uint32_t requests = 0, failed = 0;
    std::int64_t us = 0;  ///< in all, from the first answer to the second
    bool refused_address = false, queue_full = false;
};

/// Which report of feedback is wanted.
struct ReportWish {
    store::Step step = store::Step::month;
    bool csv = false;
};

/// One answer before it is written: what the routes decided. Views point to fixed texts.
struct Reply {
    unsigned status = 200;
    std::string_view content_type = "application/json";
    std::string_view allow;  ///< Allow, of 405 and OPTIONS
    bool retry_after = false;
    bool preflight = false;       ///< with the Access-Control-Allow-… fields of a preflight
    bool head_only = false;       ///< the body's length is told, the body is not sent
    bool own_pages_only = false;  ///< pages of other origins are never allowed to read it
    std::string_view cache_control = "no-store";
    std::string_view vary = "Origin";
    std::string fields;  ///< further header fields, each begun by CR LF
    std::string body;
    std::string_view route = "none";  ///< for the log
    std::string_view service;         ///< for the log; only ids that exist
    std::string_view reason = "ok";   ///< for the log
    std::string client;               ///< for the log: id of the registered caller
    bool tolerated_path = false;      ///< a doubled or trailing slash was read as one
    bool review_overdue = false;      ///< /readyz has warned
    hooks::CallStats stats;
    bool has_stats = false;
    FetchSummary fetch;
    std::vector<store::FeedbackRow> to_keep;  ///< must be durable before this is sent
    std::vector<store::CardRow> sent;         ///< to be stored after this was sent
    std::optional<ReportWish> report;         ///< the body is this report, still to be made

    /// Makes this an OperationOutcome.
    void refuse(unsigned new_status, std::string_view new_reason, std::string_view where,
                std::string_view what, std::string_view request_id);
    void refuse(Violation const& violation, std::string_view request_id);
    void refuse(base::Error const& error, std::string_view request_id);
};

/// What the connection adds to an answer.
struct Envelope {
    std::string_view request_id;
    std::string_view date;            ///< as `http_date` writes it
    std::string_view allowed_origin;  ///< empty: none
    bool close = false;
    bool http_1_0 = false;
};

/// Appends status line and fields up to the empty line.
void append_head(Reply const& reply, Envelope const& envelope, std::string& out);

}  // namespace cds::server
