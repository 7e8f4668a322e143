// SPDX-License-Identifier: Apache-2.0
// What a person finds who looks at the stick on a computer: in eight languages what the folder is,
// and what to do with it. It names nobody and no place.
#pragma once

#include <filesystem>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost::nncp {

inline constexpr const char* kReadme = "README.txt";

std::string_view readme_text();  // UTF-8, lines end as on every system (CR LF)
// Writes it where it is missing or is another one. Needs a few KiB.
Result<void> write_readme(const std::filesystem::path& folder);

}  // namespace waypost::nncp
