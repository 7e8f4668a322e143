// SPDX-License-Identifier: Apache-2.0
#include "tests/trunk/auditor.h"

#include <algorithm>

namespace waypost::trunk {

void Auditor::hear(const std::string& packet) {
    const auto frame = parse_frame(packet);
    if (!frame.ok()) return;
    if (frame->type == FrameType::Hello) {
        const std::pair<std::string, bool> salt{std::string(frame->salt), frame->second};
        if (std::find(salts_.begin(), salts_.end(), salt) != salts_.end()) return;
        // Whoever asked: both orders are sessions that may be.
        for (const auto& [other, second] : salts_) {
            if (second == salt.second) continue;
            sessions_.push_back(session_keys(psk_, link_, other, salt.first, false));
            sessions_.push_back(session_keys(psk_, link_, salt.first, other, false));
        }
        salts_.push_back(salt);
        return;
    }
    if (frame->type == FrameType::Poll || frame->type == FrameType::Hold) return;  // seal no text
    for (std::size_t i = sessions_.size(); i-- > 0;)
        if (open(*frame, i)) return;
}

bool Auditor::open(const Frame& frame, std::size_t session) {
    const Nonce nonce{use_of(frame), frame.number, frame.index, frame.fragments};
    const SessionKeys& keys = sessions_[session];
    if (!(frame.second ? keys.theirs : keys.ours).open(nonce, frame.head, frame.body, frame.tag))
        return false;
    ++opened_;
    std::string name = std::to_string(session) + (frame.second ? "s" : "f");
    for (const unsigned part : {static_cast<unsigned>(nonce.use), unsigned{frame.number},
                                unsigned{frame.index}, unsigned{frame.fragments}})
        name += "/" + std::to_string(part);
    const auto [before, added] = sealed_.emplace(name, frame.body);
    if (!added && before->second != frame.body) ++reused_;
    return true;
}

}  // namespace waypost::trunk
