// SPDX-License-Identifier: Apache-2.0
// Readings, into custody: what is to be told becomes messages and alarms, and the last value of
// each sensor an answer to who asks. One thread; values_told() by any.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "bridges/sensors/source.h"
#include "bridges/sensors/watch.h"
#include "gateway/transport.h"

namespace waypost::sensors {

struct DeskOptions {
    std::vector<Rule> rules;
    std::string speaks_for;  // handle of the person in whose name people and groups are told
};

class SensorDesk {
  public:
    // `command(rule, begins)`: the device is to be told; on the caller's thread of take().
    using Command = std::function<void(const Rule&, bool begins)>;
    SensorDesk(DeskOptions options, TransportId id, Office& office, Command command);

    // False: the store did not take what is to be told. The reading may be brought again.
    bool take(const Reading& reading);
    void tick();  // last values, to the store; any thread

    // "river 2.5 m, over its limit": for the status.
    std::map<std::string, std::string> last_values() const;
    std::uint64_t told() const { return told_; }
    std::uint64_t refused() const { return refused_; }

  private:
    struct Sensor {
        Watch watch;
        std::string last;  // under mutex_, both
        bool unwritten = false;
    };
    bool tell(const Rule& rule, const std::string& text, const std::string& origin, bool alarm);
    bool hand_over(Message message, const Rule& rule);
    void remember(std::size_t rule, double value);

    const DeskOptions options_;
    const TransportId id_;
    Office& office_;
    Command command_;
    mutable std::mutex mutex_;
    std::vector<Sensor> sensors_;
    std::atomic<std::uint64_t> told_{0}, refused_{0};
};

}  // namespace waypost::sensors
