// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/node/nice.h"

#include <array>
#include <charconv>

namespace waypost::nncp {
namespace {

struct Named {
    std::string_view letter, name;
    int nice;
};
constexpr std::array kNames{Named{"F", "FLASH", 32}, Named{"P", "PRIORITY", 96},
                            Named{"N", "NORMAL", 160}, Named{"B", "BULK", 224}};
constexpr int kMost = 255;

bool number(std::string_view text, int& into) {
    const auto end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, into);
    return read.ec == std::errc() && read.ptr == end && text[0] != '-';
}

// Of a name with or without a step; 0: it is none.
int named(std::string_view text) {
    for (const Named& each : kNames) {
        for (const std::string_view name : {each.name, each.letter}) {
            if (!text.starts_with(name)) continue;
            const std::string_view step = text.substr(name.size());
            if (step.empty()) return each.nice;
            int by = 0;
            if ((step[0] != '+' && step[0] != '-') || step.size() < 2 ||
                !number(step.substr(1), by))
                continue;
            if (by > kMost) return 0;
            return step[0] == '+' ? each.nice + by : each.nice - by;
        }
    }
    return 0;
}

}  // namespace

Result<Nice> parse_nice(std::string_view text) {
    int nice = 0;
    if (text == "MAX" || text == "M")
        nice = kMost;
    else if (text.empty() || !number(text, nice))
        nice = named(text);
    if (nice < 1 || nice > kMost)
        return bad_input("'" + std::string(text) +
                         "' is no niceness: write 1 to 255, FLASH, PRIORITY, NORMAL, BULK or MAX, "
                         "or BULK+10");
    return static_cast<Nice>(nice);
}

std::string to_text(Nice nice) {
    if (nice == kMost) return "MAX";
    for (const Named& each : kNames) {
        const int by = nice - each.nice;
        if (by < -31 || by > 32) continue;
        if (by == 0) return std::string(each.letter);
        return std::string(each.letter) + (by > 0 ? "+" : "") + std::to_string(by);
    }
    return std::to_string(nice);
}

}  // namespace waypost::nncp
