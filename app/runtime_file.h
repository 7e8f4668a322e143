// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <string>

namespace waypost {

// A file that lasts as long as the machine runs, where the service manager gives a folder for such
// (RuntimeDirectory= of systemd.exec(5)); else none.
inline std::string runtime_file(const char* name) {
    const char* folders = std::getenv("RUNTIME_DIRECTORY");  // NOLINT: nobody sets it meanwhile
    if (folders == nullptr || *folders == '\0') return {};
    const std::string all = folders;
    return all.substr(0, all.find(':')) + '/' + name;
}

}  // namespace waypost
