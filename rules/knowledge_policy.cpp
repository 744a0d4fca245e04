#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "rules/knowledge_load.hpp"

// A site's policy, laid over the knowledge once for each span of days between two expiry dates: a
// request looks up its day and is answered from one immutable whole.

namespace cds::rules {

using Change = PolicyEntry::Change;

namespace {

std::string inert(std::string_view text) {
    std::string out;
    base::append_inert(text, out, text.size());
    return out;
}

void lay_over(PolicyEntry const& entry, RuleInfo& rule) {
    auto local = rule.local ? *rule.local : LocalRule{};
    switch (entry.change) {
        case Change::off:
            rule.enabled = false;
            break;
        case Change::shadow:
            local.shadow = true;
            break;
        case Change::indicator:
            local.indicator = entry.indicator;
            local.step = entry.step;
            break;
        case Change::threshold:
            break;  // KnowledgeLoader::revise
        case Change::quiet:
            local.quiet_specialties.insert(local.quiet_specialties.end(), entry.specialties.begin(),
                                           entry.specialties.end());
            local.quiet_clients.insert(local.quiet_clients.end(), entry.clients.begin(),
                                       entry.clients.end());
            break;
        case Change::add:
            local.guideline_label = entry.guideline_label;
            local.guideline_url = entry.guideline_url;
            local.contact = inert(entry.contact);
            local.sentence = inert(entry.sentence);
            break;
    }
    rule.local = std::make_shared<LocalRule const>(std::move(local));
}

}  // namespace

base::Result<std::shared_ptr<Knowledge>> KnowledgeLoader::revise(
    Knowledge const& plain, std::vector<PolicyEntry const*> thresholds) {
    made_ = std::make_unique<Knowledge>(plain);
    revisions_ = std::move(thresholds);
    if (!revisions_.empty()) {
        read_manifest();
        read_languages();
    }
    for (std::size_t i = 0; i < plain.rules().size(); ++i) {
        auto const& id = plain.rules()[i].id;
        bool const revised =
            std::any_of(revisions_.begin(), revisions_.end(),
                        [&](PolicyEntry const* revision) { return revision->rule == id; });
        if (!revised) continue;
        auto const* file = pack_.find("rules/" + id + ".json");
        if (!file) return base::Error{base::ErrorCode::not_found, id, "its file is gone"};
        read_rule(*file);
        auto rule = std::move(made_->rules_.back());
        made_->rules_.pop_back();
        read_translations(rule);
        made_->rules_[i] = std::move(rule);
    }
    if (error_) return *std::move(error_);
    return std::shared_ptr<Knowledge>{std::move(made_)};
}

base::Result<std::shared_ptr<Knowledge const>> Knowledge::with_policy(Knowledge const& plain,
                                                                      base::Pack const& pack,
                                                                      Policy policy) {
    auto const held = std::make_shared<Policy const>(std::move(policy));
    std::set<base::Day> days;
    for (auto const& entry : held->entries) days.insert(entry.expires);
    auto made = std::make_shared<Knowledge>(plain);
    made->policy_ = held;
    for (auto const day : days) {
        std::vector<PolicyEntry const*> holding, thresholds;
        for (auto const& entry : held->entries) {
            if (!Policy::holds(entry, day)) continue;
            holding.push_back(&entry);
            if (entry.change == Change::threshold) thresholds.push_back(&entry);
        }
        auto revised = KnowledgeLoader{pack}.revise(plain, std::move(thresholds));
        if (!revised) return revised.error();
        auto const& knowledge = *revised;
        knowledge->policy_ = held;
        for (auto const* entry : holding) {
            auto const rule =
                std::find_if(knowledge->rules_.begin(), knowledge->rules_.end(),
                             [&](RuleInfo const& one) { return one.id == entry->rule; });
            if (rule != knowledge->rules_.end()) lay_over(*entry, *rule);
        }
        made->phases_.push_back({day, knowledge});
    }
    return std::shared_ptr<Knowledge const>{std::move(made)};
}

}  // namespace cds::rules
