// SPDX-License-Identifier: Apache-2.0
// The law of one radio of the trunk, as its links see it.
#pragma once

#include "radio/airtime/frame_law.h"
#include "radio/trunk/link.h"

namespace waypost::trunk {

class Law final : public FrameLaw, public Air {
  public:
    using FrameLaw::FrameLaw;

    FrameLimits limits() const override { return FrameLaw::limits(); }
    std::chrono::microseconds airtime(std::size_t bytes) const override {
        return FrameLaw::airtime(bytes);
    }
    BoxTime may_send(BoxTime now, std::chrono::microseconds airtime, bool urgent) const override {
        return FrameLaw::may_send(now, airtime, urgent);
    }
};

}  // namespace waypost::trunk
