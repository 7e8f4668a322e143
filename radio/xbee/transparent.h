// SPDX-License-Identifier: Apache-2.0
// The driver of XBee modules whose peers are in transparent mode (frame_radio.h): a pipe without
// boundaries, senders or status, so frames are those of radio/framing, each in one packet on air,
// and one is sent at a time. Where they go is set in the module (DH, DL) and left as it is.
#pragma once

#include "radio/frame_radio.h"
#include "radio/framing/cobs_frames.h"
#include "radio/xbee/command_mode.h"
#include "radio/xbee/module.h"

namespace waypost::xbee {

class Transparent final : public FrameRadio {
  public:
    explicit Transparent(int baud) : baud_(baud) {}

    RadioActions opened(BoxTime now) override;
    RadioActions received(std::string_view bytes, BoxTime now) override;
    RadioActions closed(BoxTime now) override;
    RadioActions send(FrameOut frame, BoxTime now) override;
    RadioActions tick(BoxTime now) override;
    BoxTime next_tick() const override;

    bool ready() const override { return ready_; }
    int room() const override { return ready_ && !sending_ ? 1 : 0; }
    FrameLimits limits() const override;
    microseconds airtime(std::size_t bytes) const override;
    std::string why_down() const override { return ready_ ? "" : why_; }
    std::map<std::string, std::string> details() const override { return module_.details(); }

  private:
    void call(BoxTime now);
    void after_command_mode(BoxTime now, RadioActions& out);
    void read_answers();
    BoxTime cut_at() const;
    milliseconds silence() const;

    int baud_;
    bool ready_ = false;
    std::string why_ = "the line is not open";
    CommandMode command_mode_;
    std::size_t bauds_tried_ = 0;
    Module module_;
    CobsDeframer deframer_;
    BoxTime last_byte_{};
    std::optional<std::uint32_t> sending_;  // FrameOut::id
    BoxTime sent_at_ = BoxTime::max();      // when it has left, by the clock alone
};

}  // namespace waypost::xbee
