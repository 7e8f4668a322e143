// SPDX-License-Identifier: Apache-2.0
// A whole gateway from a configuration: store, office, transports, API. The daemon is this and a
// signal handler; tests and the demo run it too.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "bridges/email/mailserver/password_file.h"
#include "gateway/config/config.h"
#include "gateway/couriers.h"
#include "gateway/delivery/desk.h"
#include "gateway/parcels.h"
#include "gateway/transport_kind.h"
#include "web/api/server.h"
#include "web/site/site.h"

namespace waypost {

class Gateway {
  public:
    // Opens everything and starts. Throws std::runtime_error with a sentence for the operator.
    // `control`: the process's hand on itself; null: the console can neither restart nor restore.
    explicit Gateway(const Config& config, std::shared_ptr<BoxControl> control = nullptr);
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    Desk& desk() { return desk_; }
    // Looks for devices that came or went; the daemon calls it every few seconds.
    void look_for_hardware();

  private:
    void open(const Config& config);  // throws half way: close() then
    void close();
    std::vector<std::shared_ptr<Transport>> make_configured(const Config& config);
    void start_one(std::shared_ptr<Transport> transport);
    void start_found(const TransportKind& kind, const TransportId& id, const FoundDevice& device);

    void keep_passwords(const Config& config);

    std::unique_ptr<Random> random_;
    std::unique_ptr<email::PasswordFile> passwords_;  // null: no mail server beside the gateway
    store::Store store_;
    SystemClock clock_;
    ParcelDesk parcels_;
    const std::shared_ptr<LiveFeed> live_ = std::make_shared<LiveFeed>();
    const std::shared_ptr<CourierDesk> couriers_ = std::make_shared<CourierDesk>();
    Box box_;
    GatewayOffice office_;
    Desk desk_;
    std::set<TransportId> found_;  // instances that discovery started
    std::set<std::string> ports_;  // taken by the configuration
    std::unique_ptr<api::Server> api_;
    std::unique_ptr<site::Site> site_;  // null: no console
};

// The box's settings as the configuration gives them.
BoxSettings box_settings(const Config& config);

}  // namespace waypost
