#include <algorithm>
#include <array>
#include <memory_resource>

#include "cards/write.hpp"
#include "fhir/element.hpp"
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

CallStats stats_of(Request const& request, fhir::PatientRecord const& record,
                   rules::Evaluation const& evaluation, cards::Counts const& counts) {
    CallStats stats;
    stats.drafts = static_cast<std::uint32_t>(record.drafts.size() + record.service_drafts.size());
    stats.cards = counts.cards;
    stats.critical = counts.critical;
    stats.warning = counts.warning;
    stats.info = counts.info;
    stats.not_checked = static_cast<std::uint32_t>(evaluation.not_checked.size());
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

Result<CallStats> answer_observed(rules::Knowledge const& knowledge, Site const& site,
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
    fhir::ReadContext context;
    context.terminology = &knowledge.terminology();
    context.zone = &site.zone;
    context.now = now;
    context.today = site.zone.day_of(now);
    context.patient_id = request->patient_id;
    context.encounter_id = request->encounter_id;
    context.arena = &arena;
    auto const record = fhir::read_record(context, {request->draft_orders, request->prefetch});
    if (!record) return record.error();

    fhir::Chart const chart{*record, pointers(record->drafts), pointers(record->service_drafts)};
    auto const region = region_of(site);
    auto* const trace = observer ? observer->trace() : nullptr;
    auto evaluation = rules::evaluate(knowledge, chart, region, &arena, trace);
    list_unread_drafts(request->draft_orders, *record, evaluation);

    cards::Call call;
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
    auto const stats = stats_of(*request, *record, evaluation, counts);
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
