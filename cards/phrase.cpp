#include "cards/phrase.hpp"

namespace cds::cards {

std::string_view phrase(rules::Knowledge const& knowledge, std::string_view language,
                        std::string_view key) {
    if (auto const words = knowledge.phrase(language, key); !words.empty()) return words;
    return rules::built_in_phrase(key);
}

}  // namespace cds::cards
