#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/json.hpp"
#include "tests/repo/tidy_checks.hpp"

namespace cds::repo {
namespace {

constexpr std::string_view rules_folder = "rules/knowledge/rules/";

/// Every text between quotes, which holds every rule id that a case names, whatever the shape of
/// its file.
void collect_quoted(std::string_view text, std::unordered_set<std::string_view>& quoted) {
    for (auto open = text.find('"'); open != text.npos;) {
        auto const close = text.find('"', open + 1);
        if (close == text.npos) return;
        quoted.insert(text.substr(open + 1, close - open - 1));
        open = text.find('"', close + 1);
    }
}

bool has_source(base::json::Value rule) {
    return rule["evidence"].size() > 0 || !rule["catalogue"].string().empty() ||
           rule["catalogue"].size() > 0;
}

/// The patients that a rule must speak or be silent for; the requests beside them carry no rule id.
bool is_case(SourceFile const& file) {
    return file.path.starts_with("test-fixtures/acceptance/") ||
           file.path.starts_with("test-fixtures/vignettes/");
}

}  // namespace

void rules_without_source_or_case(std::vector<SourceFile> const& tree,
                                  std::vector<Complaint>& complaints) {
    std::unordered_set<std::string_view> named;
    for (auto const& file : tree) {
        if (is_case(file)) collect_quoted(file.text, named);
    }
    base::json::Document document;
    for (auto const& file : tree) {
        if (!file.path.starts_with(rules_folder) || !file.path.ends_with(".json")) continue;
        auto const rule = document.parse(file.text);
        if (!rule) {
            complaints.push_back({file.path, 1, "no JSON: " + rule.error().what});
            continue;
        }
        auto id = std::string{(*rule)["id"].string()};
        if (id.empty())
            id = file.path.substr(rules_folder.size(), file.path.size() - rules_folder.size() - 5);
        if (!has_source(*rule)) {
            complaints.push_back(
                {file.path, 1,
                 "a rule without `evidence` and `catalogue`; name where it comes from"});
        }
        // A rule that is off speaks for nobody until a site switches it on.
        if (!named.contains(id) && (*rule)["tier"].string() != "off") {
            complaints.push_back(
                {file.path, 1,
                 "no case of test-fixtures/acceptance or test-fixtures/vignettes names " + id +
                     "; add a patient for whom it speaks"});
        }
    }
}

}  // namespace cds::repo
