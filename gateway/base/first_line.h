// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

namespace waypost {

// Of a small file, as of /sys; empty: it is, or cannot be read.
inline std::string first_line(const std::filesystem::path& file) {
    constexpr std::size_t kMost = 128;
    std::ifstream in(file);
    std::string line;
    char each = 0;
    while (line.size() < kMost && in.get(each) && each != '\n') line += each;
    return line;
}

}  // namespace waypost
