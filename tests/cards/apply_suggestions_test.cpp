#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "hooks/engine.hpp"
#include "tests/cards/chart_case.hpp"
#include "tests/hooks/linted.hpp"

// Carries out every suggestion of every acceptance case the way an EHR would, and fires the request
// again: a suggestion that changes a drug must settle its finding, and none may raise a new alarm.

namespace cds::cards {
namespace {

using base::json::Value;

struct Case {
    std::string id, text;
};

std::vector<Case> acceptance_cases() {
    std::vector<Case> cases;
    std::filesystem::path const folder{COUNTERSIGN_SOURCE_DIR "/test-fixtures/acceptance"};
    for (auto const& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().extension() != ".json") continue;
        std::ostringstream text;
        text << std::ifstream{entry.path(), std::ios::binary}.rdbuf();
        cases.push_back({entry.path().stem().string(), text.str()});
    }
    std::sort(cases.begin(), cases.end(), [](auto const& a, auto const& b) { return a.id < b.id; });
    return cases;
}

/// What one suggestion does to the drafts.
struct Edit {
    std::map<std::string, std::string> changed;  ///< "Type/id" -> new resource; empty: deleted
    std::vector<std::string> added;              ///< resources, each with an id of its own
    bool changes_drug =
        false;  ///< a delete, an update or a prescription, not tests and tasks alone
    std::vector<std::string> complaints;
};

std::string text_of(Value value) {
    std::string out;
    base::json::write(value, out);
    return out;
}

std::string with_id(Value resource, std::string const& id) {
    auto text = text_of(resource);
    return text.insert(1, R"("id":")" + id + R"(",)");
}

std::string reference(Value resource) {
    return std::string{resource["resourceType"].string()} + '/' +
           std::string{resource["id"].string()};
}

Edit edit_of(Value suggestion) {
    Edit edit;
    for (auto const action : suggestion["actions"]) {
        auto const type = action["type"].string();
        auto const resource = action["resource"];
        auto const kind = resource["resourceType"].string();
        if (type == "delete") {
            edit.changed[std::string{action["resourceId"].string()}] = "";
            edit.changes_drug = true;
        } else if (type == "update") {
            edit.changed[reference(resource)] = text_of(resource);
            edit.changes_drug = true;
        } else if (kind != "Task") {
            if (resource["id"]) edit.complaints.emplace_back("a create carries an id");
            edit.added.push_back(with_id(resource, "added-" + std::to_string(edit.added.size())));
            edit.changes_drug = edit.changes_drug || kind == "MedicationRequest";
        }
    }
    return edit;
}

/// The drafts after the edit, as text. Counts in `met` the orders that the edit found.
std::string edited_drafts(Value drafts, Edit const& edit, std::size_t& met) {
    std::string list;
    auto const add = [&](std::string const& entry) { list += (list.empty() ? "" : ",") + entry; };
    auto const is_bundle = drafts["resourceType"].string() == "Bundle";
    auto const entries = drafts.is_array() || !is_bundle ? drafts : drafts["entry"];
    for (auto const entry : entries.each()) {
        auto const resource = entry["resource"] ? entry["resource"] : entry;
        auto const found = edit.changed.find(reference(resource));
        if (found == edit.changed.end()) {
            add(text_of(entry));
        } else {
            ++met;
            if (!found->second.empty()) add(R"({"resource":)" + found->second + '}');
        }
    }
    for (auto const& resource : edit.added) add(R"({"resource":)" + resource + '}');
    return R"({"resourceType":"Bundle","type":"collection","entry":[)" + list + "]}";
}

/// The object with one member replaced.
std::string replaced(Value object, std::string_view name, std::string const& text) {
    std::string out;
    for (auto const member : object) {
        out += out.empty() ? '{' : ',';
        base::json::write_string(member.key(), out);
        out += ':';
        out += member.key() == name ? text : text_of(member);
    }
    return out + '}';
}

using Cards =
    std::map<std::string, int, std::less<>>;  ///< rule id -> 0 info, 1 warning, 2 critical

int rank(std::string_view indicator) {
    return indicator == "critical" ? 2 : indicator == "warning" ? 1 : 0;
}

Cards cards_of(Value answer) {
    Cards cards;
    for (auto const card : answer["cards"])
        cards[std::string{card["source"]["topic"]["code"].string()}] =
            rank(card["indicator"].string());
    return cards;
}

struct Service {
    hooks::Site site;
    hooks::Client client;
    hooks::Workspace workspace;

    base::Result<std::string> operator()(std::string const& body, base::Instant now) {
        site.as_of = now;
        std::string out;
        auto const stats = hooks::answer(knowledge(), site, client, hooks::safety_service, body,
                                         now, workspace, out);
        if (!stats) return stats.error();
        EXPECT_EQ(hooks::lint_errors(out, hooks::lint::Kind::response, body), "") << out;
        return out;
    }
};

/// A suggestion that the catalogue wants although its finding stays as it is.
struct Wanted {
    std::string_view rule;
    std::string_view words;  ///< of the suggestion's label or its first action's description
    int highest;             ///< no excuse for a finding above this
    std::string_view cases;  ///< where the reason holds only there; empty: everywhere
    std::string_view reason;
};

constexpr int info = 0, warning = 1, critical = 2;

constexpr std::array<Wanted, 10> wanted{{
    {"aza-xanthine-oxidase-inhibitor", "Reduce azathioprine", critical, "",
     "The entry fires whatever the dose: a quarter dose is kept with tolerated-before."},
    {"csa-bp-elevated-on-therapy", "Prescribe amlodipine", info, "",
     "Treatment lowers a warning to info; a card that is info already has no lower step."},
    {"csa-bp-elevated-on-therapy", "Reduce ciclosporin", info, "",
     "A lower dose makes a warning info; a card that is info already has no lower step."},
    {"csa-bp-persistent-stop", "Prescribe amlodipine", critical, "",
     "The readings are on record; only a new one shows that the second drug works."},
    {"csa-contra-uncontrolled-htn", "Prescribe amlodipine", critical, "",
     "Contraindicated until controlled: only a new reading shows that."},
    {"csa-creatinine-rise", "by 0.5 mg/kg/day", critical, "CRE-08 CRE-09",
     "The entry lists the smaller step in each band; in the critical band only a quarter lowers."},
    {"csa-phototherapy-concurrent", "Remove ciclosporin order", critical, "FNE-05",
     "The stored order that the draft renews still runs for two days."},
    {"csa-thiazide", "Replace the thiazide", warning, "C-CYP-12 PEN-17 X-C-02",
     "The thiazide is a stored order: a task stops it, and the card stands until that is done."},
    {"oma-ifx-coadministration", "Prescribe epinephrine", info, "",
     "The autoinjector is the precaution with which the pair is acceptable; the pair stays."},
    {"ra-ifx-csa-mtx-preferred", "Replace ciclosporin", warning,
     "C-UCC-14 M-MTX-01 M-MTX-04 M-MTX-06",
     "Ciclosporin is a stored order: a task stops it, and the card stands until that is done."},
}};

Wanted const* find_wanted(std::string_view rule, std::string_view label, Value suggestion,
                          int level, std::string_view case_id) {
    auto const description = suggestion["actions"].first()["description"].string();
    auto const found = std::find_if(wanted.begin(), wanted.end(), [&](Wanted const& row) {
        return row.rule == rule && level <= row.highest &&
               (row.cases.empty() || row.cases.find(case_id) != row.cases.npos) &&
               (label.find(row.words) != label.npos ||
                description.find(row.words) != description.npos);
    });
    return found == wanted.end() ? nullptr : &*found;
}

/// Complaints by what is wrong, with the cases in which it is.
class Complaints {
public:
    void add(std::string_view rule, std::string_view label, std::string const& what,
             std::string const& case_id) {
        cases_[std::string{rule} + " | " + std::string{label} + " | " + what].push_back(case_id);
    }
    std::string text() const {
        std::string out;
        for (auto const& [what, ids] : cases_) {
            out += what + " (" + std::to_string(ids.size()) + ":";
            for (std::size_t i = 0; i < std::min<std::size_t>(ids.size(), 6); ++i)
                out += ' ' + ids[i];
            out += ")\n";
        }
        return out;
    }

private:
    std::map<std::string, std::vector<std::string>> cases_;
};

struct Tally {
    Complaints complaints;
    std::size_t applied = 0, drug_changes = 0;
    std::set<Wanted const*> excused;
};

class Trial {
public:
    explicit Trial(Case const& one) : case_{one}, file_{one.text} {
        now_ = instant(file_["now"].string());
    }

    void run(Service& service, Tally& tally) {
        auto const first = service(text_of(file_["request"]), now_);
        if (!first) return tally.complaints.add("", "", first.error().what, case_.id);
        Parsed const answer{*first};
        auto const before = cards_of(*answer);
        for (auto const card : answer["cards"]) {
            for (auto const suggestion : card["suggestions"]) {
                apply(service, before, card, suggestion, tally);
            }
        }
    }

private:
    void apply(Service& service, Cards const& before, Value card, Value suggestion,
               Tally& tally) const {
        auto const rule = card["source"]["topic"]["code"].string();
        auto const label = suggestion["label"].string();
        auto const say = [&](std::string const& what) {
            tally.complaints.add(rule, label, what, case_.id);
        };
        auto const edit = edit_of(suggestion);
        ++tally.applied;
        tally.drug_changes += edit.changes_drug ? 1 : 0;
        for (auto const& complaint : edit.complaints) say(complaint);
        auto const request = file_["request"];
        std::size_t met = 0;
        auto const drafts = edited_drafts(request["context"]["draftOrders"], edit, met);
        if (met != edit.changed.size()) say("names an order that is no draft");
        auto const body =
            replaced(request, "context", replaced(request["context"], "draftOrders", drafts));
        auto const second = service(body, now_);
        if (!second) return say("the request is refused: " + second.error().what);
        auto const after = cards_of(*Parsed{*second});
        auto const left = after.find(rule);
        if (edit.changes_drug && left != after.end() && left->second >= before.find(rule)->second) {
            auto const* row = find_wanted(rule, label, suggestion, left->second, case_.id);
            if (row) tally.excused.insert(row);
            if (!row) say("the finding stays");
        }
        for (auto const& [other, level] : after) {
            auto const known = before.find(other);
            if (level == 0 || (known != before.end() && known->second >= level)) continue;
            say("raises " + other);
        }
    }

    Case const& case_;
    Parsed file_;
    base::Instant now_{};
};

TEST(Suggestions, SettleTheirFindingAndRaiseNoneWhenCarriedOut) {
    auto const cases = acceptance_cases();
    ASSERT_FALSE(cases.empty());
    Service service;
    Tally tally;
    for (auto const& one : cases) Trial{one}.run(service, tally);
    EXPECT_EQ(tally.complaints.text(), "");
    EXPECT_GT(tally.drug_changes, 0U);
    for (auto const& row : wanted)
        EXPECT_EQ(tally.excused.count(&row), 1U)
            << "nothing needs this: " << row.rule << ' ' << row.words;
    RecordProperty("applied", static_cast<int>(tally.applied));
    RecordProperty("drug_changes", static_cast<int>(tally.drug_changes));
}

}  // namespace
}  // namespace cds::cards
