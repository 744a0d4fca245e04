#include "rules/burden.hpp"
#include "rules/derm.hpp"
#include "rules/monitoring_intervals.hpp"
#include "rules/pair.hpp"
#include "rules/rules.hpp"

// What must be watched or given when infliximab, ciclosporin or a thiopurine meet. Catalogue 4.A
// and 4.B.

namespace cds::rules {

Answer csa_aza_level_interaction(Scene& scene) {
    // Tioguanine does not count here (fact-encodings, membership decisions).
    auto const& chart = scene.chart();
    auto const* draft = chart.start_draft(ciclosporin() | azathioprine_mercaptopurine());
    if (!draft || scene.transplant()) return scene.no();
    auto const ciclosporin_here = scene.present(ciclosporin(), draft->start);
    if (!ciclosporin_here) return scene.no();
    auto const thiopurine = scene.present(azathioprine_mercaptopurine(), draft->start);
    if (!thiopurine) return scene.no();
    auto const& conflict = scene.derm_conflict();
    bool const told = scene.shows("csa-derm-immunosuppressant-contraindicated");
    for (auto const& partner : conflict.partners) {
        if (told && (partner.row->drugs & azathioprine_mercaptopurine()).any()) return scene.no();
    }
    auto finding = scene.finding(Indicator::info);
    scene.show(finding, "agents", *ciclosporin_here.row(), ciclosporin_here.ongoing);
    scene.show(finding, "agents", *thiopurine.row(), thiopurine.ongoing);
    finding.facts.text("thiopurine",
                       scene.drug_name(*thiopurine.row(), azathioprine_mercaptopurine()));
    if (auto const level = newest_result(scene.record(), set_of(Test::ciclosporin_level))) {
        scene.show(finding, "level", *level->row);
    }
    finding.medications.push_back(draft->row);
    finding.suggestions.push_back(order_tests("check-level", {"ciclosporin-trough"}));
    return scene.yes(std::move(finding));
}

namespace {

bool has_prophylaxis(Scene& scene, Day day) {
    auto const prophylaxis = set_of(Drug::pjp_prophylaxis);
    if (scene.chart().start_draft(prophylaxis)) return true;
    return scene.ongoing(prophylaxis, day) != nullptr;
}

/// Significant cytopenia by a newest result of the last 30 days (values in 10*9/L). Source:
/// catalogue, this entry.
bool cytopenia(Scene& scene) {
    struct Limit {
        Test test;
        std::string_view threshold;
    };
    for (auto const& limit :
         {Limit{Test::neutrophils, "neutrophils_below"},
          Limit{Test::leukocytes, "leukocytes_below"}, Limit{Test::platelets, "platelets_below"}}) {
        auto const newest = newest_result(scene.record(), set_of(limit.test));
        if (!newest || !within(*newest->row, scene.days("cytopenia_days"), scene.today())) continue;
        if (is_below(*newest->row, scene.threshold(limit.threshold)) == Meets::yes) return true;
    }
    return false;
}

/// "20 mg/day" or "400 mg every 56 days"; empty when the row does not say.
std::string_view dose_text(Scene& scene, MedicationRow const& row, Day day) {
    auto const weight = scene.chart().weight();
    auto const kg = weight ? std::optional{weight->kg} : std::nullopt;
    auto const each = unit_dose(row, day, kg);
    if (each && each.interval_days && *each.interval_days > Rational{1}) {
        return scene.keep(each.mg.text(1) + " mg every " + each.interval_days->text(1) + " days");
    }
    if (auto const daily = daily_dose(row, day, kg))
        return scene.keep(daily.mg_per_day.text(1) + " mg/day");
    return each ? scene.keep(each.mg.text(1) + " mg") : std::string_view{};
}

bool pair_needs_prophylaxis(Scene& scene) {
    auto const& pair = scene.pair();
    if (pair.concurrent() || scene.derm_conflict().with_infliximab) return true;
    auto const sequential = sequential_indicator(pair);
    return sequential && *sequential != Indicator::info;
}

}  // namespace

Answer pjp_prophylaxis_missing(Scene& scene) {
    if (scene.transplant()) return scene.no();
    auto const by_pair = pair_needs_prophylaxis(scene);
    auto const& classes = scene.classes();
    if (!by_pair) {
        if (!classes.trigger) return scene.no();
        if (classes.count() < scene.days("classes")) {
            scene.rests_on(medication_queries());
            return scene.no();
        }
    }
    auto const day = scene.pair().drafts.empty() && classes.trigger ? classes.trigger->start
                     : scene.pair().drafts.empty()                  ? scene.today()
                                                                    : scene.pair().day;
    if (has_prophylaxis(scene, day)) return scene.no();
    auto finding = scene.finding(Indicator::warning);
    for (auto const& member : classes.members) {
        scene.show(finding, "agents", *member.row, member.exposure);
        auto const dose = dose_text(scene, *member.row, day);
        if (!dose.empty()) finding.facts.find("agents")->list->back().text("dose", dose);
    }
    if (scene.pair().sequential() && scene.pair().last) {
        scene.show(finding, "recent", *scene.pair().last->exposure->row,
                   scene.pair().last->exposure);
        finding.facts.text("recent_until", scene.day_text(scene.pair().last->day));
    }
    finding.facts.flag("three_classes", classes.count() >= scene.days("classes"));
    finding.facts.flag("by_pair", by_pair);
    auto const sulfonamide =
        active_allergies(scene.record(), set_of(Allergen::sulfonamide, Allergen::co_trimoxazole));
    for (auto const* allergy : sulfonamide) scene.show(finding, "sulfonamide", *allergy);
    auto const on_methotrexate = static_cast<bool>(scene.chart().present(methotrexate(), day));
    auto const low_counts = cytopenia(scene);
    finding.facts.flag("methotrexate", on_methotrexate);
    finding.facts.flag("cytopenia", low_counts);
    finding.facts.flag("ciclosporin", static_cast<bool>(scene.chart().present(ciclosporin(), day)));
    finding.facts.flag("azathioprine",
                       static_cast<bool>(scene.chart().present(thiopurines(), day)));
    for (auto const* draft : scene.chart().start_drafts(all_immunosuppressants())) {
        finding.medications.push_back(draft->row);
    }
    Suggestion prescribe;
    auto const other = !sulfonamide.empty() || on_methotrexate || low_counts;
    prescribe.key = other ? "prescribe-atovaquone" : "prescribe-co-trimoxazole";
    prescribe.actions.push_back(prescribe_action(other ? "atovaquone" : "co-trimoxazole"));
    finding.suggestions.push_back(std::move(prescribe));
    finding.selection = Selection::at_most_one;
    return scene.yes_by_absence(std::move(finding), medication_queries());
}

/// The newest blood count when it shows neutropenia; leukocytes stand in without a differential.
LowCount low_count(Scene& scene, RuleInfo const& rule) {
    auto const days = rule.days("cbc_days");
    auto const neutrophils = scene.newest(set_of(Test::neutrophils));
    if (neutrophils && within(*neutrophils->row, days, scene.today())) {
        auto const low =
            is_below(*neutrophils->row, rule.threshold("neutrophils_below")) == Meets::yes;
        return {low ? neutrophils->row : nullptr, true};
    }
    auto const leukocytes = scene.newest(set_of(Test::leukocytes));
    if (leukocytes && within(*leukocytes->row, days, scene.today()) &&
        is_below(*leukocytes->row, rule.threshold("leukocytes_below")) == Meets::yes) {
        return {leukocytes->row, false};
    }
    return {};
}

namespace {

/// `name` done on a day, or never, and whether that is too long ago.
bool overdue(Scene& scene, Finding& finding, std::string_view name, std::optional<Day> last,
             int limit) {
    auto& item = finding.facts.item("tests");
    item.text("name", name);
    if (!last) {
        item.flag("never", true);
        item.flag("overdue", true);
        return true;
    }
    auto const age = days_between(*last, scene.today());
    item.text("date", scene.day_text(*last));
    item.text("days", scene.number_text(Rational{age}, 0));
    item.flag("overdue", age > limit);
    return age > limit;
}

}  // namespace

Answer ifx_csa_combination_labs(Scene& scene) {
    auto const& pair = scene.pair();
    if (!pair.concurrent()) return scene.no();
    auto const count_days = scene.days("cbc_days");
    auto const low = low_count(scene, scene.rule());
    auto finding = scene.finding(Indicator::warning, low.row ? "neutropenia" : "");
    show_pair(scene, finding);
    auto const count = newest(scene.blood_count_days());
    auto const liver = newest(scene.liver_test_days());
    auto const count_due = overdue(scene, finding, "full blood count", count, count_days);
    auto const liver_due = overdue(scene, finding, "liver tests", liver, scene.days("lft_days"));
    if (!low.row && !count_due && !liver_due) return scene.no();
    if (low.row) {
        scene.show(finding, "count", *low.row);
        finding.facts.flag("neutrophils", low.neutrophils);
        finding.facts.text("count_name", low.neutrophils ? "neutrophils" : "leukocytes");
    }
    Suggestion tests;
    tests.key = "order-tests";
    if (count_due || low.row) tests.actions.push_back(test_action("cbc"));
    if (liver_due) tests.actions.push_back(test_action("lft"));
    finding.suggestions.push_back(std::move(tests));
    if (low.row) return scene.yes(std::move(finding));
    return scene.yes_by_absence(std::move(finding), queries(Query::observations));
}

Answer ifx_csa_level_check(Scene& scene) {
    auto const& chart = scene.chart();
    auto const* draft = chart.start_draft(infliximab());
    auto const* stop = chart.stop_draft(infliximab());
    if (!draft && !stop) return scene.no();
    auto const day = draft ? draft->start : stop->start;
    // Ciclosporin must run already: one that is only drafted has no level yet.
    auto const* running = scene.ongoing(ciclosporin(), day);
    if (!running) return scene.no();
    if (draft && !stop) {
        auto const kind = scene.kind(*draft, infliximab());
        if (kind == DraftKind::continuation || kind == DraftKind::unknown) return scene.no();
    }
    auto const level = scene.newest(set_of(Test::ciclosporin_level));
    if (level && within(*level->row, scene.days("level_days"), scene.today())) return scene.no();
    auto finding = scene.finding(Indicator::info);
    scene.show(finding, "agents", *(draft ? draft : stop)->row);
    scene.show(finding, "agents", *running->row, running);
    if (level) scene.show(finding, "level", *level->row);
    finding.facts.flag("stopping", stop != nullptr);
    finding.medications.push_back((draft ? draft : stop)->row);
    finding.suggestions.push_back(order_tests("check-level", {"ciclosporin-trough"}));
    return scene.yes_by_absence(std::move(finding), queries(Query::observations));
}

}  // namespace cds::rules
