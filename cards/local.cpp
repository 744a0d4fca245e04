#include "cards/local.hpp"

#include "base/text.hpp"
#include "cards/detail.hpp"
#include "cards/phrase.hpp"
#include "rules/json_text.hpp"

namespace cds::cards {

using rules::append_json_items;
using rules::append_json_text;

void append_local(Context const& context, rules::RuleInfo const& rule, std::size_t start,
                  std::string& detail) {
    if (!rule.local || (rule.local->sentence.empty() && rule.local->contact.empty())) return;
    append_heading(context.common().local, start, detail);
    append_json_items(rule.local->sentence, detail);
    if (rule.local->contact.empty()) return;
    std::string line;
    append_filled(phrase(context.knowledge, context.call.language, "local.contact"),
                  {{"contact", rule.local->contact}}, line);
    append_json_items(line, detail);
}

bool write_local_link(rules::RuleInfo const& rule, std::string& out) {
    if (!rule.local || rule.local->guideline_url.empty()) return false;
    out += R"({"label":)";
    base::json::write_string(rule.local->guideline_label, out);
    out += R"(,"url":)";
    base::json::write_string(rule.local->guideline_url, out);
    out += R"(,"type":"absolute"})";
    return true;
}

void append_policy_version(Context const& context, std::string& detail) {
    auto const* policy = context.knowledge.policy();
    if (!policy) return;
    std::string version;
    base::append_inert(policy->version, version);
    std::string line{' '};
    append_filled(
        phrase(context.knowledge, context.call.language, "footer.policy"),
        {{"version", version}, {"digest", std::string_view{policy->digest}.substr(0, 12)}}, line);
    append_json_text(line, detail);
}

}  // namespace cds::cards
