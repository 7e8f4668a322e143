// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/line.h"

#include "gateway/custody/wording.h"

namespace waypost {

std::string Line::refusal(const Verdict& verdict) const {
    if (verdict.reason != Verdict::Reason::QuotaFull) return said_refusal(*words, verdict);
    const BoxSettings& settings = *box().settings;
    const int most =
        from_stranger() ? settings.stranger_mails_per_day : settings.person_mails_per_day;
    return say("quota", {{"most", std::to_string(most)}});
}

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
