// SPDX-License-Identifier: Apache-2.0
// EByte E22 (SX1262, user manuals of E22-900T22 and E22-400T22): a pipe of bytes over the air, on
// which our frames have an end and a CRC of their own. It tells nothing of sending: a frame counts
// as sent when the time for it is over. It is set up in configuration mode, which is entered by a
// switch or button on the dongle, or by a command where it allows that.
#pragma once

#include "radio/lora_modem/e22/receiver.h"
#include "radio/lora_modem/e22/registers.h"

namespace waypost::e22 {

inline constexpr int kConfigurationBaud = 9'600;

class Driver final : public FrameRadio {
  public:
    explicit Driver(const ModemSettings& settings);

    RadioActions opened(BoxTime now) override;
    RadioActions received(std::string_view bytes, BoxTime now) override;
    RadioActions closed(BoxTime now) override;
    RadioActions send(FrameOut frame, BoxTime now) override;
    RadioActions tick(BoxTime now) override;
    BoxTime next_tick() const override;

    bool ready() const override { return phase_ == Phase::Ready; }
    int room() const override { return ready() && !in_hand_ ? 1 : 0; }
    FrameLimits limits() const override;
    // An estimate: EByte does not publish what its air rates are. By the operator's measurement, or
    // by the rate with a header; 10 % more in either case.
    std::chrono::microseconds airtime(std::size_t bytes) const override;
    std::string why_down() const override;
    std::map<std::string, std::string> details() const override;

  private:
    // Enter and Leave: told to change its mode. Write: its answer is what was written, Check: and
    // what is read. AwaitSwitch: until it answers no more as one in configuration mode does.
    enum class Phase { Closed, Ask, Enter, Write, Check, Leave, AwaitSwitch, Down, Ready };
    struct Measured {
        std::size_t bytes = 0;  // of a frame
        milliseconds time{0};
    };

    // set_up.cpp
    void tell(Phase phase, std::string bytes, BoxTime now, RadioActions& actions);
    void ask(Phase phase, BoxTime now, RadioActions& actions);
    void set_up_bytes(std::string_view bytes, BoxTime now, RadioActions& actions);
    void found(const Registers& registers, BoxTime now, RadioActions& actions);
    void unanswered(BoxTime now, RadioActions& actions);
    void go_ready(RadioActions& actions);
    void go_down(std::string why, BoxTime now, RadioActions& actions);

    // driver.cpp
    void heard(std::vector<FrameIn> frames, RadioActions& actions);
    void report(FrameFate fate, RadioActions& actions);
    std::vector<Measured> measurements(const ModemSettings& settings) const;
    BoxTime cut_at() const;  // when a frame that has begun is given up

    Wanted wanted_;
    bool configured_;  // by somebody else: it is taken as it is
    bool keep_;
    std::vector<Measured> measured_;  // two or none
    Phase phase_ = Phase::Closed;
    ConfigurationReader configuration_;
    Receiver receiver_;
    Registers registers_{};
    bool known_ = false;    // registers_ were read
    bool entered_ = false;  // configuration mode, by command
    int tries_ = 0;
    std::string why_;
    BoxTime due_{};
    BoxTime last_bytes_{};
    bool silence_told_ = true;
    std::optional<std::uint32_t> in_hand_;  // FrameOut::id
};

ModemKind kind();

}  // namespace waypost::e22
