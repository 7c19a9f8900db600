# SystemVerilog in tests and in the simulated card (drivers/offload/rtl). Verilator and yosys are
# optional: a test that needs one that is absent is reported as skipped, with the reason.
#
#   tradsys_verilate(NAME TOP module SOURCES files ... [PARAMETERS P=v ...] [DEFINES D ...]
#                    [DEPENDS targets ...] [PREFIX class] [OPTIONS options of verilator ...])

find_program(TRADSYS_VERILATOR verilator)
find_program(TRADSYS_YOSYS yosys)

# What every Verilated model links: the runtime of the installed Verilator, built once.
function(_tradsys_verilated_runtime)
  if(TARGET tradsys_verilated_runtime)
    return()
  endif()
  execute_process(COMMAND "${TRADSYS_VERILATOR}" --getenv VERILATOR_ROOT
    OUTPUT_VARIABLE root OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  add_library(tradsys_verilated_runtime STATIC EXCLUDE_FROM_ALL
    "${root}/include/verilated.cpp" "${root}/include/verilated_threads.cpp")
  target_include_directories(tradsys_verilated_runtime SYSTEM PUBLIC "${root}/include"
    "${root}/include/vltstd")
  target_compile_definitions(tradsys_verilated_runtime PUBLIC VL_TIME_CONTEXT)
  target_compile_options(tradsys_verilated_runtime PRIVATE -w)
  target_link_libraries(tradsys_verilated_runtime PUBLIC atomic)  # clang calls it
endfunction()

# NAME becomes a library with the C++ model V<TOP>, or PREFIX, of the module TOP; include it as
# "V<TOP>.h".
# Warnings of Verilator's lint fail the build.
function(tradsys_verilate name)
  cmake_parse_arguments(arg "" "TOP;PREFIX" "SOURCES;PARAMETERS;DEFINES;DEPENDS;OPTIONS" ${ARGN})
  list(TRANSFORM arg_PARAMETERS PREPEND -G)
  list(TRANSFORM arg_DEFINES PREPEND +define+)
  if(NOT arg_PREFIX)
    set(arg_PREFIX V${arg_TOP})
  endif()
  _tradsys_verilated_runtime()
  set(dir "${CMAKE_BINARY_DIR}/verilated/${name}")
  file(MAKE_DIRECTORY "${dir}")
  add_custom_command(OUTPUT "${dir}/${arg_PREFIX}__ALL.a"
    COMMAND "${CMAKE_COMMAND}" -E env "OBJCACHE=${TRADSYS_CCACHE}" MAKEFLAGS=-s
            "${TRADSYS_VERILATOR}" --cc --build -Wall --top-module ${arg_TOP} --prefix ${arg_PREFIX}
            --Mdir "${dir}" --x-assign unique --x-initial unique -CFLAGS -fPIC
            -CFLAGS -DVL_TIME_CONTEXT ${arg_OPTIONS} ${arg_PARAMETERS} ${arg_DEFINES}
            ${arg_SOURCES}
    DEPENDS ${arg_SOURCES} ${arg_DEPENDS}
    COMMENT "Verilator: ${arg_TOP}" VERBATIM)
  add_custom_target(${name}_files DEPENDS "${dir}/${arg_PREFIX}__ALL.a")
  add_library(${name} INTERFACE)
  add_dependencies(${name} ${name}_files)
  target_include_directories(${name} SYSTEM INTERFACE "${dir}")
  target_link_libraries(${name} INTERFACE "${dir}/${arg_PREFIX}__ALL.a" tradsys_verilated_runtime)
endfunction()

# Sets VARIABLE to what the risk gate is made of, in the order in which tools read it.
function(tradsys_risk_gate_sources variable)
  set(rtl "${CMAKE_SOURCE_DIR}/fpga/rtl")
  file(GLOB modules CONFIGURE_DEPENDS "${rtl}/risk/risk_*.sv")
  list(REMOVE_ITEM modules "${rtl}/risk/risk_types_pkg.sv")
  set(${variable} "${rtl}/lint.vlt" "${CMAKE_BINARY_DIR}/gen/sv/risk_pkg.sv"
    "${CMAKE_BINARY_DIR}/gen/sv/gate_pkg.sv" "${rtl}/risk/risk_types_pkg.sv" ${modules}
    PARENT_SCOPE)
endfunction()
