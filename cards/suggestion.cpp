#include "cards/suggestion.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cards/json_object.hpp"
#include "cards/phrase.hpp"
#include "cards/resources.hpp"
#include "cards/shape.hpp"
#include "cards/updated_order.hpp"

namespace cds::cards {

using rules::Action;
using rules::Facts;
using rules::Finding;
using rules::Suggestion;
using rules::Template;

namespace {

/// Several tests, of which each makes sense without the others.
bool are_tests(std::vector<Action const*> const& actions) {
    return actions.size() > 1 &&
           std::all_of(actions.begin(), actions.end(), [](Action const* action) {
               return action->type == Action::Type::order_test;
           });
}

bool same_removal(Action const& a, Action const& b) {
    return a.type == Action::Type::remove_draft && b.type == a.type &&
           a.medication == b.medication && a.service == b.service;
}

/// Whether another suggestion of the card already is the removal that is left of this one.
bool repeats_removal(Plan const& plan, Finding const& finding) {
    if (!plan.reduced || plan.actions.size() != 1) return false;
    return std::any_of(finding.suggestions.begin(), finding.suggestions.end(),
                       [&](Suggestion const& other) {
                           return &other != plan.suggestion && other.actions.size() == 1 &&
                                  same_removal(other.actions.front(), *plan.actions.front());
                       });
}

/// The action's facts in front of the finding's; lists stay the finding's own.
Facts merged(Facts const& own, Facts const& outer, std::pmr::memory_resource* arena) {
    Facts facts{arena};
    auto const add = [&](Facts const& from) {
        for (auto const& entry : from.entries()) {
            if (facts.find(entry.name)) continue;
            switch (entry.type) {
                case Facts::Type::text:
                    facts.text(entry.name, entry.text);
                    break;
                case Facts::Type::chart_text:
                    facts.chart_text(entry.name, entry.text);
                    break;
                case Facts::Type::flag:
                    facts.flag(entry.name, entry.flag);
                    break;
                case Facts::Type::list:
                    break;
            }
        }
    };
    add(own);
    add(outer);
    return facts;
}

/// Writes the words of one card's suggestions. The key of a suggestion or task names its texts in
/// the wording.
class Scribe {
public:
    Scribe(Context const& context, Finding const& finding, rules::Wording const* wording)
        : context_{context}, finding_{finding}, wording_{wording} {
        for (auto const& evidence : finding.evidence) {
            if (reason_.empty() && evidence.resource_type == "Condition")
                reason_ = evidence.resource_id;
        }
    }

    std::string label(Plan const& plan) const {
        std::string out;
        if (!plan.reduced) {
            if (auto const* text = find(plan.suggestion->key))
                render(text->label, finding_.facts, out);
            if (!out.empty()) return out;
        }
        for (auto const* action : plan.actions) {
            if (!out.empty()) out += "; ";
            out += description(*plan.suggestion, *action);
        }
        return base::shortened(out, max_label);
    }

    /// Never empty: every action has a description.
    std::string description(Suggestion const& suggestion, Action const& action) const {
        std::string out;
        if (action.type == Action::Type::prescribe && warns_of_pregnancy(action)) {
            out += say("action.exclude-pregnancy");
            out += ' ';
        }
        auto const prefix = out.size();
        auto const* text = find(action.key);
        bool const speaks_for_all =
            suggestion.actions.size() == 1 || action.type == Action::Type::update_dose;
        if (!text && speaks_for_all) text = find(suggestion.key);
        if (text) {
            std::optional<Facts> joined;
            if (action.facts) joined = merged(*action.facts, finding_.facts, context_.arena);
            auto const& shown = joined ? *joined : finding_.facts;
            render(text->description, shown, out);
            if (out.size() == prefix) render(text->label, shown, out);
        }
        if (out.size() == prefix) out += own_words(action);
        return out;
    }

    void write(Suggestion const& suggestion, Action const& action, std::string& out) const {
        auto const words = description(suggestion, action);
        JsonObject object{out};
        if (becomes_task(context_.call, action)) return write_as_task(action, words, object);
        switch (action.type) {
            case Action::Type::remove_draft:
                object.text("type", "delete");
                object.text("description", words);
                object.text("resourceId", draft_reference(action));
                break;
            case Action::Type::update_dose:
                object.text("type", "update");
                object.text("description", words);
                write_updated(context_, action, object.member("resource"));
                break;
            case Action::Type::order_test:
            case Action::Type::refer:
            case Action::Type::prescribe: {
                object.text("type", "create");
                object.text("description", words);
                auto& value = object.member("resource");
                auto const from = value.size();
                if (write_order(context_, action, reason_, value))
                    rename_systems(context_.call.dialect, from, value);
                else
                    write_task(context_, words, nullptr, action.urgent, value);
                break;
            }
            case Action::Type::task:
                object.text("type", "create");
                object.text("description", words);
                write_task(context_, words, action.medication, action.urgent,
                           object.member("resource"));
                break;
        }
        object.close();
    }

private:
    static constexpr std::size_t max_label = 200;

    rules::Wording::Text const* find(std::string_view key) const {
        if (!wording_ || key.empty()) return nullptr;
        auto const found = wording_->suggestions.find(key);
        return found == wording_->suggestions.end() ? nullptr : &found->second;
    }
    static void render(Template const& text, Facts const& facts, std::string& out) {
        text.render(facts, Template::Mode::plain, out);
    }
    std::string_view say(std::string_view key) const {
        return phrase(context_.knowledge, context_.call.language, key);
    }

    /// Methotrexate for a woman of 12 to 55 (catalogue 3.9); also when sex or age is not known.
    bool warns_of_pregnancy(Action const& action) const {
        if (!action.key.starts_with("methotrexate")) return false;
        if (context_.chart.record().patient.sex == fhir::Sex::male) return false;
        auto const age = context_.chart.age_years();
        return !age || (*age >= 12 && *age <= 55);
    }

    std::string order_name(Action const& action) const {
        std::string label;
        if (action.medication) base::append_plain(words_for(*action.medication), label);
        if (action.service) base::append_plain(action.service->label, label);
        return label;
    }

    /// The order's own name; the ingredient's where the order only has a code, which tells a person
    /// nothing.
    std::string_view words_for(fhir::MedicationRow const& row) const {
        if (row.ingredients.empty() ||
            row.label.find_first_not_of("0123456789-. ") != row.label.npos)
            return row.label;
        return context_.knowledge.terminology().ingredient(row.ingredients.front()).name;
    }

    /// What an action is called when the wording has no text for it.
    std::string own_words(Action const& action) const {
        std::string out;
        auto const* order = context_.knowledge.order(action.key);
        auto const what = order ? std::string_view{order->display} : action.key;
        switch (action.type) {
            case Action::Type::remove_draft:
                append_filled(say(becomes_task(context_.call, action) ? "action.remove-task"
                                                                      : "action.remove"),
                              {{"order", order_name(action)}}, out);
                break;
            case Action::Type::update_dose:
                append_filled(say("action.change"), {{"order", order_name(action)}}, out);
                break;
            case Action::Type::order_test:
                append_filled(say("action.test"), {{"what", what}}, out);
                break;
            case Action::Type::refer:
                append_filled(say(action.urgent ? "action.refer-urgent" : "action.refer"),
                              {{"what", what}}, out);
                break;
            case Action::Type::prescribe:
                append_filled(say("action.prescribe"), {{"what", what}}, out);
                break;
            case Action::Type::task:
                out += say("action.task");
                break;
        }
        return out;
    }

    /// The Task names the order, which the EHR cannot find by an id.
    void write_as_task(Action const& action, std::string const& words, JsonObject& object) const {
        std::string task;
        append_filled(say(action.type == Action::Type::update_dose ? "action.change-task"
                                                                   : "action.remove-task"),
                      {{"order", order_name(action)}, {"what", words}}, task);
        object.text("type", "create");
        object.text("description", task);
        write_task(context_, task, action.medication, action.urgent, object.member("resource"));
        object.close();
    }

    Context const& context_;
    Finding const& finding_;
    rules::Wording const* wording_;
    std::string_view reason_;
};

/// The card's uuid with its last 16 bits changed by the suggestion's place: as unique as the
/// card's, without a digest for each.
void append_suggestion_uuid(std::string_view card_uuid, std::size_t place, std::string& out) {
    constexpr std::string_view digits = "0123456789abcdef";
    constexpr std::size_t changed = 4;
    out += card_uuid.substr(0, card_uuid.size() - changed);
    auto bits = place + 1;
    for (std::size_t i = changed; i > 0; --i) {
        auto const digit = digits.find(card_uuid[card_uuid.size() - i]);
        out += digits[(digit ^ (bits >> (4 * (i - 1)))) & 0xFU];
    }
}

}  // namespace

bool is_drug_action(Action const& action) {
    return action.type == Action::Type::remove_draft || action.type == Action::Type::update_dose ||
           action.type == Action::Type::prescribe;
}

bool becomes_task(Call const& call, Action const& action) {
    return (action.type == Action::Type::remove_draft ||
            action.type == Action::Type::update_dose) &&
           (call.orders_signed || draft_reference(action).empty());
}

std::vector<Plan> plan_suggestions(Finding const& finding, Gate& gate) {
    std::vector<Plan> plans;
    plans.reserve(finding.suggestions.size());
    for (auto const& suggestion : finding.suggestions) {
        auto& plan = plans.emplace_back();
        plan.suggestion = &suggestion;
        if (Gate::concerns(suggestion)) {
            auto offer = gate.offer(suggestion);
            plan.actions = std::move(offer.actions);
            plan.left_out = std::move(offer.left_out);
            plan.reduced = !plan.left_out.empty();
        } else {
            plan.actions.reserve(suggestion.actions.size());
            for (auto const& action : suggestion.actions) plan.actions.push_back(&action);
        }
        // Some clients carry out only the first action that they understand (client-demands 28).
        std::stable_partition(plan.actions.begin(), plan.actions.end(),
                              [](Action const* action) { return is_drug_action(*action); });
        if (repeats_removal(plan, finding)) plan.actions.clear();
    }
    return plans;
}

std::string action_words(Context const& context, Finding const& finding,
                         rules::Wording const* wording, Suggestion const& suggestion,
                         Action const& action) {
    return Scribe{context, finding, wording}.description(suggestion, action);
}

void write_suggestions(Context const& context, Finding const& finding,
                       rules::Wording const* wording, std::vector<Plan> const& plans,
                       std::string_view card_uuid, std::string& out) {
    Scribe const scribe{context, finding, wording};
    bool first = true, recommended = false;
    for (std::size_t i = 0; i < plans.size(); ++i) {
        auto const& plan = plans[i];
        if (plan.actions.empty()) continue;
        out += first ? R"(,"suggestions":[{"label":)" : R"(,{"label":)";
        first = false;
        base::json::write_string(scribe.label(plan), out);
        out += R"(,"uuid":")";
        append_suggestion_uuid(card_uuid, i, out);
        out += '"';
        if (plan.suggestion->recommended && !plan.reduced && !recommended) {
            out += R"(,"isRecommended":true)";
            recommended = true;
        }
        out += R"(,"actions":[)";
        for (auto const* action : plan.actions) {
            if (action != plan.actions.front()) out += ',';
            scribe.write(*plan.suggestion, *action, out);
        }
        out += ']';
        if (context.call.action_selection && are_tests(plan.actions))
            out += R"(,"actionSelectionBehavior":"any")";
        out += '}';
    }
    if (first) return;
    out += R"(],"selectionBehavior":")";
    out += selection_behavior(context.call.dialect, finding.selection);
    out += '"';
}

}  // namespace cds::cards
