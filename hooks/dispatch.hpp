#pragma once
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "fhir/record.hpp"
#include "hooks/tolerance.hpp"

// The orders of an order-dispatch call. They are signed already, and stand in the call as
// references only.

namespace cds::hooks {

struct Dispatched {
    std::vector<base::json::Value> orders;    ///< resources, in the order of the references
    std::vector<std::string_view> not_found;  ///< references that lead to nothing in the call
    Tolerances tolerated;  ///< departures from the specification that were read all the same
};

/// Reads `dispatchedOrders` (order-dispatch 1.1) and `order` (1.0) of a context, and looks for them
/// in the prefetch, and for "#id" in the tasks' contained resources. Fails with `invalid` when the
/// context names no order at all.
base::Result<Dispatched> read_dispatched(base::json::Value context, base::json::Value prefetch);

/// Takes the stored copies of newly written orders out of the record: an order that is dispatched
/// for the first time is no evidence that its therapy is already going on. Copies that began more
/// than 28 days ago stay: those are standing orders of which a further part is dispatched.
void set_new_orders_apart(fhir::PatientRecord& record);

}  // namespace cds::hooks
