#include "server/notices.hpp"

namespace cds::server {
namespace {

LogLine entry_line(std::string_view event, rules::PolicyEntry const& entry) {
    LogLine line{event, "warning"};
    line.text("rule", entry.rule)
        .text("change", rules::name(entry.change))
        .text("owner", entry.owner)
        .text("reason", entry.reason)
        .text("expires", base::iso(entry.expires));
    return line;
}

}  // namespace

std::vector<LogLine> notices(Live const& live, base::Instant now) {
    std::vector<LogLine> lines;
    auto const& knowledge = *live.knowledge;
    for (auto const& sentence : live.overdue_reviews(now)) {
        LogLine line{"review-overdue", "warning"};
        line.text("what", sentence);
        lines.push_back(std::move(line));
    }
    if (live.tls) {
        auto const warning = live.certificate_warning(now);
        LogLine line{"certificate", warning.empty() ? "info" : "warning"};
        line.number("days_left", days_left(*live.tls, now));
        if (!warning.empty()) line.text("what", warning);
        lines.push_back(std::move(line));
    }
    auto const* policy = knowledge.policy();
    if (!policy) return lines;
    auto const today = live.clinical_day(now);
    for (auto const* entry : rules::silenced_safety_critical(*policy, knowledge, today))
        lines.push_back(entry_line("policy-silences-safety-critical", *entry));
    for (auto const& rule : policy->safety_critical.removed) {
        LogLine line{"policy-not-safety-critical", "warning"};
        line.text("rule", rule)
            .text("owner", policy->safety_critical.owner)
            .text("reason", policy->safety_critical.reason);
        lines.push_back(std::move(line));
    }
    for (auto const& entry : policy->entries) {
        if (!rules::Policy::holds(entry, today))
            lines.push_back(entry_line("policy-entry-expired", entry));
    }
    return lines;
}

}  // namespace cds::server
