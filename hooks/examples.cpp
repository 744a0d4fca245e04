#include "hooks/examples.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/json.hpp"
#include "hooks/engine.hpp"

namespace cds::hooks {

using base::json::Value;

namespace {

constexpr std::size_t most_told = 5;

using Cards = std::map<std::string, std::string, std::less<>>;  // rule -> indicator

struct Example {
    std::string title;
    base::Instant as_of{};
    Region region = Region::us;
    Cards expected;
    std::string request;
};

/// Reads one example; the faults go to `differences`.
Example read_example(Value root, rules::Knowledge const& knowledge,
                     std::vector<std::string>& differences) {
    Example example;
    static constexpr std::array<std::string_view, 5> members{"title", "asOf", "region", "expect",
                                                             "request"};
    if (!root.is_object()) differences.emplace_back("an object is needed");
    for (auto const member : root) {
        if (std::find(members.begin(), members.end(), member.key()) == members.end())
            differences.push_back("/" + std::string{member.key()} + ": no such member");
    }
    example.title = root["title"].string();
    if (example.title.empty()) differences.emplace_back("/title: a text is needed");
    auto const date = base::parse_date(root["asOf"].string(), base::Zone{});
    if (!date.has_time())
        differences.emplace_back("/asOf: an instant is needed, as in 2026-06-01T09:00:00Z");
    example.as_of = date.instant;
    auto const region = root["region"].string();
    if (region != "us" && region != "eu") differences.emplace_back("/region: us or eu is needed");
    example.region = region == "eu" ? Region::eu : Region::us;
    if (!root["expect"].is_object())
        differences.emplace_back(
            R"(/expect: an object is needed, as in {"csa-thiazide":"warning"})");
    for (auto const card : root["expect"]) {
        if (!knowledge.find(card.key()))
            differences.push_back("/expect/" + std::string{card.key()} + ": no such rule");
        example.expected.emplace(card.key(), card.string());
    }
    if (!root["request"].is_object())
        differences.emplace_back("/request: the request of a hook is needed");
    base::json::write(root["request"], example.request);
    return example;
}

std::optional<Cards> cards_of(Example const& example, rules::Knowledge const& knowledge,
                              Workspace& workspace, std::vector<std::string>& differences) {
    Site site;
    site.region = example.region;
    std::string body;
    auto const answered = answer(knowledge, site, Client{}, service_id_for(example.request),
                                 example.request, example.as_of, workspace, body);
    if (!answered) {
        differences.push_back("/request" + answered.error().where + ": " + answered.error().what);
        return std::nullopt;
    }
    base::json::Document document;
    auto const root = document.parse(body);
    Cards cards;
    for (auto const card : root ? (*root)["cards"] : Value{})
        cards.emplace(card["source"]["topic"]["code"].string(), card["indicator"].string());
    return cards;
}

void compare(Cards const& expected, Cards const& got, std::vector<std::string>& differences) {
    for (auto const& [rule, indicator] : expected) {
        auto const found = got.find(rule);
        if (found == got.end()) {
            differences.push_back("missing: " + rule + " (" + indicator + ")");
        } else if (found->second != indicator) {
            differences.push_back(rule + ": " + indicator + " expected, got " + found->second);
        }
    }
    for (auto const& [rule, indicator] : got) {
        if (!expected.contains(rule))
            differences.push_back("unexpected: " + rule + " (" + indicator + ")");
    }
}

}  // namespace

std::string FailedExample::text() const {
    auto out = title.empty() ? file : file + ", " + title;
    for (auto const& difference : differences)
        out.append(&difference == &differences.front() ? ": " : "; ").append(difference);
    return out;
}

ExampleReport run_examples(base::Pack const& pack, rules::Knowledge const& knowledge) {
    ExampleReport report;
    Workspace workspace;
    for (auto const* file : pack.below(example_folder)) {
        if (!file->name.ends_with(".json")) continue;
        ++report.run;
        FailedExample result;
        result.file = file->name;
        base::json::Document document;
        if (auto const root = document.parse(file->bytes)) {
            auto const example = read_example(*root, knowledge, result.differences);
            result.title = example.title;
            if (result.differences.empty()) {
                auto const got = cards_of(example, knowledge, workspace, result.differences);
                if (got) compare(example.expected, *got, result.differences);
            }
        } else {
            result.differences.push_back(root.error().where + ": " + root.error().what);
        }
        if (!result.differences.empty()) report.failed.push_back(std::move(result));
    }
    return report;
}

base::Result<std::size_t> check_examples(base::Pack const& pack,
                                         rules::Knowledge const& knowledge) {
    auto const report = run_examples(pack, knowledge);
    if (report.run == 0)
        return base::Error{base::ErrorCode::invalid, std::string{example_folder},
                           "there is no example; knowledge that was never tried is not used"};
    if (report.failed.empty()) return report.run;
    std::string what = std::to_string(report.failed.size()) + " of " + std::to_string(report.run) +
                       " examples differ. ";
    for (std::size_t i = 0; i < std::min(most_told, report.failed.size()); ++i)
        what.append(i == 0 ? "" : " | ").append(report.failed[i].text());
    if (report.failed.size() > most_told) what += " | …";
    return base::Error{base::ErrorCode::invalid, report.failed.front().file, what};
}

}  // namespace cds::hooks
