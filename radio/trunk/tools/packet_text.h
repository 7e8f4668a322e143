// SPDX-License-Identifier: Apache-2.0
// What a packet of the trunk says in clear, and what keys open of it. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "radio/trunk/frame_text.h"
#include "radio/trunk/tools/probe_frame.h"
#include "radio/trunk/trunk_frame.h"

namespace waypost::trunk {

// As frame_text() says it, and "ping 3", "answer to ping 3".
std::string packet_text(std::string_view packet);

// What a pair has: its key opens hellos and pings; with the salts of a session's two hellos (the
// asker's, the answerer's) also what was sent in the session.
class PacketReader {
  public:
    // kKey bytes; kSalt bytes each, or both empty.
    PacketReader(std::string_view psk, std::uint8_t link, std::string_view asker,
                 std::string_view answerer);

    struct Opened {
        bool answer = false;       // Hello: of the other's
        std::uint64_t number = 0;  // all of its bits, as far as it could be found
        std::string text;          // Hello: parse_hello() reads it, and so on
    };
    // nullopt: other keys, or another session.
    std::optional<Opened> open(const Frame& frame) const;
    const ProbeKey& probe_key() const { return probe_key_; }

  private:
    std::optional<Opened> open_hello(const Frame& frame) const;

    Secret psk_;
    ProbeKey probe_key_;
    std::string asker_, answerer_;
    FrameKey first_, second_;  // of what either side sent
};

}  // namespace waypost::trunk
