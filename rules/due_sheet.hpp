#pragma once
#include <initializer_list>
#include <string>
#include <vector>

#include "rules/scene.hpp"

// What one current therapy waits for: tests and reviews that are overdue or due soon, orders
// without a result, and results that nobody answered. The thresholds are those of the rules on
// drafts.

namespace cds::rules {

/// A test or review that a therapy needs.
struct Check {
    std::string_view name;    ///< our words: "creatinine"
    std::optional<Day> last;  ///< when it was done last
    std::optional<Day> from;  ///< when it comes due
    /// The last day on which it is in time; none: never done, on a therapy of unknown start, and so
    /// overdue.
    std::optional<Day> until;
    Indicator overdue = Indicator::info;   ///< the card's weight when it is overdue
    TestSet tests;                         ///< orders of these wait for its result
    std::vector<std::string_view> orders;  ///< keys of orders.json
    std::string_view task;                 ///< key of the wording, when no order helps
    QuerySet rests_on = queries(Query::observations);
    int every_days = 0;     ///< 0: not at an interval
    bool is_limit = false;  ///< a day that passes, not a test that can be found done
};

/// A check that is due `days` after the later of the last one and the start of the therapy.
Check due_every(int days, std::string_view name, std::optional<Day> last, std::optional<Day> start);

/// A result that calls for something, without anything on record that was done about it.
struct Unanswered {
    std::string_view name;   ///< our words: "creatinine 31.4% above its baseline"
    std::string_view value;  ///< as reported
    std::optional<Day> day;
    Evidence evidence;
    Indicator indicator = Indicator::warning;
};

class DueSheet {
public:
    /// Of the therapy that the scene's current rule is about: `exposure` shows it.
    DueSheet(Scene& scene, DrugSet const& drugs, Exposure const& exposure,
             std::optional<Day> start);

    /// The rule on drafts that a check comes from; nullptr when the site does not show its cards.
    RuleInfo const* part(std::string_view rule_id) const;

    void add(Check const& check);
    void add(Unanswered const& result);
    /// A check that could not be judged, and why.
    void unsure(std::string_view what);

    /// The card, and beside it what could not be judged: `open`, `reason` and `detail` may be set
    /// whatever the truth.
    Answer close();

private:
    ServiceRow const* pending(Check const& check) const;
    void offer(Check const& check, bool is_overdue);
    void show(Check const& check, std::string_view list, ServiceRow const* ordered);

    Scene& scene_;
    Finding finding_;
    Suggestion tests_, tasks_;
    std::string overdue_, soon_, waiting_, unanswered_;  ///< names, for the summary
    std::optional<Day> soonest_;
    QuerySet open_;
    std::string_view unsure_;
};

}  // namespace cds::rules
