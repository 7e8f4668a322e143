// SPDX-License-Identifier: Apache-2.0
// A packet radio modem that speaks KISS, on a serial line or by TCP (Dire Wolf: port 8001). Frames
// are AX.25 UI frames, so each carries our call sign in clear. KISS has no way back: nothing can be
// read back, nor is it told when a frame left. So Sent means that it was handed over, and its time
// on air, at the slowest that bit stuffing allows, has gone by; a modem that waits for a busy
// channel may still hold it.
#pragma once

#include "radio/kiss/ax25.h"
#include "radio/kiss/kiss_codec.h"
#include "radio/modem_kind.h"

namespace waypost::kiss {

struct Options {
    ax25::Address call;
    int port = 0;        // 0..15, of a modem with several
    int bitrate = 1200;  // on air
    milliseconds tx_delay{300}, tx_tail{50}, slot{100};
    int persistence = 63;  // of 255
};

class KissRadio final : public FrameRadio {
  public:
    explicit KissRadio(Options options);

    RadioActions opened(BoxTime now) override;
    RadioActions received(std::string_view bytes, BoxTime now) override;
    RadioActions closed(BoxTime now) override;
    RadioActions send(FrameOut frame, BoxTime now) override;
    RadioActions tick(BoxTime now) override;
    BoxTime next_tick() const override;

    bool ready() const override { return open_; }
    int room() const override { return open_ && !in_hand_ ? 1 : 0; }
    FrameLimits limits() const override;
    std::chrono::microseconds airtime(std::size_t bytes) const override;
    std::string why_down() const override;
    std::map<std::string, std::string> details() const override;

  private:
    std::string command(Command command, std::string data) const;

    Options options_;
    Parser parser_;
    bool open_ = false;
    std::optional<std::uint32_t> in_hand_;  // FrameOut::id
    BoxTime gone_{};                        // when it will have left
};

ModemKind kiss_kind();

}  // namespace waypost::kiss
