// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/client/event_names.h"

#include <algorithm>

namespace waypost::activitypub::client {

std::vector<std::string> EventNames::take(std::string_view bytes) {
    std::vector<std::string> names;
    for (const char c : bytes) {
        const bool of_last = after_return_ && c == '\n';
        after_return_ = c == '\r';
        if (of_last) continue;
        if (c == '\n' || c == '\r')
            end_line(names);
        else if (line_.size() < kLongestLine)
            line_ += c;
    }
    return names;
}

// A line without anything ends an event, which counts if it has data; ":" begins a comment.
void EventNames::end_line(std::vector<std::string>& names) {
    if (line_.empty()) {
        if (has_data_) names.push_back(name_.empty() ? "message" : name_);
        name_.clear();
        has_data_ = false;
        return;
    }
    const std::size_t colon = std::min(line_.find(':'), line_.size());
    const std::string_view field = std::string_view(line_).substr(0, colon);
    if (field == "data") has_data_ = true;
    if (field == "event") {
        std::string value = line_.substr(std::min(colon + 1, line_.size()));
        if (!value.empty() && value.front() == ' ') value.erase(0, 1);
        name_ = std::move(value);
    }
    line_.clear();
}

}  // namespace waypost::activitypub::client
