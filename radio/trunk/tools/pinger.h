// SPDX-License-Identifier: Apache-2.0
// One ping after another, and what came back: the side that asks, and the side that answers. No
// clock, no I/O; one thread.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "radio/trunk/tools/probe_frame.h"

namespace waypost::trunk {

struct PingSettings {
    milliseconds every{10'000};       // from one ping to the next, at least
    milliseconds answer_wait{3'000};  // from when it has left the antenna
    int count = 0;                    // 0: until it is stopped
    std::size_t bytes = kPingBytes;   // of a ping and of its answer
};

struct PingResult {
    enum class Kind { Answered, Lost, NotSent };
    int number = 0;  // from 1; its low 16 bits are on air
    Kind kind = Kind::Lost;
    milliseconds round_trip{0};        // Answered: from the modem's hands to the answer
    Signal here{}, there{};            // Answered: of the answer here, of the ping at the other end
    FrameFate fate = FrameFate::Sent;  // NotSent: why
};

class Pinger {
  public:
    Pinger(PingSettings settings, ProbeKey key, std::uint32_t run);

    // The ping that is due. It is in the caller's hands until began() says that it went to the
    // modem; the caller may also wait with it, as the law may want.
    std::optional<std::string> due(BoxTime now) const;
    void began(BoxTime now);
    std::optional<PingResult> fate(const FrameReport& report, BoxTime now);
    // An answer that was waited for.
    std::optional<PingResult> heard(const FrameIn& frame, BoxTime now);
    // One that nobody answered.
    std::optional<PingResult> tick(BoxTime now);

    BoxTime next_tick() const;
    bool done() const { return settings_.count > 0 && number_ >= settings_.count && !open_; }

  private:
    struct Open {
        BoxTime began;
        std::optional<BoxTime> until;  // once it left
    };
    PingResult close(PingResult::Kind kind);

    PingSettings settings_;
    ProbeKey key_;
    std::uint32_t run_;
    int number_ = 0;  // of the last that began
    BoxTime next_{};
    std::optional<Open> open_;
};

// Answers each ping once.
class Answerer {
  public:
    explicit Answerer(ProbeKey key) : key_(std::move(key)) {}

    struct Answer {
        Probe ping;
        std::string packet;
    };
    std::optional<Answer> heard(const FrameIn& frame);

  private:
    static constexpr std::size_t kMostRuns = 64;
    ProbeKey key_;
    std::map<std::uint32_t, std::uint16_t> last_;  // number, by run
};

}  // namespace waypost::trunk
