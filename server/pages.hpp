#pragma once
#include <string_view>

#include "server/gate.hpp"
#include "server/reply.hpp"

// The workbench: what a browser loads from this service (docs/web.md).

namespace cds::server {

/// Whether a page, script, style or example of the workbench stands at this path. `/` always does.
bool is_page(std::string_view path);

/// Sends the file at the head's path, compressed when the client takes gzip, or 304 when the client
/// has it already. At `/` of a program that was built without the workbench, a sentence saying so.
void answer_page(Head const& head, Reply& reply);

}  // namespace cds::server
