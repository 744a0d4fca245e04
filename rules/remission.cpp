#include "rules/remission.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "rules/words.hpp"

namespace cds::rules {

namespace {

/// Whether an Observation states remission or its absence; none when it says neither.
std::optional<bool> states_remission(ResultRow const& row) {
    if (row.test == Test::remission_since)
        return row.date_value ? std::optional{true} : std::nullopt;
    if (row.boolean) return row.boolean;
    if (!row.has_value) return true;  // the Observation itself is the statement
    std::string words;
    base::fold(row.text, words);
    if (says_any(words, {"not in remission", "no remission", "not", "relapse*", "flare*",
                         "active disease"}))
        return false;
    if (row.outcome == Outcome::negative) return false;
    if (says_any(words, {"remission", "yes"}) || row.outcome == Outcome::positive || row.date_value)
        return true;
    return std::nullopt;
}

/// The later statement decides; of one day, not in remission before remission, and the later start.
void take(Remission& newest, Remission const& next) {
    auto const same_day = newest.stated && next.stated_on == newest.stated_on;
    auto replaces = !newest.stated || next.stated_on > newest.stated_on;
    if (same_day && newest.in_remission) {
        replaces =
            !next.in_remission || !next.since || (newest.since && *next.since > *newest.since);
        // Two reports of one fact, one of them without the date.
        if (next.in_remission && !next.since) replaces = false;
        if (next.in_remission && next.since && !newest.since) replaces = true;
    }
    if (replaces) newest = next;
}

std::optional<Day> start_of(Date const& date, Day today) {
    if (!date) return std::nullopt;
    return std::min(date.last, today);
}

}  // namespace

Remission newest_remission(Scene& scene) {
    scene.rests_on(Query::observations, Query::conditions);
    Remission newest;
    auto const& record = scene.record();
    for (auto const& row : record.results) {
        if (row.test != Test::remission && row.test != Test::remission_since) continue;
        if (row.status != ResultStatus::usable || row.data_absent) continue;
        if (!not_after_now(row.when, record.context)) continue;
        auto const states = states_remission(row);
        if (!states) continue;
        Remission next{true, *states, std::nullopt, row.when.first, &row, nullptr};
        if (next.in_remission) next.since = start_of(row.date_value, scene.today());
        take(newest, next);
    }
    for (auto const* row : active_conditions(record, set_of(Disease::in_remission))) {
        if (!is_confirmed(row->verification) && row->verification != Verification::provisional)
            continue;
        auto const recorded =
            base::parse_date(row->node["recordedDate"].string(), *record.context.zone);
        auto const stated = recorded ? recorded : row->onset;
        if (!stated || !not_after_now(stated, record.context)) continue;
        Remission next{true, true, std::nullopt, stated.first, nullptr, row};
        if (row->node["onsetDateTime"] || row->node["onsetPeriod"])
            next.since = start_of(row->onset, scene.today());
        take(newest, next);
    }
    return newest;
}

}  // namespace cds::rules
