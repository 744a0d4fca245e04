#include <algorithm>
#include <array>
#include <memory_resource>

#include "cards/not_checked.hpp"
#include "cards/write.hpp"
#include "fhir/element.hpp"
#include "hooks/audience.hpp"
#include "hooks/engine.hpp"
#include "hooks/observed.hpp"
#include "hooks/request.hpp"
#include "rules/evaluate.hpp"
#include "rules/rule_list.hpp"

namespace cds::hooks {

using base::Result;
using base::json::Value;

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

bool calls_for_a_check(fhir::MedicationRow const& row) {
    if (!row.identified) return true;
    auto const rules = rules::rule_list();
    return std::any_of(rules.begin(), rules.end(),
                       [&](rules::Rule const& rule) { return (rule.trigger & row.drugs).any(); });
}

/// Drafts that were not evaluated: of another patient, with a modifier that is not known, or not
/// readable at all. Where a check would have concerned one, that is said: silence would look like
/// clearance.
void list_unread_drafts(Value draft_orders, fhir::PatientRecord const& record,
                        rules::Evaluation& evaluation) {
    auto const list = [&](fhir::Reason reason, std::string_view order) {
        rules::NotChecked item;
        item.rule = rules::NotChecked::no_rule;
        item.reason = reason;
        item.order = order;
        evaluation.not_checked.push_back(item);
    };
    auto const look_at = [&](Value resource) {
        auto const type = resource["resourceType"].string();
        if (type.empty()) return list(fhir::Reason::unreadable, {});
        if (type != "MedicationRequest" && type != "MedicationOrder") return;
        auto const foreign = !fhir::belongs_to(resource, record.context.patient_id);
        if (!foreign && !fhir::has_unknown_modifier(resource)) return;
        auto const row = fhir::read_draft(record, resource);
        if (!calls_for_a_check(row)) return;
        list(foreign ? fhir::Reason::other_patient : fhir::Reason::unreadable, row.label);
    };
    auto const entries = draft_orders.is_array() ? draft_orders : draft_orders["entry"];
    for (auto const entry : entries.each()) look_at(entry["resource"] ? entry["resource"] : entry);
    for (auto const link : draft_orders["link"].each()) {
        if (link["relation"].string() == "next") list(fhir::Reason::incomplete, {});
    }
    if (draft_orders["resourceType"] && draft_orders["resourceType"].string() != "Bundle") {
        look_at(draft_orders);
    }
}

/// What the policy kept back that would have been shown. Rule ids are taken from the list in the
/// code, which outlives any knowledge.
void list_withheld(rules::Knowledge const& knowledge, rules::Evaluation const& evaluation,
                   std::vector<Withheld>& out) {
    for (auto const& finding : evaluation.withheld) {
        if (!finding.suppressed_by.empty()) continue;
        auto const& rule = knowledge.rules()[finding.rule];
        auto const known = std::find_if(rules::rule_list().begin(), rules::rule_list().end(),
                                        [&](rules::Rule const& one) { return one.id == rule.id; });
        if (known == rules::rule_list().end()) continue;
        out.push_back({known->id, finding.indicator, rule.local && rule.local->shadow});
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

CallStats stats_of(Request const& request, fhir::PatientRecord const& record,
                   cards::Counts const& counts) {
    CallStats stats;
    stats.drafts = static_cast<std::uint32_t>(record.drafts.size() + record.service_drafts.size());
    stats.cards = counts.cards;
    stats.critical = counts.critical;
    stats.warning = counts.warning;
    stats.info = counts.info;
    stats.discarded = static_cast<std::uint32_t>(record.discarded.size());
    stats.tolerated = request.tolerated;
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
    if (service_id != safety_service)
        return base::Error{
            base::ErrorCode::unknown_service, "",
            "There is no service of that id; discovery lists them at /cds-services."};
    auto& state = workspace.state();
    auto const root = state.body.parse(body);
    if (!root) return root.error();
    auto const request = read_request(*root, body);
    if (!request) return request.error();

    std::pmr::monotonic_buffer_resource arena{state.arena->data(), state.arena->size()};
    auto const today = site.zone.day_of(now);
    auto const& knowledge = whole.on(today);
    fhir::ReadContext context;
    context.terminology = &knowledge.terminology();
    context.zone = &site.zone;
    context.now = now;
    context.today = today;
    context.patient_id = request->patient_id;
    context.encounter_id = request->encounter_id;
    context.arena = &arena;
    auto const record = fhir::read_record(context, {request->draft_orders, request->prefetch});
    if (!record) return record.error();

    fhir::Chart const chart{*record, pointers(record->drafts), pointers(record->service_drafts)};
    auto const region = region_of(site);
    auto* const trace = observer ? observer->trace() : nullptr;
    cards::Call call;
    call.audience = audience_of(client, *record);
    auto evaluation = rules::evaluate(knowledge, chart, region, &arena, call.audience, trace);
    list_unread_drafts(request->draft_orders, *record, evaluation);
    auto const not_checked = static_cast<std::uint32_t>(evaluation.not_checked.size());
    std::vector<Withheld> withheld;
    list_withheld(knowledge, evaluation, withheld);
    withhold_not_checked(knowledge, call.audience, evaluation, withheld);

    call.client_id = client.id;
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
    auto stats = stats_of(*request, *record, counts);
    stats.not_checked = not_checked;
    stats.withheld = std::move(withheld);
    if (observer) {
        observer->answered({knowledge, site, *request, call, chart, evaluation, stats,
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
