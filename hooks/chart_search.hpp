#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.hpp"
#include "base/json.hpp"

// A patient's history in one Bundle, searched as the service's prefetch templates search an EHR.

namespace cds::hooks {

/// A resource of the bundle.
struct ChartEntry {
    base::json::Value resource;
    std::string_view type, full_url;
    std::string_view id;  ///< its own, else the last segment of fullUrl
    base::Date dated;     ///< when it came into the chart; absent: it does not say
};

/// A search template, "Type?status=a,b&code=c,d", as far as it restricts.
struct ChartQuery {
    std::string_view key;                           ///< prefetch key
    std::string_view type;                          ///< resource type
    std::vector<std::string_view> statuses, codes;  ///< sorted; empty: any
};
/// Views into `text`.
ChartQuery parse_search(std::string_view key, std::string_view text);

/// Whether a resource has one of the statuses and one of the codes that are asked for.
bool matches(ChartQuery const& query, base::json::Value resource);

/// Whether it came into the chart after `instant`. A day alone is not after an instant of that day;
/// what is not dated is never after.
bool is_after(ChartEntry const& entry, base::Instant instant);

class ChartSearch {
public:
    explicit ChartSearch(base::json::Value bundle);

    std::vector<ChartEntry> const& entries() const noexcept { return entries_; }
    /// The resource of that type that a reference names, by fullUrl or by Type/id; nullptr when the
    /// bundle has none.
    ChartEntry const* target(base::json::Value reference, std::string_view type) const;
    /// The Patient that `subject` or `patient` names.
    ChartEntry const* owner(ChartEntry const& entry) const;

private:
    std::vector<ChartEntry> entries_;
    std::map<std::string, std::size_t, std::less<>> by_name_;  ///< fullUrl, and "Type/id"
};

}  // namespace cds::hooks
