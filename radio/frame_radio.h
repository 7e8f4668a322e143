// SPDX-License-Identifier: Apache-2.0
// The seam inside radio/: a modem that carries frames of at most so many bytes, half duplex and
// lossy. A driver is a state machine without I/O, clock or thread: bytes of its serial line and
// time in, actions out. Whoever owns it owns the line and is one thread (modem_line.h). trunk/
// knows modems by this header alone. What differs between modems is said in FrameLimits, never by
// the name of a modem.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"

namespace waypost {

struct FrameOut {
    std::uint32_t id = 0;  // chosen by the owner; no two in the driver's hands have the same
    std::string bytes;     // 1..FrameLimits::payload
    std::string to;        // as FrameIn::from; empty: all that hear
};

struct FrameIn {
    std::string bytes;            // any values; may be empty
    std::string from;             // "0013a20041b2c3d4"; empty where frames carry no sender
    std::optional<int> rssi_dbm;  // of this frame, where the modem says so
    std::optional<float> snr_db;  // likewise
};

enum class FrameFate {
    Sent,       // left the antenna, as far as the modem knows; who heard it is not known
    Acked,      // the other modem has it; its host may not
    NotAcked,   // was on air, and the other modem did not answer
    NoRoute,    // the modem knows no way to the other
    Busy,       // was not on air: the channel was in use
    NoAirtime,  // was not on air: the modem keeps to the law by itself
    NoRoom,     // was not on air: the modem had no buffer
    TooLong,    // was not on air: limits() changed
    Failed,     // the modem failed, was reset or did not answer: it may have been on air, or not
};
constexpr bool was_on_air(FrameFate fate) { return fate <= FrameFate::NotAcked; }
// To the law: what may have been on air was.
constexpr bool costs_airtime(FrameFate fate) {
    return was_on_air(fate) || fate == FrameFate::Failed;
}

struct FrameReport {
    std::uint32_t id = 0;
    FrameFate fate = FrameFate::Failed;
    int retries = 0;  // by the modem itself: so many times more was it on air
};

struct RadioActions {
    std::optional<int> baud;  // set the line to so many bit/s, then write
    std::string write;        // bytes for the line
    bool reopen = false;      // close the line and open it again after a pause
    bool changed = false;     // ready(), room(), limits() or why_down() did
    int broken = 0;           // frames heard that were damaged: a link that is nearly good
    std::vector<FrameIn> heard;
    std::vector<FrameReport> reports;  // exactly one for each frame sent, at the latest by closed()
};

struct FrameLimits {
    std::size_t payload = 0;               // most bytes of one frame; 0: not known yet
    std::chrono::milliseconds deaf{0};     // after each frame it hears, it hears nothing so long
    std::chrono::milliseconds latency{0};  // from the host to the antenna, and back, beside airtime
    bool acks = false;                     // tells Acked and NotAcked of frames to one modem
    bool addressed = false;                // can send to one modem, and says who sent
    bool keeps_law = false;                // says NoAirtime by itself
};

class FrameRadio {
  public:
    virtual ~FrameRadio() = default;

    virtual RadioActions opened(BoxTime now) = 0;  // the line is open, at a rate of the owner's
    virtual RadioActions received(std::string_view bytes, BoxTime now) = 0;
    virtual RadioActions closed(BoxTime now) = 0;  // the line is gone; opened() may come again
    // Only while room() > 0 and bytes and `to` are as limits() says; else its report is TooLong,
    // NoRoom or Failed at once.
    virtual RadioActions send(FrameOut frame, BoxTime now) = 0;
    virtual RadioActions tick(BoxTime now) = 0;
    virtual BoxTime next_tick() const = 0;

    virtual bool ready() const = 0;  // set up, and all it was told read back
    virtual int room() const = 0;    // frames that it takes now
    virtual FrameLimits limits() const = 0;
    // Of one frame of so many bytes sent once, with all that the modem adds to it on air.
    virtual std::chrono::microseconds airtime(std::size_t bytes) const = 0;
    virtual std::string why_down() const = 0;  // one sentence; empty if ready
    virtual std::map<std::string, std::string> details()
        const = 0;  // model, firmware, address, ...
};

}  // namespace waypost
