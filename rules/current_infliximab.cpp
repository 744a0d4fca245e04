#include "rules/current_therapies.hpp"
#include "rules/due_sheet.hpp"
#include "rules/monitoring_intervals.hpp"
#include "rules/tb_screen.hpp"

// Monitoring of infliximab that is given now. Catalogue 4.B; the thresholds are the rules'.

namespace cds::rules {

namespace {

void check_tuberculosis(Scene& scene, DueSheet& sheet) {
    if (!sheet.part("ifx-tb-screen-missing")) return;
    auto const screen = tb_screen(scene);
    if (screen.treated() || !screen.latent.empty() || !screen.valid.empty()) return;
    Check check;  // a therapy that goes on needs one valid screen ever
    check.name = "tuberculosis screening";
    check.overdue = Indicator::warning;
    check.tests = set_of(Test::igra, Test::tst);
    check.orders = {"igra"};
    check.rests_on = queries(Query::observations, Query::conditions, Query::procedures);
    sheet.add(check);
}

void look_at_tuberculosis(Scene& scene, DueSheet& sheet) {
    auto const* rule = sheet.part("ifx-latent-tb-untreated");
    if (!rule) return;
    auto const found = untreated_tuberculosis(scene, scene.today(), *rule);
    if (!found) return;
    // A treatment that was not sent would have answered it.
    auto const needed = medication_queries() | queries(Query::conditions, Query::procedures);
    if ((needed & scene.record().queries.open()).any()) return scene.rests_on(needed);
    Unanswered result;
    result.name = "latent tuberculosis";
    result.indicator = rule->weighed(Indicator::critical);
    if (found.positive) {
        auto const& row = *found.positive;
        result.value = scene.value_text(row);
        result.day = row.when.first;
        result.evidence = {"Observation", row.id, "value", result.value, row.when.text};
    } else {
        auto const& row = *found.latent.front();
        result.value = row.label;
        if (row.onset) result.day = row.onset.first;
        result.evidence = {"Condition", row.id, "code", row.label, row.onset.text};
    }
    sheet.add(result);
}

/// Level and antibodies 3 to 6 months after a thiopurine was stopped.
void check_levels(Scene& scene, DueSheet& sheet) {
    auto const* rule = sheet.part("aza-post-withdrawal-tdm-due");
    if (!rule) return;
    auto const stop = stopped_thiopurine(scene, scene.today(), *rule);
    if (!stop) return;
    auto const after = [&](std::string_view name) {
        return base::add_months(stop->day, static_cast<int>(rule->threshold(name).approximate()));
    };
    Check check;
    check.name = "infliximab level and antibodies after the thiopurine";
    check.from = after("due_months");
    check.until = after("late_months");
    auto const early = *check.from - std::chrono::days{rule->days("early_days")};
    auto const trough = scene.newest(set_of(Test::infliximab_level));
    auto const* antibody = clear_antibody(scene);
    auto const has_trough = trough && trough->day() >= early;
    auto const has_antibody = antibody && antibody->when.first >= early;
    if (has_trough && has_antibody) return;
    if (trough) check.last = trough->day();
    check.overdue = Indicator::warning;
    check.tests = set_of(Test::infliximab_level, Test::infliximab_antibody);
    if (!has_trough) check.orders.push_back("infliximab-level");
    if (!has_antibody) check.orders.push_back("infliximab-antibody");
    check.rests_on = queries(Query::observations) | medication_queries();
    sheet.add(check);
}

void look_at_antibodies(Scene& scene, DueSheet& sheet) {
    auto const* rule = sheet.part("aza-post-withdrawal-immunogenicity");
    if (!rule) return;
    auto const stop = stopped_thiopurine(scene, scene.today(), *rule);
    if (!stop) return;
    auto const antibody = scene.newest(set_of(Test::infliximab_antibody));
    auto const detected =
        antibody && antibody->day() > stop->day && antibody->row->outcome == Outcome::positive;
    auto const trough = falling_trough(scene, stop->day, *rule);
    if (!detected && !trough) return;
    auto const& row = detected ? *antibody->row : *trough.now;
    Unanswered result;
    result.name = detected ? "infliximab antibodies after the thiopurine"
                           : "falling infliximab level after the thiopurine";
    result.value = scene.value_text(row);
    result.day = row.when.first;
    result.evidence = {"Observation", row.id, "value", result.value, row.when.text};
    result.indicator = rule->weighed(Indicator::info);
    sheet.add(result);
}

}  // namespace

Answer monitor_infliximab(Scene& scene) {
    auto const today = scene.today();
    auto const* used = scene.in_use(infliximab(), today);
    if (!used) return scene.no();
    auto const therapy = scene.therapy(infliximab(), today);
    auto const start =
        therapy && therapy->start ? std::optional{therapy->start.first} : std::nullopt;
    DueSheet sheet{scene, infliximab(), *used, start};
    look_at_tuberculosis(scene, sheet);
    look_at_antibodies(scene, sheet);
    check_tuberculosis(scene, sheet);
    check_levels(scene, sheet);
    return sheet.close();
}

}  // namespace cds::rules
