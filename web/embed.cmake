# Bundles web/src with esbuild and builds the result into cds_web. `npm ci` takes exactly what
# web/package-lock.json names; it runs in the build folder and writes nowhere else.
#
# COUNTERSIGN_WEB: AUTO (default) goes on without the workbench when npm is missing or its registry
# cannot be reached, and says so here and at `/`; ON makes that an error; OFF leaves it out.

set(COUNTERSIGN_WEB AUTO CACHE STRING "Build the workbench in: AUTO, ON or OFF")
set(web_folder ${CMAKE_BINARY_DIR}/web)
set(web_modules ${web_folder}/node_modules)
find_program(NPM npm)
find_program(NODE NAMES node nodejs)

# Installs what the lock file names, once for each lock file. Sets `web_ready`.
function(countersign_web_install)
  set(web_ready FALSE PARENT_SCOPE)
  set(stamp ${web_folder}/installed.txt)
  file(SHA256 ${CMAKE_SOURCE_DIR}/web/package-lock.json wanted)
  if(EXISTS ${stamp})
    file(READ ${stamp} installed)
  endif()
  if(NOT "${installed}" STREQUAL "${wanted}")
    message(STATUS "Fetching the packages of the workbench (npm ci)")
    configure_file(${CMAKE_SOURCE_DIR}/web/package.json ${web_folder}/package.json COPYONLY)
    configure_file(${CMAKE_SOURCE_DIR}/web/package-lock.json ${web_folder}/package-lock.json COPYONLY)
    execute_process(
      COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error
              --fetch-retries=1 --fetch-timeout=60000 --cache ${web_folder}/npm-cache
      WORKING_DIRECTORY ${web_folder} RESULT_VARIABLE failed OUTPUT_VARIABLE words ERROR_VARIABLE words)
    if(failed)
      message(WARNING "npm ci failed:\n${words}")
      return()
    endif()
    file(WRITE ${stamp} ${wanted})
  endif()
  set(web_ready TRUE PARENT_SCOPE)
endfunction()

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/package-lock.json)
set(web_ready FALSE)
if(COUNTERSIGN_WEB AND NPM AND NODE)
  countersign_web_install()
endif()

if(web_ready)
  file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/src/*)
  file(GLOB web_cases CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/test-fixtures/acceptance/*.json)
  set(web_embedded ${web_folder}/embedded.S ${web_folder}/embedded_assets.cpp)
  set(web_withheld "")
  if(NOT COUNTERSIGN_SNOMED)
    list(APPEND web_withheld http://snomed.info/sct)
  endif()
  if(NOT COUNTERSIGN_ATC)
    list(APPEND web_withheld http://www.whocc.no/atc)
  endif()
  add_custom_command(OUTPUT ${web_embedded}
    COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/web/build.mjs ${CMAKE_SOURCE_DIR} ${web_folder} ${web_withheld}
    DEPENDS ${web_sources} ${web_cases} ${web_folder}/installed.txt
            ${CMAKE_SOURCE_DIR}/web/build.mjs ${CMAKE_SOURCE_DIR}/web/stories.json
    COMMENT "Bundling the workbench" VERBATIM)
  set_source_files_properties(${web_folder}/embedded.S PROPERTIES COMPILE_OPTIONS "-w")
else()
  if(COUNTERSIGN_WEB STREQUAL ON)
    message(FATAL_ERROR "COUNTERSIGN_WEB is ON, but npm or the packages of the workbench cannot be had.")
  elseif(COUNTERSIGN_WEB)
    message(WARNING "The workbench is left out: npm or its packages cannot be had. All else is built.")
  endif()
  set(web_embedded ${web_folder}/no_assets.cpp)
  file(CONFIGURE OUTPUT ${web_embedded} CONTENT
"#include \"web/embedded_assets.hpp\"

namespace cds::web {

Asset const* const embedded_assets = nullptr;
std::size_t const embedded_asset_count = 0;

}  // namespace cds::web
" @ONLY)
endif()
target_sources(cds_web PRIVATE ${web_embedded})
