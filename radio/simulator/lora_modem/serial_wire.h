// SPDX-License-Identifier: Apache-2.0
// One direction of a serial line: bytes take their time, in order.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"

namespace waypost::simulator {

class SerialWire {
  public:
    explicit SerialWire(int baud) : baud_(baud) {}
    void set_baud(int baud) { baud_ = baud; }  // of what is put in from now on

    void put(std::string_view bytes, BoxTime now);
    std::string take(BoxTime now);  // what has come through by now
    void clear() { on_way_.clear(); }

  private:
    static BoxTime at(std::int64_t us) { return box_from_ms((us + 999) / 1000); }

    int baud_;
    std::int64_t last_us_ = 0;  // when the last byte put in will be through
    std::deque<std::pair<std::int64_t, char>> on_way_;
};

}  // namespace waypost::simulator
