#include "rules/current_therapies.hpp"
#include "rules/due_sheet.hpp"
#include "rules/monitoring_intervals.hpp"

// Monitoring of azathioprine, mercaptopurine and tioguanine that are taken now. Catalogue 4.B
// `thiopurine-cbc-overdue`.

namespace cds::rules {

Answer monitor_thiopurine(Scene& scene) {
    auto const today = scene.today();
    auto const* running = scene.ongoing(thiopurines(), today);
    if (!running) return scene.no();
    auto const therapy = scene.therapy(thiopurines(), today);
    auto const start =
        therapy && therapy->start ? std::optional{therapy->start.first} : std::nullopt;
    DueSheet sheet{scene, thiopurines(), *running, start};
    if (auto const* rule = sheet.part("thiopurine-cbc-overdue")) {
        auto const course_days = start ? std::optional{days_between(*start, today)} : std::nullopt;
        auto const interval = count_interval(*rule, course_days);
        auto count =
            due_every(interval.days, "full blood count", newest(scene.blood_count_days()), start);
        count.tests = set_of(Test::leukocytes, Test::haemoglobin, Test::platelets, Test::cbc_panel);
        count.orders = {"cbc"};
        auto const age = count.until
                             ? std::optional{days_between(*count.until, today) + interval.days}
                             : std::nullopt;
        auto const long_ago = !age || *age >= rule->days("warning_from_days");
        count.overdue = interval.first_phases || long_ago ? Indicator::warning : Indicator::info;
        sheet.add(count);
        // Without a start the phase is not known.
        if (!start && age && *age > rule->days("first_days") && *age <= interval.days)
            sheet.unsure("start of the thiopurine therapy");
    }
    return sheet.close();
}

}  // namespace cds::rules
