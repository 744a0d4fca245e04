#pragma once
#include <string_view>

namespace cds::server {

/// server/openapi.json: an OpenAPI 3.1 document of the paths that are served.
extern std::string_view const openapi_document;

}  // namespace cds::server
