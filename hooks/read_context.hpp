#pragma once
#include <memory_resource>

#include "fhir/record.hpp"
#include "hooks/engine.hpp"
#include "hooks/request.hpp"

namespace cds::hooks {

/// With what a call's resources are read at `now`. Views into all that is given, which must outlive
/// the context.
fhir::ReadContext read_context(rules::Knowledge const& knowledge, Site const& site,
                               Request const& request, base::Instant now,
                               std::pmr::memory_resource& arena);

}  // namespace cds::hooks
