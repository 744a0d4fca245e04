#pragma once
#include <array>

#include "rules/scene.hpp"

// How often tests are due: one place for the rules on drafts and for the monitoring of what is
// taken now. The numbers are the rules' thresholds.

namespace cds::rules {

/// Creatinine and blood pressure on ciclosporin (thresholds of `csa-renal-bp-monitoring-overdue`).
/// The first phase holds only when the start is known.
struct RenalInterval {
    int days = 0;
    bool phase_1 = false;
};
inline RenalInterval renal_interval(RuleInfo const& rule, std::optional<Day> start, Day day) {
    auto const months = static_cast<int>(rule.threshold("phase_1_months").approximate());
    auto const phase_1 = start && day <= base::add_months(*start, months);
    return {rule.days(phase_1 ? "phase_1_days" : "later_days"), phase_1};
}

/// Blood counts on a thiopurine (thresholds of `thiopurine-cbc-overdue`).
struct CountInterval {
    int days = 0;
    bool first_phases = false;  ///< the first three months, when an overdue count is a warning
};
/// `course_days`: since the start; none: not known, and only what holds in every phase counts.
inline CountInterval count_interval(RuleInfo const& rule, std::optional<int> course_days) {
    if (course_days && *course_days <= rule.days("first_phase_days"))
        return {rule.days("first_days"), true};
    if (course_days && *course_days <= rule.days("second_phase_days"))
        return {rule.days("second_days"), true};
    return {rule.days("later_days"), false};
}

/// A test of the monthly panel on ciclosporin (`csa-monthly-labs-overdue`).
struct PanelTest {
    std::string_view name;
    std::string_view order;  ///< key of orders.json
    std::optional<Day> last;
    TestSet tests;  ///< which orders are for it
};
inline std::array<PanelTest, 5> monthly_panel(Scene& scene) {
    auto const metabolic = set_of(Test::metabolic_panel, Test::comprehensive_metabolic_panel);
    return {{
        {"full blood count", "cbc", newest(scene.blood_count_days()),
         set_of(Test::leukocytes, Test::haemoglobin, Test::platelets, Test::cbc_panel)},
        {"liver tests", "lft", newest(scene.liver_test_days()),
         set_of(Test::alt, Test::ast, Test::lft_panel, Test::comprehensive_metabolic_panel)},
        {"lipids", "lipids", newest(scene.lipid_days()),
         set_of(Test::cholesterol, Test::ldl, Test::lipid_panel)},
        {"potassium", "potassium", newest(scene.value_or_panel_days(Test::potassium)),
         set_of(Test::potassium) | metabolic},
        {"magnesium", "magnesium", newest(scene.value_or_panel_days(Test::magnesium)),
         set_of(Test::magnesium)},
    }};
}

/// A blood count that shows neutropenia (`ifx-csa-combination-labs`); leukocytes stand in without a
/// differential.
struct LowCount {
    ResultRow const* row = nullptr;
    bool neutrophils = false;
};
/// `rule` has the limits and how old a count may be; pair_monitoring_rules.cpp.
LowCount low_count(Scene& scene, RuleInfo const& rule);

/// The end of the thiopurine that infliximab was combined with (`aza-post-withdrawal-tdm-due`):
/// none when infliximab was not in use then, a thiopurine or methotrexate is present on `day`, or
/// it is longer ago than `rule` watches. after_withdrawal_rules.cpp
std::optional<LastExposure> stopped_thiopurine(Scene& scene, Day day, RuleInfo const& rule);
/// The newest antibody result that says detected or not; nullptr: none.
ResultRow const* clear_antibody(Scene& scene);
/// The newest trough after the stop when it is low and lower than the newest one of the year up to
/// the stop (`aza-post-withdrawal-immunogenicity`).
struct FallingTrough {
    ResultRow const* now = nullptr;
    ResultRow const* before = nullptr;
    explicit operator bool() const { return now && before; }
};
FallingTrough falling_trough(Scene& scene, Day stop, RuleInfo const& rule);

/// The newest documented assessment, by Observation or completed Procedure, whatever its value.
/// biologic_review_rules.cpp
std::optional<Day> newest_assessment(Scene& scene, Test test, std::optional<Service> service);

/// Evidence of latent tuberculosis without treatment by `day` (`ifx-latent-tb-untreated`).
/// infliximab_screen_rules.cpp
struct UntreatedTuberculosis {
    ResultRow const* positive = nullptr;
    std::vector<ConditionRow const*> latent;
    explicit operator bool() const { return positive || !latent.empty(); }
};
UntreatedTuberculosis untreated_tuberculosis(Scene& scene, Day day, RuleInfo const& rule);

/// Whether a use of ciclosporin falls under the limits for eczema and psoriasis
/// (`csa-duration-max-1y`). ciclosporin_course_rules.cpp
bool ciclosporin_for_skin_only(Scene& scene, Use const& use);

}  // namespace cds::rules
