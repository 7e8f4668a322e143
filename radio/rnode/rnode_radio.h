// SPDX-License-Identifier: Apache-2.0
// An RNode (firmware 1.52 and later) as a plain LoRa modem: it looks into no frame. It echoes
// each value that it is told; only when all are as they should be its radio is turned on. One frame
// is in its hands at a time, until it says that it is ready for the next.
#pragma once

#include <array>

#include "radio/modem_kind.h"
#include "radio/rnode/rnode_wire.h"

namespace waypost::rnode {

struct Options {
    std::uint32_t frequency_hz = 0;
    LoraParams lora{.preamble_symbols = 18};  // the firmware's least; it says how many it uses
    int power_dbm = 14;
    // Percent x 100 that the firmware itself lets be on air, of some seconds and of an hour.
    std::optional<std::uint32_t> short_airtime, long_airtime;
    bool two_frames = false;  // takes what one LoRa frame does not hold: the firmware sends two
};

class RnodeRadio final : public FrameRadio {
  public:
    explicit RnodeRadio(Options options);

    RadioActions opened(BoxTime now) override;
    RadioActions received(std::string_view bytes, BoxTime now) override;
    RadioActions closed(BoxTime now) override;
    RadioActions send(FrameOut frame, BoxTime now) override;
    RadioActions tick(BoxTime now) override;
    BoxTime next_tick() const override { return deadline_; }

    bool ready() const override { return phase_ == Phase::Ready; }
    int room() const override { return ready() && !in_hand_ ? 1 : 0; }
    FrameLimits limits() const override;
    std::chrono::microseconds airtime(std::size_t bytes) const override;
    std::string why_down() const override { return ready() ? "" : why_; }
    std::map<std::string, std::string> details() const override;

  private:
    static constexpr std::chrono::seconds kAnswer{2};     // to detection and to settings
    static constexpr std::chrono::seconds kAskAlive{60};  // a silent device: whether it is there
    enum class Phase { Closed, Booting, Detecting, Configuring, Starting, Ready, Refused };
    struct Setting {
        Command command;
        const char* name;  // as the operator knows it
        std::uint32_t wanted;
        int bytes;
        bool confirmed = false;
    };

    void enter(Phase phase, BoxTime until, std::string why, RadioActions& actions);
    void detect(BoxTime now, RadioActions& actions);
    void configure(BoxTime now, RadioActions& actions);
    void refuse(std::string why, BoxTime now, RadioActions& actions);
    void begin_again(BoxTime now, const std::string& why, RadioActions& actions);
    void finish(FrameFate fate, BoxTime now, RadioActions& actions);
    void take(const kiss::Frame& frame, BoxTime now, RadioActions& actions);
    void take_identity(const kiss::Frame& frame, BoxTime now, RadioActions& actions);
    void take_echo(const kiss::Frame& frame, BoxTime now, RadioActions& actions);
    void take_state(std::string_view data, BoxTime now, RadioActions& actions);
    void take_trouble(std::string_view data, BoxTime now, RadioActions& actions);
    void take_packet(const std::string& data, RadioActions& actions);
    void take_phy(std::string_view data, RadioActions& actions);
    bool confirmed() const;

    Options options_;
    std::vector<Setting> settings_;
    kiss::Parser parser_{1024};
    Phase phase_ = Phase::Closed;
    std::string why_;
    BoxTime deadline_ = BoxTime::max();
    int attempts_ = 0;
    bool detected_ = false, asked_ = false;
    std::optional<std::uint32_t> firmware_, platform_;
    std::optional<std::uint32_t> in_hand_;  // FrameOut::id
    int silent_ = 0;                        // frames in a row without a word of what became of them
    std::optional<int> rssi_dbm_;           // of the packet that follows
    std::optional<float> snr_db_;
    std::string channel_use_;
};

ModemKind rnode_kind();
// Of ModemSettings::more, for who needs frames of up to 508 bytes; whatever its value.
inline constexpr char kTwoFramesSetting[] = "two_frames";

}  // namespace waypost::rnode
