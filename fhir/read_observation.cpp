#include <array>

#include "base/text.hpp"
#include "fhir/element.hpp"
#include "fhir/read.hpp"

namespace cds::fhir {

using base::json::Value;

namespace {

/// The members of an Observation or one of its components that are read, found in one pass: a
/// chart has hundreds of Observations, and each look-up of a member walks over those before it.
struct Parts {
    explicit Parts(Value holder) {
        for (auto const member : holder) {
            if (auto* const slot = slot_of(member.key())) *slot = member;
        }
    }

    Value id, status, code, encounter, component;
    Value date_time, instant, period, issued;
    Value quantity, concept_value, text, boolean, integer, date_value, absent, interpretation,
        range;

private:
    /// By length first: with a literal the compiler then compares words in place.
    Value* slot_of(std::string_view key) {
        switch (key.size()) {
            case 2:
                return key == "id" ? &id : nullptr;
            case 4:
                return key == "code" ? &code : nullptr;
            case 6:
                return key == "status" ? &status : key == "issued" ? &issued : nullptr;
            case 9:
                return key == "encounter" ? &encounter : key == "component" ? &component : nullptr;
            case 11:
                return key == "valueString" ? &text : nullptr;
            case 12:
                return key == "valueBoolean"   ? &boolean
                       : key == "valueInteger" ? &integer
                                               : nullptr;
            case 13:
                return key == "valueQuantity"   ? &quantity
                       : key == "valueDateTime" ? &date_value
                                                : nullptr;
            case 14:
                return key == "interpretation"   ? &interpretation
                       : key == "referenceRange" ? &range
                                                 : nullptr;
            case 15:
                return key == "effectivePeriod" ? &period : nullptr;
            case 16:
                return key == "dataAbsentReason"   ? &absent
                       : key == "effectiveInstant" ? &instant
                                                   : nullptr;
            case 17:
                return key == "effectiveDateTime" ? &date_time : nullptr;
            case 20:
                return key == "valueCodeableConcept" ? &concept_value : nullptr;
            default:
                return nullptr;
        }
    }
};

ResultStatus status_of(std::string_view status) {
    if (status == "final" || status == "amended" || status == "corrected" || status == "appended") {
        return ResultStatus::usable;
    }
    if (status == "preliminary") return ResultStatus::preliminary;
    return ResultStatus::other;  // also absent: a result without a status is not known to be final
}

base::Date date_of(Parts const& parts, ReadContext const& context) {
    base::Date best;
    for (auto element : {parts.date_time, parts.instant, parts.period["start"], parts.issued}) {
        auto const date = read_date(element, context);
        if (date) return date;
        if (best.precision == base::Precision::absent) best = date;
    }
    return best;
}

/// The one test that a code means. `any_code` tells whether some coding was recognised (as any
/// test).
Test test_of(ReadContext const& context, Value code) {
    auto const& terminology = *context.terminology;
    TestSet tests;
    for_each_coding(code, terminology,
                    [&](System system, std::string_view value, std::string_view) {
                        if (auto const* meaning = terminology.find(system, value))
                            tests |= meaning->tests;
                    });
    if (tests.none()) {
        auto& words = folded_scratch();
        append_folded_words(code, words);
        if (!words.empty()) tests = terminology.match_tests(words);
    }
    // In the list of metabolic panels as well: the comprehensive one also counts as liver tests.
    if (has(tests, Test::comprehensive_metabolic_panel)) return Test::comprehensive_metabolic_panel;
    return tests.none() ? Test::count_ : static_cast<Test>(tests._Find_first());
}

Comparator comparator_of(std::string_view text) {
    if (text == "<") return Comparator::less;
    if (text == "<=") return Comparator::less_equal;
    if (text == ">=") return Comparator::greater_equal;
    if (text == ">") return Comparator::greater;
    return Comparator::none;
}

/// What the words of a result say. Whole-text match: "not detected" must not read as "detected".
Outcome outcome_of_words(std::string_view folded) {
    while (!folded.empty() && (folded.back() == '.' || folded.back() == ' '))
        folded.remove_suffix(1);
    while (!folded.empty() && folded.front() == ' ') folded.remove_prefix(1);
    // SNOMED CT's full names say the kind of concept behind them.
    for (std::string_view const kind : {" (qualifier value)", " (finding)"}) {
        if (folded.ends_with(kind)) folded.remove_suffix(kind.size());
    }
    static constexpr std::array positive{
        "positive", "pos",          "detected",      "reactive",        "present",
        "abnormal", "low positive", "weak positive", "weakly positive", "low positive result"};
    static constexpr std::array negative{
        "negative", "neg",           "not detected", "non reactive", "nonreactive",
        "absent",   "none detected", "undetectable", "normal",       "not reactive"};
    static constexpr std::array open{"indeterminate", "borderline", "equivocal",
                                     "inconclusive",  "invalid",    "not interpretable"};
    for (auto word : positive)
        if (folded == word) return Outcome::positive;
    for (auto word : negative)
        if (folded == word) return Outcome::negative;
    for (auto word : open)
        if (folded == word) return Outcome::indeterminate;
    return Outcome::none;
}

Outcome outcome_of_code(std::string_view code) {
    if (code == "10828004" || code == "260373001" || code == "11214006" || code == "52101004") {
        return Outcome::positive;  // Positive, Detected, Reactive, Present
    }
    if (code == "260385009" || code == "260415000" || code == "131194007" || code == "2667000") {
        return Outcome::negative;  // Negative, Not detected, Non-reactive, Absent
    }
    if (code == "82334004" || code == "280414007" || code == "42425007")
        return Outcome::indeterminate;
    return Outcome::none;
}

void read_interpretation(Value interpretations, ResultRow& row, Outcome& outcome) {
    for (auto interpretation : interpretations.each()) {
        for (auto coding : interpretation["coding"].each()) {
            auto const code = coding["code"].string();
            row.interpreted = row.interpreted || !code.empty();
            if (code == "POS" || code == "A" || code == "AA" || code == "DET" || code == "RR" ||
                code == "WR") {
                outcome = Outcome::positive;
            } else if (code == "NEG" || code == "N" || code == "ND" || code == "NR") {
                outcome = Outcome::negative;
            } else if (code == "IND" || code == "I" || code == "E") {
                outcome = Outcome::indeterminate;
            } else if (code == "L" || code == "LL" || code == "LU") {
                row.flag = Flag::low;
            } else if (code == "H" || code == "HH" || code == "HU") {
                row.flag = Flag::high;
            }
        }
        if (outcome == Outcome::none) {
            std::string words;
            append_folded_words(interpretation, words);
            row.interpreted = row.interpreted || !words.empty();
            for (std::size_t from = 0; outcome == Outcome::none && from <= words.size();) {
                auto const cut = std::min(words.find(" ; ", from), words.size());
                outcome = outcome_of_words(std::string_view{words}.substr(from, cut - from));
                from = cut + 3;
            }
        }
    }
}

void read_quantity(ReadContext const& context, Value quantity, ResultRow& row) {
    row.has_value = true;
    row.number = quantity["value"].number();
    row.comparator = comparator_of(quantity["comparator"].string());
    auto const code = quantity["code"].string();
    auto const unit = quantity["unit"].string();
    row.unit = !unit.empty() ? unit : code;
    auto const reported = row.number.empty() ? std::nullopt : base::Rational::parse(row.number);
    if (!reported) {
        row.problem = Problem::not_a_number;
        return;
    }
    row.reported = reported;
    auto const& info = context.terminology->test(row.test);
    if (info.canonical_unit.empty()) return;  // a number on a test that is not judged as a quantity
    if (code.empty() && unit.empty()) {
        row.problem = Problem::unit_missing;
        return;
    }
    auto const system = quantity["system"].string();
    auto const is_ucum = system.empty() ||
                         system.find("unitsofmeasure.org") != std::string_view::npos ||
                         system.find("2.16.840.1.113883.6.8") != std::string_view::npos;
    auto const* conversion =
        is_ucum && !code.empty() ? context.terminology->conversion(row.test, code) : nullptr;
    // A code that is no UCUM unit may stand beside a unit that is ("code": "MGDL", "unit": "mg/dL")
    // only in a system of its own; a UCUM code that is known to be something else is never
    // overruled by the unit text.
    if (!conversion && (code.empty() || !is_ucum))
        conversion = context.terminology->conversion(row.test, unit);
    if (!conversion) {
        row.problem = Problem::unit_unknown;
        return;
    }
    row.converted =
        !(conversion->factor == base::Rational{1} && conversion->offset == base::Rational{0});
    auto const canonical =
        row.converted ? *reported * conversion->factor + conversion->offset : *reported;
    if (row.comparator == Comparator::none &&
        ((info.plausible_low && canonical < *info.plausible_low) ||
         (info.plausible_high && canonical > *info.plausible_high) || !canonical.valid())) {
        row.problem = Problem::implausible;
        return;
    }
    row.value = canonical;
}

void read_range(Value ranges, ResultRow& row) {
    auto const range = ranges.first();
    if (!range) return;
    auto const bound = [](Value quantity) -> std::optional<base::Rational> {
        auto const number = quantity["value"].number();
        if (number.empty()) return std::nullopt;
        return base::Rational::parse(number);
    };
    row.range_low = bound(range["low"]);
    row.range_high = bound(range["high"]);
}

void read_words(ResultRow& row, std::string_view words) {
    row.has_value = true;
    row.text = words;
    auto& folded = folded_scratch();
    base::fold(words, folded);
    row.outcome = outcome_of_words(folded);
}

void read_coded(Value concept_value, ResultRow& row) {
    row.has_value = true;
    row.text = concept_label(concept_value);
    for (auto coding : concept_value["coding"].each()) {
        if (row.outcome == Outcome::none) row.outcome = outcome_of_code(coding["code"].string());
    }
    if (row.outcome != Outcome::none) return;
    auto& folded = folded_scratch();
    base::fold(concept_value["text"].string(), folded);
    row.outcome = outcome_of_words(folded);
    for (auto coding : concept_value["coding"].each()) {
        if (row.outcome != Outcome::none) break;
        folded.clear();
        base::fold(coding["display"].string(), folded);
        row.outcome = outcome_of_words(folded);
    }
}

/// Antibodies with a number: above the laboratory's cut-off present, at or below it absent, "<x"
/// absent; without a cut-off by interpretation; with neither it cannot be used. Source:
/// catalogue 3.5, fact-encodings section 5.
void judge_antibody(ResultRow& row) {
    if (!row.reported || row.problem != Problem::none) return;
    auto const& number = *row.reported;
    auto const below =
        row.comparator == Comparator::less || row.comparator == Comparator::less_equal;
    auto const above =
        row.comparator == Comparator::greater || row.comparator == Comparator::greater_equal;
    if (below) {
        row.outcome = Outcome::negative;
    } else if (row.range_high) {
        if (number > *row.range_high ||
            (row.comparator == Comparator::greater && number == *row.range_high)) {
            row.outcome = Outcome::positive;
        } else {
            row.outcome = above ? Outcome::indeterminate : Outcome::negative;
        }
    } else if (row.outcome == Outcome::none) {
        row.problem = Problem::no_cut_off;
    }
}

/// Tests whose whole result is found or not found.
bool answers_by_outcome(Test test) {
    static auto const tests =
        set_of(Test::igra, Test::igra_raw, Test::tst, Test::hbsag, Test::anti_hbc, Test::hcg,
               Test::hla_dqa1_05, Test::infliximab_antibody, Test::other_biologic_antibody,
               Test::alpha_gal_ige, Test::aeroallergen_ige, Test::skin_prick);
    return has(tests, test);
}

/// A number inside a string ("12 mg/L") is not read: the report would not be a quantity. Only its
/// absence of a quantity is noted.
void read_value(ReadContext const& context, Parts const& parts, ResultRow& row) {
    if (parts.quantity) {
        read_quantity(context, parts.quantity, row);
    } else if (parts.concept_value) {
        read_coded(parts.concept_value, row);
    } else if (parts.text) {
        read_words(row, parts.text.string());
    } else if (parts.boolean) {
        row.has_value = true;
        row.boolean = parts.boolean.boolean();
        if (row.boolean) row.outcome = *row.boolean ? Outcome::positive : Outcome::negative;
    } else if (parts.integer) {
        row.has_value = true;
        row.number = parts.integer.number();
        row.reported = base::Rational::parse(row.number);
        if (!context.terminology->test(row.test).canonical_unit.empty())
            row.problem = Problem::unit_missing;
    } else if (parts.date_value) {
        row.has_value = true;
        row.date_value = read_date(parts.date_value, context);
    }
    row.data_absent = static_cast<bool>(parts.absent);
    auto interpreted = Outcome::none;
    read_interpretation(parts.interpretation, row, interpreted);
    // Interpretation decides where the value itself says nothing; a laboratory may report "POS" and
    // no value.
    if (row.outcome == Outcome::none) row.outcome = interpreted;
    if (row.outcome != Outcome::none && answers_by_outcome(row.test)) row.has_value = true;
    read_range(parts.range, row);
    auto const quantitative = !context.terminology->test(row.test).canonical_unit.empty();
    // "normal" is no creatinine: only these quantities may also come as an outcome.
    auto const may_be_coded = answers_by_outcome(row.test);
    if (row.has_value && quantitative && row.problem == Problem::none && !row.value &&
        !(may_be_coded && row.outcome != Outcome::none)) {
        row.problem = Problem::not_a_number;
    }
    if (row.test == Test::infliximab_antibody || row.test == Test::other_biologic_antibody)
        judge_antibody(row);
}

}  // namespace

void read_observation(ReadContext const& context, Value resource,
                      std::pmr::vector<ResultRow>& out) {
    Parts const parts{resource};
    auto const test = test_of(context, parts.code);
    if (test == Test::count_ && !parts.component) return;
    ResultRow row;
    row.node = resource;
    row.id = parts.id.string();
    row.status = status_of(parts.status.string());
    row.when = date_of(parts, context);
    row.encounter = reference_id(parts.encounter);
    row.test = test;
    row.code_text = concept_label(context, parts.code);
    if (test != Test::count_) {
        read_value(context, parts, row);
        if (test == Test::remission && !row.date_value) {
            row.date_value = read_date(parts.period["start"], context);
        }
        out.push_back(row);
    }
    for (auto component : parts.component.each()) {
        Parts const of_component{component};
        auto const component_test = test_of(context, of_component.code);
        if (component_test == Test::count_) continue;
        ResultRow part;
        part.node = resource;
        part.id = row.id;
        part.status = row.status;
        part.when = row.when;
        part.encounter = row.encounter;
        part.test = component_test;
        part.code_text = concept_label(context, of_component.code);
        read_value(context, of_component, part);
        out.push_back(part);
    }
}

}  // namespace cds::fhir
