#include <algorithm>
#include <array>
#include <span>

#include "base/text.hpp"
#include "fhir/element.hpp"
#include "fhir/read.hpp"

namespace cds::fhir {

using base::json::Value;

namespace {

struct Brand {
    std::string_view name;    ///< folded
    std::string_view suffix;  ///< the biosimilar suffix that the brand stands for
    Formulation formulation = Formulation::unspecified;
};
/// Brands of the drugs that can be duplicated, and what a brand implies.
/// Source: fact-encodings section 2 ("Different product", "Ciclosporin formulation", text
/// patterns).
constexpr std::array brands{
    // sorted by name
    Brand{"actemra", ""},
    Brand{"advagraf", ""},
    Brand{"afinitor", ""},
    Brand{"arava", ""},
    Brand{"astagraf", ""},
    Brand{"avsola", "axxq"},
    Brand{"azasan", ""},
    Brand{"capimune", ""},
    Brand{"capsorin", ""},
    Brand{"cellcept", ""},
    Brand{"certican", ""},
    Brand{"cimzia", ""},
    Brand{"deximune", ""},
    Brand{"enbrel", ""},
    Brand{"entyvio", ""},
    Brand{"envarsus", ""},
    Brand{"flixabi", ""},
    Brand{"gengraf", "", Formulation::modified},
    Brand{"humira", ""},
    Brand{"imuran", ""},
    Brand{"inflectra", "dyyb"},
    Brand{"ixifi", "qbtx"},
    Brand{"kevzara", ""},
    Brand{"kineret", ""},
    Brand{"lanvis", ""},
    Brand{"lupkynis", ""},
    Brand{"mabthera", ""},
    Brand{"metoject", ""},
    Brand{"myfortic", ""},
    Brand{"neoral", "", Formulation::modified},
    Brand{"olumiant", ""},
    Brand{"omlyclo", "igec"},
    Brand{"orencia", ""},
    Brand{"otrexup", ""},
    Brand{"prograf", ""},
    Brand{"purinethol", ""},
    Brand{"purixan", ""},
    Brand{"rapamune", ""},
    Brand{"rasuvo", ""},
    Brand{"remicade", ""},
    Brand{"remsima", ""},
    Brand{"renflexis", "abda"},
    Brand{"rinvoq", ""},
    Brand{"rituxan", ""},
    Brand{"sandimmun", "", Formulation::nonmodified},
    Brand{"sandimmune", "", Formulation::nonmodified},
    Brand{"sangcya", ""},
    Brand{"simponi", ""},
    Brand{"stelara", ""},
    Brand{"trexall", ""},
    Brand{"xaluprine", ""},
    Brand{"xeljanz", ""},
    Brand{"xolair", ""},
    Brand{"zessly", ""},
    Brand{"zortress", ""},
    Brand{"zymfentra", "dyyb"},
};

/// Where the brands of each first letter begin.
constexpr auto brands_of_letter = [] {
    std::array<std::uint8_t, 27> begin{};
    std::size_t place = 0;
    for (std::size_t letter = 0; letter < begin.size(); ++letter) {
        while (place < brands.size() &&
               static_cast<std::size_t>(brands[place].name.front() - 'a') < letter)
            ++place;
        begin[letter] = static_cast<std::uint8_t>(place);
    }
    return begin;
}();

struct SuffixedName {
    std::string_view words;
    Drug drug;
};
/// Suffixes that follow a biological's name: "infliximab dyyb" after folding.
constexpr std::array suffixed_names{
    SuffixedName{"infliximab ", Drug::infliximab},  SuffixedName{"omalizumab ", Drug::omalizumab},
    SuffixedName{"adalimumab ", Drug::adalimumab},  SuffixedName{"etanercept ", Drug::etanercept},
    SuffixedName{"rituximab ", Drug::rituximab},    SuffixedName{"tocilizumab ", Drug::tocilizumab},
    SuffixedName{"ustekinumab ", Drug::ustekinumab}};
/// Four-letter words that may follow such a name and are no suffix.
constexpr std::array no_suffix{"inje", "pref",  "vial", "peni", "dose",
                               "with", "iv so", "auto", "kits"};

bool letter(char c) { return c >= 'a' && c <= 'z'; }
bool word_character(char c) { return letter(c) || (c >= '0' && c <= '9'); }

void find_brand(std::string_view words, Product& product) {
    for (std::size_t at = 0; at < words.size();) {
        while (at < words.size() && !letter(words[at])) ++at;
        auto end = at;
        while (end < words.size() && word_character(words[end])) ++end;
        auto const word = words.substr(at, end - at);
        if (word.empty()) return;
        auto const first = static_cast<std::size_t>(word.front() - 'a');
        for (std::size_t i = brands_of_letter[first]; i < brands_of_letter[first + 1]; ++i) {
            auto const& brand = brands[i];
            if (brand.name != word) continue;
            product.brand = brand.name == "sandimmun" ? "sandimmune" : brand.name;
            if (!brand.suffix.empty()) product.suffix = brand.suffix;
            if (product.formulation == Formulation::unspecified)
                product.formulation = brand.formulation;
            return;
        }
        at = end + 1;
    }
}

void find_suffix(std::string_view words, DrugSet const& drugs, Product& product) {
    if (!product.suffix.empty()) return;
    for (auto const& [name, drug] : suffixed_names) {
        if (!has(drugs, drug)) continue;
        for (auto at = words.find(name); at != std::string_view::npos;
             at = words.find(name, at + 1)) {
            auto const rest = words.substr(at + name.size());
            if (rest.size() < 4) continue;
            auto ok = true;
            for (std::size_t i = 0; i < 4; ++i) ok = ok && letter(rest[i]);
            if (!ok || (rest.size() > 4 && word_character(rest[4]))) continue;
            auto const suffix = rest.substr(0, 4);
            for (std::string_view stop : no_suffix) ok = ok && suffix != stop;
            // Suffixes are devoid of meaning and have few vowels; "pens", "bulk" and the like must
            // not count.
            if (!ok || suffix == "pens" || suffix == "bulk" || suffix == "pack" || suffix == "soln")
                continue;
            product.suffix = suffix;
            return;
        }
    }
}

void find_formulation(std::string_view words, Product& product) {
    if (product.formulation != Formulation::unspecified) return;
    bool const modified = words.find("modified") != std::string_view::npos;
    if (modified && (words.find("non modified") != std::string_view::npos ||
                     words.find("nonmodified") != std::string_view::npos ||
                     words.find("unmodified") != std::string_view::npos)) {
        product.formulation = Formulation::nonmodified;
    } else if (modified || words.find("microemulsion") != std::string_view::npos) {
        product.formulation = Formulation::modified;
    }
}

/// A number directly before `at` ("100" in "100 mg"), with decimal point.
std::optional<Rational> number_before(std::string_view words, std::size_t at) {
    auto end = at;
    while (end > 0 && words[end - 1] == ' ') --end;
    auto begin = end;
    while (begin > 0 && ((words[begin - 1] >= '0' && words[begin - 1] <= '9') ||
                         words[begin - 1] == '.' || words[begin - 1] == ',')) {
        --begin;
    }
    auto text = words.substr(begin, end - begin);
    if (text.empty() || text.find(',') != std::string_view::npos)
        return std::nullopt;  // 1,000 or 0,5: not certain
    return Rational::parse(text);
}

/// The strength that a product's name states, when it states exactly one: "100 MG Oral Capsule" ->
/// 100 mg a piece, "100 MG/ML" -> 100 mg in each mL. Folding turned "/" into a blank: "100 mg ml".
void find_strength(std::string_view part, Product& product) {
    std::optional<Rational> piece, ml;
    auto several = false;
    for (auto at = part.find("mg"); at != std::string_view::npos; at = part.find("mg", at + 2)) {
        auto const after = part.substr(at + 2);
        if (!after.empty() && word_character(after.front())) continue;
        auto const value = number_before(part, at);
        if (!value || *value <= Rational{0}) continue;
        auto const is_ml =
            after.starts_with(" ml") && (after.size() == 3 || !word_character(after[3]));
        auto& slot = is_ml ? ml : piece;
        if (slot && !(*slot == *value)) several = true;
        slot = value;
    }
    if (several) return;  // a combination or a range of strengths: not certain
    if (ml && !product.mg_per_ml) product.mg_per_ml = ml;
    if (piece && !ml && !product.mg_per_piece) product.mg_per_piece = piece;
}

}  // namespace

void read_product(PatientRecord const& record, std::string_view concept_words,
                  std::span<CodeMeaning const* const> meanings, MedicationRow& row) {
    auto& product = row.product;
    thread_local std::string words;
    words.assign(concept_words);
    if (row.label.size() && words.empty()) base::fold(row.label, words);
    // A code without display still names its product.
    for (auto const* meaning : meanings) {
        words += " ; ";
        words += meaning->folded_display;
    }
    auto* kept = static_cast<char*>(record.context.arena->allocate(words.size() + 1, 1));
    std::copy(words.begin(), words.end(), kept);
    std::string_view const all{kept, words.size()};

    find_brand(all, product);
    find_suffix(all, row.drugs, product);
    if (has(row.drugs, Drug::ciclosporin)) find_formulation(all, product);
    auto contradictory = false;
    for (std::size_t from = 0; from < all.size();) {
        auto cut = all.find(" ; ", from);
        if (cut == std::string_view::npos) cut = all.size();
        Product part;
        find_strength(all.substr(from, cut - from), part);
        auto const differ = [](auto const& known, auto const& other) {
            return known && other && !(*known == *other);
        };
        contradictory = contradictory || differ(product.mg_per_piece, part.mg_per_piece) ||
                        differ(product.mg_per_ml, part.mg_per_ml);
        if (!product.mg_per_ml) product.mg_per_ml = part.mg_per_ml;
        if (!product.mg_per_piece) product.mg_per_piece = part.mg_per_piece;
        from = cut + 3;
    }
    if (contradictory) {  // two names of one product state two strengths: never guess
        product.mg_per_piece.reset();
        product.mg_per_ml.reset();
        return;
    }
    // An infliximab vial holds 100 mg; the subcutaneous products say their strength. Source:
    // catalogue 3.4.
    if (has(row.drugs, Drug::infliximab) && !product.mg_per_piece && !product.mg_per_ml) {
        product.mg_per_piece = Rational{100};
    }
}

}  // namespace cds::fhir
