#pragma once
#include "fhir/codes.hpp"

// Drugs that rules treat alike. Source: fact-encodings section 2 "Membership decisions".

namespace cds::fhir {

inline DrugSet infliximab() { return set_of(Drug::infliximab); }
inline DrugSet ciclosporin() { return set_of(Drug::ciclosporin); }
inline DrugSet omalizumab() { return set_of(Drug::omalizumab); }
inline DrugSet methotrexate() { return set_of(Drug::methotrexate); }
/// Azathioprine and mercaptopurine are one therapy (catalogue 3.3).
inline DrugSet azathioprine_mercaptopurine() {
    return set_of(Drug::azathioprine, Drug::mercaptopurine);
}
inline DrugSet thiopurines() {
    return set_of(Drug::azathioprine, Drug::mercaptopurine, Drug::tioguanine);
}
inline DrugSet anti_tnf() {
    return set_of(Drug::infliximab, Drug::adalimumab, Drug::golimumab, Drug::certolizumab,
                  Drug::etanercept);
}
/// Biologic DMARDs other than infliximab (`ifx-biologic-duplication`); never omalizumab or the
/// type-2 biologics.
inline DrugSet other_biologics() {
    return set_of(Drug::adalimumab, Drug::etanercept, Drug::golimumab, Drug::certolizumab,
                  Drug::abatacept, Drug::tocilizumab, Drug::sarilumab, Drug::anakinra,
                  Drug::rituximab, Drug::ustekinumab, Drug::vedolizumab, Drug::il17_il23_inhibitor);
}
/// Partners of `csa-derm-immunosuppressant-contraindicated`; etanercept only in eczema.
inline DrugSet derm_partners() {
    return set_of(Drug::methotrexate, Drug::azathioprine, Drug::mercaptopurine, Drug::mycophenolate,
                  Drug::tacrolimus, Drug::leflunomide, Drug::cyclophosphamide, Drug::jak_inhibitor,
                  Drug::adalimumab, Drug::golimumab, Drug::certolizumab, Drug::infliximab,
                  Drug::ustekinumab, Drug::il17_il23_inhibitor, Drug::abatacept, Drug::rituximab,
                  Drug::tocilizumab, Drug::sarilumab, Drug::anakinra, Drug::sirolimus,
                  Drug::everolimus, Drug::voclosporin);
}
inline DrugSet cyp3a4_partners() { return set_of(Drug::cyp3a4_inhibitor, Drug::cyp3a4_inducer); }

/// The classes counted by `multi-immunosuppressant-burden` and `live-vaccine-contraindicated`.
enum class ImmunoClass : std::uint8_t {
    biologic,
    calcineurin_inhibitor,
    thiopurine,
    methotrexate,
    mycophenolate,
    jak_inhibitor,
    leflunomide_cyclophosphamide,
    corticosteroid,
    count_
};
inline DrugSet drugs_of(ImmunoClass immuno_class) {
    switch (immuno_class) {
        case ImmunoClass::biologic:
            return other_biologics() | infliximab();
        case ImmunoClass::calcineurin_inhibitor:
            return set_of(Drug::ciclosporin, Drug::tacrolimus, Drug::voclosporin);
        case ImmunoClass::thiopurine:
            return thiopurines();
        case ImmunoClass::methotrexate:
            return methotrexate();
        case ImmunoClass::mycophenolate:
            return set_of(Drug::mycophenolate);
        case ImmunoClass::jak_inhibitor:
            return set_of(Drug::jak_inhibitor);
        case ImmunoClass::leflunomide_cyclophosphamide:
            return set_of(Drug::leflunomide, Drug::cyclophosphamide);
        case ImmunoClass::corticosteroid:
            return set_of(Drug::systemic_corticosteroid);
        case ImmunoClass::count_:
            break;
    }
    return {};
}
inline DrugSet all_immunosuppressants() {
    DrugSet all;
    for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(ImmunoClass::count_); ++i) {
        all |= drugs_of(static_cast<ImmunoClass>(i));
    }
    return all;
}
/// Drugs whose orders are compared for duplicates: covered immunosuppressants and omalizumab.
inline DrugSet duplicate_checked() {
    auto drugs =
        all_immunosuppressants() | omalizumab() | set_of(Drug::sirolimus, Drug::everolimus);
    drugs.reset(static_cast<std::size_t>(Drug::systemic_corticosteroid));
    return drugs;
}

}  // namespace cds::fhir
