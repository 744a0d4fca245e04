#include <algorithm>
#include <optional>

#include "rules/biologic_rules.hpp"
#include "rules/omalizumab.hpp"

// When infliximab should wait, or should not be given with what is there. Catalogue 4.A.

namespace cds::rules {

Answer ifx_contra_active_infection(Scene& scene) {
    auto const& chart = scene.chart();
    auto const* infliximab_draft = chart.start_draft(infliximab());
    auto const* omalizumab_draft = infliximab_draft ? nullptr : chart.start_draft(omalizumab());
    if (!infliximab_draft && !omalizumab_draft) return scene.no();
    auto const infections = scene.infections();
    if (infections.empty()) return scene.no();
    // A second biologic should wait too while infliximab is in use.
    Exposure const* in_use = nullptr;
    if (omalizumab_draft) {
        in_use = scene.in_use(infliximab(), omalizumab_draft->start);
        if (!in_use) return scene.no();
    }
    auto finding = scene.finding(Indicator::critical);
    for (auto const* row : infections) scene.show(finding, "infections", *row);
    finding.facts.flag("second_biologic", omalizumab_draft != nullptr);
    if (in_use) scene.show(finding, "orders", *in_use->row, in_use);
    for (auto const* draft : chart.start_drafts(infliximab_draft ? infliximab() : omalizumab())) {
        scene.show(finding, "orders", *draft->row);
        finding.medications.push_back(draft->row);
        finding.suggestions.push_back(
            remove_draft(*draft, infliximab_draft ? "remove-infliximab" : "remove-omalizumab"));
    }
    finding.suggestions.push_back(task("treat-first"));
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

namespace {

/// Documented facts that point to alpha-gal sensitisation, with the newest of their dates.
struct AlphaGalHistory {
    bool any = false;
    bool infliximab_reaction =
        false;  ///< of any kind: a first-dose reaction, or an infliximab allergy
    bool undated = false;
    std::optional<Day> newest;

    void take(Date const& date) {
        any = true;
        if (!date)
            undated = true;
        else if (!newest || date.first > *newest)
            newest = date.first;
    }
};

AlphaGalHistory show_alpha_gal_history(Scene& scene, Finding& finding) {
    AlphaGalHistory history;
    auto const history_facts =
        set_of(Disease::alpha_gal, Disease::tick_bite, Disease::infliximab_first_dose_reaction);
    for (auto const* row : scene.recorded(history_facts)) {
        scene.show(finding, "history", *row);
        history.take(row->onset);
        if (has(row->diseases, Disease::infliximab_first_dose_reaction))
            history.infliximab_reaction = true;
    }
    for (auto const* row :
         scene.allergies(set_of(Allergen::alpha_gal, Allergen::red_meat, Allergen::infliximab))) {
        auto const to_infliximab = has(row->allergens, Allergen::infliximab);
        if (to_infliximab) history.infliximab_reaction = true;
        // An infliximab allergy belongs here only when it was a reaction to the first dose.
        if (to_infliximab && !row->first_dose_reaction &&
            (row->allergens & set_of(Allergen::alpha_gal, Allergen::red_meat)).none()) {
            continue;
        }
        scene.show(finding, "history", *row);
        history.take(row->recorded);
    }
    return history;
}

/// Days after `day` on which an infusion was completed.
int infusions_after(Scene& scene, Day day) {
    std::vector<Day> days;
    for (auto const& row : scene.record().medications) {
        if (row.source != MedicationSource::administration || !has(row.drugs, Drug::infliximab))
            continue;
        if (row.status != RowStatus::completed || !row.effective_start) continue;
        auto const given = row.effective_start.first;
        if (given > day && given <= scene.today()) days.push_back(given);
    }
    std::sort(days.begin(), days.end());
    return static_cast<int>(std::unique(days.begin(), days.end()) - days.begin());
}

}  // namespace

Answer ifx_alpha_gal_risk(Scene& scene) {
    auto const* draft = scene.chart().start_draft(infliximab());
    if (!draft) return scene.no();
    auto finding = scene.finding(Indicator::warning);
    auto history = show_alpha_gal_history(scene, finding);
    auto const newest = scene.newest(set_of(Test::alpha_gal_ige));
    // "<0.35" leaves open whether it is positive: as if it had not been measured.
    auto ige = Meets::open;
    if (newest) {
        auto const& row = *newest->row;
        ige = row.value                          ? is_at_least(row, scene.threshold("positive_ige"))
              : row.outcome == Outcome::positive ? Meets::yes
              : row.outcome == Outcome::negative ? Meets::no
                                                 : Meets::open;
        scene.show(finding, "ige", row);
    }
    auto const positive = ige == Meets::yes;
    if (ige == Meets::no || (!positive && !history.any)) return scene.no();
    if (positive) history.take(newest->row->when);
    // Infusions that went well since then speak for themselves, unless infliximab itself gave a
    // reaction.
    auto const tolerated =
        !history.undated && history.newest
            ? infusions_after(scene, *history.newest) >= scene.days("tolerated_infusions")
            : false;
    if (tolerated && !history.infliximab_reaction &&
        scene.kind(*draft, infliximab()) == DraftKind::continuation) {
        return scene.no();
    }
    finding.variant = positive ? "positive" : "untested";
    finding.facts.flag("positive", positive);
    scene.show(finding, "orders", *draft->row);
    finding.medications.push_back(draft->row);
    if (!positive) finding.suggestions.push_back(order_tests("order-ige", {"alpha-gal-ige"}));
    finding.suggestions.push_back(remove_draft(*draft, "remove-infliximab"));
    if (positive) return scene.yes(std::move(finding));
    return scene.yes_by_absence(std::move(finding), queries(Query::observations));
}

Answer ifx_prior_ada_immunogenicity(Scene& scene) {
    auto const& chart = scene.chart();
    auto const* draft = chart.start_draft(infliximab());
    if (!draft) return scene.no();
    auto const kind = scene.kind(*draft, infliximab());
    if (kind == DraftKind::continuation || kind == DraftKind::unknown) return scene.no();
    auto const immunomodulators =
        thiopurines() | methotrexate() |
        set_of(Drug::leflunomide, Drug::mycophenolate, Drug::ciclosporin, Drug::tacrolimus);
    // Corticosteroids are not among them: they do not prevent antibodies.
    if (chart.present(immunomodulators, draft->start)) return scene.no();
    // One positive result is enough; a later negative one does not undo it.
    Reading const* detected = nullptr;
    auto const results =
        scene.results(set_of(Test::infliximab_antibody, Test::other_biologic_antibody));
    for (auto const& reading : results) {
        if (reading.row->outcome != Outcome::positive) continue;
        detected = &reading;
        break;
    }
    if (!detected) return scene.no();
    auto finding = scene.finding(Indicator::info);
    scene.show(finding, "orders", *draft->row);
    finding.medications.push_back(draft->row);
    scene.show(finding, "antibody", *detected->row);
    finding.facts.chart_text("antibody_test", detected->row->code_text);
    auto const* steroid = chart.ongoing(set_of(Drug::systemic_corticosteroid), draft->start);
    finding.facts.flag("corticosteroid", steroid != nullptr);
    auto const barred = methotrexate_bar(chart, draft->start, false);
    Suggestion azathioprine;
    azathioprine.key = "add-azathioprine";
    azathioprine.actions.push_back(prescribe_action("azathioprine"));
    finding.suggestions.push_back(std::move(azathioprine));
    if (!barred) {
        Suggestion other;
        other.key = "add-methotrexate";
        other.actions.push_back(prescribe_action("methotrexate"));
        finding.suggestions.push_back(std::move(other));
    }
    finding.selection = Selection::at_most_one;
    return scene.yes_by_absence(std::move(finding), medication_queries());
}

Answer ifx_biologic_duplication(Scene& scene) {
    auto const& chart = scene.chart();
    // Infliximab and another biologic, both ongoing or drafted, at least one drafted; omalizumab is
    // none of them.
    std::vector<Presence> others;
    Presence infliximab_here;
    for (auto const* draft : chart.start_drafts(infliximab() | other_biologics())) {
        auto const is_infliximab = has(draft->row->drugs, Drug::infliximab);
        if (is_infliximab) {
            infliximab_here.draft = draft;
            for (std::size_t i = 0; i < other_biologics().size(); ++i) {
                if (!other_biologics().test(i)) continue;
                auto const found = scene.present(set_of(static_cast<Drug>(i)), draft->start);
                if (found) others.push_back(found);
            }
            break;
        }
        auto const found = scene.present(infliximab(), draft->start);
        if (!found || found.draft) continue;  // a drafted infliximab has its own turn
        infliximab_here = found;
        others.push_back({nullptr, draft});
    }
    if (others.empty()) return scene.no();
    auto finding = scene.finding(Indicator::warning);
    scene.show(finding, "agents", *infliximab_here.row(), infliximab_here.ongoing);
    if (infliximab_here.draft) {
        finding.medications.push_back(infliximab_here.row());
        finding.suggestions.push_back(remove_draft(*infliximab_here.draft, "remove-infliximab"));
    }
    auto stored = !infliximab_here.draft;
    finding.facts.text("other", scene.drug_name(*others.front().row(), other_biologics()));
    for (auto const& other : others) {
        scene.show(finding, "agents", *other.row(), other.ongoing);
        stored = stored || !other.draft;
        if (!other.draft) continue;
        finding.medications.push_back(other.row());
        finding.suggestions.push_back(remove_draft(*other.draft, "remove-other"));
    }
    if (stored) finding.suggestions.push_back(task("stop-other"));
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

namespace {

/// Names the entries and offers to take the drug's drafts away.
void show_hypersensitivity(Scene& scene, Finding& finding, Hypersensitivity const& entries,
                           DrugSet const& drug, std::string_view key) {
    for (auto const* row : entries.allergies) scene.show(finding, "entries", *row);
    for (auto const* row : entries.conditions) scene.show(finding, "entries", *row);
    for (auto const* draft : scene.chart().start_drafts(drug)) {
        scene.show(finding, "orders", *draft->row);
        finding.medications.push_back(draft->row);
        finding.suggestions.push_back(remove_draft(*draft, key));
    }
}

}  // namespace

Answer biologic_contra_hypersensitivity(Scene& scene) {
    auto const& chart = scene.chart();
    Hypersensitivity to_infliximab, to_omalizumab;
    if (chart.start_draft(infliximab())) to_infliximab = infliximab_hypersensitivity(scene);
    if (chart.start_draft(omalizumab())) to_omalizumab = omalizumab_hypersensitivity(scene);
    if (!to_infliximab && !to_omalizumab) return scene.no();
    auto finding = scene.finding(Indicator::critical);
    if (to_infliximab)
        show_hypersensitivity(scene, finding, to_infliximab, infliximab(), "remove-infliximab");
    if (to_omalizumab)
        show_hypersensitivity(scene, finding, to_omalizumab, omalizumab(), "remove-omalizumab");
    finding.facts.text("what", to_infliximab && to_omalizumab ? "infliximab and omalizumab"
                               : to_infliximab                ? "infliximab"
                                                              : "omalizumab");
    Suggestion refer;
    refer.key = "refer-allergy";
    refer.actions.push_back(refer_action("allergy"));
    finding.suggestions.push_back(std::move(refer));
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

}  // namespace cds::rules
