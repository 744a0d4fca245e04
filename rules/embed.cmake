# Builds the files below rules/knowledge into cds_rules: one .S file takes their bytes with .incbin,
# one .cpp file lists their names. rules/embedded_pack.cpp makes a pack of that list.

set(knowledge_root ${CMAKE_SOURCE_DIR}/rules/knowledge)
set(embedded_folder ${CMAKE_BINARY_DIR}/embedded)
file(GLOB_RECURSE knowledge_files CONFIGURE_DEPENDS RELATIVE ${knowledge_root} ${knowledge_root}/*)
list(FILTER knowledge_files EXCLUDE REGEX "(^|/)\\.")
if(NOT COUNTERSIGN_SNOMED)
  list(FILTER knowledge_files EXCLUDE REGEX "^valuesets/snomed/")
endif()
if(NOT COUNTERSIGN_ATC)
  list(FILTER knowledge_files EXCLUDE REGEX "^valuesets/atc/")
endif()
list(SORT knowledge_files)

set(assembly "    .section .rodata\n")
set(declarations "")
set(table "")
set(dependencies "")
set(number 0)
foreach(name IN LISTS knowledge_files)
  set(symbol "countersign_knowledge_${number}")
  string(APPEND assembly
    "    .global ${symbol}\n    .global ${symbol}_end\n${symbol}:\n"
    "    .incbin \"${knowledge_root}/${name}\"\n${symbol}_end:\n    .byte 0\n")
  string(APPEND declarations "extern char const ${symbol}[], ${symbol}_end[];\n")
  string(APPEND table "    {\"${name}\", ${symbol}, ${symbol}_end},\n")
  list(APPEND dependencies ${knowledge_root}/${name})
  math(EXPR number "${number} + 1")
endforeach()
string(APPEND assembly "    .section .note.GNU-stack,\"\",%progbits\n")

file(CONFIGURE OUTPUT ${embedded_folder}/knowledge.S CONTENT "${assembly}" @ONLY)
file(CONFIGURE OUTPUT ${embedded_folder}/knowledge_table.cpp CONTENT
"#include \"rules/embedded_files.hpp\"

extern \"C\" {
${declarations}}

namespace cds::rules {

EmbeddedFile const embedded_files[] = {
${table}};
std::size_t const embedded_file_count = ${number};

}  // namespace cds::rules
" @ONLY)

set_source_files_properties(${embedded_folder}/knowledge.S PROPERTIES OBJECT_DEPENDS "${dependencies}")
target_sources(cds_rules PRIVATE ${embedded_folder}/knowledge.S ${embedded_folder}/knowledge_table.cpp)
# Warnings are for C++: the assembler does not know them.
set_source_files_properties(${embedded_folder}/knowledge.S PROPERTIES COMPILE_OPTIONS "-w")
