#pragma once
#include "rules/scene.hpp"

namespace cds::rules {

/// How long a test has been due: days from the later of its newest result and the start of the
/// therapy to today.
struct TestAge {
    std::optional<Day> last;  ///< newest result
    std::optional<int> days;  ///< none: never done, and the start is not known
    /// Longer ago than `limit` days; a test that was never done on a therapy of unknown start is.
    bool over(int limit) const { return !days || *days > limit; }
};

inline TestAge test_age(std::optional<Day> last, std::optional<Day> start, Day today) {
    TestAge age{last, std::nullopt};
    if (!last && !start) return age;
    auto const reference = !last ? *start : !start ? *last : std::max(*last, *start);
    age.days = days_between(reference, today);
    return age;
}

/// An item of the list `tests`: `name`, `date` or `never`, `days`, `overdue`, `due`.
inline void show_test_age(Scene const& scene, Finding& finding, std::string_view name,
                          TestAge const& age, int limit) {
    auto& item = finding.facts.item("tests");
    item.text("name", name);
    item.flag("never", !age.last);
    if (age.last) item.text("date", scene.day_text(*age.last));
    if (age.days) {
        item.text("days", scene.number_text(*age.days, 0));
        item.text("due", scene.day_text(scene.today() + std::chrono::days{limit - *age.days}));
    }
    item.flag("overdue", age.over(limit));
}

}  // namespace cds::rules
