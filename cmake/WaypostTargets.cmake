# SPDX-License-Identifier: Apache-2.0
# waypost_library(NAME SOURCES a.cpp ... LINK target ...): one static library per folder.
# waypost_test(NAME SOURCES a_test.cpp ... LINK target ... [LABEL unit]): one gtest program.
# waypost_fuzz(NAME SOURCE fuzz_x.cpp CORPUS dir LINK target ...): a libFuzzer program where
# WAYPOST_FUZZ is on, else a program that replays the corpus as an ordinary test.

add_library(waypost_warnings INTERFACE)
target_compile_options(waypost_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
    $<$<BOOL:${WAYPOST_WERROR}>:-Werror>
    $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)

add_library(waypost_hardening INTERFACE)
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
    target_compile_options(waypost_hardening INTERFACE
        -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong)
    target_link_options(waypost_hardening INTERFACE -Wl,-z,relro -Wl,-z,now -pie -Wl,--as-needed)
endif()

# Tests and what reads command lines: gtest and CLI11 take the compiler twice as long with -O2, and
# what has to be fast is in the libraries that they call.
set(WAYPOST_BUILT_O0 "$<$<CONFIG:RelWithDebInfo>:-O0>")
set(WAYPOST_BUILT_O1 "$<$<CONFIG:RelWithDebInfo>:-O1>")

function(waypost_library name)
    cmake_parse_arguments(A "" "" "SOURCES;LINK" ${ARGN})
    add_library(${name} STATIC ${A_SOURCES})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${A_LINK} PRIVATE waypost_warnings waypost_hardening)
endfunction()

function(waypost_program name)
    cmake_parse_arguments(A "" "" "SOURCES;LINK" ${ARGN})
    add_executable(${name} ${A_SOURCES})
    target_link_libraries(${name} PRIVATE ${A_LINK} waypost_warnings waypost_hardening)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

function(waypost_test name)
    cmake_parse_arguments(A "" "LABEL" "SOURCES;LINK" ${ARGN})
    if(NOT A_LABEL)
        set(A_LABEL unit)
    endif()
    find_package(GTest REQUIRED)
    add_executable(${name} ${A_SOURCES})
    target_link_libraries(${name} PRIVATE ${A_LINK} GTest::gmock GTest::gtest_main waypost_warnings)
    target_compile_options(${name} PRIVATE ${WAYPOST_BUILT_O0})
    waypost_precompiled_test(${name})
    target_compile_definitions(${name} PRIVATE
        WAYPOST_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data" WAYPOST_BIN="${PROJECT_BINARY_DIR}/bin")
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS ${A_LABEL} TIMEOUT 600)
endfunction()

function(waypost_fuzz name)
    cmake_parse_arguments(A "" "SOURCE;CORPUS" "LINK" ${ARGN})
    if(WAYPOST_FUZZ)
        add_executable(${name} ${A_SOURCE})
        target_link_options(${name} PRIVATE -fsanitize=fuzzer)
        target_link_libraries(${name} PRIVATE ${A_LINK})
    else()
        add_executable(${name} ${A_SOURCE} ${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.cpp)
        target_link_libraries(${name} PRIVATE ${A_LINK})
        add_test(NAME ${name} COMMAND ${name} ${A_CORPUS})
        set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 60)
    endif()
endfunction()
