#include "hooks/readable_explanation.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "base/text.hpp"
#include "cards/readable.hpp"

namespace cds::hooks {

using base::json::Value;

namespace {

constexpr std::size_t most_names = 4;

std::string plain(std::string_view text) {
    std::string out;
    base::append_plain(text, out, 160);
    return out;
}

void join(std::string& out, std::string_view text, std::string_view between = ", ") {
    if (text.empty()) return;
    if (!out.empty()) out += between;
    out += text;
}

/// Names of concepts with commas, in words: "ulcerative colitis, asthma".
std::string joined(Value list) {
    std::string out;
    for (auto const element : list.each()) join(out, plain(element.string()));
    std::replace(out.begin(), out.end(), '_', ' ');
    return out;
}

/// "Observation/cr-1"; the type alone when there is no id.
std::string name_of(Value row) {
    auto out = plain(row["resourceType"].string());
    join(out, plain(row["id"].string()), "/");
    return out;
}

/// "A, B, C and 19 more".
std::string shortened_names(std::string_view names) {
    std::size_t count = 1, cut = names.size();
    for (std::size_t at = names.find(", "); at != names.npos; at = names.find(", ", at + 2)) {
        if (++count == most_names + 1) cut = at;
    }
    std::string out{names.substr(0, cut)};
    if (count > most_names) out += " and " + std::to_string(count - most_names) + " more";
    return out;
}

struct QuestionWords {
    std::string_view code, words;
};
constexpr std::array question_words{
    QuestionWords{"ongoing", "Taken"},
    QuestionWords{"ongoing-or-ordered", "Taken or ordered"},
    QuestionWords{"in-use", "In use"},
    QuestionWords{"last-exposure", "Last given"},
    QuestionWords{"therapy", "Course of treatment"},
    QuestionWords{"earlier-product", "Earlier product"},
    QuestionWords{"other-product", "Order of another product"},
    QuestionWords{"unusable-results", "Newest results that cannot be used"},
    QuestionWords{"draft-kind", "Start or continuation"},
    QuestionWords{"reason-for-use", "Given for"},
    QuestionWords{"problem-list", "On the problem list"},
    QuestionWords{"active-conditions", "Active conditions"},
    QuestionWords{"recorded-conditions", "Conditions ever recorded"},
    QuestionWords{"allergies", "Allergies"},
    QuestionWords{"results", "Results"},
    QuestionWords{"newest-result", "Newest result"},
    QuestionWords{"test-days", "Days of tests"},
    QuestionWords{"procedures", "Procedures"},
    QuestionWords{"service-requests", "Ordered services"},
    QuestionWords{"blood-pressure", "Measured"},
    QuestionWords{"weight", "Measured"},
    QuestionWords{"age", "Patient"},
    QuestionWords{"sex", "Patient"},
};

std::string question_of(Value look_up) {
    std::string out;
    for (auto const& row : question_words) {
        if (row.code == look_up["question"].string()) out = row.words;
    }
    join(out, shortened_names(plain(look_up["asked"].string())), ": ");
    if (auto const on = look_up["on"].string(); !on.empty()) join(out, "on " + plain(on));
    return out;
}

std::string row_words(Value row) {
    auto out = plain(row["value"].string());
    auto where = name_of(row);
    join(where, plain(row["date"].string()));
    return out.empty() ? where : out + " (" + where + ")";
}

std::string found_of(Value look_up) {
    auto out = plain(look_up["answer"].string());
    for (auto const row : look_up["rows"].each()) join(out, row_words(row), "; ");
    auto const count = look_up["found"].integer().value_or(0);
    auto const shown = static_cast<long long>(look_up["rows"].size());
    if (shown > 0 && count > shown) out += "; " + std::to_string(count - shown) + " more";
    return out.empty() ? "none found" : out;
}

class Page {
public:
    Page(Value explanation, std::size_t columns)
        : root_{explanation}, columns_{columns}, one_rule_{explanation["rules"].size() == 1} {}

    std::string text() {
        write_head();
        write_orders();
        if (!one_rule_) {
            write_chart();
            write_discarded();
        }
        write_queries();
        write_rules();
        return std::move(out_);
    }

private:
    void line(std::string_view first, std::string const& text) {
        cards::append_wrapped(text, first, columns_, out_);
    }
    void heading(std::string_view text) {
        out_ += '\n';
        out_ += text;
        out_ += '\n';
    }

    void write_head() {
        auto const clock = root_["clock"];
        std::string text{"Clock " + plain(clock["now"].string())};
        text += " (day " + plain(clock["today"].string()) + " in " + plain(clock["zone"].string());
        text += "), region " + plain(root_["knowledge"]["region"].string()) + ", knowledge " +
                plain(root_["knowledge"]["version"].string());
        line("", text);
    }

    void write_orders() {
        heading("ORDERS TO BE SIGNED");
        for (auto const order : root_["orders"].each()) {
            auto text = plain(order["label"].string());
            if (text.empty()) text = "an order without a name";
            text += " (" + name_of(order) + ")";
            std::string what = joined(order["ingredients"]);
            if (order["identified"].boolean() == false) what = "not identified";
            join(what, plain(order["role"].string()));
            join(what, plain(order["kind"].string()));
            if (auto const day = order["takesEffect"].string(); !day.empty())
                join(what, "takes effect " + plain(day));
            line("  - ", text + ": " + what);
        }
        if (root_["orders"].size() == 0) line("  ", "None that the service reads.");
    }

    /// Adds a group's facts that mean something to the rules; counts the others.
    template <class Means, class Words>
    void write_group(std::string_view title, std::string_view group, Means means, Words words) {
        auto const facts = root_["facts"][group];
        std::size_t others = 0;
        std::vector<std::string> lines;
        for (auto const fact : facts.each()) {
            if (means(fact))
                lines.push_back(words(fact));
            else
                ++others;
        }
        std::string head{title};
        head += ": " + std::to_string(lines.size());
        if (others > 0)
            head += ", and " + std::to_string(others) + " that mean nothing to the rules";
        line("  ", head);
        for (auto const& text : lines) line("  - ", text);
    }

    static std::string dated(Value fact, std::string text) {
        auto where = name_of(fact);
        join(where, plain(fact["date"].string()));
        return std::move(text) + " (" + where + ")";
    }

    static std::string medication_words(Value fact) {
        auto text = joined(fact["ingredients"]) + ": " + plain(fact["value"].string());
        auto const exposure = fact["exposure"];
        if (!exposure) return dated(fact, text + ", counts as not taken");
        if (fact["query"].string() == "administrations") return dated(fact, text + ", given");
        if (fact["query"].string() == "dispenses")
            return dated(
                fact, text + ", handed over, lasting until " + plain(exposure["ended"].string()));
        if (exposure["ongoing"].boolean() == true)
            text += ", ongoing";
        else if (exposure["ended"].string().empty())
            text += ", ended";
        else
            text += (exposure["endEstimated"].boolean() == true ? ", ended about " : ", ended ") +
                    plain(exposure["ended"].string());
        if (auto const start = exposure["start"].string(); !start.empty())
            text += ", since " + plain(start);
        return dated(fact, text);
    }

    static std::string condition_words(Value fact) {
        auto text = plain(fact["value"].string());
        text += fact["active"].boolean() == true ? ", active" : ", not active";
        if (fact["confirmed"].boolean() == false) text += ", unconfirmed";
        return dated(fact, text + ": " + joined(fact["means"]));
    }

    static std::string result_words(Value fact) {
        auto text = plain(fact["test"].string());
        std::replace(text.begin(), text.end(), '_', ' ');
        join(text, plain(fact["value"].string()), " ");
        if (auto const converted = fact["converted"].string(); !converted.empty())
            text += " = " + plain(converted);
        return dated(fact, text);
    }

    void write_chart() {
        heading("FOUND IN THE CHART");
        for (auto const fact : root_["facts"]["patient"].each())
            line("  - ", dated(fact, plain(fact["element"].string()) + " " +
                                         plain(fact["value"].string())));
        auto const has_drugs = [](Value fact) { return static_cast<bool>(fact["drugs"]); };
        auto const has_meaning = [](Value fact) { return static_cast<bool>(fact["means"]); };
        auto const any = [](Value) { return true; };
        write_group("Medicines", "medications", has_drugs, medication_words);
        write_group("Conditions", "conditions", has_meaning, condition_words);
        write_group("Allergies", "allergies", has_meaning, condition_words);
        write_group("Results", "results", any, result_words);
        write_group("Blood pressures by day", "bloodPressures", any, [](Value fact) {
            return plain(fact["date"].string()) + ": " + plain(fact["systolic"].string()) + "/" +
                   plain(fact["diastolic"].string()) + " mmHg";
        });
        auto const service = [](Value fact) {
            return dated(fact, plain(fact["value"].string()) + ": " + joined(fact["means"]));
        };
        write_group("Procedures", "procedures", has_meaning, service);
        write_group("Ordered services", "serviceRequests", has_meaning, service);
    }

    void write_discarded() {
        heading("PASSED OVER");
        std::map<std::string, std::size_t> not_needed;
        for (auto const row : root_["discarded"].each()) {
            if (row["reason"].string() == "not-needed") {
                ++not_needed[plain(row["resourceType"].string())];
                continue;
            }
            auto text = name_of(row);
            if (auto const part = row["part"].string(); !part.empty())
                text += " (" + plain(part) + ")";
            text += ": " + plain(row["detail"].string());
            line("  - ", text + " [" + plain(row["reason"].string()) + "]");
        }
        std::string text;
        for (auto const& [type, count] : not_needed) join(text, std::to_string(count) + " " + type);
        if (!text.empty()) line("  - ", "No rule reads them: " + text + " [not-needed]");
        if (root_["discarded"].size() == 0) line("  ", "Nothing.");
    }

    void write_queries() {
        std::vector<std::string> lines;
        for (auto const query : root_["queries"].each()) {
            if (query["complete"].boolean() == false)
                lines.push_back(plain(query["query"].string()) + ": " +
                                plain(query["reason"].string()));
        }
        heading("MISSING PARTS OF THE CHART");
        for (auto const& text : lines) line("  - ", text);
        if (lines.empty()) line("  ", "None: every query was answered in full.");
    }

    void write_rules() {
        write_answers("RULES THAT SPEAK", "yes");
        write_answers("TRUE, BUT ANOTHER CARD SAYS IT ALREADY", "suppressed");
        write_answers("TRUE, BUT KEPT BACK BY THE SITE'S POLICY", "withheld");
        write_answers("NOT CHECKED", "unknown");
        write_answers("ASKED AND SILENT", "no");
        write_list("NOT ASKED: NO ORDER CONCERNS THEM", "not-run");
        write_list("SWITCHED OFF", "off");
    }

    std::vector<Value> with_answer(std::string_view answer) const {
        std::vector<Value> found;
        for (auto const rule : root_["rules"].each()) {
            if (rule["answer"].string() == answer) found.push_back(rule);
        }
        return found;
    }

    void write_answers(std::string_view title, std::string_view answer) {
        auto const rules = with_answer(answer);
        if (rules.empty()) return;
        heading(std::string{title} + " (" + std::to_string(rules.size()) + ")");
        for (auto const rule : rules) write_rule(rule);
    }

    void write_list(std::string_view title, std::string_view answer) {
        auto const rules = with_answer(answer);
        if (rules.empty()) return;
        heading(std::string{title} + " (" + std::to_string(rules.size()) + ")");
        std::string ids;
        for (auto const rule : rules) join(ids, plain(rule["id"].string()));
        line("  ", ids);
    }

    void write_rule(Value rule) {
        line("  ", plain(rule["title"].string()) + " [" + plain(rule["id"].string()) + "]");
        if (auto const card = rule["card"])
            line("    ",
                 plain(card["indicator"].string()) + ": " + plain(card["summary"].string()));
        if (auto const by = rule["suppressedBy"].string(); !by.empty())
            line("    ", "Suppressed by " + plain(by));
        write_unknown(rule);
        for (auto const evidence : rule["evidence"].each()) line("    + ", row_words(evidence));
        for (auto const look_up : rule["lookUps"].each())
            line("    - ", question_of(look_up) + ": " + found_of(look_up));
        bool const silent = rule["answer"].string() == "no";
        if (silent && rule["lookUps"].size() == 0) write_silence(rule["restsOn"]);
    }

    /// A rule that says no without a question that was recorded.
    void write_silence(Value rests_on) {
        std::string queries;
        for (auto const query : rests_on.each()) join(queries, plain(query["query"].string()));
        if (queries.empty())
            line("    - ", "Decided by the order itself.");
        else
            line("    - ", "Looked through, nothing that counts: " + queries);
    }

    void write_unknown(Value rule) {
        std::string why;
        for (auto const open : rule["open"].each())
            join(why, plain(open["query"].string()) + " " + plain(open["reason"].string()));
        join(why, plain(rule["reason"].string()));
        join(why, plain(rule["detail"].string()), ": ");
        if (auto const order = rule["order"].string(); !order.empty())
            why = plain(order) + ": " + why;
        if (!why.empty()) line("    ", why);
        for (auto const check : rule["notChecked"].each()) {
            auto const order = plain(check["order"].string());
            line("    - ", (order.empty() ? "an order without a name" : order) + ": " +
                               plain(check["reason"].string()));
        }
    }

    Value root_;
    std::size_t columns_;
    bool one_rule_;
    std::string out_;
};

}  // namespace

std::string readable_explanation(Value explanation, std::size_t columns) {
    return Page{explanation, columns}.text();
}

}  // namespace cds::hooks
