// SPDX-License-Identifier: Apache-2.0
// Packets by an RNode: one interface, up while the device's radio is on. What a packet costs is on
// record before it leaves; what the law and the operator's share do not leave is not sent.
//
// A thread of its own drives the line.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "radio/airtime/frame_law.h"
#include "radio/modem_kind.h"
#include "radio/modem_line.h"
#include "radio/reticulum/carrier.h"

namespace waypost::reticulum {

struct RnodeCarrierOptions {
    std::string port;  // "serial:/dev/ttyUSB0", "tcp:host:port"
    ModemSettings modem;
    std::string region;  // whose law holds
    double antenna_gain_dbi = 2.15;
    double cable_loss_db = 0;
    int share_percent = 50;            // of what that law leaves
    std::shared_ptr<SharedBand> band;  // null: shared with no other radio
};
// What the law leaves such a radio. Throws std::runtime_error with a sentence for the operator.
Allowance allowance(const RnodeCarrierOptions& options);

class RnodeCarrier final : public Carrier {
  public:
    explicit RnodeCarrier(RnodeCarrierOptions options);  // throws std::runtime_error
    ~RnodeCarrier() override;

    void start(Office& office, const TransportId& id, CarrierDoor& door) override;
    void stop() override;
    Took send(InterfaceNumber on, const std::string& packet, bool alarm) override;
    bool up() const override { return interface_.load() != 0; }
    Status status() const override;
    std::optional<std::chrono::seconds> airtime_in(std::size_t bytes, bool alarm) const override;

  private:
    struct Waiting {
        std::string bytes;
        bool alarm = false;
        milliseconds cost{0};
    };

    void run();
    void follow_line();
    void send_next();
    bool on_record(std::size_t bytes, BoxTime now);
    void take(RadioActions actions);
    void note();
    BoxTime now() const { return office_->clock().box(); }

    const RnodeCarrierOptions options_;
    Office* office_ = nullptr;
    CarrierDoor* door_ = nullptr;
    TransportId id_;
    std::unique_ptr<ModemLine> line_;
    std::atomic<bool> stopping_{false};
    std::atomic<InterfaceNumber> interface_{0};  // 0: down
    std::thread thread_;
    InterfaceNumber last_interface_ = 0;  // these: the thread's
    std::uint32_t last_frame_ = 0;
    std::optional<FrameOut> in_air_;
    bool on_disk_ = true;  // what law_ promised
    int bits_per_second_ = 0;

    mutable std::mutex mutex_;     // of all below
    std::optional<FrameLaw> law_;  // since start(); what asks the radio, on the thread
    std::deque<Waiting> queue_;
    milliseconds queued_{0};     // what is in it will cost
    milliseconds most_cost_{0};  // of a packet of kMtu bytes
    Status status_;
};

}  // namespace waypost::reticulum
