#include "rules/pair.hpp"

#include "rules/derm.hpp"

namespace cds::rules {

namespace {

void find_timing(Scene& scene, Pair& pair) {
    // Whether a drafted agent also runs already makes no difference to the pair: asked without
    // resting on it.
    auto const& chart = scene.chart();
    pair.infliximab = pair.infliximab_draft ? chart.ongoing(infliximab(), pair.day)
                                            : scene.ongoing(infliximab(), pair.day);
    pair.ciclosporin = pair.ciclosporin_draft ? chart.ongoing(ciclosporin(), pair.day)
                                              : scene.ongoing(ciclosporin(), pair.day);
    auto const has_infliximab = pair.infliximab || pair.infliximab_draft;
    auto const has_ciclosporin = pair.ciclosporin || pair.ciclosporin_draft;
    if (has_infliximab && has_ciclosporin) {
        pair.timing = Pair::Timing::concurrent;
        return;
    }
    pair.last_is_infliximab = !pair.infliximab_draft;
    pair.last =
        scene.last_exposure(pair.last_is_infliximab ? infliximab() : ciclosporin(), pair.day);
    if (!pair.last) return;
    pair.gap_days = days_between(pair.last->day, pair.day);
    if (pair.gap_days < 0) {
        pair.timing = Pair::Timing::concurrent;
    } else if (pair.gap_days <= 28) {
        pair.timing = Pair::Timing::within_28_days;
    } else if (pair.day <= base::add_months(pair.last->day, 3)) {
        pair.timing = Pair::Timing::within_3_months;
    }
}

}  // namespace

Pair find_pair(Scene& scene) {
    Pair pair;
    auto const& chart = scene.chart();
    pair.drafts = chart.start_drafts(infliximab() | ciclosporin());
    if (pair.drafts.empty()) return pair;
    pair.infliximab_draft = chart.start_draft(infliximab());
    pair.ciclosporin_draft = chart.start_draft(ciclosporin());
    pair.day = pair.drafts.front()->start;
    for (auto const* draft : pair.drafts) pair.day = std::min(pair.day, draft->start);
    find_timing(scene, pair);
    pair.indication = pair_indication(chart, pair.drafts, pair.day);
    for (auto const* draft : pair.drafts) {
        for (auto const& reason : draft->row->reasons) {
            pair.stated = pair.stated || (reason.diseases & indication_diseases()).any();
        }
    }
    if (pair.indication == Indication::rheumatoid_arthritis) {
        pair.methotrexate = methotrexate_bar(chart, pair.day, true);
    }
    return pair;
}

std::optional<Indicator> sequential_indicator(Pair const& pair) {
    if (!pair.sequential() || pair.rheumatoid_exception()) return std::nullopt;
    auto const indication = pair.indication;
    if (pair.timing == Pair::Timing::within_28_days) {
        auto const gut_or_unknown = indication == Indication::acute_severe_uc ||
                                    indication == Indication::ulcerative_colitis ||
                                    indication == Indication::unknown;
        return gut_or_unknown ? Indicator::critical : Indicator::warning;
    }
    switch (indication) {
        case Indication::acute_severe_uc:
            return Indicator::critical;
        case Indication::psoriasis:
        case Indication::atopic_dermatitis:
        case Indication::other_dermatosis:
            return Indicator::info;
        case Indication::ulcerative_colitis:
        case Indication::crohns_disease:
        case Indication::behcet:
        case Indication::rheumatoid_arthritis:
        case Indication::other:
        case Indication::unknown:
            break;
    }
    return Indicator::warning;
}

PairCard concurrent_card(Scene& scene) {
    auto const& pair = scene.pair();
    if (!pair.concurrent()) return PairCard::none;
    if (pair.indication == Indication::acute_severe_uc ||
        pair.indication == Indication::ulcerative_colitis) {
        return PairCard::uc;
    }
    if (scene.derm_conflict().with_infliximab) return PairCard::derm;
    switch (pair.indication) {
        case Indication::rheumatoid_arthritis:
            return pair.rheumatoid_exception() ? PairCard::ra_contraindicated
                                               : PairCard::ra_preferred;
        case Indication::behcet:
            return PairCard::behcet;
        case Indication::acute_severe_uc:
        case Indication::ulcerative_colitis:
        case Indication::psoriasis:
        case Indication::atopic_dermatitis:
        case Indication::other_dermatosis:
        case Indication::crohns_disease:
        case Indication::other:
        case Indication::unknown:
            break;
    }
    return PairCard::avoid;
}

void show_pair(Scene& scene, Finding& finding) {
    auto const& pair = scene.pair();
    auto const show = [&](std::string_view name, Draft const* draft, Exposure const* exposure) {
        auto const& row = draft ? *draft->row : *exposure->row;
        if (exposure) scene.show(finding, "agents", *exposure->row, exposure);
        if (draft) scene.show(finding, "agents", *draft->row);
        finding.facts.chart_text(name, row.label);
        finding.facts.flag(name == "infliximab" ? "infliximab_drafted" : "ciclosporin_drafted",
                           draft != nullptr);
    };
    if (pair.infliximab || pair.infliximab_draft)
        show("infliximab", pair.infliximab_draft, pair.infliximab);
    if (pair.ciclosporin || pair.ciclosporin_draft)
        show("ciclosporin", pair.ciclosporin_draft, pair.ciclosporin);
    for (auto const* draft : pair.drafts) finding.medications.push_back(draft->row);
    finding.facts.text("day", scene.day_text(pair.day));
}

void offer_removals(Scene& scene, Finding& finding, bool recommend) {
    auto const& pair = scene.pair();
    auto first = recommend;
    // The new order first: the therapy that runs is the one to keep unless the prescriber decides
    // otherwise.
    DraftList order;
    for (auto const* draft : pair.drafts) {
        auto const& drugs = has(draft->row->drugs, Drug::infliximab) ? infliximab() : ciclosporin();
        auto const is_new = !scene.chart().ongoing(drugs, draft->start);
        order.insert(is_new ? order.begin() : order.end(), draft);
    }
    for (auto const* draft : order) {
        auto const key =
            has(draft->row->drugs, Drug::infliximab) ? "remove-infliximab" : "remove-ciclosporin";
        finding.suggestions.push_back(remove_draft(*draft, key, first));
        first = false;
    }
    finding.selection = Selection::at_most_one;
}

}  // namespace cds::rules
