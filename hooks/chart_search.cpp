#include "hooks/chart_search.hpp"

#include <algorithm>
#include <array>

#include "fhir/element.hpp"

namespace cds::hooks {

using base::json::Value;

namespace {

std::vector<std::string_view> parameter(std::string_view text, std::string_view name) {
    std::vector<std::string_view> values;
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
        if (at == 0 || (text[at - 1] != '&' && text[at - 1] != '?')) continue;
        auto list = text.substr(at + name.size());
        list = list.substr(0, list.find('&'));
        while (!list.empty()) {
            auto const comma = list.find(',');
            values.push_back(list.substr(0, comma));
            if (comma == list.npos) break;
            list.remove_prefix(comma + 1);
        }
    }
    std::sort(values.begin(), values.end());
    return values;
}

bool contains(std::vector<std::string_view> const& sorted, std::string_view value) {
    return std::binary_search(sorted.begin(), sorted.end(), value);
}

/// When a resource came into the chart: when it was written, else when it happened.
base::Date date_of(Value resource) {
    static constexpr std::array elements{
        "authoredOn",        "recordedDate",      "issued",
        "dateAsserted",      "whenHandedOver",    "whenPrepared",
        "effectiveDateTime", "effectiveInstant",  "performedDateTime",
        "onsetDateTime",     "occurrenceDateTime"};
    static constexpr std::array periods{"effectivePeriod", "performedPeriod", "onsetPeriod",
                                        "period"};
    for (std::string_view const element : elements) {
        auto const date = base::parse_date(resource[element].string(), base::Zone{});
        if (date) return date;
    }
    for (std::string_view const element : periods) {
        auto const date = base::parse_date(resource[element]["start"].string(), base::Zone{});
        if (date) return date;
    }
    return {};
}

bool has_code(ChartQuery const& query, Value concept_value) {
    for (auto const coding : concept_value["coding"].each()) {
        if (contains(query.codes, coding["code"].string())) return true;
    }
    return false;
}

}  // namespace

ChartQuery parse_search(std::string_view key, std::string_view text) {
    ChartQuery query;
    query.key = key;
    query.type = text.substr(0, text.find_first_of("?/"));
    query.statuses = parameter(text, "status=");
    query.codes = parameter(text, "code=");
    return query;
}

bool matches(ChartQuery const& query, Value resource) {
    if (!query.statuses.empty() && !contains(query.statuses, resource["status"].string()))
        return false;
    if (query.codes.empty()) return true;
    return has_code(query, resource["code"]) ||
           has_code(query, resource["medicationCodeableConcept"]);
}

bool is_after(ChartEntry const& entry, base::Instant instant) {
    auto const& date = entry.dated;
    if (!date) return false;
    if (date.has_time()) return date.instant > instant;
    return date.first > std::chrono::floor<std::chrono::days>(instant);
}

ChartSearch::ChartSearch(Value bundle) {
    for (auto const element : bundle["entry"].each()) {
        auto const resource = element["resource"];
        auto const type = resource["resourceType"].string();
        if (type.empty()) continue;
        ChartEntry entry;
        entry.resource = resource;
        entry.type = type;
        entry.full_url = element["fullUrl"].string();
        entry.id = resource["id"].string();
        if (entry.id.empty()) entry.id = fhir::reference_id(entry.full_url);
        entry.dated = date_of(resource);
        auto const place = entries_.size();
        if (!entry.full_url.empty()) by_name_.emplace(entry.full_url, place);
        if (!entry.id.empty())
            by_name_.emplace(std::string{type} + "/" + std::string{entry.id}, place);
        entries_.push_back(entry);
    }
}

ChartEntry const* ChartSearch::target(Value reference, std::string_view type) const {
    auto const text = reference["reference"].string();
    if (text.empty()) return nullptr;
    auto found = by_name_.find(text);
    if (found == by_name_.end())
        found = by_name_.find(std::string{type} + "/" + std::string{fhir::reference_id(text)});
    if (found == by_name_.end() || entries_[found->second].type != type) return nullptr;
    return &entries_[found->second];
}

ChartEntry const* ChartSearch::owner(ChartEntry const& entry) const {
    if (auto const* patient = target(entry.resource["subject"], "Patient")) return patient;
    return target(entry.resource["patient"], "Patient");
}

}  // namespace cds::hooks
