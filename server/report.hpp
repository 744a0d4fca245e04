#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "server/coroutine.hpp"
#include "server/gate.hpp"
#include "server/live.hpp"
#include "server/reply.hpp"
#include "server/worker.hpp"

// GET /feedback-report: what became of the cards, for the workbench and for spreadsheets.

namespace cds::server {

inline constexpr std::string_view report_path = "/feedback-report";

/// Reads what is wanted from the query (`by`: day, week or month; `format`: json or csv) into
/// `reply.report`, or refuses. Only a browser or client that names this machine is answered: the
/// report is for those who sit at it, not for a page elsewhere that leads its name here.
void answer_report(Head const& head, std::string_view request_id, Reply& reply);

/// Makes the report on a thread of its own. Fails with store_unavailable when the store cannot be
/// read or too many wait.
Task<base::Result<std::string>> make_report(Worker& worker, std::shared_ptr<Live const> live,
                                            ReportWish wish);

}  // namespace cds::server
