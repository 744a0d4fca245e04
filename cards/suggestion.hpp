#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cards/gate.hpp"

namespace cds::cards {

/// A suggestion as it will be written: what the gate left, the drug's action first.
struct Plan {
    rules::Suggestion const* suggestion = nullptr;
    std::vector<rules::Action const*> actions;  ///< empty: not written
    std::vector<LeftOut> left_out;
    bool reduced = false;  ///< an action is missing, so the label is made from those that are left
};

std::vector<Plan> plan_suggestions(rules::Finding const& finding, Gate& gate);

/// Whether an action removes, changes or orders a drug.
bool is_drug_action(rules::Action const& action);

/// Whether the EHR cannot carry the action out on the draft itself (it carries no id, is a stored
/// order or signed already), so that it becomes a Task for a person.
bool becomes_task(Call const& call, rules::Action const& action);

/// What an action does, in the words of the card. Never empty.
std::string action_words(Context const& context, rules::Finding const& finding,
                         rules::Wording const* wording, rules::Suggestion const& suggestion,
                         rules::Action const& action);

/// Appends `,"suggestions":[…],"selectionBehavior":"…"`; nothing when there is no suggestion to
/// write.
void write_suggestions(Context const& context, rules::Finding const& finding,
                       rules::Wording const* wording, std::vector<Plan> const& plans,
                       std::string_view card_uuid, std::string& out);

}  // namespace cds::cards
