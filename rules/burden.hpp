#pragma once
#include "rules/scene.hpp"

namespace cds::rules {

/// Which classes of immunosuppressants the patient has at the draft's day, drafts included
/// (fact-encodings "Classes of the burden and live-vaccine rules").
struct ClassCount {
    struct Member {
        ImmunoClass immuno_class{};
        MedicationRow const* row = nullptr;
        Exposure const* exposure = nullptr;
        Draft const* draft = nullptr;
    };
    std::vector<Member> members;     ///< one a class
    Draft const* trigger = nullptr;  ///< a start draft of a drug that counts
    int count() const { return static_cast<int>(members.size()); }
};

ClassCount count_classes(Scene& scene, Day day);

/// Whether a corticosteroid row counts: any IV; oral or IM from 7.5 mg prednisone-equivalent a day;
/// never when its dose cannot be computed.
bool corticosteroid_counts(Scene& scene, MedicationRow const& row, Day day);

}  // namespace cds::rules
