# Builds server/openapi.json into cds_server as a C++ literal.

set(openapi_source ${CMAKE_SOURCE_DIR}/server/openapi.json)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${openapi_source})
file(READ ${openapi_source} openapi_text)
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/embedded/openapi.cpp CONTENT
"#include \"server/openapi.hpp\"

namespace cds::server {

std::string_view const openapi_document = R\"openapi(@openapi_text@)openapi\";

}  // namespace cds::server
" @ONLY)
target_sources(cds_server PRIVATE ${CMAKE_BINARY_DIR}/embedded/openapi.cpp)
