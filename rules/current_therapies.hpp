#pragma once
#include <memory_resource>
#include <span>

#include "rules/evaluate.hpp"

// Monitoring of what the patient takes now, without any draft: what is overdue, due soon, or waits
// for an answer. One card a therapy.

namespace cds::rules {

/// A therapy that is watched: the id of its card in the knowledge, and how.
struct CurrentTherapy {
    std::string_view id;
    Answer (*monitor)(Scene&);
};
/// In the cards' order.
std::span<CurrentTherapy const> current_therapies();

// One function a therapy. No: it is not current, or nothing is due. `open` and `reason` of the
// answer say what could not be judged, also beside a card.
Answer monitor_infliximab(Scene& scene);   // current_infliximab.cpp
Answer monitor_ciclosporin(Scene& scene);  // current_ciclosporin.cpp
Answer monitor_thiopurine(Scene& scene);   // current_thiopurine.cpp
Answer monitor_omalizumab(Scene& scene);   // current_omalizumab.cpp

/// The cards of all current therapies, results that could not be used for them, and what could not
/// be judged. Drafts of the chart are passed over.
Evaluation monitor(Knowledge const& knowledge, Chart const& chart, Region region,
                   std::pmr::memory_resource* arena, Audience const& audience = {},
                   Trace* trace = nullptr);

}  // namespace cds::rules
