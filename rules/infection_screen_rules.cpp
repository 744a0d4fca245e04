#include <algorithm>

#include "rules/rules.hpp"
#include "rules/tb_screen.hpp"

// Screening for infections before a biologic. Catalogue 4.B.

namespace cds::rules {

TbScreen tb_screen(Scene& scene) {
    TbScreen screen;
    // Raw and spot-count codes are results only with an interpretation; controls never are.
    for (auto const& reading : scene.results(set_of(Test::igra, Test::igra_raw, Test::tst))) {
        auto const& row = *reading.row;
        if (row.test == Test::igra_raw && !row.interpreted) continue;
        if (row.outcome == Outcome::positive || row.outcome == Outcome::negative) {
            screen.valid.push_back(reading);
        } else if (screen.valid.empty() && !screen.newest_invalid) {
            screen.newest_invalid = &row;
        }
    }
    auto const& record = scene.record();
    screen.latent = active_conditions(record, set_of(Disease::latent_tb));
    std::erase_if(screen.latent, [](ConditionRow const* row) {
        return has(row->diseases, Disease::latent_tb_treated);
    });
    for (auto const* row : recorded_conditions(record, set_of(Disease::latent_tb_treated)))
        screen.treated_condition = row;
    for (auto const& row : record.procedures) {
        if (row.completed && has(row.services, Service::ltbi_treatment_completed))
            screen.treated_procedure = &row;
    }
    if (screen.latent.empty() && !screen.treated_condition) scene.rests_on(Query::conditions);
    return screen;
}

Answer ifx_tb_screen_missing(Scene& scene) {
    auto const* draft = scene.chart().start_draft(infliximab());
    if (!draft) return scene.no();
    auto const kind = scene.kind(*draft, infliximab());
    auto const renewal = kind == DraftKind::continuation;
    auto const screen = tb_screen(scene);
    if (screen.treated() || !screen.latent.empty()) return scene.no();
    auto const* newest = screen.valid.empty() ? nullptr : screen.valid.front().row;
    auto const age = newest ? age_days(*newest, scene.today()) : 0;
    if (newest && (renewal || age <= scene.days("screen_days"))) return scene.no();
    // Without the orders a start cannot be told from a renewal: a monitoring rule then stays silent
    // (policy (a)).
    if (kind == DraftKind::unknown) return scene.unknown(Reason::none, "start or continuation");
    auto finding = scene.finding(renewal ? Indicator::warning : Indicator::critical);
    scene.show(finding, "orders", *draft->row);
    finding.medications.push_back(draft->row);
    finding.facts.flag("renewal", renewal);
    finding.facts.flag("never", !newest);
    if (newest) {
        scene.show(finding, "screen", *newest);
        finding.facts.text("days", scene.number_text(Rational{age}, 0));
    }
    if (screen.newest_invalid) scene.show(finding, "indeterminate", *screen.newest_invalid);
    finding.facts.flag("acute_severe", acute_severe_uc(scene.chart(), draft->start));
    auto const pending = std::any_of(
        scene.record().services.begin(), scene.record().services.end(), [](ServiceRow const& row) {
            return row.active && (row.tests & set_of(Test::igra, Test::tst)).any();
        });
    finding.facts.flag("pending", pending);
    finding.suggestions.push_back(order_tests("order-igra", {"igra"}));
    return scene.yes_by_absence(std::move(finding),
                                queries(Query::observations, Query::conditions, Query::procedures));
}

}  // namespace cds::rules
