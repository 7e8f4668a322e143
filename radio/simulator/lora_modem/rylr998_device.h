// SPDX-License-Identifier: Apache-2.0
// A simulated Reyax RYLR998 (LoRa AT Command Guide). It answers +OK to AT+SEND when the frame has
// left the antenna, as firmware 1.2.3 was measured to do.
#pragma once

#include <map>

#include "gateway/base/random.h"
#include "radio/airtime/airtime.h"
#include "radio/simulator/frame_air.h"
#include "radio/simulator/lora_modem/modem_device.h"

namespace waypost::simulator {

struct Rylr998Options {
    std::string version = "RYLR998_REYAX_V1.2.3";
    bool binary_safe = true;    // else its data are a line, and end at the first CR, LF or 00
    bool early_ok = false;      // +OK as soon as it sends
    milliseconds thinking{10};  // before each answer
};

class Rylr998Device final : public ModemDevice {
  public:
    Rylr998Device(FrameAir& air, Random& random, Rylr998Options options = {});

    void step(BoxTime now) override;
    void reset(BoxTime now);  // as by a dip of its supply: settings stay, it says +READY
    const std::map<std::string, std::string>& settings() const { return settings_; }
    int writes() const { return writes_; }  // of settings

  private:
    bool take_command(BoxTime now);
    void command(const std::string& line, BoxTime now);
    void set(const std::string& name, const std::string& value, BoxTime now);
    bool allowed(const std::string& name, const std::string& value) const;
    void send(const std::string& rest, BoxTime now);
    void transmit(int to, const std::string& data, BoxTime now);
    void hear(const AirFrame& frame);
    void answer(const std::string& line, BoxTime now);
    void fail(int code, BoxTime now) { answer("+ERR=" + std::to_string(code), now); }
    void tune();
    LoraParams params() const;

    FrameAir& air_;
    Rylr998Options options_;
    int station_;
    std::map<std::string, std::string> settings_;
    std::string typed_;
    bool sending_ = false;
    BoxTime sent_at_{};
    int writes_ = 0;
};

}  // namespace waypost::simulator
