#include "cards/annotation.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cards/json_object.hpp"
#include "cards/phrase.hpp"
#include "rules/rule_list.hpp"

namespace cds::cards {

using base::json::Value;
using rules::NotChecked;

namespace {

/// By it a note of ours is known again.
constexpr std::string_view author = "Countersign";
constexpr std::size_t shown_digest_size = 12;

bool is_looked_at(fhir::MedicationRow const& row) {
    if (!row.identified) return true;
    auto const rules = rules::rule_list();
    return std::any_of(rules.begin(), rules.end(),
                       [&](rules::Rule const& rule) { return (rule.trigger & row.drugs).any(); });
}

class Annotator {
public:
    Annotator(Context const& context, rules::Evaluation const& evaluation)
        : context_{context}, evaluation_{evaluation} {}

    void write(fhir::MedicationRow const& row, std::string& out) const {
        JsonObject action{out};
        action.text("type", "update");
        std::string label, words;
        base::append_plain(row.label, label);
        append_filled(say("annotation.action"), {{"order", label}}, words);
        action.text("description", words);
        write_order(row, action.member("resource"));
        action.close();
    }

private:
    std::string_view say(std::string_view key) const {
        return phrase(context_.knowledge, context_.call.language, key);
    }

    void write_order(fhir::MedicationRow const& row, std::string& out) const {
        JsonObject order{out};
        for (auto const member : row.node) {
            if (member.key() != "note") order.copy_of(member);
        }
        write_notes(row, order.member("note"));
        order.close();
    }

    void write_notes(fhir::MedicationRow const& row, std::string& out) const {
        out += '[';
        for (auto const note : row.node["note"].each()) {
            if (note["authorString"].string() == author) continue;
            if (copy(note, out)) out += ',';
        }
        JsonObject own{out};
        own.text("authorString", author);
        own.text("time", base::iso(context_.today()));
        own.text("text", text_of(row));
        own.close();
        out += ']';
    }

    std::string text_of(fhir::MedicationRow const& row) const {
        auto const cards = cards_about(row);
        std::string out;
        append_filled(say(cards.empty() ? "annotation.no-card" : "annotation.cards"),
                      {{"cards", cards}}, out);
        if (auto const checks = not_checked(row); !checks.empty()) {
            out += ' ';
            append_filled(say("annotation.not-checked"), {{"checks", checks}}, out);
        }
        out += ' ';
        append_filled(say("footer.knowledge"),
                      {{"version", context_.knowledge.version()},
                       {"digest", context_.knowledge.digest().substr(0, shown_digest_size)}},
                      out);
        return out;
    }

    /// "Thiazide with ciclosporin (warning); …".
    std::string cards_about(fhir::MedicationRow const& row) const {
        std::string out;
        for (auto const& finding : evaluation_.findings) {
            auto const& about = finding.medications;
            if (!finding.suppressed_by.empty() ||
                std::find(about.begin(), about.end(), &row) == about.end())
                continue;
            if (!out.empty()) out += "; ";
            out += context_.knowledge.rules()[finding.rule].title;
            out.append(" (").append(rules::name(finding.indicator)).append(")");
        }
        return out;
    }

    std::string not_checked(fhir::MedicationRow const& row) const {
        std::string out;
        for (auto const& check : evaluation_.not_checked) {
            if (!check.order.empty() && check.order != row.label) continue;
            if (!out.empty()) out += "; ";
            out += check.rule == NotChecked::no_rule
                       ? say("annotation.whole-order")
                       : std::string_view{context_.knowledge.rules()[check.rule].title};
        }
        return out;
    }

    Context const& context_;
    rules::Evaluation const& evaluation_;
};

}  // namespace

std::size_t write_annotations(Context const& context, rules::Evaluation const& evaluation,
                              std::string& out) {
    Annotator const annotator{context, evaluation};
    std::size_t written = 0;
    for (auto const& row : context.chart.record().drafts) {
        auto const type = row.node["resourceType"].string();
        if (row.id.empty() || type != "MedicationRequest" || !is_looked_at(row)) continue;
        if (written++ > 0) out += ',';
        annotator.write(row, out);
    }
    return written;
}

}  // namespace cds::cards
