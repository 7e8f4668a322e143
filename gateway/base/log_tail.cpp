// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/log_tail.h"

namespace waypost {
namespace {

constexpr std::string_view kEnd("\0", 1);

// A zero byte of a value from outside ends it: nothing it says is taken for a field.
std::string_view until_end(std::string_view text) { return text.substr(0, text.find('\0')); }

std::string take(std::string_view& rest) {
    const std::string part(until_end(rest));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    return part;
}

}  // namespace

void LogTail::note(std::int64_t at_ms, Level level, std::string_view component,
                   std::string_view event, std::initializer_list<LogField> fields) {
    recent_.note([&](Slot& slot) {
        slot.at_ms = at_ms;
        slot.level = level;
        slot.parts.clear();
        const auto add = [&](std::string_view part) {
            slot.parts.append(until_end(part));
            slot.parts.append(kEnd);
        };
        add(component);
        add(event);
        for (const auto& [key, value] : fields) {
            add(key);
            add(value);
        }
    });
}

std::vector<LogLine> LogTail::after(std::uint64_t after) const {
    return recent_.after(after, read);
}

LogLine LogTail::read(std::uint64_t number, const Slot& slot) {
    LogLine line;
    line.number = number;
    line.at_ms = slot.at_ms;
    line.level = slot.level;
    std::string_view rest = slot.parts.view();
    line.component = take(rest);
    line.event = take(rest);
    while (!rest.empty()) {
        std::string key = take(rest);
        line.fields.emplace_back(std::move(key), take(rest));
    }
    return line;
}

LogTail& log_tail() {
    static LogTail tail;
    return tail;
}

}  // namespace waypost
