// SPDX-License-Identifier: Apache-2.0
// A simulated Microchip RN2483 or RN2903 (Command Reference User's Guide): text lines, packets as
// hex, one packet for each `radio rx`, deaf from then until it is told to listen again.
#pragma once

#include <map>

#include "gateway/base/random.h"
#include "radio/airtime/airtime.h"
#include "radio/simulator/frame_air.h"
#include "radio/simulator/lora_modem/modem_device.h"

namespace waypost::simulator {

struct Rn2483Options {
    std::string version = "RN2483 1.0.5 Oct 31 2018 15:06:52";
    unsigned stray_percent = 0;  // `ok`s with a radio_err before them
    unsigned busy_percent = 0;   // `radio tx` that are refused so
    bool has_rxstop = true;      // firmware before 1.0.5 has not
    milliseconds thinking{3};    // before each answer
};

class Rn2483Device final : public ModemDevice {
  public:
    Rn2483Device(FrameAir& air, Random& random, Rn2483Options options = {});

    void step(BoxTime now) override;
    void reset(BoxTime now);  // as by a dip of its supply: settings are gone, it says its version
    const std::map<std::string, std::string>& settings() const { return settings_; }
    bool paused() const { return paused_; }
    std::uint64_t missed() const { return missed_; }  // packets on air while it did not listen

  private:
    enum class State { Idle, Listening, Sending };

    // rn2483_commands.cpp
    void command(const std::string& line, BoxTime now);
    void mac(const std::string& rest, BoxTime now);
    void radio_set(const std::string& rest, BoxTime now);
    void radio_get(const std::string& name, BoxTime now);
    void radio_rx(const std::string& symbols, BoxTime now);
    void radio_tx(const std::string& hex, BoxTime now);
    void defaults();
    bool us() const { return options_.version.rfind("RN2903", 0) == 0; }

    void answer(const std::string& line, BoxTime now);
    void hear(const AirFrame& frame);
    void watchdog(BoxTime now);
    void tune();
    LoraParams params() const;

    FrameAir& air_;
    Random& random_;
    Rn2483Options options_;
    int station_;
    std::map<std::string, std::string> settings_;
    std::string line_;
    State state_ = State::Idle;
    bool paused_ = false;
    BoxTime since_{};    // Listening
    BoxTime sent_at_{};  // Sending: when it is over
    BoxTime began_{};    // Sending
    int snr_ = -128;
    int rssi_ = -128;
    std::uint64_t missed_ = 0;
};

}  // namespace waypost::simulator
