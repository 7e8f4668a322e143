// SPDX-License-Identifier: Apache-2.0
// Microchip RN2483 and RN2903 (LoStik): "radio" commands with LoRaWAN paused (Command Reference
// User's Guide DS40001784 and DS40001811). The module listens for one packet at a time and is told
// again after each; a packet, and a command, is hex on a line of 57600 bit/s.
#pragma once

#include "radio/lora_modem/dialogue.h"
#include "radio/lora_modem/rn2483/line_codec.h"
#include "radio/modem_kind.h"

namespace waypost::rn2483 {

inline constexpr int kBaud = 57'600;

// Throws std::runtime_error with a sentence if `settings` ask for what neither module can do.
class Driver final : public FrameRadio {
  public:
    explicit Driver(const ModemSettings& settings);

    RadioActions opened(BoxTime now) override;
    RadioActions received(std::string_view bytes, BoxTime now) override;
    RadioActions closed(BoxTime now) override;
    RadioActions send(FrameOut frame, BoxTime now) override;
    RadioActions tick(BoxTime now) override;
    BoxTime next_tick() const override;

    bool ready() const override { return phase_ > Phase::Down; }
    int room() const override { return ready() && !out_ ? 1 : 0; }
    FrameLimits limits() const override;
    std::chrono::microseconds airtime(std::size_t bytes) const override;
    std::string why_down() const override;
    std::map<std::string, std::string> details() const override;

  private:
    // From Start on the module is set up. Start, Stop, Transmit: told so, not confirmed yet.
    enum class Phase {
        Closed,
        Identify,
        SetUp,
        Down,
        Start,
        Listen,
        Stop,
        Transmit,
        OnAir,
        Snr,
        Rssi
    };

    // set_up.cpp
    void identify(BoxTime now, RadioActions& actions);
    void set_up(std::string version, BoxTime now, RadioActions& actions);
    void set_up_line(const Line& line, BoxTime now, RadioActions& actions);
    void follow_dialogue(BoxTime now, RadioActions& actions);
    std::vector<lora_modem::Question> questions() const;
    std::string cannot_do() const;
    void go_down(std::string why, BoxTime now, RadioActions& actions);

    // driver_frames.cpp
    void line(const Line& line, BoxTime now, RadioActions& actions);
    void heard(std::string packet, BoxTime now, RadioActions& actions);
    void heard_broken(bool by_crc, BoxTime now, RadioActions& actions);
    void ok(BoxTime now, RadioActions& actions);
    void busy(BoxTime now, RadioActions& actions);
    void refused(BoxTime now, RadioActions& actions);
    void radio_err(BoxTime now, RadioActions& actions);
    void quality(const std::string& text, BoxTime now, RadioActions& actions);
    void idle(BoxTime now, RadioActions& actions);
    void command(Phase phase, const std::string& text, milliseconds wait, BoxTime now,
                 RadioActions& actions);
    void listen(BoxTime now, RadioActions& actions);
    void stop_listening(BoxTime now, RadioActions& actions);
    void overdue(BoxTime now, RadioActions& actions);
    void deliver(RadioActions& actions);
    void report(FrameFate fate, RadioActions& actions);
    void again_from_the_start(const std::string& why, BoxTime now, RadioActions& actions);

    ModemSettings settings_;
    bool ask_quality_;
    milliseconds watchdog_;
    Phase phase_ = Phase::Closed;
    LineReader reader_;
    lora_modem::Dialogue dialogue_;
    std::string version_;
    std::string why_;
    BoxTime due_{};
    BoxTime listening_since_{};
    int tries_ = 0;             // of what phase_ was told
    bool err_skipped_ = false;  // a stray radio_err before this command's answer
    bool was_busy_ = false;     // it said so last, and is told again at due_
    std::optional<FrameOut> out_;
    std::optional<FrameIn> in_;  // waits for its quality
    bool in_asked_ = false;
};

ModemKind kind();

}  // namespace waypost::rn2483
