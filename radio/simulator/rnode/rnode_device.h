// SPDX-License-Identifier: Apache-2.0
// A simulated RNode as its host sees it (firmware 1.52 and later): echoes what it is told, joins
// and splits what one LoRa frame does not hold, waits until the channel is free and until its
// airtime limit lets it send. On air through FrameAir. One thread.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "gateway/base/random.h"
#include "radio/airtime/airtime.h"
#include "radio/airtime/record.h"
#include "radio/rnode/rnode_wire.h"
#include "radio/simulator/frame_air.h"

namespace waypost::simulator {

struct RnodeOptions {
    std::uint32_t firmware = 1 << 8 | 74;
    std::uint32_t most_power_dbm = 22;  // what is more it takes for this
    milliseconds thinking{5};           // before it says anything
    bool says_twice = false;            // each answer
    bool mute = false;                  // answers nothing
    bool says_ready = true;             // when it can take the next packet
    std::size_t queue = 1;              // packets that it holds; more: an error
    unsigned failing_percent = 0;       // packets that its radio does not send
};

class RnodeDevice {
  public:
    RnodeDevice(FrameAir& air, Random& random, RnodeOptions options = {});

    void from_host(std::string_view bytes, BoxTime now);
    std::string to_host(BoxTime now);  // what it has said until now
    void step(BoxTime now);            // does all that is due
    BoxTime next() const;              // when something is; BoxTime::max(): nothing
    void reset(BoxTime now);           // as by its watchdog: says so, and its settings are gone
    void say(rnode::Command command, std::string data, BoxTime now);  // unasked

    RnodeOptions& options() { return options_; }
    bool on() const { return on_; }
    std::uint32_t setting(rnode::Command command) const;

  private:
    void take(const kiss::Frame& frame, BoxTime now);
    void set(rnode::Command command, std::uint32_t value, int bytes, BoxTime now);
    void turn_on(BoxTime now);
    void queue(const std::string& packet, BoxTime now);
    void begin_sending(BoxTime now);
    void end_sending(BoxTime now);
    void hear(const AirFrame& frame);
    bool within_limit(BoxTime now, milliseconds airtime) const;
    LoraParams lora() const;

    FrameAir& air_;
    Random& random_;
    RnodeOptions options_;
    int station_;
    kiss::Parser parser_{1024};
    std::deque<std::pair<BoxTime, std::string>> out_;
    std::map<std::uint8_t, std::uint32_t> settings_;
    bool on_ = false;
    std::deque<std::string> queue_;
    std::deque<std::string> parts_;  // of the packet that is being sent
    bool on_air_ = false;
    BoxTime wait_until_ = BoxTime::max();  // its part has left, or the channel may be free
    AirtimeRecord record_;
    std::string first_part_;  // of a packet heard that has two
};

}  // namespace waypost::simulator
