#pragma once
#include <string_view>
#include <vector>

#include "fhir/chart.hpp"

// What a drug is given for (catalogue 3.7).

namespace cds::fhir {

/// What a pair card is about, most restrictive first.
enum class Indication : std::uint8_t {
    acute_severe_uc,
    ulcerative_colitis,
    psoriasis,
    atopic_dermatitis,
    other_dermatosis,
    crohns_disease,
    behcet,
    rheumatoid_arthritis,
    other,    ///< a reason is stated that is in none of the lists
    unknown,  ///< nothing stated and nothing on the problem list
};

/// The diseases that can be a reason for the covered drugs.
DiseaseSet indication_diseases();

/// What one drug is given for.
struct Use {
    DiseaseSet diseases;        ///< of `indication_diseases()`; `acute_severe_uc_label` means acute
                                ///< severe UC holds now
    bool stated = false;        ///< by a recognised reason on the order itself
    bool unrecognised = false;  ///< a reason is stated that is in none of the lists
    StatedReason const* reason = nullptr;
    bool unknown() const { return diseases.none() && !unrecognised; }
    bool is(Disease disease) const { return has(diseases, disease); }
    /// Atopic dermatitis or psoriasis.
    bool skin() const { return is(Disease::atopic_dermatitis) || is(Disease::psoriasis); }
};

/// Active problem-list diseases (confirmed or provisional). `acute_severe_uc_label` is set only
/// when acute severe UC holds on `day` (3.7.3), and then together with ulcerative colitis.
DiseaseSet listed_indications(Chart const& chart, Day day);
/// Whether acute severe UC holds on `day`. A UC that only a draft states is passed as `uc_stated`.
bool acute_severe_uc(Chart const& chart, Day day, bool uc_stated = false);

/// What the order `row` is for: its own recognised reason, else the problem list.
Use use_of(Chart const& chart, MedicationRow const* row, Day day);
/// What ciclosporin is for, asked from its draft (a recognised reason), else the problem list.
Use ciclosporin_use(Chart const& chart, Day day);
/// The same, but a stored ciclosporin order's own reason counts too (`csa-derm-…`,
/// `psoriasis-etanercept-csa`).
Use ciclosporin_use_of_order(Chart const& chart, Day day);

/// The most restrictive indication of a pair: recognised reasons on the drafts, else the problem
/// list.
Indication pair_indication(Chart const& chart, DraftList const& drafts, Day day);

/// Transplant protocols govern (3.7.5b): the ciclosporin draft states it, or it is on record and
/// the draft states no other recognised reason.
bool transplant(Chart const& chart);

/// Inpatient or emergency encounter in progress now.
bool in_hospital_now(Chart const& chart);

}  // namespace cds::fhir
