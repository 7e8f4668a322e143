// SPDX-License-Identifier: Apache-2.0
// The transports of a gateway: those of its configuration, and those whose device is plugged in.
// One thread, that of the daemon.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "gateway/base/live_feed.h"
#include "gateway/config/config.h"
#include "gateway/couriers.h"
#include "gateway/delivery/office.h"
#include "gateway/parcels.h"
#include "gateway/transport_kind.h"
#include "gateway/update/update_desk.h"

namespace waypost {

class RunningTransports {
  public:
    // `updates`: null where this box is no image.
    RunningTransports(GatewayOffice& office, LiveFeed& live, CourierDesk& couriers,
                      UpdateDesk* updates)
        : office_(office), live_(live), couriers_(couriers), updates_(updates) {}

    // What a transport's device says of the time; any thread. Set before start().
    void on_time(std::function<void(const TransportId&, WallTime)> told) {
        on_time_ = std::move(told);
    }
    // The routes stand before anything is loaded by them or handed over. Throws std::runtime_error
    // with a sentence for the operator.
    std::vector<std::shared_ptr<Transport>> make_configured(const Config& config);
    void start(std::vector<std::shared_ptr<Transport>> configured);

    // Prints of keys that are revoked (peer_keys.h): what starts from now on does without them.
    void revoked_are(std::set<std::string> prints) { revoked_ = std::move(prints); }

    // Looks for devices that came or went.
    void look_for_hardware();
    // Devices that were found and went, and are not back. Any thread.
    std::set<TransportId> pulled_out() const;

    // The transport of this section ("email.relay"), and no other, becomes as `fresh` has it: made
    // anew, added or gone. Where that cannot be used it runs on as `former` has it, and the error
    // says why.
    Result<void> renew(const Config& former, const Config& fresh, const std::string& section);
    // This instance, configured or found, is made anew as it is.
    Result<void> restart(const Config& config, const TransportId& id);
    // Whether that can be done by itself. Any thread.
    static bool can_restart(const TransportId& id);
    // It can be done so: the kind stands alone, and the routes stay as they are. Any thread.
    static bool can_renew(const Router& router, const Config& former, const Config& fresh,
                          const std::string& section);

  private:
    void start_one(std::shared_ptr<Transport> transport);
    void start_found(const TransportKind& kind, const TransportId& id, const FoundDevice& device);
    void start_section(const Config& config, const std::string& section);
    void take_ports(const Config& config);
    void note_pulled_out(const std::set<TransportId>& present);

    GatewayOffice& office_;
    LiveFeed& live_;
    CourierDesk& couriers_;
    UpdateDesk* const updates_;
    ParcelDesk parcels_;
    std::function<void(const TransportId&, WallTime)> on_time_;
    std::set<std::string> revoked_;
    std::set<TransportId> found_;  // instances that discovery started
    std::set<std::string> ports_;  // taken by the configuration
    std::string region_;           // whose law holds for those found
    mutable std::mutex mutex_;
    std::set<TransportId> pulled_out_;  // under mutex_
};

}  // namespace waypost
