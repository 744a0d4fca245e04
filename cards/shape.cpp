#include "cards/shape.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cards/phrase.hpp"
#include "cards/resources.hpp"

namespace cds::cards {

using rules::Action;

namespace {

/// Whether the action is an order that is created, or a draft that is deleted.
bool is_about_orders_only(Context const& context, Action const& action) {
    switch (action.type) {
        case Action::Type::remove_draft:
            return !becomes_task(context.call, action);
        case Action::Type::order_test:
        case Action::Type::refer:
        case Action::Type::prescribe:
            return context.knowledge.order(action.key) != nullptr;
        case Action::Type::update_dose:
        case Action::Type::task:
            break;
    }
    return false;
}

/// Whether both remove one draft, or place one order: to do both would be once too often.
bool is_same(Action const& a, Action const& b) {
    if (a.type != b.type || a.medication != b.medication || a.service != b.service) return false;
    if (a.type == Action::Type::remove_draft) return true;
    auto const places_order = a.type == Action::Type::order_test || a.type == Action::Type::refer ||
                              a.type == Action::Type::prescribe;
    return places_order && a.key == b.key && a.occurrence == b.occurrence && a.urgent == b.urgent;
}

/// The suggestions of one card.
class Shaper {
public:
    Shaper(Context const& context, rules::Finding const& finding, rules::Wording const* wording)
        : context_{context}, finding_{finding}, wording_{wording} {}

    /// A drug that is prescribed, or a dose that is changed, was judged with all that the
    /// suggestion does to the orders (gate.hpp): chosen without the removal beside it, it may do
    /// harm.
    void take_out_what_needs_the_rest(std::vector<Plan>& plans) {
        for (auto& plan : plans) {
            auto const of_drugs =
                std::count_if(plan.actions.begin(), plan.actions.end(),
                              [](Action const* action) { return is_drug_action(*action); });
            if (of_drugs < 2) continue;
            take_out(plan, [](Action const& action) {
                return is_drug_action(action) && action.type != Action::Type::remove_draft;
            });
        }
    }

    void keep_orders_only(std::vector<Plan>& plans) {
        for (auto& plan : plans)
            take_out(plan,
                     [&](Action const& action) { return !is_about_orders_only(context_, action); });
    }

    /// Each action becomes a suggestion of its own, with its own words for a label.
    void split(std::vector<Plan>& plans) {
        std::vector<Plan> single;
        for (auto& plan : plans) {
            auto const actions = std::move(plan.actions);
            plan.actions.clear();
            plan.reduced = plan.reduced || actions.size() > 1;
            if (actions.empty()) single.push_back(plan);
            for (auto const* action : actions) {
                auto const repeats = [&](Plan const& other) {
                    return !other.actions.empty() && is_same(*other.actions.front(), *action);
                };
                auto& own = single.emplace_back(plan);
                if (action != actions.front()) own.left_out.clear();
                if (std::none_of(single.begin(), single.end() - 1, repeats))
                    own.actions.push_back(action);
            }
        }
        plans = std::move(single);
    }

private:
    /// Takes actions out of a suggestion; what they would have done is said once on the card.
    template <class Test>
    void take_out(Plan& plan, Test const& test) {
        auto const out =
            std::stable_partition(plan.actions.begin(), plan.actions.end(),
                                  [&](Action const* action) { return !test(*action); });
        for (auto at = out; at != plan.actions.end(); ++at) {
            plan.reduced = true;
            auto line = in_words(*plan.suggestion, **at);
            if (std::find(said_.begin(), said_.end(), line) != said_.end()) continue;
            said_.push_back(line);
            plan.left_out.push_back({*at, std::move(line)});
        }
        plan.actions.erase(out, plan.actions.end());
    }

    std::string in_words(rules::Suggestion const& suggestion, Action const& action) const {
        std::string words, line;
        base::append_inert(action_words(context_, finding_, wording_, suggestion, action), words);
        append_filled(phrase(context_.knowledge, context_.call.language, "left-out.no-button"),
                      {{"what", words}}, line);
        return line;
    }

    Context const& context_;
    rules::Finding const& finding_;
    rules::Wording const* wording_;
    std::vector<std::string> said_;
};

}  // namespace

void shape(Context const& context, rules::Finding const& finding, rules::Wording const* wording,
           std::vector<Plan>& plans) {
    auto const& dialect = context.call.dialect;
    if (!dialect.orders_only && !dialect.single_actions) return;
    Shaper shaper{context, finding, wording};
    if (dialect.single_actions) shaper.take_out_what_needs_the_rest(plans);
    if (dialect.orders_only) shaper.keep_orders_only(plans);
    if (dialect.single_actions) shaper.split(plans);
}

std::string topic_code(Dialect const& dialect, std::string_view rule_id) {
    std::string code{rule_id};
    if (dialect.plain_topics) std::erase(code, '-');
    return code;
}

std::string_view selection_behavior(Dialect const& dialect, rules::Selection meant) {
    using Selection = Dialect::Selection;
    auto const any = dialect.selection == Selection::any ||
                     (dialect.selection == Selection::as_meant && meant == rules::Selection::any);
    return any ? "any" : "at-most-one";
}

void rename_systems(Dialect const& dialect, std::size_t from, std::string& out) {
    constexpr std::string_view rxnorm = R"("http://www.nlm.nih.gov/research/umls/rxnorm")";
    constexpr std::string_view oid = R"("urn:oid:2.16.840.1.113883.6.88")";
    if (!dialect.rxnorm_by_oid) return;
    for (auto at = out.find(rxnorm, from); at != out.npos; at = out.find(rxnorm, at))
        out.replace(at, rxnorm.size(), oid);
}

}  // namespace cds::cards
