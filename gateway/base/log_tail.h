// SPDX-License-Identifier: Apache-2.0
// The last lines of the log, for whoever looks on: what log() wrote, no more. Long lines are cut.
// Thread-safe.
#pragma once

#include "gateway/base/log.h"
#include "gateway/base/recent.h"

namespace waypost {

struct LogLine {
    std::uint64_t number = 0;  // from 1, since the start of the program
    std::int64_t at_ms = 0;    // Unix time
    Level level = Level::Info;
    std::string component, event;
    std::vector<std::pair<std::string, std::string>> fields;
};

class LogTail {
  public:
    static constexpr std::size_t kMost = 200;
    static constexpr std::size_t kMostBytes = 480;  // of one line

    void note(std::int64_t at_ms, Level level, std::string_view component, std::string_view event,
              std::initializer_list<LogField> fields);
    // Those behind number `after`, oldest first.
    std::vector<LogLine> after(std::uint64_t after) const;

  private:
    struct Slot {
        std::int64_t at_ms = 0;
        Level level = Level::Info;
        ShortText<kMostBytes> parts;  // component, event, key, value, ...: a zero byte behind each
    };
    static LogLine read(std::uint64_t number, const Slot& slot);

    Recent<Slot, kMost> recent_;
};

// What log() wrote.
LogTail& log_tail();

}  // namespace waypost
