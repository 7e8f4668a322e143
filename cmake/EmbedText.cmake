# SPDX-License-Identifier: Apache-2.0
# cmake -DIN=file -DOUT=file.h -DNAME=kName -P EmbedText.cmake: a text file as a C++ constant.
file(READ "${IN}" text)
file(WRITE "${OUT}" "// Generated from ${NAME}. Do not edit.\n#pragma once\n#include <string_view>\nnamespace waypost {\ninline constexpr std::string_view ${NAME} = R\"embed(${text})embed\";\n}  // namespace waypost\n")
