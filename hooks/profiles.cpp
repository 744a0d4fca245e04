#include "hooks/profiles.hpp"

#include <algorithm>
#include <array>

namespace cds::hooks {

using Selection = cards::Dialect::Selection;

namespace {

void as_written(Client&) {}

void strict(Client& client) { client.strict = true; }

void epic(Client& client) {
    client.dialect.selection = Selection::any;
    client.dialect.single_actions = true;
    client.dialect.orders_only = true;
    client.dialect.plain_topics = true;
    client.dialect.rxnorm_by_oid = true;
}

void one_choice(Client& client) { client.dialect.selection = Selection::at_most_one; }

void sandbox(Client& client) {
    client.dialect.selection = Selection::any;
    client.dialect.single_actions = true;
}

constexpr std::array all_profiles{
    Profile{
        "default",
        "CDS Hooks 2.0.1 as written; departures from it are read where their meaning is certain.",
        as_written},
    Profile{
        "strict",
        "The same, but a call that departs from CDS Hooks or FHIR R4 is refused with its place.",
        strict},
    Profile{"epic",
            "Epic: one action a suggestion, each may be chosen; only orders are created and "
            "deleted; topics without hyphens.",
            epic},
    Profile{"oracle", "Oracle Health: at most one suggestion of a card can be chosen.", one_choice},
    Profile{"athena", "athenahealth: at most one suggestion of a card can be chosen.", one_choice},
    Profile{"sandbox", "The public CDS Hooks sandbox: one action a suggestion, each may be chosen.",
            sandbox},
};

constexpr std::array all_switches{
    Switch{"report-tolerated",
           "answers list what was read although it departs from the specification",
           [](Client& client) { client.reports_tolerated = true; }},
    Switch{"select-then-sign", "advice of the weight info waits for order-sign",
           [](Client& client) { client.select_then_sign = true; }},
    Switch{"one-id-for-both-hooks",
           "discovery lists both order hooks under immunosuppressant-safety",
           [](Client& client) { client.one_id_for_both_hooks = true; }},
    Switch{"cds-hooks-3", "discovery has version, hookVersion and Markdown paragraphs",
           [](Client& client) { client.specification = Specification::v3_0; }},
    Switch{"fhirpath-prefetch", "discovery has templates with paths into the context",
           [](Client& client) { client.fhirpath_prefetch = true; }},
    Switch{"action-selection", "several tests in one suggestion can be picked one by one",
           [](Client& client) { client.action_selection = true; }},
    Switch{"annotates-orders",
           "at order-sign, a system action notes on each order what was checked",
           [](Client& client) { client.annotates_orders = true; }},
    Switch{"empty-system-actions", "systemActions is there also when it is empty",
           [](Client& client) { client.empty_system_actions = true; }},
    Switch{"no-include", "no _include in the template of the medication orders",
           [](Client& client) { client.include_medication = false; }},
};

template <class Rows>
base::Error unknown(std::string_view what, Rows const& rows) {
    std::string text{"There is no "};
    text.append(what).append(" of that name; there are ");
    for (auto const& row : rows) {
        if (&row != &rows.front()) text += ", ";
        text += row.name;
    }
    return {base::ErrorCode::not_found, std::string{what}, text + "."};
}

}  // namespace

std::span<Profile const> profiles() { return all_profiles; }
std::span<Switch const> switches() { return all_switches; }

base::Result<Client> profile(std::string_view name) {
    auto const* found = std::find_if(all_profiles.begin(), all_profiles.end(),
                                     [&](Profile const& row) { return row.name == name; });
    if (found == all_profiles.end()) return unknown("profile", all_profiles);
    Client client;
    found->apply(client);
    return client;
}

base::Result<void> turn_on(std::string_view name, Client& client) {
    auto const* found = std::find_if(all_switches.begin(), all_switches.end(),
                                     [&](Switch const& row) { return row.name == name; });
    if (found == all_switches.end()) return unknown("switch", all_switches);
    found->apply(client);
    return {};
}

}  // namespace cds::hooks
