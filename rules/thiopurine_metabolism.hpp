#pragma once
#include "rules/scene.hpp"

namespace cds::rules {

/// How a TPMT or NUDT15 result reads. `other` is normal, or cannot be read.
enum class Metabolism : std::uint8_t { none, other, intermediate, deficient };

/// The newest final TPMT or NUDT15 result; of several with one date the one that is safer to
/// believe. Source: fact-encodings section 5.
struct MetabolismResult {
    Metabolism reads = Metabolism::none;
    ResultRow const* row = nullptr;
};
/// Rests on the results without asking for a usable value: a result that cannot be read counts as
/// present.
MetabolismResult thiopurine_metabolism(Scene& scene);

}  // namespace cds::rules
