// SPDX-License-Identifier: Apache-2.0
// What a packet of the trunk says in clear, and what keys open of it. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "radio/trunk/tools/probe_frame.h"
#include "radio/trunk/trunk_frame.h"

namespace waypost::trunk {

// "single 17", "hello of link 1", "ping 3": the type, and what it is counted by; "no packet of the
// trunk" for anything else. Anybody's bytes may look like a packet: only a key can prove one.
std::string packet_text(std::string_view packet);
std::string type_name(const Frame& frame);

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
