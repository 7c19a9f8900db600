# The build verbs of the project. A folder's CMakeLists.txt uses only these.
#
#   tradsys_library(NAME LAYER n [HOT] [SOURCES ...] [DEPS ...] [PRIVATE_DEPS ...])
#   tradsys_app(NAME TARGET_NAME exe SOURCES ... DEPS ...)
#   tradsys_test(NAME LABEL label SOURCES ... DEPS ... [ARGS ...] [TIMEOUT s])
#   tradsys_command_test(NAME LABEL label COMMAND ... [TIMEOUT s])
#   tradsys_skipped_test(NAME LABEL label REASON text)
#   tradsys_fuzz(NAME SOURCES ... DEPS ... [CORPUS dir])
#   tradsys_generate(NAME SPECS ... [DECODE specs ...] [LAYER n] [DEPS ...])
#
# LAYER follows docs/adr/0001: a target links only targets of strictly lower layers.

option(TRADSYS_TESTS "Build the tests" ON)
option(TRADSYS_FUZZ "Build the libFuzzer targets (clang only)" OFF)
option(TRADSYS_COVERAGE "Instrument for coverage" OFF)
set(TRADSYS_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=")
set(TRADSYS_MARCH "x86-64-v3" CACHE STRING
  "Instruction set: explicit in release, native only for bench")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

find_program(TRADSYS_CCACHE ccache)
if(TRADSYS_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER "${TRADSYS_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${TRADSYS_CCACHE}")
endif()

# Flags of every target of ours; third-party headers come in as SYSTEM.
add_library(tradsys_options INTERFACE)
target_compile_options(tradsys_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Werror
  -fno-strict-overflow -march=${TRADSYS_MARCH})
target_include_directories(tradsys_options INTERFACE "${CMAKE_SOURCE_DIR}"
  "${CMAKE_BINARY_DIR}/gen")
if(TRADSYS_SANITIZE)
  target_compile_options(tradsys_options INTERFACE
    -fsanitize=${TRADSYS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Instrumented std::variant looks uninitialized to GCC 12, and it warns of every fence under
    # tsan; the seqlock's words are atomics, so no race hides behind its fences.
    target_compile_options(tradsys_options INTERFACE -Wno-maybe-uninitialized)
    if(TRADSYS_SANITIZE MATCHES "thread")
      target_compile_options(tradsys_options INTERFACE -Wno-tsan)
    endif()
  endif()
  target_link_options(tradsys_options INTERFACE -fsanitize=${TRADSYS_SANITIZE})
endif()
if(TRADSYS_FUZZ)  # the code under test guides the fuzzer, not only the target
  target_compile_options(tradsys_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(TRADSYS_COVERAGE)
  target_compile_options(tradsys_options INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(tradsys_options INTERFACE --coverage)
endif()

# Hot libraries can neither throw nor use run-time type information.
add_library(tradsys_hot INTERFACE)
target_compile_options(tradsys_hot INTERFACE -fno-exceptions -fno-rtti)

# Notes what a target links; checked when every target is known, since an edge upwards names one
# that comes later.
function(_tradsys_note_edges name)
  foreach(dep IN LISTS ARGN)
    set_property(GLOBAL APPEND PROPERTY TRADSYS_EDGES "${name}>${dep}")
  endforeach()
endfunction()

# Fails the configure run when a target links one of its own layer or a higher one.
function(_tradsys_check_layers)
  get_property(edges GLOBAL PROPERTY TRADSYS_EDGES)
  foreach(edge IN LISTS edges)
    string(REPLACE ">" ";" ends "${edge}")
    list(GET ends 0 name)
    list(GET ends 1 dep)
    if(TARGET ${dep})
      _tradsys_check_edge(${name} ${dep})
    endif()
  endforeach()
endfunction()

function(_tradsys_check_edge name dep)
  get_target_property(layer ${name} TRADSYS_LAYER)
  get_target_property(dep_layer ${dep} TRADSYS_LAYER)
  if(dep_layer STREQUAL "dep_layer-NOTFOUND" OR dep_layer LESS layer)
    return()
  endif()
  # Generated codecs stand in layer 1 beside hostsw/core, which they use.
  get_target_property(generated ${name} TRADSYS_GENERATED)
  if(generated AND dep_layer EQUAL layer)
    return()
  endif()
  if(NOT (layer GREATER_EQUAL 3 AND dep_layer EQUAL layer))
    message(FATAL_ERROR
      "layer violation: ${name} (layer ${layer}) may not use ${dep} (layer ${dep_layer})")
  endif()
  # Within layers 3 and up, folders of one top-level folder may use each other.
  get_target_property(dep_top ${dep} TRADSYS_TOP)
  get_target_property(own_top ${name} TRADSYS_TOP)
  if(NOT dep_top STREQUAL own_top)
    message(FATAL_ERROR
      "layer violation: ${name} of ${own_top}/ may not use its sibling ${dep} of ${dep_top}/")
  endif()
endfunction()
cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL _tradsys_check_layers)

function(_tradsys_mark target layer)
  file(RELATIVE_PATH rel "${CMAKE_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
  string(REGEX REPLACE "/.*" "" top "${rel}")
  set_target_properties(${target} PROPERTIES TRADSYS_LAYER ${layer} TRADSYS_TOP "${top}")
endfunction()

function(tradsys_library name)
  cmake_parse_arguments(arg "HOT" "LAYER" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  if(arg_SOURCES)
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC ${arg_DEPS} tradsys_options PRIVATE ${arg_PRIVATE_DEPS})
    if(arg_HOT)
      target_link_libraries(${name} PRIVATE tradsys_hot)
      set_property(GLOBAL APPEND PROPERTY TRADSYS_HOT_LIBRARIES ${name})
    endif()
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${arg_DEPS} tradsys_options)
  endif()
  _tradsys_mark(${name} ${arg_LAYER})
  _tradsys_note_edges(${name} ${arg_DEPS} ${arg_PRIVATE_DEPS})
endfunction()

function(tradsys_app name)
  cmake_parse_arguments(arg "" "LAYER;TARGET_NAME" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} tradsys_options)
  if(arg_TARGET_NAME)
    set_target_properties(${name} PROPERTIES OUTPUT_NAME ${arg_TARGET_NAME})
  endif()
  _tradsys_mark(${name} ${arg_LAYER})
  _tradsys_note_edges(${name} ${arg_DEPS})
endfunction()

# A GoogleTest program. LABEL is the folder under tests/ (unit, property, conformance, ...).
function(tradsys_test name)
  cmake_parse_arguments(arg "NO_MAIN" "LABEL;TIMEOUT" "SOURCES;DEPS;ARGS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} tradsys_options GTest::gtest GTest::gmock)
  if(NOT arg_NO_MAIN)
    target_link_libraries(${name} PRIVATE GTest::gtest_main)
  endif()
  if(NOT TRADSYS_SANITIZE AND NOT TRADSYS_COVERAGE)
    target_precompile_headers(${name} PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND ${name} ${arg_ARGS} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT ${arg_TIMEOUT}
    ENVIRONMENT "TRADSYS_BIN=${CMAKE_BINARY_DIR}/bin")
endfunction()

# A test that is a command; it runs in the source directory and fails by its exit code.
function(tradsys_command_test name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "COMMAND" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND ${arg_COMMAND} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT ${arg_TIMEOUT})
endfunction()

# A test this machine cannot run: it shows as skipped, never as passed, and says why.
function(tradsys_skipped_test name)
  cmake_parse_arguments(arg "" "LABEL;REASON" "" ${ARGN})
  add_test(NAME ${name} COMMAND "${CMAKE_COMMAND}" -E echo "SKIPPED: ${arg_REASON}")
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}" SKIP_REGULAR_EXPRESSION "^SKIPPED")
  message(STATUS "test ${name} will be skipped: ${arg_REASON}")
endfunction()

# A libFuzzer target; `./test` runs each for a few seconds over its corpus (tests/fuzz/corpus/NAME).
function(tradsys_fuzz name)
  cmake_parse_arguments(arg "" "SECONDS" "SOURCES;DEPS" ${ARGN})
  if(NOT TRADSYS_FUZZ)
    return()
  endif()
  if(NOT arg_SECONDS)
    set(arg_SECONDS 5)
  endif()
  add_executable(${name} ${arg_SOURCES})
  if(NOT TARGET fuzz_targets)
    add_custom_target(fuzz_targets)  # `./test` builds these alone, not every test a second time
  endif()
  add_dependencies(fuzz_targets ${name})
  target_compile_options(${name} PRIVATE -fsanitize=fuzzer)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${name} PRIVATE ${arg_DEPS} tradsys_options)
  set(corpus "${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name}")
  file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/fuzz/${name}")
  add_test(NAME ${name} COMMAND ${name} -max_total_time=${arg_SECONDS} -max_len=4096 -timeout=5
    -rss_limit_mb=2048 -print_final_stats=1 "${CMAKE_BINARY_DIR}/fuzz/${name}" "${corpus}")
  set_tests_properties(${name} PROPERTIES LABELS fuzz TIMEOUT 120)
endfunction()

# Generates from fpga/spec: C++ gen/tradsys/X_spec.hpp, SystemVerilog gen/sv/X_pkg.sv, Markdown
# gen/docs/X.md; for the specs in DECODE also the module gen/sv/X_decode.sv. NAME is the INTERFACE
# library of the headers. Records and registers stand at layer 0, on nothing; message codecs use
# hostsw/core and say LAYER 1 DEPS hostsw_core.
function(tradsys_generate name)
  cmake_parse_arguments(arg "" "LAYER" "SPECS;DECODE;DEPS" ${ARGN})
  if(NOT arg_LAYER)
    set(arg_LAYER 0)
  endif()
  set(outputs)
  foreach(spec IN LISTS arg_SPECS)
    get_filename_component(stem "${spec}" NAME_WE)
    list(APPEND outputs "${CMAKE_BINARY_DIR}/gen/tradsys/${stem}_spec.hpp"
      "${CMAKE_BINARY_DIR}/gen/sv/${stem}_pkg.sv" "${CMAKE_BINARY_DIR}/gen/docs/${stem}.md")
    if(spec IN_LIST arg_DECODE)
      list(APPEND outputs "${CMAKE_BINARY_DIR}/gen/sv/${stem}_decode.sv")
    endif()
  endforeach()
  set(sources ${arg_SPECS})
  list(TRANSFORM sources PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
  file(GLOB generator CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/fpga/gen/*.py")
  add_custom_command(OUTPUT ${outputs}
    COMMAND "${Python3_EXECUTABLE}" -B "${CMAKE_SOURCE_DIR}/fpga/gen/specgen.py"
            --out "${CMAKE_BINARY_DIR}/gen" ${sources}
    DEPENDS ${sources} ${generator}
    COMMENT "spec -> C++, SystemVerilog, Markdown" VERBATIM)
  add_custom_target(${name}_files DEPENDS ${outputs})
  add_library(${name} INTERFACE)
  add_dependencies(${name} ${name}_files)
  target_include_directories(${name} INTERFACE "${CMAKE_BINARY_DIR}/gen")
  target_link_libraries(${name} INTERFACE ${arg_DEPS})
  _tradsys_mark(${name} ${arg_LAYER})
  set_target_properties(${name} PROPERTIES TRADSYS_GENERATED TRUE)
  _tradsys_note_edges(${name} ${arg_DEPS})
endfunction()

# tradsys_fix_dictionaries(NAME LAYER n DEPS ... FILES ... RECORDS versions ...): headers
# <tradsys/fix_dictionaries.hpp> and <tradsys/fix_records.hpp> from the FIX dictionaries of
# hostsw/wire/fix/dictionary, and gen/tradsys/VERSION_records.cpp for each version of RECORDS.
function(tradsys_fix_dictionaries name)
  cmake_parse_arguments(arg "" "LAYER" "FILES;RECORDS;DEPS" ${ARGN})
  set(folder "${CMAKE_SOURCE_DIR}/hostsw/wire/fix/dictionary")
  set(sources ${arg_FILES})
  list(TRANSFORM sources PREPEND "${folder}/")
  set(gen "${CMAKE_BINARY_DIR}/gen")
  set(records ${arg_RECORDS})
  list(TRANSFORM records REPLACE "(.+)" "${gen}/tradsys/\\1_records.cpp")
  add_custom_command(OUTPUT "${gen}/tradsys/fix_dictionaries.hpp"
    COMMAND "${Python3_EXECUTABLE}" -B "${folder}/fixgen.py" --out "${gen}" ${sources}
    DEPENDS ${sources} "${folder}/fixgen.py"
    COMMENT "FIX dictionaries -> C++" VERBATIM)
  set(records "${gen}/tradsys/fix_records.hpp" "${gen}/tradsys/fix_record_fields.hpp" ${records})
  add_custom_command(OUTPUT ${records}
    COMMAND "${Python3_EXECUTABLE}" -B "${folder}/recordgen.py" --out "${gen}"
            "${folder}/records.toml"
    DEPENDS ${sources} "${folder}/records.toml" "${folder}/fixgen.py" "${folder}/recordgen.py"
    COMMENT "FIX records -> C++" VERBATIM)
  add_custom_target(${name}_files
    DEPENDS "${gen}/tradsys/fix_dictionaries.hpp" ${records})
  add_library(${name} INTERFACE)
  add_dependencies(${name} ${name}_files)
  target_include_directories(${name} INTERFACE "${gen}")
  target_link_libraries(${name} INTERFACE ${arg_DEPS})
  _tradsys_mark(${name} ${arg_LAYER})
  set_target_properties(${name} PROPERTIES TRADSYS_GENERATED TRUE)
  _tradsys_note_edges(${name} ${arg_DEPS})
endfunction()
