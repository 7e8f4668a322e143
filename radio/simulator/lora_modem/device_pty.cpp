// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/lora_modem/device_pty.h"

namespace waypost::simulator {

bool DevicePty::pump(BoxTime now) {
    const std::string came = pty_.read();
    read_ += came.size();
    if (!came.empty()) device_.from_host(came, now);
    device_.step(now);
    waiting_ += device_.to_host(now);
    const std::size_t went = pty_.write(waiting_);
    written_ += went;
    waiting_.erase(0, went);
    return !came.empty() || went > 0;
}

}  // namespace waypost::simulator
