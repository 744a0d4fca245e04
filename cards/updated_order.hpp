#pragma once
#include <string>

#include "cards/call.hpp"
#include "rules/finding.hpp"

namespace cds::cards {

/// Appends the whole drafted order of `action` (update_dose) with only its dose, schedule or end
/// changed: every other member and number stays as it was written. Words that would contradict the
/// new dose are replaced
/// (`dosageInstruction.text`) or dropped (a generated narrative, patientInstruction with numbers,
/// calculated rows). Returns false, with nothing written, when the change cannot be made safely:
/// the order's dose cannot be read, is a rate, or stands in several lines.
bool write_updated(Context const& context, rules::Action const& action, std::string& out);

}  // namespace cds::cards
