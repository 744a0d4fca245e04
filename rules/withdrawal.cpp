#include "rules/withdrawal.hpp"

#include <algorithm>

#include "rules/remission.hpp"

namespace cds::rules {

namespace {

/// Whether the stop ends a therapy that runs up to its day.
bool ends_a_thiopurine(Chart const& chart, Draft const& stop) {
    auto const& all = chart.exposures();
    return std::any_of(all.begin(), all.end(), [&](Exposure const& exposure) {
        if ((exposure.row->drugs & thiopurines()).none() || !exposure.stop_draft) return false;
        return exposure.end_at(stop.start, chart.today()) == exposure.stop_draft;
    });
}

bool infliximab_goes_on(Scene& scene, Day day) {
    auto const* draft = scene.chart().start_draft(infliximab());
    if (draft && scene.kind(*draft, infliximab()) == DraftKind::continuation) return true;
    return scene.in_use(infliximab(), day) != nullptr;
}

}  // namespace

std::optional<WithdrawalTrigger> withdrawal_trigger(Scene& scene) {
    auto const& chart = scene.chart();
    auto const* stop = chart.stop_draft(thiopurines());
    auto const* thiopurine = chart.start_draft(thiopurines());
    auto const* blocker = chart.start_draft(infliximab());
    if (!stop && !thiopurine && !blocker) return std::nullopt;
    if (chart.stopped_in_bundle(infliximab()) && !blocker) return std::nullopt;
    if (stop && !thiopurine) {
        auto const day = stop->start;
        if (chart.ongoing(thiopurines(), day))
            return std::nullopt;  // another order of a thiopurine goes on
        if (!ends_a_thiopurine(chart, *stop)) {
            scene.rests_on(medication_queries());
            return std::nullopt;
        }
        if (!infliximab_goes_on(scene, std::max(day, scene.today()))) return std::nullopt;
        return WithdrawalTrigger{stop, true, day};
    }
    // A stop and a start of one thiopurine is a new order for the same therapy; of two, a switch:
    // no withdrawal.
    if (stop && (stop->row->drugs & thiopurine->row->drugs & thiopurines()).none())
        return std::nullopt;
    WithdrawalTrigger trigger;
    if (thiopurine) {
        auto const own = thiopurine->row->drugs & thiopurines();
        if (scene.kind(*thiopurine, own) == DraftKind::continuation)
            trigger = {thiopurine, false, thiopurine->start};
    }
    if (!trigger.draft && blocker &&
        scene.kind(*blocker, infliximab()) == DraftKind::continuation) {
        if (!scene.ongoing(thiopurines(), blocker->start)) return std::nullopt;
        trigger = {blocker, false, blocker->start};
    }
    if (!trigger.draft || !infliximab_goes_on(scene, trigger.day)) return std::nullopt;
    return trigger;
}

namespace {

/// A result inside its window against a limit; too old or left open by a comparator is missing.
template <class Judge>
WithdrawalItem judge_result(Scene& scene, WithdrawalItem item, Test test, int days, Judge judge) {
    auto const newest = scene.newest(set_of(test));
    if (!newest) return item;
    item.row = newest->row;
    if (!within(*newest->row, days, scene.today())) {
        item.stale = true;
        return item;
    }
    switch (judge(*newest->row)) {
        case Meets::yes:
            item.state = Criterion::met;
            break;
        case Meets::no:
            item.state = Criterion::failed;
            break;
        case Meets::open:
            break;
    }
    return item;
}

Meets no_antibody(ResultRow const& row) {
    switch (row.outcome) {
        case Outcome::negative:
            return Meets::yes;
        case Outcome::positive:
            return Meets::no;
        case Outcome::indeterminate:
        case Outcome::none:
            break;
    }
    return Meets::open;
}

/// Days and months since both drugs run, from the later of the two starts; a month counts from its
/// last day.
WithdrawalItem judge_duration(Scene& scene, WithdrawalTrigger const& trigger) {
    WithdrawalItem item{"combination",
                        "more than 811 days and more than 27 months",
                        Criterion::missing,
                        nullptr,
                        {},
                        {},
                        false};
    auto const thiopurine = scene.therapy(thiopurines(), trigger.day);
    auto const blocker = scene.therapy(infliximab(), trigger.day);
    if (!thiopurine || !blocker || !thiopurine->start || !blocker->start) return item;
    auto const later =
        std::min(std::max(thiopurine->start.last, blocker->start.last), scene.today());
    auto const days = days_between(later, trigger.day);
    auto const months = static_cast<int>(scene.threshold("combination_months").approximate());
    auto const met =
        days > scene.days("combination_days") && trigger.day > base::add_months(later, months);
    item.value =
        scene.keep(std::to_string(days) + " days, since " + std::string{scene.day_text(later)});
    // A row without a start, or one that could not be had, may make the therapy longer, never
    // shorter.
    auto const open = !thiopurine->start_known || !blocker->start_known ||
                      (medication_queries() & scene.record().queries.open()).any();
    item.state = met ? Criterion::met : open ? Criterion::missing : Criterion::failed;
    return item;
}

WithdrawalItem judge_remission(Scene& scene) {
    WithdrawalItem item{"remission", "for at least 6 months", Criterion::missing, nullptr, {}, {},
                        false};
    auto const remission = newest_remission(scene);
    if (!remission.stated) return item;
    item.row = remission.row;
    if (!remission.in_remission) {
        item.state = Criterion::failed;
        item.value =
            scene.keep("not in remission on " + std::string{scene.day_text(remission.stated_on)});
        return item;
    }
    if (!remission.since) return item;
    auto const months = static_cast<int>(scene.threshold("remission_months").approximate());
    auto const long_enough = base::add_months(*remission.since, months) <= scene.today();
    item.state = long_enough ? Criterion::met : Criterion::failed;
    item.value = scene.keep("since " + std::string{scene.day_text(*remission.since)});
    return item;
}

void find_continue_factors(Scene& scene, WithdrawalCriteria& criteria) {
    struct Factor {
        Disease disease;
        std::string_view words;
    };
    for (auto const& factor :
         {Factor{Disease::infliximab_rapid_antibody, "rapid antibody formation"},
          Factor{Disease::infliximab_loss_of_response, "loss of response"}}) {
        auto const rows = scene.recorded(set_of(factor.disease));
        if (rows.empty()) continue;
        criteria.continue_factors.push_back(factor.words);
        criteria.factor_conditions.push_back(rows.front());
    }
    for (auto const& reading : scene.results(set_of(Test::hla_dqa1_05))) {
        if (reading.row->outcome != Outcome::positive) continue;
        criteria.factor_result = reading.row;
        criteria.continue_factors.push_back("HLA-DQA1*05");
        break;
    }
}

}  // namespace

bool WithdrawalCriteria::any_failed() const {
    return !continue_factors.empty() ||
           std::any_of(items.begin(), items.end(),
                       [](WithdrawalItem const& item) { return item.state == Criterion::failed; });
}

int WithdrawalCriteria::missing() const {
    return static_cast<int>(
        std::count_if(items.begin(), items.end(),
                      [](WithdrawalItem const& item) { return item.state == Criterion::missing; }));
}

WithdrawalCriteria withdrawal_criteria(Scene& scene, WithdrawalTrigger const& trigger) {
    WithdrawalCriteria criteria;
    auto const judge = [&](std::string_view name, std::string_view wanted, std::string_view order,
                           Test test, std::string_view days, auto with) {
        WithdrawalItem item{name, wanted, Criterion::missing, nullptr, {}, order, false};
        criteria.items.push_back(judge_result(scene, item, test, scene.days(days), with));
    };
    judge("infliximab trough", "above 10 mg/L", "infliximab-level", Test::infliximab_level,
          "trough_days",
          [&](ResultRow const& row) { return is_above(row, scene.threshold("trough_above")); });
    judge("infliximab antibodies", "none detectable", "infliximab-antibody",
          Test::infliximab_antibody, "antibody_days", no_antibody);
    criteria.items.push_back(judge_duration(scene, trigger));
    judge("CRP", "at most 5 mg/L", "crp", Test::crp, "crp_days",
          [&](ResultRow const& row) { return is_at_most(row, scene.threshold("crp_at_most")); });
    judge("platelets", "at most 298 x10^9/L", "cbc", Test::platelets, "platelets_days",
          [&](ResultRow const& row) {
              return is_at_most(row, scene.threshold("platelets_at_most"));
          });
    criteria.items.push_back(judge_remission(scene));
    find_continue_factors(scene, criteria);
    return criteria;
}

namespace {

/// The population behind the criteria is 48 patients with Crohn's disease (E7); for others they are
/// extrapolated (K11).
void show_population(Scene& scene, Finding& finding, Day day) {
    auto const listed = listed_indications(scene.chart(), day);
    finding.facts.flag("extrapolated", !has(listed, Disease::crohns_disease));
    auto const age = scene.chart().age_years();
    finding.facts.flag("young_man", scene.record().patient.sex == Sex::male && age && *age < 35);
}

void join(std::string& text, std::string_view next) {
    if (!text.empty()) text += ", ";
    text += next;
}

}  // namespace

void show_withdrawal(Scene& scene, Finding& finding, WithdrawalTrigger const& trigger,
                     WithdrawalCriteria const& criteria) {
    std::string reasons, needs;
    for (auto const& item : criteria.items) {
        auto& entry = finding.facts.item("items");
        entry.text("name", item.name);
        entry.text("wanted", item.wanted);
        entry.flag("met", item.state == Criterion::met);
        entry.flag("failed", item.state == Criterion::failed);
        entry.flag("absent", item.state == Criterion::missing);
        entry.flag("stale", item.stale);
        if (!item.value.empty()) {
            entry.text("says", item.value);
        } else if (item.row) {
            entry.chart_text("value", scene.value_text(*item.row));
            entry.text("date", scene.day_text(item.row->when.first));
        }
        if (item.row) {
            finding.evidence.push_back({"Observation", item.row->id, "value",
                                        scene.value_text(*item.row), item.row->when.text});
        }
        if (item.state == Criterion::failed) join(reasons, item.name);
        if (item.state == Criterion::missing) join(needs, item.name);
    }
    for (auto const factor : criteria.continue_factors) {
        finding.facts.item("factors").text("name", factor);
        join(reasons, factor);
    }
    for (auto const* row : criteria.factor_conditions)
        scene.show(finding, "factor_conditions", *row);
    finding.facts.text("reasons", scene.keep(reasons));
    finding.facts.text("needs", scene.keep(needs));
    finding.facts.flag("stop", trigger.stop);
    finding.facts.text("day", scene.day_text(trigger.day));
    show_population(scene, finding, trigger.day);
    scene.show(finding, "orders", *trigger.draft->row);
    finding.medications.push_back(trigger.draft->row);
}

}  // namespace cds::rules
