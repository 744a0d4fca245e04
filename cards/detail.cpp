#include "cards/detail.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cards/local.hpp"
#include "cards/phrase.hpp"

namespace cds::cards {

using rules::Template;

namespace {

constexpr std::size_t shown_digest_size = 12;

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\r')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

std::string_view say(Context const& context, std::string_view key) {
    return phrase(context.knowledge, context.call.language, key);
}

/// Takes a heading back when no line followed it.
class Section {
public:
    Section(Context const& context, std::string_view key, std::string& markdown)
        : markdown_{markdown}, before_{markdown.size()} {
        append_heading(context, key, markdown);
        after_heading_ = markdown.size();
    }
    void close() {
        if (markdown_.size() == after_heading_) markdown_.resize(before_);
    }

private:
    std::string& markdown_;
    std::size_t before_;
    std::size_t after_heading_ = 0;
};

void append_lines(Context const& context, rules::Finding const& finding,
                  std::vector<Template> const& lines, std::string& markdown) {
    auto& text = context.scratch.text;
    for (auto const& line : lines) {
        text.clear();
        line.render(finding.facts, Template::Mode::markdown, text);
        append_items(text, markdown);
    }
}

/// What the EHR cannot be asked to do, so that nobody wonders why a button is missing.
void append_withheld(Context const& context, std::vector<Plan> const& plans,
                     std::string& markdown) {
    std::vector<fhir::MedicationRow const*> named;
    for (auto const& plan : plans) {
        for (auto const& left : plan.left_out) append_items(left.why, markdown);
        for (auto const* action : plan.actions) {
            auto const* row = action->medication;
            if (!row || !row->draft || !becomes_task(context.call, *action)) continue;
            if (std::find(named.begin(), named.end(), row) != named.end()) continue;
            named.push_back(row);
            std::string label, line;
            base::append_inert(row->label, label);
            append_filled(
                say(context, context.call.orders_signed ? "order.signed" : "order.without-id"),
                {{"order", label}}, line);
            append_items(line, markdown);
        }
    }
}

void append_sources(Context const& context, rules::RuleInfo const& rule, std::string& markdown) {
    Section section{context, "heading.sources", markdown};
    for (auto const& id : rule.evidence) {
        auto const* evidence = context.knowledge.evidence(id);
        if (!evidence) continue;
        std::string line = evidence->citation;
        if (!evidence->doi.empty() && line.find(evidence->doi) == line.npos)
            line += " doi:" + evidence->doi;
        append_items(line, markdown);
    }
    section.close();
}

}  // namespace

void append_heading(Context const& context, std::string_view phrase_key, std::string& markdown) {
    if (!markdown.empty()) markdown += '\n';
    markdown += "**";
    markdown += say(context, phrase_key);
    markdown += "**\n\n";
}

void append_items(std::string_view text, std::string& markdown) {
    while (!text.empty()) {
        auto const end = text.find('\n');
        auto const line = trimmed(text.substr(0, end));
        if (!line.empty()) {
            if (!line.starts_with("- ")) markdown += "- ";
            markdown += line;
            markdown += '\n';
        }
        if (end == text.npos) return;
        text.remove_prefix(end + 1);
    }
}

void append_footer(Context const& context, std::string& markdown) {
    markdown += '\n';
    append_filled(say(context, "footer.knowledge"),
                  {{"version", context.knowledge.version()},
                   {"digest", context.knowledge.digest().substr(0, shown_digest_size)}},
                  markdown);
    append_policy_version(context, markdown);
    if (context.call.as_of) {
        markdown += ' ';
        append_filled(say(context, "footer.as-of"), {{"instant", base::iso(*context.call.as_of)}},
                      markdown);
    }
}

void write_detail(Context const& context, rules::Finding const& finding,
                  rules::RuleInfo const& rule, rules::Wording const* wording,
                  std::vector<Plan> const& plans, std::string& markdown) {
    static std::vector<Template> const none;
    auto const write_section = [&](std::string_view key, std::vector<Template> const& lines,
                                   bool with_withheld) {
        Section section{context, key, markdown};
        append_lines(context, finding, lines, markdown);
        if (with_withheld) append_withheld(context, plans, markdown);
        section.close();
    };
    write_section("heading.found", wording ? wording->found : none, false);
    write_section("heading.why", wording ? wording->why : none, false);
    write_section("heading.consider", wording ? wording->consider : none, true);
    append_local(context, rule, markdown);
    write_section("heading.limits", wording ? wording->limits : none, false);
    append_sources(context, rule, markdown);
    append_footer(context, markdown);
}

}  // namespace cds::cards
