// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/line.h"

namespace waypost {

std::string Line::fitting(const std::vector<std::string>& lines) const {
    std::string out;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string rest = say("more_lines", {{"count", std::to_string(lines.size() - i)}});
        const bool last = i + 1 == lines.size();
        const std::size_t room = kAnswerBytes - (last ? 0 : rest.size() + 1);
        if (out.size() + 1 + lines[i].size() > room) return out + (i == 0 ? "" : "\n") + rest;
        out += (i == 0 ? "" : "\n") + lines[i];
    }
    return out;
}

}  // namespace waypost
