#pragma once
#include <cstddef>
#include <string>

#include "base/json.hpp"

namespace cds::hooks {

/// An explanation (hooks/explain.hpp) as a person reads it at a terminal, wrapped at `columns`:
/// the orders, the facts of the chart that mean something to the rules, what was passed over, what
/// is missing, and the rules by their answer. An explanation of one rule leaves out the chart.
/// Words from the chart are stripped of control characters.
std::string readable_explanation(base::json::Value explanation, std::size_t columns = 100);

}  // namespace cds::hooks
