#include "rules/due_sheet.hpp"

#include <algorithm>

namespace cds::rules {

namespace {

void append_name(std::string& names, std::string_view name) {
    if (!names.empty()) names += ", ";
    names += name;
}

/// An order without a result for longer than this may have been lost: the test is offered again.
constexpr int lost_days = 28;

}  // namespace

Check due_every(int days, std::string_view name, std::optional<Day> last,
                std::optional<Day> start) {
    Check check;
    check.name = name;
    check.last = last;
    check.every_days = days;
    if (last || start) {
        auto const reference = !last ? *start : !start ? *last : std::max(*last, *start);
        check.from = check.until = reference + std::chrono::days{days};
    }
    return check;
}

DueSheet::DueSheet(Scene& scene, DrugSet const& drugs, Exposure const& exposure,
                   std::optional<Day> start)
    : scene_{scene}, finding_{scene.finding(Indicator::info)} {
    tests_.key = "order-tests";
    auto& facts = finding_.facts;
    facts.text("therapy", scene.drug_name(*exposure.row, drugs));
    scene.show(finding_, "agents", *exposure.row, &exposure);
    if (!start) return;
    facts.text("course_start", scene.day_text(*start));
    facts.text("course_days", scene.number_text(days_between(*start, scene.today()), 0));
}

RuleInfo const* DueSheet::part(std::string_view rule_id) const {
    auto const* info = scene_.knowledge().find(rule_id);
    return info && scene_.shows(*info) ? info : nullptr;
}

ServiceRow const* DueSheet::pending(Check const& check) const {
    ServiceRow const* found = nullptr;
    for (auto const& row : scene_.record().services) {
        if (!row.active || (row.tests & check.tests).none()) continue;
        // A result of the same day or later has answered it.
        if (check.last && row.authored && row.authored.first <= *check.last) continue;
        if (!found ||
            (row.authored && (!found->authored || found->authored.first < row.authored.first)))
            found = &row;
    }
    return found;
}

void DueSheet::show(Check const& check, std::string_view list, ServiceRow const* ordered) {
    auto& item = finding_.facts.item(list);
    item.text("name", check.name);
    item.flag("limit", check.is_limit);
    item.flag("never", !check.is_limit && !check.last);
    if (check.last) item.text("date", scene_.day_text(*check.last));
    if (check.until) item.text("due", scene_.day_text(*check.until));
    if (check.from && check.from != check.until) item.text("from", scene_.day_text(*check.from));
    if (check.every_days > 0) item.text("every", scene_.number_text(check.every_days, 0));
    item.flag("ordered", ordered != nullptr);
    if (!ordered) return;
    if (ordered->authored) item.text("ordered_on", scene_.day_text(ordered->authored.first));
    finding_.evidence.push_back(
        {"ServiceRequest", ordered->id, "code", ordered->label, ordered->authored.text});
}

void DueSheet::offer(Check const& check, bool is_overdue) {
    for (auto const order : check.orders) {
        auto action = test_action(order);
        if (!is_overdue && check.until && *check.until > scene_.today())
            action.occurrence = *check.until;
        tests_.actions.push_back(std::move(action));
    }
    if (!check.task.empty()) tasks_.actions.push_back(task_action(check.task));
}

void DueSheet::add(Check const& check) {
    auto const today = scene_.today();
    auto const overdue = !check.until || *check.until < today;
    auto const soon =
        !overdue && *check.from <= today + std::chrono::days{scene_.days("soon_days")};
    auto const* ordered = pending(check);
    // An order for a later day does not wait for anything yet.
    auto const waits = ordered && (!ordered->start || ordered->start.first <= today);
    if (!overdue && !soon && !waits) return;
    // What was not sent may hold the result.
    auto const missing = check.rests_on & scene_.record().queries.open();
    if (missing.any() && !check.is_limit) {
        open_ |= missing;
        return;
    }
    show(check, overdue ? "overdue" : soon ? "soon" : "waiting", ordered);
    append_name(overdue ? overdue_ : soon ? soon_ : waiting_, check.name);
    if (overdue) finding_.indicator = std::max(finding_.indicator, check.overdue);
    if (soon && (!soonest_ || *check.until < *soonest_)) soonest_ = check.until;
    auto const lost =
        ordered && ordered->authored && days_between(ordered->authored.first, today) > lost_days;
    if ((overdue || soon) && (!ordered || lost)) offer(check, overdue);
}

void DueSheet::add(Unanswered const& result) {
    auto& item = finding_.facts.item("unanswered");
    item.text("name", result.name);
    item.chart_text("value", result.value);
    if (result.day) item.text("date", scene_.day_text(*result.day));
    append_name(unanswered_, result.name);
    finding_.evidence.push_back(result.evidence);
    finding_.indicator = std::max(finding_.indicator, result.indicator);
}

void DueSheet::unsure(std::string_view what) { unsure_ = what; }

Answer DueSheet::close() {
    auto const any =
        !overdue_.empty() || !soon_.empty() || !waiting_.empty() || !unanswered_.empty();
    if (!any) scene_.rests_on(Query::service_requests);  // an order may wait for its result
    auto answer = any ? scene_.yes(std::move(finding_)) : scene_.no();
    answer.open |= open_;
    if (!unsure_.empty()) {
        answer.reason = Reason::date_imprecise;
        answer.detail = scene_.keep(unsure_);
    }
    if (!any) {
        if (answer.open.any() || !unsure_.empty()) answer.truth = Truth::unknown;
        return answer;
    }
    auto& card = *answer.finding;
    card.variant = !unanswered_.empty() ? "unanswered"
                   : !overdue_.empty()  ? "overdue"
                   : !soon_.empty()     ? "soon"
                                        : "waiting";
    auto const text = [&](std::string_view name, std::string const& names) {
        if (!names.empty()) card.facts.text(name, scene_.keep(names));
    };
    text("unanswered_names", unanswered_);
    text("overdue_names", overdue_);
    text("soon_names", soon_);
    text("waiting_names", waiting_);
    if (soonest_) card.facts.text("soon_day", scene_.day_text(*soonest_));
    if (!tests_.actions.empty()) card.suggestions.push_back(std::move(tests_));
    for (auto const& action : tasks_.actions) card.suggestions.push_back(task(action.key));
    return answer;
}

}  // namespace cds::rules
