#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cds::server {

/// The HTTP status that a failed call is answered with.
unsigned http_status(base::ErrorCode code);
/// Short code for the log.
std::string_view reason_code(base::ErrorCode code);
/// "Bad Request".
std::string_view status_text(unsigned status);

/// Appends an OperationOutcome. `where` (a JSON pointer, a field; may be empty) and `what` hold
/// nothing of the caller's input. There is never a top-level member `status`: some clients take
/// that for a server error.
void append_outcome(unsigned status, std::string_view where, std::string_view what,
                    std::string_view request_id, std::string& out);

}  // namespace cds::server
