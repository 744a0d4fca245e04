#pragma once
#include <string>
#include <string_view>

#include "hooks/engine.hpp"

namespace cds::hooks {

/// Answers one hook call and appends, instead of the cards, how they came about, as JSON: the
/// drafts as read, every fact of the chart with its resource, element, value, unit and date, what
/// was passed over and why, and for each rule its answer with what decided it
/// (docs/explaining.md). The evaluation is the one that `answer` makes; the same call gives the
/// same bytes.
///
/// `rule`: only this rule's answer; empty: all. Fails as `answer` does, and with not_found for a
/// rule that the knowledge does not have.
base::Result<CallStats> explain(rules::Knowledge const& knowledge, Site const& site,
                                Client const& client, std::string_view service_id,
                                std::string_view body, base::Instant now, Workspace& workspace,
                                std::string& out, std::string_view rule = {});

}  // namespace cds::hooks
