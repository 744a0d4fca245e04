#include "rules/phrase.hpp"

#include <algorithm>
#include <array>

namespace cds::rules {

namespace {

struct Phrase {
    std::string_view key, words;
};

/// British English, for a knowledge folder that brings none of its own.
constexpr std::array built_in{
    Phrase{"heading.found", "Found"},
    Phrase{"heading.why", "Why it matters"},
    Phrase{"heading.consider", "Consider"},
    Phrase{"heading.local", "Local guidance"},
    Phrase{"heading.limits", "Limits"},
    Phrase{"heading.sources", "Sources"},
    Phrase{"heading.not-checked", "Not checked"},
    Phrase{"footer.knowledge", "Knowledge version {{version}} ({{digest}})."},
    Phrase{"footer.policy", "Site policy {{version}} ({{digest}})."},
    Phrase{"local.contact", "Contact: {{contact}}"},
    Phrase{"footer.as-of", "Clinical clock set to {{instant}}; not the time of day."},
    Phrase{"order.signed",
           "The order for {{order}} is signed, so it cannot be changed from this card: change or "
           "stop it in the order entry."},
    Phrase{"order.without-id",
           "The order for {{order}} carries no id, so it cannot be changed from this card: change "
           "it in the order "
           "entry."},
    Phrase{"action.remove", "Remove the draft order: {{order}}"},
    Phrase{"action.remove-task", "Remove or replace this order: {{order}}"},
    Phrase{"action.change-task", "Change this order by hand: {{order}}. {{what}}"},
    Phrase{"action.change", "Change the draft order: {{order}}"},
    Phrase{"action.test", "Order: {{what}}"},
    Phrase{"action.refer", "Refer: {{what}}"},
    Phrase{"action.refer-urgent", "Refer urgently: {{what}}"},
    Phrase{"action.prescribe", "Prescribe: {{what}}"},
    Phrase{"action.task", "Note for the record"},
    Phrase{"action.exclude-pregnancy", "Exclude pregnancy first."},
    Phrase{"annotation.action", "Note on the order what was checked: {{order}}"},
    Phrase{"annotation.no-card", "Safety check of this order: no alert."},
    Phrase{"annotation.cards", "Safety check of this order: {{cards}}."},
    Phrase{"annotation.not-checked", "Not checked: {{checks}}."},
    Phrase{"annotation.whole-order", "the order as a whole, which could not be identified"},
    Phrase{"left-out.allergy",
           "Not offered: {{what}}, because an allergy or intolerance is on record ({{why}})."},
    Phrase{"left-out.barred", "Not offered: {{what}}, because of {{why}}."},
    Phrase{"left-out.raises",
           "Not offered: {{what}}, because it would raise another alert: {{why}}."},
    Phrase{"left-out.by-hand",
           "Not offered: {{what}}, because this order's dose cannot be changed safely from here; "
           "change it by hand."},
    Phrase{"left-out.no-button", "By hand, since this system cannot be asked to do it: {{what}}"},
    Phrase{"dose.times-a-day", "{{dose}}, {{count}} times a day"},
    Phrase{"dose.once-a-day", "{{dose}} once a day"},
    Phrase{"dose.every-days", "{{dose}} every {{count}} days"},
    Phrase{"dose.on-days", "{{dose}} on {{days}}"},
    Phrase{"not-checked.summary", "Not checked: {{what}}."},
    Phrase{"not-checked.many", "{{count}} safety checks for {{order}}"},
    Phrase{"not-checked.orders", "{{count}} orders"},
    Phrase{"not-checked.unidentified", "the order {{order}}, which could not be identified"},
    Phrase{"not-checked.other-patient", "the order {{order}}, which names another patient"},
    Phrase{"not-checked.not-sent", "the order {{order}}, which was not sent"},
    Phrase{"not-checked.nothing-done", "Nothing was checked for {{what}}."},
    Phrase{"not-checked.no-name", "without code or name"},
    Phrase{"not-checked.these-orders", "these orders"},
    Phrase{"not-checked.this-patient", "this patient"},
    Phrase{"not-checked.because", "Missing: {{why}}."},
    Phrase{"not-checked.meaning",
           "The absence of an alert on these points does not mean that there is nothing to find."},
    Phrase{"query.patient", "patient details"},
    Phrase{"query.encounter", "encounter"},
    Phrase{"query.medications", "medication orders"},
    Phrase{"query.statements", "medication statements"},
    Phrase{"query.administrations", "administrations"},
    Phrase{"query.dispenses", "dispenses"},
    Phrase{"query.conditions", "conditions"},
    Phrase{"query.allergies", "allergies"},
    Phrase{"query.observations", "test results"},
    Phrase{"query.procedures", "procedures"},
    Phrase{"query.serviceRequests", "service requests"},
    Phrase{"reason.not-supplied", "not supplied"},
    Phrase{"reason.unreachable", "the record system could not answer"},
    Phrase{"reason.timed-out", "no answer in time"},
    Phrase{"reason.not-permitted", "not permitted"},
    Phrase{"reason.incomplete", "only a part was supplied"},
    Phrase{"reason.unreadable", "could not be read"},
    Phrase{"reason.other-patient", "belongs to another patient"},
    Phrase{"reason.unit-unknown", "unit not known"},
    Phrase{"reason.code-unknown", "code not known"},
    Phrase{"reason.date-imprecise", "date not exact enough"},
    Phrase{"reason.internal", "a fault of this service"},
};

}  // namespace

std::string_view built_in_phrase(std::string_view key) {
    auto const found = std::find_if(built_in.begin(), built_in.end(),
                                    [&](Phrase const& entry) { return entry.key == key; });
    return found == built_in.end() ? std::string_view{} : found->words;
}

void append_filled(std::string_view pattern, Blanks blanks, std::string& out) {
    while (true) {
        auto const open = pattern.find("{{");
        out += pattern.substr(0, open);
        if (open == pattern.npos) return;
        pattern.remove_prefix(open + 2);
        auto const close = pattern.find("}}");
        for (auto const& [name, value] : blanks) {
            if (name == pattern.substr(0, close)) out += value;
        }
        if (close == pattern.npos) return;
        pattern.remove_prefix(close + 2);
    }
}

}  // namespace cds::rules
