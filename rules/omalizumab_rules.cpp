#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "rules/biologic_rules.hpp"
#include "rules/omalizumab.hpp"

// Omalizumab: its reason, its company and the precautions against anaphylaxis. Catalogue 4.A
// and 4.B.

namespace cds::rules {

namespace {

/// Whether an autoinjector is on record in `months` before `day`: an order or statement (active,
/// completed, on hold) or a dispense, by the day on which it was written, began or was handed over.
/// Catalogue `oma-epinephrine-missing`.
bool autoinjector_on_record(PatientRecord const& record, Day day, int months) {
    return std::any_of(
        record.medications.begin(), record.medications.end(), [&](MedicationRow const& row) {
            if (!has(row.drugs, Drug::epinephrine_autoinjector) || !row.intent_counts ||
                row.do_not_perform)
                return false;
            auto const lately = [&](Date const& date) {
                return date && day <= base::add_months(date.first, months);
            };
            auto const valid = row.status == RowStatus::active ||
                               row.status == RowStatus::completed ||
                               row.status == RowStatus::on_hold || row.status == RowStatus::absent;
            switch (row.source) {
                case MedicationSource::request:
                    return valid && (lately(row.authored) || lately(row.bounds_start) ||
                                     lately(row.validity_start));
                case MedicationSource::statement:
                    return valid &&
                           lately(row.effective_start ? row.effective_start : row.authored);
                case MedicationSource::dispense:
                    return (valid || row.status == RowStatus::in_progress ||
                            row.status == RowStatus::stopped) &&
                           lately(row.handed_over);
                case MedicationSource::administration:
                    break;
            }
            return false;
        });
}

bool has_autoinjector(Scene& scene, Day day, int months) {
    return scene.chart().start_draft(set_of(Drug::epinephrine_autoinjector)) ||
           autoinjector_on_record(scene.record(), day, months);
}

/// The autoinjector that fits the weight; without a weight the adult one. None below 15 kg.
std::string_view autoinjector_order(Scene& scene) {
    auto const weight = scene.chart().weight();
    if (!weight || weight->kg > Rational{30}) return "epinephrine-0.3";
    return weight->kg >= Rational{15} ? "epinephrine-0.15" : std::string_view{};
}

void offer_autoinjector(Scene& scene, Finding& finding) {
    auto const order = autoinjector_order(scene);
    if (order.empty()) {
        finding.suggestions.push_back(task("choose-autoinjector"));
        return;
    }
    Suggestion prescribe;
    prescribe.key = "prescribe-autoinjector";
    prescribe.actions.push_back(prescribe_action(order));
    finding.suggestions.push_back(std::move(prescribe));
}

}  // namespace

Answer oma_ifx_coadministration(Scene& scene) {
    auto const& chart = scene.chart();
    // A draft starts or restarts one of the pair while the other is in use or drafted.
    struct Side {
        DrugSet drug, other;
    };
    for (auto const& side : {Side{omalizumab(), infliximab()}, Side{infliximab(), omalizumab()}}) {
        for (auto const* draft : chart.start_drafts(side.drug)) {
            auto const* other_draft = chart.start_draft(side.other);
            auto const* in_use = other_draft ? nullptr : scene.in_use(side.other, draft->start);
            if (!other_draft && !in_use) continue;
            auto const kind = scene.kind(*draft, side.drug);
            if (kind == DraftKind::continuation || kind == DraftKind::unknown) continue;
            auto finding = scene.finding(Indicator::info);
            scene.show(finding, "agents", *draft->row);
            scene.show(finding, "agents", other_draft ? *other_draft->row : *in_use->row, in_use);
            finding.medications.push_back(draft->row);
            if (other_draft) finding.medications.push_back(other_draft->row);
            finding.facts.flag("starts_omalizumab", has(side.drug, Drug::omalizumab));
            auto const autoinjector =
                has_autoinjector(scene, draft->start, scene.days("autoinjector_months"));
            finding.facts.flag("autoinjector", autoinjector);
            finding.suggestions.push_back(task("observation-plan"));
            if (!autoinjector) offer_autoinjector(scene, finding);
            return scene.yes(std::move(finding));
        }
    }
    return scene.no();
}

Answer oma_epinephrine_missing(Scene& scene) {
    auto const* draft = scene.chart().start_draft(omalizumab());
    // Omalizumab that must not be given needs no precautions: its own card says so.
    if (!draft || omalizumab_ruled_out(scene)) return scene.no();
    if (has_autoinjector(scene, draft->start, scene.days("months"))) return scene.no();
    auto finding = scene.finding(Indicator::warning);
    scene.show(finding, "orders", *draft->row);
    finding.medications.push_back(draft->row);
    if (auto const weight = scene.chart().weight()) scene.show(finding, "weight", *weight->row);
    offer_autoinjector(scene, finding);
    return scene.yes_by_absence(std::move(finding),
                                queries(Query::medications, Query::statements, Query::dispenses));
}

namespace {

/// Specific IgE of at least 0.35 kU/L, or a positive skin prick test, at any time (fact-encodings
/// section 5).
bool sensitised(Scene& scene) {
    auto const results = scene.results(set_of(Test::aeroallergen_ige, Test::skin_prick));
    return std::any_of(results.begin(), results.end(), [&](Reading const& reading) {
        auto const& row = *reading.row;
        if (row.test == Test::aeroallergen_ige && row.value) {
            return is_at_least(row, scene.threshold("specific_ige")) == Meets::yes;
        }
        return row.outcome == Outcome::positive;
    });
}

/// What else the guidance asks of allergic asthma, for the words only.
void show_asthma_evidence(Scene& scene, Finding& finding, Day day) {
    auto const& record = scene.record();
    finding.facts.flag("step_treatment",
                       static_cast<bool>(scene.chart().present(set_of(Drug::ics_laba), day)));
    for (auto const& reading : usable_results(record, set_of(Test::ige))) {
        if (is_at_least(*reading.row, scene.threshold("total_ige")) != Meets::yes) continue;
        scene.show(finding, "ige", *reading.row);
        break;
    }
    for (auto const& reading :
         usable_results(record, set_of(Test::aeroallergen_ige, Test::skin_prick))) {
        scene.show(finding, "allergen_test", *reading.row);
        break;
    }
}

}  // namespace

Answer oma_indication_unverified(Scene& scene) {
    std::optional<Finding> asthma;
    for (auto const* draft : scene.chart().start_drafts(omalizumab())) {
        auto const use = omalizumab_use(scene, *draft);
        if (use == OmalizumabUse::unknown) {
            auto finding = scene.finding(Indicator::warning, "none");
            scene.show(finding, "orders", *draft->row);
            finding.medications.push_back(draft->row);
            auto const stated = use_of(scene.chart(), draft->row, draft->start);
            auto const other = stated.stated || stated.unrecognised;
            if (other && !draft->row->reasons.empty()) {
                finding.facts.chart_text("stated_reason", draft->row->reasons.front().text);
            }
            finding.suggestions.push_back(task("state-indication"));
            // A reason that the order itself states needs no problem list; otherwise none was found
            // there.
            if (stated.stated) return scene.yes(std::move(finding));
            return scene.yes_by_absence(std::move(finding), queries(Query::conditions));
        }
        if (use != OmalizumabUse::asthma || asthma || sensitised(scene)) continue;
        asthma = scene.finding(Indicator::info, "asthma");
        scene.show(*asthma, "orders", *draft->row);
        asthma->medications.push_back(draft->row);
        asthma->facts.flag("asthma", true);
        show_asthma_evidence(scene, *asthma, draft->start);
        asthma->suggestions.push_back(order_tests("order-aeroallergen", {"aeroallergen"}));
        asthma->suggestions.push_back(task("confirm-asthma"));
    }
    if (asthma) return scene.yes_by_absence(std::move(*asthma), queries(Query::observations));
    return scene.no();
}

namespace {

/// All instructions of an order as folded words.
std::string instruction_words(MedicationRow const& row) {
    std::string words;
    auto const add = [&words](std::string_view text) {
        if (text.empty()) return;
        words += " ; ";
        base::fold(text, words);
    };
    auto const add_concept = [&add](base::json::Value concept_value) {
        add(concept_value["text"].string());
        for (auto coding : concept_value["coding"].each()) add(coding["display"].string());
    };
    for (auto const& dosage : row.dosages) {
        add(dosage.node["text"].string());
        add(dosage.node["patientInstruction"].string());
        for (auto extra : dosage.node["additionalInstruction"].each()) add_concept(extra);
    }
    for (auto note : row.node["note"].each()) add(note["text"].string());
    return words;
}

/// Given by the patient at home (fact-encodings section 2 "Home or clinic").
bool at_home(MedicationRow const& row, std::string const& words) {
    if (row.community) return true;
    for (auto const* phrase :
         {"self administ", "selfadminist", "self inject", "selfinject", "at home"}) {
        if (words.find(phrase) != std::string::npos) return true;
    }
    return false;
}

/// Days on which omalizumab was given under supervision: a dose of several syringes is one.
std::size_t supervised_doses(Scene& scene) {
    std::vector<Day> days;
    for (auto const& row : scene.record().medications) {
        if (row.source != MedicationSource::administration || !has(row.drugs, Drug::omalizumab))
            continue;
        if (row.status != RowStatus::completed || row.given_by_patient || !row.effective_start)
            continue;
        if (row.effective_start.first <= scene.today()) days.push_back(row.effective_start.first);
    }
    std::sort(days.begin(), days.end());
    return static_cast<std::size_t>(std::unique(days.begin(), days.end()) - days.begin());
}

/// Any anaphylaxis on record, to whatever and whatever its clinicalStatus.
bool show_anaphylaxis(Scene& scene, Finding& finding) {
    auto any = false;
    for (auto const* row : scene.recorded(set_of(Disease::anaphylaxis))) {
        scene.show(finding, "anaphylaxis", *row);
        any = true;
    }
    for (auto const& row : scene.record().allergies) {
        if (!row.anaphylaxis || !counts(row.verification)) continue;
        scene.show(finding, "anaphylaxis", row);
        any = true;
    }
    return any;
}

bool observation_ordered(Scene& scene) {
    auto const wanted = [](ServiceRow const& row) {
        return row.active && has(row.services, Service::observation_after_injection);
    };
    for (auto const* row : scene.chart().service_drafts()) {
        if (wanted(*row)) return true;
    }
    return std::any_of(scene.record().services.begin(), scene.record().services.end(), wanted);
}

Answer home_plan(Scene& scene, Finding finding) {
    auto const anaphylaxis = show_anaphylaxis(scene, finding);
    auto const supervised = supervised_doses(scene);
    auto const enough =
        Rational{static_cast<long long>(supervised)} >= scene.threshold("supervised_doses");
    finding.facts.flag("home");
    finding.facts.flag("too_few", !enough);
    finding.facts.text("supervised",
                       scene.number_text(Rational{static_cast<long long>(supervised)}, 0));
    finding.suggestions.push_back(task("give-in-clinic"));
    if (anaphylaxis) return scene.yes(std::move(finding));
    if (enough) {
        scene.rests_on(Query::conditions, Query::allergies);
        return scene.no();
    }
    return scene.yes_by_absence(std::move(finding), queries(Query::administrations));
}

}  // namespace

Answer oma_observation_plan(Scene& scene) {
    if (omalizumab_ruled_out(scene)) return scene.no();
    Draft const* clinic = nullptr;
    for (auto const* draft : scene.chart().start_drafts(omalizumab())) {
        auto const words = instruction_words(*draft->row);
        if (at_home(*draft->row, words)) {
            auto finding = scene.finding(Indicator::warning, "home");
            scene.show(finding, "orders", *draft->row);
            finding.medications.push_back(draft->row);
            return home_plan(scene, std::move(finding));
        }
        if (!clinic && words.find("observ") == std::string::npos) clinic = draft;
    }
    if (!clinic || observation_ordered(scene)) return scene.no();
    auto finding = scene.finding(Indicator::info);
    scene.show(finding, "orders", *clinic->row);
    finding.medications.push_back(clinic->row);
    finding.suggestions.push_back(task("observe"));
    return scene.yes_by_absence(std::move(finding), queries(Query::service_requests));
}

}  // namespace cds::rules
