// SPDX-License-Identifier: Apache-2.0
// What a simulation beside the real clock needs: the signals that end it, and its pace.
#pragma once

#include <sys/signalfd.h>

#include <algorithm>
#include <chrono>
#include <csignal>

#include "gateway/base/fd.h"
#include "radio/simulator/scheduler.h"

namespace waypost::simulator {

// SIGINT and SIGTERM as a readable descriptor for as long as this lives.
class Signals {
  public:
    Signals() {
        sigset_t wanted;
        ::sigemptyset(&wanted);
        ::sigaddset(&wanted, SIGINT);
        ::sigaddset(&wanted, SIGTERM);
        ::pthread_sigmask(SIG_BLOCK, &wanted, &before_);
        fd_ = Fd(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
    }
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;
    ~Signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    int fd() const { return fd_.get(); }

  private:
    sigset_t before_{};
    Fd fd_;
};

// Virtual time that runs `speed` times as fast as ours.
class Pace {
  public:
    explicit Pace(double speed) : speed_(speed) {}
    void catch_up(Scheduler& scheduler) const {
        const std::chrono::duration<double, std::milli> real = Steady::now() - began_;
        scheduler.run_until(box_from_ms(1 + static_cast<std::int64_t>(real.count() * speed_)));
    }
    // Milliseconds of ours until something is due; at most as late as a line's look() may be.
    int patience(const Scheduler& scheduler) const {
        const auto ahead = static_cast<double>((scheduler.next() - scheduler.now()).count());
        return static_cast<int>(std::clamp(ahead / speed_, 1.0, kRoundMs));
    }

  private:
    using Steady = std::chrono::steady_clock;
    static constexpr double kRoundMs = 50;
    double speed_;
    Steady::time_point began_ = Steady::now();
};

}  // namespace waypost::simulator
