#include <array>
#include <cstdint>

#include "base/text.hpp"
#include "fhir/element.hpp"
#include "fhir/read.hpp"

namespace cds::fhir {

using base::json::Value;

namespace {

struct RouteCode {
    std::string_view code;
    Route route;
};
/// SNOMED CT route codes. Source: fact-encodings section 2 "Route".
constexpr std::array route_codes{
    RouteCode{"26643006", Route::oral},          RouteCode{"47625008", Route::intravenous},
    RouteCode{"34206005", Route::subcutaneous},  RouteCode{"78421000", Route::intramuscular},
    RouteCode{"6064005", Route::topical},        RouteCode{"54485002", Route::ophthalmic},
    RouteCode{"447694001", Route::inhaled},      RouteCode{"46713006", Route::nasal},
    RouteCode{"10547007", Route::otic},          RouteCode{"12130007", Route::intra_articular},
    RouteCode{"37161004", Route::rectal},        RouteCode{"372466002", Route::intralesional},
    RouteCode{"372471009", Route::intravesical}, RouteCode{"372464004", Route::intradermal},
    RouteCode{"418401004", Route::intravitreal}, RouteCode{"448077001", Route::topical},
    RouteCode{"45890007", Route::topical},       RouteCode{"418136008", Route::oral},
};

/// HL7 v3 RouteOfAdministration and HL7 v2 table 0162 codes that EHRs send.
constexpr std::array route_letters{
    RouteCode{"po", Route::oral},
    RouteCode{"or", Route::oral},
    RouteCode{"iv", Route::intravenous},
    RouteCode{"ivinfus", Route::intravenous},
    RouteCode{"ivpush", Route::intravenous},
    RouteCode{"sc", Route::subcutaneous},
    RouteCode{"sq", Route::subcutaneous},
    RouteCode{"subcut", Route::subcutaneous},
    RouteCode{"im", Route::intramuscular},
    RouteCode{"top", Route::topical},
    RouteCode{"tp", Route::topical},
    RouteCode{"op", Route::ophthalmic},
    RouteCode{"inh", Route::inhaled},
    RouteCode{"ih", Route::inhaled},
    RouteCode{"ns", Route::nasal},
    RouteCode{"pr", Route::rectal},
    RouteCode{"id", Route::intradermal},
};

struct RouteWord {
    std::string_view word;  ///< folded; matched as whole words (a trailing `*` as a beginning)
    Route route;
};
/// More exact words first: "intra articular" before "oral".
constexpr std::array route_words{
    RouteWord{"intravitreal", Route::intravitreal},
    RouteWord{"intravesical", Route::intravesical},
    RouteWord{"intra articular", Route::intra_articular},
    RouteWord{"intraarticular", Route::intra_articular},
    RouteWord{"intralesional", Route::intralesional},
    RouteWord{"intradermal", Route::intradermal},
    RouteWord{"intravenous*", Route::intravenous},
    RouteWord{"iv", Route::intravenous},
    RouteWord{"i v", Route::intravenous},
    RouteWord{"infusion", Route::intravenous},
    RouteWord{"subcutaneous*", Route::subcutaneous},
    RouteWord{"subcut", Route::subcutaneous},
    RouteWord{"sc", Route::subcutaneous},
    RouteWord{"s c", Route::subcutaneous},
    RouteWord{"sq", Route::subcutaneous},
    RouteWord{"intramuscular*", Route::intramuscular},
    RouteWord{"im", Route::intramuscular},
    RouteWord{"ophth*", Route::ophthalmic},
    RouteWord{"eye*", Route::ophthalmic},
    RouteWord{"conjunctival", Route::ophthalmic},
    RouteWord{"otic", Route::otic},
    RouteWord{"ear", Route::otic},
    RouteWord{"nasal*", Route::nasal},
    RouteWord{"intranasal", Route::nasal},
    RouteWord{"inhal*", Route::inhaled},
    RouteWord{"nebul*", Route::inhaled},
    RouteWord{"respiratory", Route::inhaled},
    RouteWord{"rectal*", Route::rectal},
    RouteWord{"topical*", Route::topical},
    RouteWord{"cutaneous*", Route::topical},
    RouteWord{"skin", Route::topical},
    RouteWord{"oral*", Route::oral},
    RouteWord{"by mouth", Route::oral},
    RouteWord{"po", Route::oral},
};

/// Words of products and instructions that say a drug does not go through the body.
constexpr std::array product_words{
    RouteWord{"ophth*", Route::ophthalmic},
    RouteWord{"eye drop*", Route::ophthalmic},
    RouteWord{"eye drops", Route::ophthalmic},
    RouteWord{"eye ointment", Route::ophthalmic},
    RouteWord{"eye emulsion", Route::ophthalmic},
    RouteWord{"into eye*", Route::ophthalmic},
    RouteWord{"dpet", Route::ophthalmic},  // dropperette
    RouteWord{"intravitreal", Route::intravitreal},
    RouteWord{"otic", Route::otic},
    RouteWord{"ear drop*", Route::otic},
    RouteWord{"nasal*", Route::nasal},
    RouteWord{"intranasal", Route::nasal},
    RouteWord{"inhal*", Route::inhaled},
    RouteWord{"nebul*", Route::inhaled},
    RouteWord{"rectal*", Route::rectal},
    RouteWord{"enema", Route::rectal},
    RouteWord{"suppositor*", Route::rectal},
    RouteWord{"intra articular", Route::intra_articular},
    RouteWord{"intraarticular", Route::intra_articular},
    RouteWord{"intralesional", Route::intralesional},
    RouteWord{"intradermal", Route::intradermal},
    RouteWord{"topical*", Route::topical},
    RouteWord{"cream", Route::topical},
    RouteWord{"ointment", Route::topical},
    RouteWord{"lotion", Route::topical},
    RouteWord{"shampoo", Route::topical},
    RouteWord{"scalp", Route::topical},
    RouteWord{"paste", Route::topical},
    RouteWord{"cutaneous", Route::topical},
};

bool word_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool contains_words(std::string_view text, std::string_view pattern) {
    auto const open_end = !pattern.empty() && pattern.back() == '*';
    if (open_end) pattern.remove_suffix(1);
    for (auto at = text.find(pattern); at != std::string_view::npos;
         at = text.find(pattern, at + 1)) {
        auto const starts = at == 0 || !word_character(text[at - 1]);
        auto const after = at + pattern.size();
        auto const ends = open_end || after >= text.size() || !word_character(text[after]);
        if (starts && ends) return true;
    }
    return false;
}

/// One of 64 bits for the first two letters of a word.
std::uint64_t beginning(char first, char second) {
    auto const letter = [](char c) { return static_cast<unsigned>(static_cast<unsigned char>(c)); };
    return std::uint64_t{1} << ((letter(first) * 5 + letter(second)) % 64);
}

/// The beginnings of all words of a text.
std::uint64_t beginnings(std::string_view text) {
    std::uint64_t all = 0;
    char before = ' ';
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
        if (!word_character(before)) all |= beginning(text[at], text[at + 1]);
        before = text[at];
    }
    return all;
}

/// Most words of a table begin like no word of the text, and are not looked for.
template <class Table>
Route first_word(Table const& table, std::string_view folded) {
    auto const begun = beginnings(folded);
    for (auto const& row : table) {
        if ((begun & beginning(row.word[0], row.word[1])) == 0) continue;
        if (contains_words(folded, row.word)) return row.route;
    }
    return Route::absent;
}

}  // namespace

Route read_route(Value route_element) {
    route_element = route_element.first();
    if (!route_element || route_element.is_null()) return Route::absent;
    std::string words;
    if (route_element.is_string()) base::fold(route_element.string(), words);
    for (auto coding : route_element["coding"].each()) {
        auto const code = coding["code"].string();
        for (auto const& row : route_codes) {
            if (row.code == code) return row.route;
        }
        std::string folded;
        base::fold(code, folded);
        for (auto const& row : route_letters) {
            if (row.code == folded) return row.route;
        }
    }
    append_folded_words(route_element, words);
    if (words.empty()) return Route::absent;
    auto const route = first_word(route_words, words);
    return route == Route::absent ? Route::other : route;
}

Route route_in_words(std::string_view folded) { return first_word(product_words, folded); }

}  // namespace cds::fhir
