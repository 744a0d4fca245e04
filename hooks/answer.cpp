#include <algorithm>
#include <array>
#include <iterator>
#include <memory_resource>

#include "cards/annotation.hpp"
#include "cards/not_checked.hpp"
#include "cards/write.hpp"
#include "hooks/audience.hpp"
#include "hooks/engine.hpp"
#include "hooks/observed.hpp"
#include "hooks/read_context.hpp"
#include "hooks/request.hpp"
#include "hooks/unread_orders.hpp"
#include "rules/current_therapies.hpp"
#include "rules/evaluate.hpp"
#include "rules/rule_list.hpp"

namespace cds::hooks {

using base::Result;

namespace {

constexpr std::size_t arena_size = 256 * 1024;

rules::Region region_of(Site const& site) {
    switch (site.region) {
        case Region::us:
            return rules::Region::us;
        case Region::eu:
            break;
    }
    return rules::Region::eu;
}

template <class Row>
std::vector<Row const*> pointers(std::pmr::vector<Row> const& rows) {
    std::vector<Row const*> out;
    out.reserve(rows.size());
    for (auto const& row : rows) out.push_back(&row);
    return out;
}

/// At order-select, advice that can wait for order-sign waits there. Warnings and critical cards do
/// not, and neither does what was not checked: silence would look like clearance.
void defer_advice(rules::Evaluation& evaluation) {
    auto const waits = [](rules::Finding const& finding) {
        return finding.indicator == rules::Indicator::info && finding.suppressed_by.empty();
    };
    for (auto& finding : evaluation.findings) {
        if (waits(finding)) evaluation.deferred.push_back(std::move(finding));
    }
    std::erase_if(evaluation.findings, waits);
}

/// The id as the list in the code has it, which outlives any knowledge; empty: it has none.
std::string_view lasting_id(std::string_view id) {
    for (auto const& rule : rules::rule_list()) {
        if (rule.id == id) return rule.id;
    }
    for (auto const& therapy : rules::current_therapies()) {
        if (therapy.id == id) return therapy.id;
    }
    return {};
}

/// What the policy kept back that would have been shown.
void list_withheld(rules::Knowledge const& knowledge, rules::Evaluation const& evaluation,
                   std::vector<Withheld>& out) {
    for (auto const& finding : evaluation.withheld) {
        if (!finding.suppressed_by.empty()) continue;
        auto const& rule = knowledge.rules()[finding.rule];
        auto const id = lasting_id(rule.id);
        if (!id.empty()) out.push_back({id, finding.indicator, rule.local && rule.local->shadow});
    }
}

/// A site may do without the card of what was not checked: only that card goes, the count stays.
void withhold_not_checked(rules::Knowledge const& knowledge, rules::Audience const& audience,
                          rules::Evaluation& evaluation, std::vector<Withheld>& out) {
    auto const* rule = knowledge.find(cards::not_evaluated);
    if (!rule || rule->shown_to(audience) || evaluation.not_checked.empty()) return;
    evaluation.not_checked.clear();
    if (rule->enabled)
        out.push_back(
            {cards::not_evaluated, rules::Indicator::info, rule->local && rule->local->shadow});
}

/// Puts `systemActions` at the end of a response, when the client wants them.
void write_system_actions(Client const& client, Hook hook, cards::Context const& context,
                          rules::Evaluation const& evaluation, std::string& out) {
    // A client that knows no update of a MedicationRequest cannot write a note on one.
    auto const annotates =
        client.annotates_orders && hook == Hook::order_sign && !context.call.dialect.orders_only;
    if (!annotates && !client.empty_system_actions) return;
    std::string actions;
    auto const written = annotates ? cards::write_annotations(context, evaluation, actions) : 0;
    if (written == 0 && !client.empty_system_actions) return;
    out.pop_back();
    out += R"(,"systemActions":[)";
    out += actions;
    out += "]}";
}

/// All that is tolerated in a call, for a client that wants to know; else nothing is looked for.
Tolerances listed_tolerances(Client const& client, Request const& request) {
    if (!client.strict && !client.reports_tolerated) return {};
    auto all = request.tolerated;
    auto inner = resource_tolerances(request);
    std::move(inner.begin(), inner.end(), std::back_inserter(all));
    return all;
}

/// Puts the list at the end of a response, when there is something to list.
void write_tolerated(Tolerances const& tolerated, std::string& out) {
    if (tolerated.empty()) return;
    out.pop_back();
    out += R"(,"extension":{")";
    out += tolerated_extension;
    out += "\":";
    write_tolerances(tolerated, out);
    out += "}}";
}

CallStats stats_of(Request const& request, fhir::PatientRecord const& record,
                   cards::Counts const& counts) {
    CallStats stats;
    stats.drafts = static_cast<std::uint32_t>(record.drafts.size() + record.service_drafts.size());
    stats.cards = counts.cards;
    stats.critical = counts.critical;
    stats.warning = counts.warning;
    stats.info = counts.info;
    stats.discarded = static_cast<std::uint32_t>(record.discarded.size());
    stats.tolerated = static_cast<std::uint32_t>(request.tolerated.size());
    return stats;
}

}  // namespace

struct Workspace::State {
    base::json::Document body;
    cards::Scratch scratch;
    std::unique_ptr<std::array<std::byte, arena_size>> arena =
        std::make_unique<std::array<std::byte, arena_size>>();
};

Workspace::Workspace() : state_{std::make_unique<State>()} {}
Workspace::~Workspace() = default;

Result<CallStats> answer_observed(rules::Knowledge const& whole, Site const& site,
                                  Client const& client, std::string_view service_id,
                                  std::string_view body, base::Instant now, Workspace& workspace,
                                  std::string& out, Observer* observer) {
    auto const* service = find_service(service_id);
    if (!service)
        return base::Error{
            base::ErrorCode::unknown_service, "",
            "There is no service of that id; discovery lists them at /cds-services."};
    auto& state = workspace.state();
    auto const root = state.body.parse(body);
    if (!root) return root.error();
    auto const request = read_request(*root, body, *service);
    if (!request) return request.error();
    auto const tolerated = listed_tolerances(client, *request);
    if (client.strict && !tolerated.empty()) return refusal(tolerated.front());

    std::pmr::monotonic_buffer_resource arena{state.arena->data(), state.arena->size()};
    auto const today = site.zone.day_of(now);
    auto const& knowledge = whole.on(today);
    auto const context = read_context(knowledge, site, *request, now, arena);
    auto record = fhir::read_record(
        context, {request->draft_orders, request->prefetch, request->dispatched.orders});
    if (!record) return record.error();
    if (request->hook == Hook::order_dispatch) set_new_orders_apart(*record);

    fhir::Chart const chart{*record, pointers(record->drafts), pointers(record->service_drafts)};
    auto const region = region_of(site);
    auto* const trace = observer ? observer->trace() : nullptr;
    cards::Call call;
    call.audience = audience_of(client, *record);
    auto evaluation = is_without_orders(request->hook)
                          ? rules::monitor(knowledge, chart, region, &arena, call.audience, trace)
                          : rules::evaluate(knowledge, chart, region, &arena, call.audience, trace);
    list_unread_orders(*request, *record, evaluation);
    if (request->hook == Hook::order_select && client.select_then_sign) defer_advice(evaluation);
    auto const not_checked =
        static_cast<std::uint32_t>(evaluation.not_checked.size() + evaluation.unsaid.size());
    std::vector<Withheld> withheld;
    list_withheld(knowledge, evaluation, withheld);
    withhold_not_checked(knowledge, call.audience, evaluation, withheld);

    call.client_id = client.id;
    call.dialect = client.dialect;
    call.action_selection = client.action_selection;
    call.orders_signed = request->hook == Hook::order_dispatch;
    call.hook_instance = request->hook_instance;
    call.patient_id = request->patient_id;
    call.encounter_id = request->encounter_id;
    call.requester = request->user_id;
    call.language = client.language.empty() ? site.language : client.language;
    call.as_of = site.as_of;
    call.region = region;
    auto const start = out.size();
    auto const counts =
        cards::write({knowledge, call, chart, &arena, state.scratch}, evaluation, out);
    write_system_actions(client, request->hook, {knowledge, call, chart, &arena, state.scratch},
                         evaluation, out);
    write_tolerated(tolerated, out);
    auto stats = stats_of(*request, *record, counts);
    stats.not_checked = not_checked;
    stats.withheld = std::move(withheld);
    stats.deferred = static_cast<std::uint32_t>(evaluation.deferred.size());
    if (observer) {
        observer->answered({knowledge, site, *service, *request, call, chart, evaluation, stats,
                            std::string_view{out}.substr(start)});
    }
    return stats;
}

Result<CallStats> answer(rules::Knowledge const& knowledge, Site const& site, Client const& client,
                         std::string_view service_id, std::string_view body, base::Instant now,
                         Workspace& workspace, std::string& out) {
    return answer_observed(knowledge, site, client, service_id, body, now, workspace, out, nullptr);
}

std::span<cards::SentCard const> sent_cards(Workspace& workspace) {
    return workspace.state().scratch.sent;
}

}  // namespace cds::hooks
