#include <algorithm>
#include <cstring>

#include "rules/scene.hpp"

// How facts are put into words and lists for the cards.

namespace cds::rules {

std::string_view Scene::keep(std::string_view text) const {
    if (text.empty()) return {};
    auto* copy = static_cast<char*>(arena_->allocate(text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
}

std::string_view Scene::day_text(Day day) const {
    for (auto const& [known, text] : day_texts_) {
        if (known == day) return text;
    }
    std::string text;
    base::append_iso(day, text);
    return day_texts_.emplace_back(day, keep(text)).second;
}

std::string_view Scene::number_text(Rational const& number, int decimals) const {
    return keep(number.text(decimals));
}

namespace {

std::string_view sign(Comparator comparator) {
    switch (comparator) {
        case Comparator::less:
            return "<";
        case Comparator::less_equal:
            return "≤";
        case Comparator::greater_equal:
            return "≥";
        case Comparator::greater:
            return ">";
        case Comparator::none:
            break;
    }
    return {};
}

}  // namespace

std::string_view Scene::value_text(ResultRow const& row) const {
    if (row.number.empty()) {
        if (!row.text.empty()) return row.text;
        if (row.outcome == Outcome::positive) return "positive";
        if (row.outcome == Outcome::negative) return "negative";
        return row.outcome == Outcome::indeterminate ? "indeterminate" : "no value";
    }
    std::string text{sign(row.comparator)};
    text += row.number;
    if (!row.unit.empty()) {
        text += ' ';
        text += row.unit;
    }
    if (row.converted && row.value) {
        auto const& info = terminology().test(row.test);
        text += " (";
        text += sign(row.comparator);
        text += row.value->text(1);
        text += ' ';
        text += info.canonical_display.empty() ? info.canonical_unit : info.canonical_display;
        text += ')';
    }
    return keep(text);
}

std::string_view Scene::drug_name(MedicationRow const& row, DrugSet const& drugs) const {
    for (auto id : row.ingredients) {
        auto const& ingredient = terminology().ingredient(id);
        if ((ingredient.drugs & drugs).any()) return ingredient.name;
    }
    return row.label;
}

void Scene::show(Finding& finding, std::string_view name, ResultRow const& row) const {
    auto const value = value_text(row);
    finding.facts.chart_text(name, value);
    std::string dated{name};
    dated += "_date";
    finding.facts.text(keep(dated), day_text(row.when.first));
    finding.evidence.push_back({"Observation", row.id, "value", value, row.when.text});
}

namespace {

std::string_view source_name(MedicationRow const& row) {
    if (row.draft) return "ordered now";
    switch (row.source) {
        case MedicationSource::request:
            return "order";
        case MedicationSource::statement:
            return "medication statement";
        case MedicationSource::administration:
            return "given";
        case MedicationSource::dispense:
            return "dispensed";
    }
    return {};
}

std::string_view type_name(MedicationRow const& row) {
    switch (row.source) {
        case MedicationSource::request:
            return "MedicationRequest";
        case MedicationSource::statement:
            return "MedicationStatement";
        case MedicationSource::administration:
            return "MedicationAdministration";
        case MedicationSource::dispense:
            return "MedicationDispense";
    }
    return {};
}

}  // namespace

void Scene::show(Finding& finding, std::string_view list, MedicationRow const& row,
                 Exposure const* exposure) const {
    auto& item = finding.facts.item(list);
    std::string_view drug = row.label;
    for (auto id : row.ingredients) {
        if (terminology().ingredient(id).drugs.any()) {
            drug = terminology().ingredient(id).name;
            break;
        }
    }
    item.text("drug", drug);
    item.chart_text("label", row.label);
    item.text("source", source_name(row));
    item.flag("drafted", row.draft);
    if (exposure && exposure->start) {
        item.text("since", day_text(exposure->start.first));
    } else if (!row.draft && row.authored) {
        item.text("since", day_text(row.authored.first));
    } else if (row.draft) {
        item.text("from", day_text(draft_start(row, today())));
    }
    finding.evidence.push_back(
        {type_name(row), row.id, "medication", row.label, row.authored.text});
}

void Scene::show(Finding& finding, std::string_view name, ConditionRow const& row) const {
    auto& item = finding.facts.item(name);
    item.chart_text("label", row.label);
    if (row.onset) item.text("since", day_text(row.onset.first));
    item.flag("unconfirmed", !is_confirmed(row.verification));
    finding.evidence.push_back({"Condition", row.id, "code", row.label, row.onset.text});
}

void Scene::show(Finding& finding, std::string_view name, AllergyRow const& row) const {
    auto& item = finding.facts.item(name);
    item.chart_text("label", row.label);
    if (!row.reaction.empty()) item.chart_text("reaction", row.reaction);
    if (row.recorded) item.text("recorded", day_text(row.recorded.first));
    item.flag("unconfirmed", row.verification == Verification::unconfirmed);
    finding.evidence.push_back(
        {"AllergyIntolerance", row.id, "code", row.label, row.recorded.text});
}

Suggestion remove_draft(Draft const& draft, std::string_view key, bool recommended) {
    Suggestion suggestion;
    suggestion.key = key;
    suggestion.recommended = recommended;
    Action action;
    action.type = Action::Type::remove_draft;
    action.medication = draft.row;
    suggestion.actions.push_back(std::move(action));
    return suggestion;
}

Action test_action(std::string_view order_key) {
    Action action;
    action.type = Action::Type::order_test;
    action.key = order_key;
    return action;
}

Action refer_action(std::string_view order_key, bool urgent) {
    Action action;
    action.type = Action::Type::refer;
    action.key = order_key;
    action.urgent = urgent;
    return action;
}

Action task_action(std::string_view wording_key) {
    Action action;
    action.type = Action::Type::task;
    action.key = wording_key;
    return action;
}

Action prescribe_action(std::string_view order_key) {
    Action action;
    action.type = Action::Type::prescribe;
    action.key = order_key;
    return action;
}

Suggestion order_tests(std::string_view key, std::initializer_list<std::string_view> tests) {
    Suggestion suggestion;
    suggestion.key = key;
    suggestion.actions.reserve(tests.size());
    for (auto test : tests) suggestion.actions.push_back(test_action(test));
    return suggestion;
}

Suggestion task(std::string_view key) {
    Suggestion suggestion;
    suggestion.key = key;
    suggestion.actions.push_back(task_action(key));
    return suggestion;
}

}  // namespace cds::rules
