#pragma once
#include "rules/scene.hpp"

namespace cds::rules {

/// What the newest statement about clinical remission says (fact-encodings section 6).
struct Remission {
    bool stated = false;
    bool in_remission = false;
    std::optional<Day>
        since;  ///< a month counts as its last day; none: not said to the day or month
    Day stated_on{};
    ResultRow const* row = nullptr;
    ConditionRow const* condition = nullptr;
};

Remission newest_remission(Scene& scene);

}  // namespace cds::rules
