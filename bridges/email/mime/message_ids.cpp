// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/message_ids.h"

#include <algorithm>

namespace waypost::email {
namespace {

constexpr std::size_t kIdBytes = 250;

}  // namespace

void add_message_ids(const std::string& value, bool newest_last, std::size_t most,
                     std::vector<std::string>& ids) {
    std::vector<std::string> found;
    for (std::size_t open = value.find('<'); open != std::string::npos;
         open = value.find('<', open + 1)) {
        const std::size_t close = value.find('>', open);
        if (close == std::string::npos) break;
        if (close - open < kIdBytes) found.push_back(value.substr(open, close - open + 1));
    }
    if (newest_last) std::reverse(found.begin(), found.end());
    for (std::string& id : found) {
        if (ids.size() >= most) return;
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
    }
}

}  // namespace waypost::email
