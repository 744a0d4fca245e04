#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "rules/biologic_rules.hpp"
#include "rules/monitoring_intervals.hpp"
#include "rules/pair.hpp"
#include "rules/tb_screen.hpp"

// Infections to look for before infliximab: latent tuberculosis, hepatitis B, fever. Catalogue 4.B.

namespace cds::rules {

namespace {

bool is_skin_test(ResultRow const& row) { return row.test == Test::tst; }

/// Which tests a "false positive" condition names: its positive results of them do not count.
struct FalsePositives {
    bool skin_test = false, igra = false;
};

FalsePositives false_positives(Scene& scene) {
    FalsePositives named;
    for (auto const* row :
         recorded_conditions(scene.record(), set_of(Disease::false_positive_tb))) {
        std::string words;
        base::fold(row->label, words);
        auto const says = [&](std::initializer_list<std::string_view> names) {
            return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
                return words.find(name) != std::string::npos;
            });
        };
        named.skin_test = named.skin_test || says({"tuberculin", "tst", "ppd", "mantoux"});
        named.igra = named.igra || says({"igra", "quantiferon", "t spot"});
    }
    return named;
}

/// A positive result that counts: any, but not a skin test that a later valid negative IGRA
/// corrects, and none that is documented as false.
ResultRow const* positive_screen(Scene& scene, TbScreen const& screen) {
    auto const cleared = false_positives(scene);
    std::optional<Day> negative_igra;
    for (auto const& reading : screen.valid) {
        auto const& row = *reading.row;
        if (!is_skin_test(row) && row.outcome == Outcome::negative && !negative_igra)
            negative_igra = reading.day();
        if (row.outcome != Outcome::positive) continue;
        if (is_skin_test(row) ? cleared.skin_test : cleared.igra) continue;
        if (is_skin_test(row) && negative_igra && *negative_igra > reading.day()) continue;
        return &row;
    }
    return nullptr;
}

/// Treatment that is over and was long enough: completed, or at least `days` from start to end.
/// Single doses that are recorded as given, and supplies, count by their time alone.
bool treated_before(Scene& scene, int days) {
    auto const today = scene.today();
    for (auto const& exposure : scene.chart().exposures()) {
        auto const& row = *exposure.row;
        if (!has(row.drugs, Drug::ltbi_treatment)) continue;
        auto const plan = exposure.source() == MedicationSource::request ||
                          exposure.source() == MedicationSource::statement;
        if (plan && row.status == RowStatus::completed) return true;
        if (!exposure.start) continue;
        // A month alone: its last day, since a minimum duration must be reached (catalogue 3.1).
        auto const start = std::min(exposure.start.last, today);
        auto const end = exposure.end_at(today, today);
        if (exposure.stopped && exposure.estimated) continue;  // how long it ran is a guess
        if (end && days_between(start, std::min(*end, today)) >= days) return true;
    }
    return false;
}

}  // namespace

UntreatedTuberculosis untreated_tuberculosis(Scene& scene, Day day, RuleInfo const& rule) {
    auto screen = tb_screen(scene);
    if (screen.treated()) return {};
    std::erase_if(screen.latent, [](ConditionRow const* row) {
        return has(row->diseases, Disease::false_positive_tb);
    });
    UntreatedTuberculosis found{positive_screen(scene, screen), std::move(screen.latent)};
    if (found && (ltbi_treatment_in_force(scene.chart(), day) ||
                  treated_before(scene, rule.days("treatment_days")))) {
        return {};
    }
    return found;
}

Answer ifx_latent_tb_untreated(Scene& scene) {
    auto const& chart = scene.chart();
    auto const* draft = chart.start_draft(infliximab());
    if (!draft) return scene.no();
    auto const found = untreated_tuberculosis(scene, draft->start, scene.rule());
    if (!found) return scene.no();
    auto const* positive = found.positive;
    auto finding = scene.finding(Indicator::critical);
    scene.show(finding, "orders", *draft->row);
    finding.medications.push_back(draft->row);
    if (positive) {
        scene.show(finding, "screen", *positive);
        finding.facts.chart_text("test", positive->code_text);
    }
    for (auto const* row : found.latent) scene.show(finding, "latent", *row);
    for (auto const* later : chart.start_drafts(set_of(Drug::ltbi_treatment))) {
        scene.show(finding, "later_treatment", *later->row);
    }
    // A treatment that is drafted for later must begin before infliximab; a second one must not be
    // ordered.
    if (!chart.start_draft(set_of(Drug::ltbi_treatment))) {
        auto const no_isoniazid =
            !active_allergies(scene.record(), set_of(Allergen::isoniazid)).empty();
        Suggestion treat;
        treat.key = no_isoniazid ? "treat-rifampicin" : "treat-isoniazid";
        treat.actions.push_back(prescribe_action(no_isoniazid ? "rifampicin" : "isoniazid"));
        finding.suggestions.push_back(std::move(treat));
    }
    finding.suggestions.push_back(remove_draft(*draft, "remove-infliximab"));
    finding.selection = Selection::at_most_one;
    return scene.yes_by_absence(
        std::move(finding), medication_queries() | queries(Query::conditions, Query::procedures));
}

namespace {

/// The newest result of a hepatitis B marker that is positive or negative; an inconclusive one
/// decides nothing.
std::optional<Reading> newest_marker(Scene& scene, Test test) {
    for (auto const& reading : scene.results(set_of(test))) {
        if (reading.row->outcome == Outcome::positive || reading.row->outcome == Outcome::negative)
            return reading;
    }
    return std::nullopt;
}

bool test_pending(Scene& scene, TestSet const& tests) {
    auto const& services = scene.record().services;
    return std::any_of(services.begin(), services.end(), [&](ServiceRow const& row) {
        return row.active && (row.tests & tests).any();
    });
}

}  // namespace

Answer ifx_hbv_screen_missing(Scene& scene) {
    auto const& chart = scene.chart();
    auto const* draft = chart.start_draft(infliximab());
    if (!draft) return scene.no();
    auto const kind = scene.kind(*draft, infliximab());
    if (kind == DraftKind::continuation || kind == DraftKind::unknown) return scene.no();
    auto const hepatitis = scene.active(set_of(Disease::hepatitis_b));
    auto const antigen = newest_marker(scene, Test::hbsag);
    auto const core = newest_marker(scene, Test::anti_hbc);
    auto const is_positive = [](std::optional<Reading> const& r) {
        return r && r->row->outcome == Outcome::positive;
    };
    auto const infected = !hepatitis.empty() || is_positive(antigen) || is_positive(core);
    auto const uncovered =
        infected && !chart.present(set_of(Drug::hepatitis_b_antiviral), draft->start);
    auto const untested = !antigen || !core;
    if (!uncovered && !untested) {
        if (infected) return scene.no();
        scene.rests_on(Query::observations);
        return scene.no();
    }
    auto finding = scene.finding(Indicator::warning, uncovered ? "positive" : "missing");
    finding.facts.flag("uncovered", uncovered);
    scene.show(finding, "orders", *draft->row);
    finding.medications.push_back(draft->row);
    for (auto const* row : hepatitis) scene.show(finding, "hepatitis", *row);
    if (antigen) scene.show(finding, "hbsag", *antigen->row);
    if (core) scene.show(finding, "anti_hbc", *core->row);
    finding.facts.flag("hbsag_missing", !antigen);
    finding.facts.flag("anti_hbc_missing", !core);
    finding.facts.flag("pending", test_pending(scene, set_of(Test::hbsag, Test::anti_hbc)));
    if (uncovered) finding.suggestions.push_back(task("specialist-advice"));
    if (untested) {
        Suggestion tests;
        tests.key = "order-hepatitis-b";
        if (!antigen) tests.actions.push_back(test_action("hbsag"));
        if (!core) tests.actions.push_back(test_action("anti-hbc"));
        finding.suggestions.push_back(std::move(tests));
    }
    return scene.yes_by_absence(std::move(finding),
                                uncovered ? medication_queries() : queries(Query::observations));
}

namespace {

/// The newest assessment of infection in the last days: a temperature, an Observation or a
/// completed Procedure.
bool assessed(Scene& scene, int days) {
    auto const& record = scene.record();
    auto const lately = [&](Date const& date) {
        return not_after_now(date, record.context) &&
               days_between(date.first, scene.today()) <= days;
    };
    auto const by_result = [&](ResultRow const& row) {
        auto const temperature = row.test == Test::temperature && row.value.has_value();
        return (temperature || row.test == Test::infection_check) &&
               row.status == ResultStatus::usable && !row.data_absent && lately(row.when);
    };
    if (std::any_of(record.results.begin(), record.results.end(), by_result)) return true;
    return std::any_of(record.procedures.begin(), record.procedures.end(),
                       [&](ProcedureRow const& row) {
                           return row.completed && has(row.services, Service::infection_check) &&
                                  lately(row.end ? row.end : row.start);
                       });
}

}  // namespace

Answer ifx_preinfusion_infection_check(Scene& scene) {
    auto const& pair = scene.pair();
    if (!pair.concurrent() || !pair.infliximab_draft) return scene.no();
    auto const days = scene.days("check_days");
    ResultRow const* fever = nullptr;
    ResultRow const* newest = nullptr;
    auto const temperatures = scene.results(set_of(Test::temperature));
    for (auto const& reading : temperatures) {
        if (!newest) newest = reading.row;
        if (!within(*reading.row, days, scene.today())) break;
        if (is_at_least(*reading.row, scene.threshold("fever")) != Meets::yes) continue;
        fever = reading.row;
        break;
    }
    if (!fever && assessed(scene, days)) return scene.no();
    auto finding = scene.finding(fever ? Indicator::warning : Indicator::info);
    show_pair(scene, finding);
    finding.facts.flag("fever", fever != nullptr);
    if (fever) {
        scene.show(finding, "temperature", *fever);
    } else if (newest) {
        scene.show(finding, "last_temperature", *newest);
    }
    finding.suggestions.push_back(task("check-infection"));
    if (fever) return scene.yes(std::move(finding));
    return scene.yes_by_absence(std::move(finding),
                                queries(Query::observations, Query::procedures));
}

}  // namespace cds::rules
