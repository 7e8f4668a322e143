# SPDX-License-Identifier: Apache-2.0
# waypost_precompiled_test(NAME): the test program NAME reads gtest and the standard library
# precompiled, once for all tests. A missing #include may hide behind it: all presets but `release`
# build without.
# Libraries do without: precompiled, g++ 12 at -O2 warns about the standard library's own code.
option(WAYPOST_PRECOMPILED "Precompile what tests read of gtest and the standard library" OFF)

function(waypost_precompiled_test name)
    if(WAYPOST_PRECOMPILED)
        target_precompile_headers(${name} REUSE_FROM waypost_precompiled)
        # g++ takes it only where the options and what the headers heed of definitions are the same.
        target_compile_definitions(${name} PRIVATE
            $<TARGET_PROPERTY:Poco::Foundation,INTERFACE_COMPILE_DEFINITIONS>)
    endif()
endfunction()

if(WAYPOST_PRECOMPILED)
    find_package(GTest REQUIRED)
    set(from ${PROJECT_SOURCE_DIR}/cmake/precompiled)
    add_library(waypost_precompiled OBJECT EXCLUDE_FROM_ALL ${from}/test.cpp)
    target_link_libraries(waypost_precompiled PRIVATE Poco::Foundation GTest::gmock waypost_warnings)
    target_precompile_headers(waypost_precompiled PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${from}/test.h>)
    # As a program is compiled, not a library.
    set_target_properties(waypost_precompiled PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(waypost_precompiled PRIVATE -fPIE ${WAYPOST_BUILT_O0})
endif()
