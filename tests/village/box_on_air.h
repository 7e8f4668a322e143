// SPDX-License-Identifier: Apache-2.0
// The box of a busy village: a real office, a real Meshtastic transport, and a simulated device on
// the crowd's channel, on one thread and one virtual clock.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "busy_village.h"
#include "crowd.h"
#include "gateway/delivery/office.h"
#include "radio/meshtastic/meshtastic_transport.h"
#include "radio/simulator/device.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_transport.h"

namespace waypost::village {

class BoxOnAir {
  public:
    // The first `named` handhelds belong to people "p0", "p1", ...; the first three answer alarms.
    BoxOnAir(const Plan& plan, int handhelds, int named);
    ~BoxOnAir();
    BoxOnAir(const BoxOnAir&) = delete;
    BoxOnAir& operator=(const BoxOnAir&) = delete;

    void run_for(milliseconds time);
    BoxTime now() { return scheduler_.now(); }
    void after(milliseconds delay, std::function<void()> what);
    void accept(Message message);  // from outside, or a notice of the operator's
    Crowd& crowd() { return crowd_; }
    milliseconds most_used() const { return most_used_; }
    milliseconds channel_used() const { return air_.used(); }

    std::function<void(const Delivery&)> on_mail_out;

  private:
    class Line;
    void settle_people(int named);
    void step();
    void look_at_relay();
    BoxTime next_moment();

    std::string folder_;
    simulator::Scheduler scheduler_;
    std::unique_ptr<Random> random_;
    simulator::Air air_;
    simulator::MeshNode node_;
    simulator::Device device_;
    Crowd crowd_;
    std::unique_ptr<Line> line_;
    FakeClock clock_;
    milliseconds ahead_{0};  // the office's box time is so much later than the scheduler's
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<Box> box_;
    std::unique_ptr<GatewayOffice> office_;
    std::shared_ptr<meshtastic::MeshtasticTransport> radio_;
    std::shared_ptr<FakeTransport> relay_;
    milliseconds most_used_{0};
    BoxTime house_{};
    std::optional<BoxTime> next_due_;
    bool busy_ = true;
};

}  // namespace waypost::village
