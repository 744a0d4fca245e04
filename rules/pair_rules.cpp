#include "rules/derm.hpp"
#include "rules/pair.hpp"
#include "rules/rules.hpp"

// Infliximab and ciclosporin: which card speaks about the pair. Catalogue 4.A, interplay in 3.9 and
// section 5.

namespace cds::rules {

namespace {

/// "Keep both" as one suggestion: its actions belong together.
Suggestion keep_with(std::string_view key, std::initializer_list<Action> actions) {
    Suggestion suggestion;
    suggestion.key = key;
    suggestion.actions = actions;
    return suggestion;
}

bool is_uc(Indication indication) {
    return indication == Indication::acute_severe_uc ||
           indication == Indication::ulcerative_colitis;
}

std::string_view indication_name(Indication indication) {
    switch (indication) {
        case Indication::acute_severe_uc:
            return "acute severe ulcerative colitis";
        case Indication::ulcerative_colitis:
            return "ulcerative colitis";
        case Indication::psoriasis:
            return "psoriasis";
        case Indication::atopic_dermatitis:
            return "atopic dermatitis";
        case Indication::other_dermatosis:
            return "another dermatosis";
        case Indication::crohns_disease:
            return "Crohn's disease";
        case Indication::behcet:
            return "Behçet's disease";
        case Indication::rheumatoid_arthritis:
            return "rheumatoid arthritis";
        case Indication::other:
            return "another stated reason";
        case Indication::unknown:
            break;
    }
    return {};
}

void show_indication(Pair const& pair, Finding& finding) {
    finding.facts.text("indication", indication_name(pair.indication));
    finding.facts.flag("indication_unknown", pair.indication == Indication::unknown);
    finding.facts.flag("acute_severe", pair.indication == Indication::acute_severe_uc);
    finding.facts.flag("uc", is_uc(pair.indication));
}

/// Whether the concurrent pair has no card of its own: the fallback, also when the site's policy
/// hides the card that would have told it. The one of rheumatoid arthritis without methotrexate
/// says that the pair is acceptable, so nothing stands in for it.
bool is_fallback_due(Scene& scene) {
    auto const hidden = [&](std::string_view rule) { return !scene.shows(rule); };
    switch (concurrent_card(scene)) {
        case PairCard::none:
        case PairCard::ra_contraindicated:
            return false;
        case PairCard::uc:
            return hidden("uc-ifx-csa-concurrent");
        case PairCard::derm:
            return hidden("csa-derm-immunosuppressant-contraindicated");
        case PairCard::ra_preferred:
            return hidden("ra-ifx-csa-mtx-preferred");
        case PairCard::behcet:
            return hidden("behcet-ifx-csa-concurrent");
        case PairCard::avoid:
            break;
    }
    return true;
}

/// Whether the contraindication card of eczema and psoriasis tells the pair already.
bool is_told_by_derm_card(Scene& scene) {
    return scene.derm_conflict().with_infliximab &&
           scene.shows("csa-derm-immunosuppressant-contraindicated");
}

/// What the other agent was, its last date, how sure that date is, and the interval.
void show_interval(Scene& scene, Finding& finding) {
    auto const& pair = scene.pair();
    auto const& last = *pair.last;
    auto& facts = finding.facts;
    scene.show(finding, "previous", *last.exposure->row, last.exposure);
    facts.text("other", pair.last_is_infliximab ? "infliximab" : "ciclosporin");
    facts.text("this", pair.last_is_infliximab ? "ciclosporin" : "infliximab");
    facts.text("last_date", scene.day_text(last.day));
    facts.text("gap_days", scene.number_text(Rational{pair.gap_days}, 0));
    facts.text("day", scene.day_text(pair.day));
    facts.flag("estimated", last.estimated);
    facts.flag("on_hold", last.on_hold);
    facts.flag("stopped_in_bundle", last.by_stop_draft);
    facts.flag("below_24_days", pair.gap_days < scene.days("registry_interval_days"));
    show_indication(pair, finding);
    for (auto const* draft : pair.drafts) {
        finding.medications.push_back(draft->row);
        facts.chart_text("order", draft->row->label);
    }
}

}  // namespace

Answer uc_ifx_csa_concurrent(Scene& scene) {
    auto const& pair = scene.pair();
    if (!pair.concurrent()) return scene.no();
    if (!is_uc(pair.indication)) {
        if (!pair.stated) scene.rests_on(Query::conditions);
        return scene.no();
    }
    auto finding = scene.finding(Indicator::critical);
    show_pair(scene, finding);
    show_indication(pair, finding);
    offer_removals(scene, finding);
    finding.suggestions.push_back(keep_with(
        "keep-both", {refer_action("colorectal-surgery", true), test_action("creatinine"),
                      test_action("cbc"), test_action("lft"), task_action("document-both")}));
    return scene.yes(std::move(finding));
}

Answer ifx_csa_sequential_salvage_28d(Scene& scene) {
    auto const& pair = scene.pair();
    auto const indicator = sequential_indicator(pair);
    if (pair.timing != Pair::Timing::within_28_days || !indicator || is_told_by_derm_card(scene)) {
        return scene.no();
    }
    auto finding = scene.finding(*indicator, is_uc(pair.indication) ? "uc" : "other");
    show_interval(scene, finding);
    offer_removals(scene, finding);
    if (is_uc(pair.indication)) {
        finding.suggestions.push_back(keep_with(
            "keep-uc",
            {refer_action("colorectal-surgery", pair.indication == Indication::acute_severe_uc),
             test_action("cbc"), task_action("second-opinion")}));
    } else {
        finding.suggestions.push_back(
            keep_with("keep-other", {test_action("cbc"), task_action("document-why")}));
    }
    return scene.yes(std::move(finding));
}

Answer ifx_csa_sequential_3mo(Scene& scene) {
    auto const& pair = scene.pair();
    auto const indicator = sequential_indicator(pair);
    if (pair.timing != Pair::Timing::within_3_months || !indicator || is_told_by_derm_card(scene)) {
        return scene.no();
    }
    auto finding = scene.finding(*indicator);
    show_interval(scene, finding);
    finding.facts.text("until", scene.day_text(base::add_months(pair.last->day, 3)));
    offer_removals(scene, finding, false);
    if (pair.indication == Indication::acute_severe_uc) {
        finding.suggestions.push_back(keep_with(
            "continue-asuc",
            {refer_action("colorectal-surgery", true), task_action("continue-documented")}));
    } else {
        finding.suggestions.push_back(task("continue-documented"));
    }
    return scene.yes(std::move(finding));
}

Answer ifx_csa_concurrent_avoid(Scene& scene) {
    auto const& pair = scene.pair();
    if (!is_fallback_due(scene)) return scene.no();
    auto const unknown = pair.indication == Indication::unknown;
    auto finding = scene.finding(unknown ? Indicator::critical : Indicator::warning);
    show_pair(scene, finding);
    show_indication(pair, finding);
    offer_removals(scene, finding, false);
    if (unknown) finding.suggestions.push_back(task("record-indication"));
    return scene.yes(std::move(finding));
}

Answer behcet_ifx_csa_concurrent(Scene& scene) {
    if (concurrent_card(scene) != PairCard::behcet) return scene.no();
    auto finding = scene.finding(Indicator::warning);
    show_pair(scene, finding);
    offer_removals(scene, finding, false);
    finding.suggestions.push_back(order_tests("check-level", {"ciclosporin-trough"}));
    return scene.yes(std::move(finding));
}

}  // namespace cds::rules
