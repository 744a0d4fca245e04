#include "fhir/indication.hpp"

#include <algorithm>
#include <array>

namespace cds::fhir {

using base::days_between;

namespace {

bool counts_for_indication(ConditionRow const& row) {
    return row.active && (row.verification == Verification::confirmed ||
                          row.verification == Verification::provisional);
}

/// The label "acute severe" on a condition holds for 90 days from onset, and 90 days beyond its
/// abatement. Source: catalogue 3.7.3 (a).
bool acute_label_holds(ConditionRow const& row, Day day) {
    if (!has(row.diseases, Disease::acute_severe_uc_label)) return false;
    if (row.verification != Verification::confirmed &&
        row.verification != Verification::provisional)
        return false;
    if (row.active) return !row.onset || days_between(row.onset.first, day) <= 90;
    return row.abatement && days_between(row.abatement.last, day) <= 90;
}

/// Methylprednisolone or hydrocortisone into a vein on at least one of the 14 days before today.
bool intravenous_steroid_lately(Chart const& chart) {
    auto const& terminology = *chart.record().context.terminology;
    for (auto const& exposure : chart.exposures()) {
        auto const& row = *exposure.row;
        if (!has(row.drugs, Drug::systemic_corticosteroid)) continue;
        auto const suits =
            std::any_of(row.ingredients.begin(), row.ingredients.end(), [&](IngredientId id) {
                auto const& name = terminology.ingredient(id).name;
                return name == "methylprednisolone" || name == "hydrocortisone";
            });
        if (!suits || (row.route != Route::intravenous && row.route != Route::absent)) continue;
        auto const begun = !exposure.start || exposure.start.first <= chart.today();
        auto const end = exposure.end_at(chart.today(), chart.today());
        if (begun && (!end || days_between(*end, chart.today()) <= 14)) return true;
    }
    return false;
}

constexpr std::array restrictive_order{
    std::pair{Disease::acute_severe_uc_label, Indication::acute_severe_uc},
    std::pair{Disease::ulcerative_colitis, Indication::ulcerative_colitis},
    std::pair{Disease::psoriasis, Indication::psoriasis},
    std::pair{Disease::atopic_dermatitis, Indication::atopic_dermatitis},
    std::pair{Disease::other_dermatosis, Indication::other_dermatosis},
    std::pair{Disease::crohns_disease, Indication::crohns_disease},
    std::pair{Disease::behcet, Indication::behcet},
    std::pair{Disease::rheumatoid_arthritis, Indication::rheumatoid_arthritis},
};

/// A stated reason as an indication: UC is raised to acute severe UC when that holds.
DiseaseSet recognised(Chart const& chart, StatedReason const& reason, Day day) {
    auto diseases = reason.diseases & indication_diseases();
    if (has(diseases, Disease::acute_severe_uc_label)) {
        diseases |= set_of(Disease::ulcerative_colitis);
        // The words of a Condition that the reason refers to hold as long as that Condition's label
        // does.
        if (!reason.node["reference"].string().empty()) {
            diseases.reset(static_cast<std::size_t>(Disease::acute_severe_uc_label));
        }
    }
    if (has(diseases, Disease::ulcerative_colitis) &&
        !has(diseases, Disease::acute_severe_uc_label)) {
        if (acute_severe_uc(chart, day, true) || (reason.severe && in_hospital_now(chart))) {
            diseases |= set_of(Disease::acute_severe_uc_label);
        }
    }
    return diseases;
}

void add_stated(Chart const& chart, MedicationRow const& row, Day day, Use& use) {
    for (auto const& reason : row.reasons) {
        auto const diseases = recognised(chart, reason, day);
        if (diseases.none()) {
            use.unrecognised = true;
            continue;
        }
        use.diseases |= diseases;
        use.stated = true;
        if (!use.reason) use.reason = &reason;
    }
}

}  // namespace

DiseaseSet indication_diseases() {
    return set_of(Disease::acute_severe_uc_label, Disease::ulcerative_colitis, Disease::psoriasis,
                  Disease::atopic_dermatitis, Disease::other_dermatosis, Disease::crohns_disease,
                  Disease::behcet, Disease::rheumatoid_arthritis, Disease::asthma,
                  Disease::chronic_urticaria, Disease::nasal_polyps, Disease::food_allergy,
                  Disease::transplant);
}

bool in_hospital_now(Chart const& chart) {
    auto const& encounter = chart.record().encounter;
    return chart.record().has_encounter && encounter.in_progress &&
           (encounter.encounter_class == EncounterClass::inpatient ||
            encounter.encounter_class == EncounterClass::emergency);
}

bool acute_severe_uc(Chart const& chart, Day day, bool uc_stated) {
    auto const hospital = in_hospital_now(chart);
    auto uc = uc_stated, severe = false;
    for (auto const& row : chart.record().conditions) {
        if (acute_label_holds(row, day)) return true;
        auto const is_uc =
            has(row.diseases, Disease::ulcerative_colitis) ||
            has(row.diseases, Disease::acute_severe_uc_label);  // an older label is still UC
        if (!is_uc || !counts_for_indication(row)) continue;
        uc = true;
        severe = severe || row.severe;
    }
    return uc && hospital && (severe || intravenous_steroid_lately(chart));
}

DiseaseSet listed_indications(Chart const& chart, Day day) {
    DiseaseSet diseases;
    for (auto const& row : chart.record().conditions) {
        if (!counts_for_indication(row)) continue;
        diseases |= row.diseases & indication_diseases();
    }
    if (has(diseases, Disease::acute_severe_uc_label)) {
        diseases |=
            set_of(Disease::ulcerative_colitis);  // an older label is still ulcerative colitis
        diseases.reset(static_cast<std::size_t>(Disease::acute_severe_uc_label));
    }
    if (acute_severe_uc(chart, day)) {
        diseases |= set_of(Disease::acute_severe_uc_label, Disease::ulcerative_colitis);
    }
    return diseases;
}

Use use_of(Chart const& chart, MedicationRow const* row, Day day) {
    Use use;
    if (row) add_stated(chart, *row, day, use);
    if (use.stated) return use;
    use.diseases = listed_indications(chart, day);
    return use;
}

Use ciclosporin_use(Chart const& chart, Day day) {
    for (auto const* draft : chart.start_drafts(ciclosporin())) {
        auto const use = use_of(chart, draft->row, day);
        if (use.stated) return use;
    }
    auto const* draft = chart.start_draft(ciclosporin());
    if (!draft) draft = chart.stop_draft(ciclosporin());
    return use_of(chart, draft ? draft->row : nullptr, day);
}

Use ciclosporin_use_of_order(Chart const& chart, Day day) {
    auto const drafted = ciclosporin_use(chart, day);
    if (drafted.stated) return drafted;
    for (auto const* exposure : chart.all_ongoing(ciclosporin(), day)) {
        auto const use = use_of(chart, exposure->row, day);
        if (use.stated) return use;
    }
    return drafted;
}

Indication pair_indication(Chart const& chart, DraftList const& drafts, Day day) {
    Use use;
    for (auto const* draft : drafts) add_stated(chart, *draft->row, day, use);
    auto diseases = use.diseases;
    if (!use.stated) diseases = listed_indications(chart, day);
    for (auto const& [disease, indication] : restrictive_order) {
        if (has(diseases, disease)) return indication;
    }
    // Asthma, a transplant and the like are recognised, but no indication of this pair.
    if (use.stated || use.unrecognised) return Indication::other;
    return Indication::unknown;
}

bool transplant(Chart const& chart) {
    auto drafted = false;
    for (auto const* draft : chart.start_drafts(ciclosporin())) {
        for (auto const& reason : draft->row->reasons) {
            if (has(reason.diseases, Disease::transplant)) return true;
            if ((reason.diseases & indication_diseases()).any()) drafted = true;
        }
    }
    if (drafted) return false;
    auto const& record = chart.record();
    return std::any_of(record.conditions.begin(), record.conditions.end(),
                       [](ConditionRow const& row) {
                           return counts_for_indication(row) &&
                                  has(row.diseases, Disease::transplant);
                       }) ||
           std::any_of(record.procedures.begin(), record.procedures.end(),
                       [](ProcedureRow const& row) {
                           return row.completed && has(row.services, Service::transplant);
                       });
}

}  // namespace cds::fhir
