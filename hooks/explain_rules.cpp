#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "cards/shape.hpp"
#include "hooks/explain_parts.hpp"
#include "rules/rule_list.hpp"

namespace cds::hooks::explanation {

using namespace fhir;  // NOLINT: the record's language
using base::json::Value;
using rules::Facts;
using rules::Finding;
using rules::LookUp;
using rules::NotChecked;

namespace {

/// Words of the chart stand in many rules: cut, so that a long text does not multiply.
std::string cut(std::string_view text) {
    return base::shortened(text, rules::Trace::most_value_code_points);
}

void write_named_facts(Facts const& facts, std::string& out) {
    JsonObject object{out};
    for (auto const& entry : facts.entries()) {
        switch (entry.type) {
            case Facts::Type::text:
            case Facts::Type::chart_text:
                object.text(entry.name, cut(entry.text));
                break;
            case Facts::Type::flag:
                flag(object, entry.name, entry.flag);
                break;
            case Facts::Type::list: {
                JsonList list{object.member(entry.name)};
                for (auto const& item : *entry.list) write_named_facts(item, list.next());
                list.close();
                break;
            }
        }
    }
    if (!object.close()) out += "{}";
}

bool is_same(LookUp const& a, LookUp const& b) {
    return a.question == b.question && a.day == b.day && a.asked == b.asked &&
           a.answer == b.answer && a.count == b.count;
}

void write_look_up(LookUp const& look_up, std::string& out) {
    JsonObject object{out};
    object.text("question", rules::name(look_up.question));
    object.text("asked", look_up.asked);
    day(object, "on", look_up.day);
    number(object, "found", look_up.count);
    object.text("answer", look_up.answer);
    if (!look_up.found.empty()) {
        JsonList list{object.member("rows")};
        for (auto const& row : look_up.found) {
            JsonObject element{list.next()};
            source(element, row);
            element.close();
        }
        list.close();
    }
    object.close();
}

class Writer {
public:
    Writer(Observed const& call, rules::Trace const& trace)
        : call_{call}, record_{call.chart.record()}, trace_{trace} {
        for (auto const& finding : call.evaluation.findings) findings_[finding.rule] = &finding;
        for (auto const& finding : call.evaluation.withheld) {
            findings_[finding.rule] = &finding;
            withheld_[finding.rule] = true;
        }
        for (auto const& finding : call.evaluation.deferred) {
            findings_[finding.rule] = &finding;
            deferred_[finding.rule] = true;
        }
        for (auto const& check : call.evaluation.not_checked) {
            if (check.rule != NotChecked::no_rule) unknown_[check.rule] = &check;
        }
        for (auto const& check : call.evaluation.unsaid) unknown_[check.rule] = &check;
        for (auto const rule : call.evaluation.quiet) quiet_[rule] = true;
        for (auto const& look_up : trace.look_ups()) look_ups_[look_up.rule].push_back(&look_up);
        if (auto const root = response_.parse(call.response)) {
            for (auto const card : (*root)["cards"].each())
                cards_[card["source"]["topic"]["code"].string()] = card;
        }
    }

    void write(std::string_view only, std::string& out) {
        JsonList list{out};
        auto const known = call_.knowledge.rules();
        for (std::size_t i = 0; i < known.size(); ++i) {
            if (only.empty() || known[i].id == only)
                write_rule(static_cast<std::uint16_t>(i), list.next());
        }
        list.close();
    }

private:
    std::string_view answer_of(std::uint16_t rule) const {
        auto const& info = call_.knowledge.rules()[rule];
        if (withheld_.contains(rule)) return "withheld";
        if (deferred_.contains(rule)) return "deferred";
        if (auto const found = findings_.find(rule); found != findings_.end())
            return found->second->suppressed_by.empty() ? "yes" : "suppressed";
        if (unknown_.contains(rule)) return "unknown";
        if (quiet_.contains(rule)) return "no";
        if (!info.enabled || info.tier == rules::Tier::off) return "off";
        // The card of what was not checked has no rule of its own: it sums up the others.
        if (cards_.contains(topic_of(info.id))) return "yes";
        return "not-run";
    }

    void write_rule(std::uint16_t rule, std::string& out) {
        auto const& info = call_.knowledge.rules()[rule];
        auto const answer = answer_of(rule);
        JsonObject object{out};
        object.text("id", info.id);
        object.text("title", info.title);
        object.text("answer", answer);
        if (answer != "off" && answer != "not-run") write_triggers(info.id, object);
        if (auto const found = findings_.find(rule); found != findings_.end())
            write_finding(*found->second, object);
        if (auto const found = unknown_.find(rule); found != unknown_.end())
            write_unknown(*found->second, object);
        write_card(info.id, object);
        write_not_identified(info.id, object);
        write_look_ups(rule, object);
        object.close();
    }

    /// The drafts that made the rule run.
    void write_triggers(std::string_view id, JsonObject& object) const {
        auto const list = rules::rule_list();
        auto const rule = std::find_if(list.begin(), list.end(),
                                       [&](rules::Rule const& one) { return one.id == id; });
        if (rule == list.end()) return;
        JsonList orders{object.member("orders")};
        for (auto const& draft : call_.chart.drafts()) {
            auto drugs = draft.row->drugs;
            if (draft.resent) drugs |= draft.resent->drugs;
            if (draft.role != DraftRole::ignored && (drugs & rule->trigger).any())
                orders.text(cut(draft.row->label));
        }
        for (auto const* service : call_.chart.service_drafts()) {
            if ((rule->service_drafts && service->active) || (service->drugs & rule->trigger).any())
                orders.text(cut(service->label));
        }
        orders.close();
    }

    static void write_finding(Finding const& finding, JsonObject& object) {
        object.text("indicator", rules::name(finding.indicator));
        object.text("variant", finding.variant);
        object.text("suppressedBy", finding.suppressed_by);
        JsonList list{object.member("evidence")};
        for (auto const& evidence : finding.evidence) {
            JsonObject element{list.next()};
            element.text("resourceType", evidence.resource_type);
            element.text("id", cut(evidence.resource_id));
            element.text("element", evidence.element);
            element.text("value", cut(evidence.value));
            element.text("date", cut(evidence.date));
            element.close();
        }
        list.close();
        write_named_facts(finding.facts, object.member("facts"));
    }

    void write_open(QuerySet const& open, std::string_view name_of_member,
                    JsonObject& object) const {
        if (open.none()) return;
        JsonList list{object.member(name_of_member)};
        for (std::size_t i = 0; i < open.size(); ++i) {
            if (!open.test(i)) continue;
            auto const query = static_cast<Query>(i);
            JsonObject element{list.next()};
            element.text("query", key(query));
            if (record_.queries[query] != Reason::none)
                element.text("reason", name(record_.queries[query]));
            element.close();
        }
        list.close();
    }

    void write_unknown(NotChecked const& check, JsonObject& object) const {
        write_open(check.open, "open", object);
        if (check.reason != Reason::none) object.text("reason", name(check.reason));
        object.text("detail", check.detail);
        object.text("order", cut(check.order));
    }

    std::string topic_of(std::string_view id) const {
        return cards::topic_code(call_.call.dialect, id);
    }

    void write_card(std::string_view id, JsonObject& object) const {
        auto const card = cards_.find(topic_of(id));
        if (card == cards_.end()) return;
        JsonObject element{object.member("card")};
        element.text("uuid", card->second["uuid"].string());
        element.text("indicator", card->second["indicator"].string());
        element.text("summary", card->second["summary"].string());
        element.close();
    }

    /// Orders of which nothing was checked stand on the card of what was not checked, without a
    /// rule.
    void write_not_identified(std::string_view id, JsonObject& object) const {
        auto const& checks = call_.evaluation.not_checked;
        auto const whole = [](NotChecked const& check) {
            return check.rule == NotChecked::no_rule;
        };
        if (id != "not-evaluated" || std::none_of(checks.begin(), checks.end(), whole)) return;
        JsonList list{object.member("notChecked")};
        for (auto const& check : checks) {
            if (!whole(check)) continue;
            JsonObject element{list.next()};
            element.text("reason", name(check.reason));
            element.text("order", cut(check.order));
            element.close();
        }
        list.close();
    }

    void write_look_ups(std::uint16_t rule, JsonObject& object) const {
        auto const found = look_ups_.find(rule);
        if (found != look_ups_.end()) {
            JsonList list{object.member("lookUps")};
            auto const& all = found->second;
            for (auto at = all.begin(); at != all.end(); ++at) {
                if (std::none_of(all.begin(), at,
                                 [&](LookUp const* other) { return is_same(*other, **at); }))
                    write_look_up(**at, list.next());
            }
            list.close();
        }
        write_open(trace_.rests_on(rule), "restsOn", object);
    }

    Observed const& call_;
    PatientRecord const& record_;
    rules::Trace const& trace_;
    std::map<std::uint16_t, Finding const*> findings_;
    std::map<std::uint16_t, NotChecked const*> unknown_;
    std::map<std::uint16_t, bool> quiet_, withheld_, deferred_;
    std::map<std::uint16_t, std::vector<LookUp const*>> look_ups_;
    base::json::Document response_;
    std::map<std::string_view, Value> cards_;
};

}  // namespace

void write_rules(Observed const& call, rules::Trace const& trace, std::string_view only,
                 std::string& out) {
    Writer{call, trace}.write(only, out);
}

}  // namespace cds::hooks::explanation
