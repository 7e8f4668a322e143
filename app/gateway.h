// SPDX-License-Identifier: Apache-2.0
// A whole gateway from a configuration: store, office, transports, API. The daemon is this and a
// signal handler; tests and the demo run it too.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "app/running_transports.h"
#include "app/settings_file.h"
#include "bridges/email/mailserver/password_file.h"
#include "gateway/config/config.h"
#include "gateway/couriers.h"
#include "gateway/delivery/desk.h"
#include "gateway/delivery/health_watch.h"
#include "gateway/delivery/live_news.h"
#include "web/api/server.h"
#include "web/site/site.h"

namespace waypost {

class Gateway final : private TakesSettings {
  public:
    // Opens everything and starts. Throws std::runtime_error with a sentence for the operator.
    // `control`: the process's hand on itself; null: the console can neither restart nor restore.
    explicit Gateway(const Config& config, std::shared_ptr<BoxControl> control = nullptr);
    ~Gateway() override;
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    Desk& desk() { return desk_; }
    // Looks for devices that came or went; the daemon calls it every few seconds.
    void look_for_hardware() { transports_.look_for_hardware(); }
    // Sections whose settings were changed are made anew, nothing else is touched; called when
    // `control` was woken. What this gateway runs with then.
    void take_up();
    // "2 of 3 ways are up; down: email.relay": for whoever asks the machine how its services do.
    std::string ways_in_words();
    // Gives the store's writer something to commit; `answered` on its thread when that is done,
    // well or not.
    void ask_writer(std::function<void()> answered);

  private:
    void open(const Config& config);  // throws half way: close() then
    void close();
    bool take(const Config& saved) override;
    bool can_renew(const Config& saved, const std::string& section) override;
    void renew(const Config& saved, const std::set<std::string>& sections) override;

    Config former(const std::string& section);
    void keep_passwords(const Config& config);
    HealthSources health_sources(std::shared_ptr<BoxControl> control);

    std::unique_ptr<Random> random_;
    std::unique_ptr<email::PasswordFile> passwords_;  // null: no mail server beside the gateway
    store::Store store_;
    SystemClock clock_;
    const std::shared_ptr<LiveFeed> live_ = std::make_shared<LiveFeed>();
    const std::shared_ptr<CourierDesk> couriers_ = std::make_shared<CourierDesk>();
    Box box_;
    GatewayOffice office_;
    const std::shared_ptr<BoxControl> control_;  // may be null
    const std::shared_ptr<SettingsFile> settings_;
    const std::shared_ptr<HealthWatch> health_;
    const std::shared_ptr<tls::CertificateKeeper> certificates_;  // null: no TLS
    Desk desk_;
    TransportWatch watch_{office_.transports(), *live_};
    std::thread watching_;
    RunningTransports transports_;
    const Config opened_with_;
    std::mutex anew_mutex_;                    // what follows
    std::map<std::string, Config> made_from_;  // sections that were made anew since
    std::set<std::string> anew_;               // those that are to be, from `saved_`
    std::optional<Config> saved_;
    std::unique_ptr<api::Server> api_;
    std::unique_ptr<site::Site> site_;  // null: no console
};

// The box's settings as the configuration gives them.
BoxSettings box_settings(const Config& config);
void use_log_level(const Config& config);

}  // namespace waypost
