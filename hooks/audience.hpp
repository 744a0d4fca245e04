#pragma once
#include "fhir/record.hpp"
#include "hooks/engine.hpp"
#include "rules/audience.hpp"

namespace cds::hooks {

/// Who reads the cards. A CDS Hooks request does not say the user's specialty; what it does carry
/// is the encounter of the context in the prefetch, whose `serviceType` codes name the service
/// that it belongs to. Only codes with a system count, and only of an encounter that the record
/// accepted as the patient's and that is the context's own.
rules::Audience audience_of(Client const& client, fhir::PatientRecord const& record);

}  // namespace cds::hooks
