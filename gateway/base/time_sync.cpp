// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/time_sync.h"

#include <sys/stat.h>

namespace waypost {

bool synchronised_lately(const std::string& file, WallTime now) {
    constexpr std::chrono::hours kLasts{9};
    constexpr std::chrono::seconds kBetween{1};  // it is touched, and then `now` is read
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0) return false;
    const WallTime touched{std::chrono::seconds(info.st_mtim.tv_sec)};
    return touched <= now + kBetween && now - touched <= kLasts;
}

}  // namespace waypost
