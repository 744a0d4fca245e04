#pragma once
#include <string_view>

#include "rules/knowledge.hpp"
#include "rules/phrase.hpp"

namespace cds::cards {

/// Words that all cards use, by key ("heading.found"): the knowledge's in that language, else in
/// British English, else the ones built in here. Empty only for a key that does not exist.
std::string_view phrase(rules::Knowledge const& knowledge, std::string_view language,
                        std::string_view key);

using rules::append_filled;

}  // namespace cds::cards
