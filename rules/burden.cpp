#include "rules/burden.hpp"

#include <array>

#include "rules/trace.hpp"

namespace cds::rules {

namespace {

/// Daily dose that equals 7.5 mg of prednisone. Source: fact-encodings section 2 "Systemic
/// corticosteroid".
struct Equivalent {
    std::string_view ingredient;
    long long micrograms;
};
constexpr std::array equivalents{
    Equivalent{"prednisone", 7500},         Equivalent{"prednisolone", 7500},
    Equivalent{"methylprednisolone", 6000}, Equivalent{"hydrocortisone", 30000},
    Equivalent{"dexamethasone", 1125},      Equivalent{"triamcinolone", 6000},
    Equivalent{"betamethasone", 900},       Equivalent{"deflazacort", 9000},
    Equivalent{"cortisone", 37500},
};

}  // namespace

bool corticosteroid_counts(Scene& scene, MedicationRow const& row, Day day) {
    if (row.route == Route::intravenous) return true;
    auto const weight = scene.chart().weight();
    auto const dose = daily_dose(row, day, weight ? std::optional{weight->kg} : std::nullopt);
    if (!dose) return false;
    for (auto id : row.ingredients) {
        auto const& name = scene.terminology().ingredient(id).name;
        for (auto const& known : equivalents) {
            if (name == known.ingredient)
                return dose.mg_per_day >= Rational::ratio(known.micrograms, 1000);
        }
    }
    return false;
}

ClassCount count_classes(Scene& scene, Day day) {
    ClassCount count;
    auto const& chart = scene.chart();
    for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(ImmunoClass::count_); ++i) {
        auto const immuno_class = static_cast<ImmunoClass>(i);
        auto const drugs = drugs_of(immuno_class);
        auto const steroid = immuno_class == ImmunoClass::corticosteroid;
        ClassCount::Member member;
        member.immuno_class = immuno_class;
        for (auto const* draft : chart.start_drafts(drugs)) {
            if (steroid && !corticosteroid_counts(scene, *draft->row, draft->start)) continue;
            member.draft = draft;
            if (!count.trigger) count.trigger = draft;
            break;
        }
        for (auto const* exposure : chart.all_ongoing(drugs, day)) {
            if (steroid && !corticosteroid_counts(scene, *exposure->row, day)) continue;
            member.exposure = exposure;
            break;
        }
        if (!member.draft && !member.exposure) continue;
        member.row = member.draft ? member.draft->row : member.exposure->row;
        count.members.push_back(member);
    }
    if (auto* const trace = scene.trace()) {
        std::vector<Exposure const*> ongoing;
        for (auto const& member : count.members) ongoing.push_back(member.exposure);
        trace->exposures(Question::ongoing, all_immunosuppressants(), day, ongoing);
    }
    return count;
}

}  // namespace cds::rules
