// SPDX-License-Identifier: Apache-2.0
// A simulated EByte E22 (user manual of E22-900T22): registers in configuration mode, else a pipe.
// What the host writes goes on air when the line falls silent or a sub-packet is full; what comes
// goes to the host as it is, with one byte of RSSI where REG3 says so. Damaged packets are dropped.
#pragma once

#include <array>

#include "gateway/base/random.h"
#include "radio/simulator/frame_air.h"
#include "radio/simulator/lora_modem/modem_device.h"

namespace waypost::simulator {

struct E22Options {
    bool configuration = true;     // how its switch stands
    bool software_switch = false;  // modes can be changed by command where REG1 bit 2 is set
    unsigned stutter_percent = 0;  // writes that the line tears in two
    bool deaf_registers = false;   // it says FF FF FF to all
};

class E22Device final : public ModemDevice {
  public:
    E22Device(FrameAir& air, Random& random, E22Options options = {});

    void step(BoxTime now) override;
    void set_switch(bool configuration);  // by hand
    void power_off();                     // what was not kept is gone
    const std::array<std::uint8_t, 9>& registers() const { return registers_; }
    bool configuring() const { return configuring_; }
    microseconds airtime(std::size_t bytes) const;
    std::uint64_t packets() const { return packets_; }  // that it sent

  private:
    void configure(BoxTime now);
    bool take_command(BoxTime now);
    void write(const std::string& command);
    bool switch_command(BoxTime now);
    void pipe(const std::string& bytes, BoxTime now);
    void transmit(BoxTime now);
    void hear(const AirFrame& frame);
    void apply();
    std::size_t sub_packet() const;

    FrameAir& air_;
    Random& random_;
    E22Options options_;
    int station_;
    std::array<std::uint8_t, 9> registers_{0, 0, 0, 0x62, 0, 0x17, 0x03, 0, 0};
    std::array<std::uint8_t, 9> kept_ = registers_;
    bool configuring_;
    std::string typed_;    // configuration
    std::string waiting_;  // to go on air
    BoxTime last_byte_{};
    BoxTime sent_at_{};
    std::size_t tear_at_ = 0;  // of waiting_; 0: nowhere
    std::uint64_t packets_ = 0;
};

}  // namespace waypost::simulator
