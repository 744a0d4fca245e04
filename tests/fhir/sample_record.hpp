#pragma once
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fhir/chart.hpp"

// Charts for tests in a few words. JSON is written with ' for "; the clock is 2026-03-10T09:00:00Z
// and days are counted from it: on(-5) is "2026-03-05".

namespace cds::fhir {

constexpr Day sample_today = Day{std::chrono::year{2026} / std::chrono::March / 10};
inline Day in_days(int days) { return sample_today + std::chrono::days{days}; }
std::string on(int days);
/// `text` with every ' turned into ".
std::string json(std::string text);

/// A parsed request with its record and chart; owns all that they view.
struct Sample {
    std::string text;
    base::Zone zone;
    std::pmr::monotonic_buffer_resource arena;
    base::json::Document document;
    std::optional<PatientRecord> record;
    std::optional<Chart> chart;
    std::string error;  ///< where, when reading was refused

    MedicationRow const& medication(std::size_t i = 0) const { return record->medications.at(i); }
    MedicationRow const& draft(std::size_t i = 0) const { return record->drafts.at(i); }
    ResultRow const& result(std::size_t i = 0) const { return record->results.at(i); }
    ConditionRow const& condition(std::size_t i = 0) const { return record->conditions.at(i); }
};

class SampleRequest {
public:
    /// Adds a resource to the Bundle under a prefetch key.
    SampleRequest& row(std::string const& key, std::string const& resource);
    /// The whole value of a prefetch key; "" leaves the key out.
    SampleRequest& value(std::string const& key, std::string const& json_text);
    SampleRequest& draft(std::string const& resource);
    /// An entry of draftOrders with more than its resource: "'fullUrl':'urn:uuid:1',".
    SampleRequest& draft_entry(std::string const& members, std::string const& resource);
    SampleRequest& now(std::string const& instant);
    SampleRequest& zone(std::string const& name);

    SampleRequest& order(std::string const& drug, std::string const& extra = "",
                         std::string const& status = "active");
    SampleRequest& statement(std::string const& drug, std::string const& extra = "",
                             std::string const& status = "active");
    SampleRequest& given(std::string const& drug, int days, std::string const& extra = "",
                         std::string const& status = "completed");
    SampleRequest& dispensed(std::string const& drug, int days, std::string const& extra = "",
                             std::string const& status = "completed");
    SampleRequest& condition(std::string const& text, std::string const& extra = "");
    /// A final quantity by LOINC and UCUM unit; more members in `extra`.
    SampleRequest& lab(std::string const& loinc, std::string const& value, std::string const& unit,
                       int days, std::string const& extra = "");
    /// A final result with any `value…` member.
    SampleRequest& result(std::string const& loinc, std::string const& value, int days,
                          std::string const& extra = "");
    SampleRequest& start(std::string const& drug, std::string const& extra = "");
    SampleRequest& stop(std::string const& drug, std::string const& extra = "");

    std::unique_ptr<Sample> load() const;

private:
    std::string now_ = "2026-03-10T09:00:00Z", zone_;
    std::vector<std::string> drafts_;
    std::vector<std::pair<std::string, std::string>> rows_, values_;
};

/// ",'authoredOn':'2026-03-05'".
std::string authored(int days);
/// A dosageInstruction with bounds:
/// ",'dosageInstruction':[{'timing':{'repeat':{'boundsPeriod':{...}}}}]".
std::string bounds(std::string const& start, std::string const& end);

}  // namespace cds::fhir
