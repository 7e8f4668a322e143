// SPDX-License-Identifier: Apache-2.0
// Reyax RYLR998 and RYLR498 (LoRa AT Command Guide, 2021 and 2023): one frame in hand, addressed,
// and always listening otherwise. The module adds 8 bytes of its own on air.
#pragma once

#include "radio/lora_modem/dialogue.h"
#include "radio/lora_modem/rylr998/answers.h"
#include "radio/modem_kind.h"

namespace waypost::rylr998 {

inline constexpr int kBaud = 115'200;

// FrameOut::to and FrameIn::from are addresses, "1".."65535". Throws std::runtime_error with a
// sentence if `settings` ask for what no such module can do.
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
    int room() const override { return ready() && !in_hand_ && !resting_ ? 1 : 0; }
    FrameLimits limits() const override;
    std::chrono::microseconds airtime(std::size_t bytes) const override;
    std::string why_down() const override;
    std::map<std::string, std::string> details() const override;

  private:
    // Identify: which module is it. Read: what it is set to. Set: what has to be another.
    enum class Phase { Closed, Identify, Read, Set, Down, Ready };

    // set_up.cpp
    void begin(Phase phase, BoxTime now, RadioActions& actions);
    void follow_dialogue(BoxTime now, RadioActions& actions);
    void answered_all(BoxTime now, RadioActions& actions);
    void go_down(std::string why, BoxTime now, RadioActions& actions);
    lora_modem::Question reads(std::string name, std::optional<std::string> value = {});
    std::vector<lora_modem::Question> changes();
    std::string cannot_do() const;
    std::string network() const;
    bool free_preamble() const;
    std::map<std::string, std::string> wanted() const;

    // driver.cpp
    void take(const std::vector<Answer>& answers, BoxTime now, RadioActions& actions);
    void answer(const Answer& answer, BoxTime now, RadioActions& actions);
    void heard(const Answer& packet, RadioActions& actions);
    void error(int code, BoxTime now, RadioActions& actions);
    void on_air(BoxTime now, RadioActions& actions);
    void report(FrameFate fate, RadioActions& actions);
    void rest(BoxTime now);

    ModemSettings settings_;
    LoraParams lora_;  // with the preamble that the network leaves
    std::string address_;
    bool binary_;
    bool refused_binary_ = false;
    Phase phase_ = Phase::Closed;
    AnswerReader reader_;
    BoxTime last_bytes_{};
    lora_modem::Dialogue dialogue_;
    std::map<std::string, std::string> values_;  // as read: "BAND", "VER"
    std::string why_;
    BoxTime due_{};
    std::optional<std::uint32_t> in_hand_;  // FrameOut::id
    BoxTime off_air_{};  // in_hand_: when it has left the antenna at the earliest
    bool said_ok_ = false;
    bool resting_ = false;  // until due_: what an error left behind on the line goes by
};

ModemKind kind();

}  // namespace waypost::rylr998
