#include "cards/detail.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cards/local.hpp"
#include "cards/phrase.hpp"
#include "rules/json_text.hpp"

namespace cds::cards {

using rules::append_json_items;
using rules::append_json_text;
using rules::Template;

namespace {

std::string_view say(Context const& context, std::string_view key) {
    return phrase(context.knowledge, context.call.language, key);
}

/// Takes a heading back when no line followed it.
class Section {
public:
    Section(std::string_view heading, std::size_t start, std::string& detail)
        : detail_{detail}, before_{detail.size()} {
        append_heading(heading, start, detail);
        after_heading_ = detail.size();
    }
    void close() {
        if (detail_.size() == after_heading_) detail_.resize(before_);
    }

private:
    std::string& detail_;
    std::size_t before_;
    std::size_t after_heading_ = 0;
};

void append_lines(Context const& context, rules::Finding const& finding,
                  std::vector<Template> const& lines, std::string& detail) {
    auto& text = context.scratch.text;
    for (auto const& line : lines) {
        if (auto const items = line.fixed_items(); !items.empty()) {
            detail += items;
            continue;
        }
        text.clear();
        line.render(finding.facts, Template::Mode::markdown, text);
        append_json_items(text, detail);
    }
}

/// What the EHR cannot be asked to do, so that nobody wonders why a button is missing.
void append_withheld(Context const& context, std::vector<Plan> const& plans, std::string& detail) {
    std::vector<fhir::MedicationRow const*> named;
    for (auto const& plan : plans) {
        for (auto const& left : plan.left_out) append_json_items(left.why, detail);
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
            append_json_items(line, detail);
        }
    }
}

}  // namespace

void append_heading(std::string_view heading, std::size_t start, std::string& detail) {
    if (detail.size() == start) heading.remove_prefix(rules::CommonText::line_end.size());
    detail += heading;
}

void append_footer(Context const& context, std::string& detail) {
    detail += context.common().footer;
    append_policy_version(context, detail);
    if (!context.call.as_of) return;
    std::string line{' '};
    append_filled(say(context, "footer.as-of"), {{"instant", base::iso(*context.call.as_of)}},
                  line);
    append_json_text(line, detail);
}

void write_detail(Context const& context, rules::Finding const& finding,
                  rules::RuleInfo const& rule, rules::Wording const* wording,
                  std::vector<Plan> const& plans, std::string& out) {
    static std::vector<Template> const none;
    auto const& common = context.common();
    auto const start = out.size();
    auto const write_section = [&](std::string_view heading, std::vector<Template> const& lines,
                                   bool with_withheld) {
        Section section{heading, start, out};
        append_lines(context, finding, lines, out);
        if (with_withheld) append_withheld(context, plans, out);
        section.close();
    };
    write_section(common.found, wording ? wording->found : none, false);
    write_section(common.why, wording ? wording->why : none, false);
    write_section(common.consider, wording ? wording->consider : none, true);
    append_local(context, rule, start, out);
    write_section(common.limits, wording ? wording->limits : none, false);
    if (!rule.card.citations.empty()) {
        append_heading(common.sources, start, out);
        out += rule.card.citations;
    }
    append_footer(context, out);
}

}  // namespace cds::cards
