// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "gateway/base/clock.h"

namespace waypost {

// Stands still until told. Wall and box time can be moved apart.
class FakeClock final : public Clock {
  public:
    WallTime wall() const override { return wall_from_ms(wall_ms_); }
    BoxTime box() const override { return box_from_ms(box_ms_); }
    bool synchronised() const override { return synchronised_; }
    void advance(milliseconds time) {
        wall_ms_ += time.count();
        box_ms_ += time.count();
    }
    void jump_wall(milliseconds time) { wall_ms_ += time.count(); }
    void synchronise(bool yes) { synchronised_ = yes; }

  private:
    std::atomic<std::int64_t> wall_ms_{1'800'000'000'000};
    std::atomic<std::int64_t> box_ms_{1'000'000};
    std::atomic<bool> synchronised_{false};
};

}  // namespace waypost
