#include "rules/derm.hpp"

#include "rules/pair.hpp"

namespace cds::rules {

namespace {

/// Infliximab counts as ongoing for this card up to 56 d after its last infusion when no order of
/// it is on record.
Exposure const* infliximab_after_infusion(Scene& scene, Day day) {
    auto const& chart = scene.chart();
    Exposure const* last = nullptr;
    for (auto const& exposure : chart.exposures()) {
        if (!has(exposure.row->drugs, Drug::infliximab)) continue;
        if (exposure.source() != MedicationSource::administration &&
            exposure.source() != MedicationSource::dispense) {
            return nullptr;  // an order or statement says how long
        }
        if (exposure.ended && *exposure.ended <= day && (!last || *exposure.ended > *last->ended))
            last = &exposure;
    }
    if (!last || chart.stopped_in_bundle(infliximab())) return nullptr;
    return days_between(*last->ended, day) <= 56 ? last : nullptr;
}

void add_partners(Scene& scene, DermConflict& conflict, Use const& use) {
    auto drugs = derm_partners();
    // Etanercept has a card of its own in psoriasis; in eczema it is a partner like the others.
    if (use.is(Disease::atopic_dermatitis)) drugs |= set_of(Drug::etanercept);
    for (std::size_t i = 0; i < drugs.size(); ++i) {
        if (!drugs.test(i)) continue;
        auto const drug = set_of(static_cast<Drug>(i));
        auto const found = scene.present(drug, conflict.day);
        if (found) {
            conflict.partners.push_back({found.row(), found.ongoing, found.draft});
        } else if (has(drug, Drug::infliximab)) {
            if (auto const* late = infliximab_after_infusion(scene, conflict.day)) {
                conflict.partners.push_back({late->row, late, nullptr});
            }
        }
    }
}

}  // namespace

DermConflict find_derm_conflict(Scene& scene) {
    DermConflict conflict;
    auto const& chart = scene.chart();
    conflict.ciclosporin_draft = chart.start_draft(ciclosporin());
    conflict.day = conflict.ciclosporin_draft ? conflict.ciclosporin_draft->start : scene.today();
    auto const* partner_draft = chart.start_draft(derm_partners() | set_of(Drug::etanercept));
    if (!conflict.ciclosporin_draft) {
        if (!partner_draft) return conflict;
        conflict.day = partner_draft->start;
    }
    conflict.ciclosporin = scene.ongoing(ciclosporin(), conflict.day);
    if (!conflict.ciclosporin_draft && !conflict.ciclosporin) return conflict;
    auto const use = ciclosporin_use_of_order(chart, conflict.day);
    if (!scene.is_for(use, set_of(Disease::atopic_dermatitis, Disease::psoriasis))) return conflict;
    // K3: rheumatoid arthritis is a licensed reason for the pair with methotrexate; both diagnoses
    // and no reason on the order: ask, at warning.
    conflict.ambiguous = !use.stated && use.is(Disease::rheumatoid_arthritis);
    add_partners(scene, conflict, use);
    if (!conflict.ciclosporin_draft) {
        // Only a partner is drafted: the card is about the pairs that this order makes.
        std::erase_if(conflict.partners,
                      [](DermConflict::Partner const& partner) { return !partner.draft; });
    }
    for (auto at = conflict.partners.begin(); at != conflict.partners.end(); ++at) {
        if (!has(at->row->drugs, Drug::infliximab)) continue;
        auto const indication = scene.pair().indication;
        auto const uc = indication == Indication::acute_severe_uc ||
                        indication == Indication::ulcerative_colitis;
        if (uc && scene.pair().concurrent()) {
            conflict.partners.erase(at);  // the UC card shows this pair
        } else {
            conflict.with_infliximab = true;
        }
        break;
    }
    return conflict;
}

}  // namespace cds::rules
