#pragma once
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "rules/knowledge_load.hpp"
#include "rules/policy.hpp"

namespace cds::rules {

/// Reads a policy file. The first fault found is kept and the reading goes on harmlessly to its
/// end.
class PolicyReader {
public:
    explicit PolicyReader(Knowledge const& knowledge) : knowledge_{knowledge} {}
    base::Result<Policy> read(std::string_view json);

private:
    using Value = base::json::Value;

    // policy_read.cpp
    void read_safety_critical(Value value, Place const& place);
    void read_entry(Value value, Place const& place);
    void read_indicator(Value value, Place const& place, PolicyEntry& entry);
    void read_audience(Value value, Place const& place, PolicyEntry& entry);
    void read_addition(Value value, Place const& place, PolicyEntry& entry);
    void read_url(Value value, Place const& place, PolicyEntry& entry);

    // policy_thresholds.cpp
    void read_threshold(Value value, Place const& place, RuleInfo const& rule, PolicyEntry& entry);
    void check_order_of_thresholds();

    // policy_conflicts.cpp
    void check_conflicts();

    // one value at a time
    void fail(Place const& place, std::string what);
    void members(Value value, Place const& place, std::initializer_list<std::string_view> known);
    std::string text(Value object, std::string_view name, Place const& place, std::size_t longest);
    std::string optional_text(Value object, std::string_view name, Place const& place,
                              std::size_t longest);
    base::Day day(Value object, std::string_view name, Place const& place);
    RuleInfo const* rule(Value value, Place const& place);
    std::vector<std::string> rule_list_of(Value object, std::string_view name, Place const& place);

    Knowledge const& knowledge_;
    Policy made_;
    std::optional<base::Error> error_;
};

}  // namespace cds::rules
