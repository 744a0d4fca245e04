#pragma once
#include "fhir/record.hpp"
#include "hooks/request.hpp"
#include "rules/evaluate.hpp"

namespace cds::hooks {

/// Adds to `evaluation.not_checked` the orders of a call of which nothing was evaluated: of another
/// patient, with a modifier that is not known, not readable, on a page that was not sent, or named
/// by a reference that leads to no order of the call. Where a check would have concerned one, that
/// is said: silence would look like clearance.
void list_unread_orders(Request const& request, fhir::PatientRecord const& record,
                        rules::Evaluation& evaluation);

}  // namespace cds::hooks
