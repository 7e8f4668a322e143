// SPDX-License-Identifier: Apache-2.0
// A box in virtual time: a real office and a real Meshtastic transport on a simulated device, on
// one thread and the clock of the simulation; the mail relay is a fake that takes what it gets.
// Nothing sleeps and nothing syncs.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/delivery/office.h"
#include "radio/meshtastic/meshtastic_transport.h"
#include "radio/simulator/device.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_transport.h"

namespace waypost {

struct Handheld {
    std::string handle;  // whose it is
    std::uint32_t number = 0;
};

class SteppedBox {
  public:
    struct Options {
        BoxSettings settings;  // of the box hill.example
        milliseconds house_every{0};
        std::size_t message_bytes = 0;  // that a radio takes, as the router knows it; 0: not said
    };
    // Of the scheduler, the device and the randomness it is a guest.
    SteppedBox(simulator::Scheduler& scheduler, simulator::Device& device, Random& random,
               Options options);
    ~SteppedBox();
    SteppedBox(const SteppedBox&) = delete;
    SteppedBox& operator=(const SteppedBox&) = delete;

    // People with a handheld each are on record, then the transports start. Once, before all else.
    void open(const std::vector<Handheld>& people);
    void run_for(milliseconds time);
    BoxTime now() { return scheduler_.now(); }
    void accept(Message message);  // its verdict is there after the next step of the office

    store::Store& store() { return *store_; }
    FakeTransport& relay() { return *relay_; }
    milliseconds airtime_used() const { return radio_->status().airtime_used; }
    milliseconds most_airtime_used() const { return most_used_; }

    std::function<void(const Delivery&)> on_mail_out;
    std::function<void(std::string_view)> on_bytes_to_device;  // set before open()

  private:
    class Line;
    void settle_people(const std::vector<Handheld>& people);
    void step();
    void find_due();
    void look_at_relay();
    BoxTime next_moment();

    simulator::Scheduler& scheduler_;
    simulator::Device& device_;
    const milliseconds house_every_;
    std::string folder_;
    std::unique_ptr<Line> line_;
    FakeClock clock_;
    const milliseconds ahead_;  // the office's box time is so much later than the scheduler's
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<Box> box_;
    std::unique_ptr<GatewayOffice> office_;
    std::shared_ptr<meshtastic::MeshtasticTransport> radio_;
    std::shared_ptr<FakeTransport> relay_;
    milliseconds most_used_{0};
    BoxTime house_{};                  // of the scheduler
    std::optional<BoxTime> next_due_;  // of the scheduler
    bool busy_ = true;                 // the office was given something
};

}  // namespace waypost
