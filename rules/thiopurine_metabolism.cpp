#include "rules/thiopurine_metabolism.hpp"

#include "base/text.hpp"
#include "rules/words.hpp"

namespace cds::rules {

namespace {

Metabolism reading_of(ResultRow const& row) {
    std::string words;
    base::fold(row.text, words);
    append_folded_concept(row.node["valueCodeableConcept"], words);
    for (auto const interpretation : row.node["interpretation"].each())
        append_folded_concept(interpretation, words);
    if (says_any(words, {"intermediate", "heterozyg*", "reduced activity"}))
        return Metabolism::intermediate;
    if (says_any(words, {"poor metaboliser", "poor metabolizer", "deficien*", "homozygous variant",
                         "homozygous mutant"})) {
        return Metabolism::deficient;
    }
    for (std::string_view const amount : {"absent", "no", "no detectable", "very low", "low"}) {
        for (std::string_view const what :
             {" activity", " enzyme activity", " tpmt activity", " nudt15 activity"}) {
            std::string phrase{amount};
            phrase += what;
            if (says_any(words, {std::string_view{phrase}})) return Metabolism::deficient;
        }
    }
    if (row.flag == Flag::low) return Metabolism::deficient;
    if (row.reported && row.range_low && *row.reported < *row.range_low)
        return Metabolism::deficient;
    return Metabolism::other;
}

bool newer(ResultRow const& a, ResultRow const& b) {
    if (a.when.first != b.when.first) return a.when.first > b.when.first;
    return a.when.has_time() && b.when.has_time() && a.when.instant > b.when.instant;
}

}  // namespace

MetabolismResult thiopurine_metabolism(Scene& scene) {
    scene.rests_on(Query::observations);
    MetabolismResult newest;
    for (auto const& row : scene.record().results) {
        if (row.test != Test::tpmt_nudt15 || row.status != ResultStatus::usable) continue;
        auto const reported = row.has_value || row.interpreted || row.flag != Flag::none;
        if (!reported || row.data_absent || !not_after_now(row.when, scene.record().context))
            continue;
        auto const reads = reading_of(row);
        auto const same_time = newest.row && !newer(row, *newest.row) && !newer(*newest.row, row);
        if (!newest.row || newer(row, *newest.row) || (same_time && reads > newest.reads))
            newest = {reads, &row};
    }
    return newest;
}

}  // namespace cds::rules
