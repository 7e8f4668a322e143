// SPDX-License-Identifier: Apache-2.0
// The driver of XBee modules in API mode (frame_radio.h): finds the module, sets it up, sends by
// frames 10 and paces itself by their 8B. An Acked is the far module's: its host may not have it.
#pragma once

#include "radio/frame_radio.h"
#include "radio/xbee/at_dialogue.h"
#include "radio/xbee/finder.h"
#include "radio/xbee/setup.h"

namespace waypost::xbee {

class Session final : public FrameRadio {
  public:
    Session(Settings settings, int baud, Random& random);

    RadioActions opened(BoxTime now) override;
    RadioActions received(std::string_view bytes, BoxTime now) override;
    RadioActions closed(BoxTime now) override;
    RadioActions send(FrameOut frame, BoxTime now) override;
    RadioActions tick(BoxTime now) override;
    BoxTime next_tick() const override;

    bool ready() const override { return phase_ == Phase::Ready; }
    int room() const override;
    FrameLimits limits() const override;
    microseconds airtime(std::size_t bytes) const override { return module_.airtime(bytes); }
    std::string why_down() const override { return ready() ? "" : why_; }
    std::map<std::string, std::string> details() const override;

  private:
    enum class Phase { Closed, Finding, SettingUp, Ready, Down };
    struct Flight {
        std::uint32_t frame = 0;  // FrameOut::id
        bool broadcast = false;
        BoxTime deadline;
    };

    void begin(BoxTime now);
    void go_down(std::string why, BoxTime now);
    void write(const Packet& packet);
    void take_step(Finder::Step step, BoxTime now);
    void speak(ApiMode mode);
    BoxTime cut_at() const;  // when a frame that has begun is given up
    void take(const std::vector<std::string>& bodies, BoxTime now);
    void take(const Packet& packet, BoxTime now);
    void take_receive(const Receive& receive, BoxTime now);
    void take_modem_status(std::uint8_t status, BoxTime now);
    void hand_up(std::optional<int> rssi_dbm);  // what was heard last
    void after_setup(BoxTime now);
    void read_again(const std::string& name);
    RadioActions done(BoxTime now);

    // session_send.cpp
    std::optional<FrameFate> refusal(const FrameOut& frame) const;
    void take_status(const TransmitStatus& status, BoxTime now);
    void pace(Delivery delivery, BoxTime now);
    void report(std::uint8_t id, FrameFate fate, int retries);
    void fail_all();
    void expire(BoxTime now);

    const Settings settings_;
    int baud_;
    Random& random_;
    Phase phase_ = Phase::Closed;
    std::string why_ = "the line is not open";
    std::string trouble_;  // why it was not ready the last time
    RadioActions out_;     // of the call that is being worked on
    ApiMode mode_ = ApiMode::Escaped;
    Finder finder_;
    Deframer deframer_{ApiMode::Escaped};
    BoxTime last_byte_{};
    std::uint64_t broken_told_ = 0;
    FrameIds ids_;
    AtDialogue at_{ids_};
    Module module_;
    Setup setup_;
    BoxTime retry_at_ = BoxTime::max();  // of a module that refused
    BoxTime next_check_ = BoxTime::max();

    std::map<std::uint8_t, Flight> flights_;  // by frame id of the module's
    int window_ = 0;
    BoxTime hold_until_{};
    bool held_ = false;
    int missing_ = 0;  // 8B in a row that did not come

    std::optional<FrameIn> heard_;  // waits for its signal strength
    BoxTime heard_until_{};
    std::uint64_t heard_count_ = 0;
    std::optional<std::uint8_t> modem_status_;
    std::uint64_t undecoded_ = 0;
};

// What an 8B means for a frame. Acked only where the far module was to acknowledge it.
FrameFate fate_of(Delivery delivery, bool acknowledged);

}  // namespace waypost::xbee
