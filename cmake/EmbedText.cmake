# SPDX-License-Identifier: Apache-2.0
# cmake -DFOLDER=dir -DFILES=a.toml,b.toml -DOUT=file.h -DNAME=kName -P EmbedText.cmake: text files
# as one C++ constant, an array of {name without its ending, text}.
string(REPLACE "," ";" FILES "${FILES}")
set(rows "")
foreach(file IN LISTS FILES)
    get_filename_component(name "${file}" NAME_WE)
    file(READ "${FOLDER}/${file}" text)
    string(APPEND rows "    {\"${name}\", R\"embed(${text})embed\"},\n")
endforeach()
file(WRITE "${OUT}" "// Generated from ${FILES}. Do not edit.\n#pragma once\n#include <string_view>\n#include <utility>\nnamespace waypost {\ninline constexpr std::pair<std::string_view, std::string_view> ${NAME}[] = {\n${rows}};\n}  // namespace waypost\n")
