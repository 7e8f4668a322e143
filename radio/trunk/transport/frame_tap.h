// SPDX-License-Identifier: Apache-2.0
// What a radio of the trunk hears and sends, for whoever looks on: the heads that anybody on the
// air can read. One thread at a time.
#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/packet_tail.h"
#include "radio/frame_radio.h"

namespace waypost::trunk {

class FrameTap {
  public:
    // The tail outlives it.
    explicit FrameTap(PacketTail& tail) : tail_(tail) {}

    // `call_sign`: it is one, and no frame of the trunk.
    void heard(const std::string& transport, const FrameIn& frame, bool call_sign, WallTime now);
    void sent(const std::string& transport, const FrameOut& frame, bool call_sign,
              const FrameReport& report, WallTime now);

  private:
    PacketTail& tail_;
};

}  // namespace waypost::trunk
