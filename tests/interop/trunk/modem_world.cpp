// SPDX-License-Identifier: Apache-2.0
#include "modem_world.h"

#include <poll.h>

#include "radio/simulator/lora_modem/rn2483_device.h"

namespace waypost::interop {
namespace {

constexpr int kTickMs = 2;

simulator::FrameAirOptions weather(double loss) {
    simulator::FrameAirOptions options;
    options.loss.rate = loss;
    return options;
}

}  // namespace

ModemWorld::ModemWorld(double loss, int stations) : air_(*random_, weather(loss)) {
    for (int i = 0; i < stations; ++i) {
        devices_.push_back(std::make_unique<simulator::Rn2483Device>(air_, *random_));
        ptys_.push_back(std::make_unique<simulator::DevicePty>(*devices_.back()));
        ports_.push_back("serial:" + ptys_.back()->path());
    }
    thread_ = std::thread([this] { run(); });
}

ModemWorld::~ModemWorld() {
    stopping_ = true;
    thread_.join();
}

double ModemWorld::seconds_on_air() const {
    const std::lock_guard lock(mutex_);
    return static_cast<double>(air_.used().count()) / 1e6;
}

void ModemWorld::run() {
    const SystemClock clock;
    while (!stopping_) {
        {
            const std::lock_guard lock(mutex_);
            const BoxTime now = clock.box();
            air_.step(now);
            for (const auto& pty : ptys_) pty->pump(now);
        }
        std::vector<pollfd> there;
        for (const auto& pty : ptys_) there.push_back({pty->fd(), POLLIN, 0});
        ::poll(there.data(), there.size(), kTickMs);
    }
}

}  // namespace waypost::interop
