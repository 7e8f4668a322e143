// SPDX-License-Identifier: Apache-2.0
// Server-sent events (HTML standard, 9.2.6) of which the names alone count: what comes in pieces is
// kept up to one short line. Not thread-safe; no I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace waypost::activitypub::client {

class EventNames {
  public:
    static constexpr std::size_t kLongestLine = 200;  // bytes of it that are kept

    // Of the events that end in these bytes; "message" where one has no name.
    std::vector<std::string> take(std::string_view bytes);

  private:
    void end_line(std::vector<std::string>& names);

    std::string line_, name_;
    bool after_return_ = false;  // a line feed now belongs to the line before
    bool has_data_ = false;
};

}  // namespace waypost::activitypub::client
