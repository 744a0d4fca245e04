#pragma once
#include <array>
#include <string_view>

#include "rules/finding.hpp"

namespace cds::cards {

/// What is to be remembered of a card that was written, so that feedback finds its rule.
struct SentCard {
    std::array<char, 36> uuid{};
    std::string_view rule;  ///< lives as long as the knowledge
    rules::Indicator indicator{};
};

}  // namespace cds::cards
