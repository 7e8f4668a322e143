// SPDX-License-Identifier: Apache-2.0
// A gateway for tests: a link, what is on its disk, and what its owner has and wants. Power may
// fail at any step.
#pragma once

#include <deque>
#include <map>
#include <memory>

#include "radio/trunk/link.h"
#include "tests/trunk/channel.h"

namespace waypost::trunk {

struct StationOptions {
    std::string psk = std::string(kKey, 'k');
    std::uint8_t link = 1;
    bool second = false;
    std::size_t payload = 255;
    double power_cuts = 0;         // share of the steps at which power fails
    milliseconds slowest_disk{0};  // confirms come so late
    std::uint64_t seed = 1;
};
// One of two whose chances differ.
StationOptions side(bool second, std::uint64_t seed);

class Station : public Air {
  public:
    Station(Channel& channel, StationOptions options);

    void want(ObjectId id, std::string bytes, Priority priority, BoxTime now);
    void run(BoxTime now);
    BoxTime next() const;
    void cut_power(BoxTime now);
    void cut_power_at(int step) { cut_at_ = step; }  // the step of this number from now on

    bool done() const { return wanted_.empty() && link_->idle(); }
    std::size_t wanted() const { return wanted_.size(); }
    const std::vector<std::string>& taken() const { return taken_; }
    const std::vector<ObjectId>& delivered() const { return delivered_; }
    int power_cuts() const { return cuts_; }

    FrameLimits limits() const override;
    std::chrono::microseconds airtime(std::size_t bytes) const override {
        return channel_.airtime(bytes);
    }
    BoxTime may_send(BoxTime now, std::chrono::microseconds, bool) const override { return now; }

  private:
    struct Wanted {
        std::string bytes;
        Priority priority;
    };
    struct Commit {
        BoxTime at;
        Received received;
    };
    bool power_fails();
    void act(LinkActions actions, BoxTime now);
    void boot(BoxTime now);
    void commit(const Received& received);

    Channel& channel_;
    StationOptions options_;
    std::unique_ptr<Random> random_;
    int number_;
    StateMap disk_;
    std::map<ObjectId, Wanted> wanted_;  // on disk
    std::vector<std::string> taken_;     // on disk
    std::vector<ObjectId> delivered_;    // likewise
    std::deque<Commit> commits_;
    std::unique_ptr<Link> link_;
    BoxTime off_until_{};
    bool off_ = true;
    int life_ = 0;
    int cuts_ = 0;
    int cut_at_ = -1;
};

// Steps both until neither has anything to do or `until`; false: not done by then.
bool run_until_done(Channel& channel, std::vector<Station*> stations, BoxTime& now, BoxTime until);

}  // namespace waypost::trunk
