#include "cards/suggestion.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cards/phrase.hpp"
#include "cards/resources.hpp"
#include "cards/shape.hpp"
#include "cards/updated_order.hpp"
#include "rules/json_text.hpp"

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

    void write_label(Plan const& plan, std::string& out) const {
        auto& text = context_.scratch.text;
        text.clear();
        auto const* own = plan.reduced ? nullptr : find(plan.suggestion->key);
        if (own) render(own->label, finding_.facts, text);
        if (text.empty()) {
            for (auto const* action : plan.actions) {
                if (!text.empty()) text += "; ";
                append_description(*plan.suggestion, *action, order_of(*action), text);
            }
            if (text.size() > max_label) text = base::shortened(text, max_label);
        }
        base::json::write_string(text, out);
    }

    std::string description(Suggestion const& suggestion, Action const& action) const {
        std::string words;
        append_description(suggestion, action, order_of(action), words);
        return words;
    }

    void write(Suggestion const& suggestion, Action const& action, std::string& out) const {
        auto const* order = order_of(action);
        auto& words = context_.scratch.text;
        words.clear();
        append_description(suggestion, action, order, words);
        if (becomes_task(context_.call, action)) return write_as_task(action, words, out);
        switch (action.type) {
            case Action::Type::remove_draft: {
                write_kind(R"({"type":"delete","description":)", words, out);
                auto const draft = draft_reference(action);
                out += R"(,"resourceId":")";
                rules::append_json_text(draft.type, out);
                out += '/';
                rules::append_json_text(draft.id, out);
                out += '"';
                break;
            }
            case Action::Type::update_dose:
                write_kind(R"({"type":"update","description":)", words, out);
                out += R"(,"resource":)";
                write_updated(context_, action, out);
                break;
            case Action::Type::order_test:
            case Action::Type::refer:
            case Action::Type::prescribe:
            case Action::Type::task: {
                write_kind(R"({"type":"create","description":)", words, out);
                out += R"(,"resource":)";
                if (order) {
                    auto const from = out.size();
                    write_order(context_, action, *order, reason_, out);
                    rename_systems(context_.call.dialect, from, out);
                } else {
                    bool const is_task = action.type == Action::Type::task;
                    write_task(context_, words, is_task ? action.medication : nullptr,
                               action.urgent, out);
                }
                break;
            }
        }
        out += '}';
    }

private:
    using OrderWords = rules::Knowledge::OrderText::Words;
    static constexpr std::size_t max_label = 200;

    static void write_kind(std::string_view start, std::string_view words, std::string& out) {
        out += start;
        base::json::write_string(words, out);
    }

    /// The order that the action places; nullptr for other actions, or when the knowledge has none.
    rules::Knowledge::OrderText const* order_of(Action const& action) const {
        switch (action.type) {
            case Action::Type::order_test:
            case Action::Type::refer:
            case Action::Type::prescribe:
                return context_.knowledge.order(action.key);
            case Action::Type::remove_draft:
            case Action::Type::update_dose:
            case Action::Type::task:
                break;
        }
        return nullptr;
    }

    /// Never nothing: every action has a description.
    void append_description(Suggestion const& suggestion, Action const& action,
                            rules::Knowledge::OrderText const* order, std::string& out) const {
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
        if (out.size() == prefix) append_own_words(action, order, out);
    }

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
    void append_own_words(Action const& action, rules::Knowledge::OrderText const* order,
                          std::string& out) const {
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
                append_order_words("action.test", &OrderWords::test, action, order, out);
                break;
            case Action::Type::refer:
                if (action.urgent)
                    append_order_words("action.refer-urgent", &OrderWords::refer_urgent, action,
                                       order, out);
                else
                    append_order_words("action.refer", &OrderWords::refer, action, order, out);
                break;
            case Action::Type::prescribe:
                append_order_words("action.prescribe", &OrderWords::prescribe, action, order, out);
                break;
            case Action::Type::task:
                out += say("action.task");
                break;
        }
    }
    /// The phrase about the order as it was filled at load; about the key when there is no such
    /// order.
    void append_order_words(std::string_view phrase_key, std::string OrderWords::*ready,
                            Action const& action, rules::Knowledge::OrderText const* order,
                            std::string& out) const {
        if (order)
            out += order->words[context_.language].*ready;
        else
            append_filled(say(phrase_key), {{"what", action.key}}, out);
    }

    /// The Task names the order, which the EHR cannot find by an id.
    void write_as_task(Action const& action, std::string const& words, std::string& out) const {
        std::string task;
        append_filled(say(action.type == Action::Type::update_dose ? "action.change-task"
                                                                   : "action.remove-task"),
                      {{"order", order_name(action)}, {"what", words}}, task);
        write_kind(R"({"type":"create","description":)", task, out);
        out += R"(,"resource":)";
        write_task(context_, task, action.medication, action.urgent, out);
        out += '}';
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
           (call.orders_signed || !draft_reference(action));
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
        auto const is_drugs = [](Action const* action) { return is_drug_action(*action); };
        if (!std::is_partitioned(plan.actions.begin(), plan.actions.end(), is_drugs))
            std::stable_partition(plan.actions.begin(), plan.actions.end(), is_drugs);
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
        scribe.write_label(plan, out);
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
