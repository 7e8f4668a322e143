// SPDX-License-Identifier: Apache-2.0
// A whole gateway from a configuration: store, office, transports, API. The daemon is this and a
// signal handler; tests and the demo run it too.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "app/backup_keeper.h"
#include "app/hub_seat.h"
#include "app/running_transports.h"
#include "app/settings_file.h"
#include "bridges/email/mailserver/password_file.h"
#include "gateway/base/told_clock.h"
#include "gateway/care/care_desk.h"
#include "gateway/config/config.h"
#include "gateway/couriers.h"
#include "gateway/delivery/desk.h"
#include "gateway/delivery/health_watch.h"
#include "gateway/delivery/live_news.h"
#include "gateway/power/power_watch.h"
#include "web/api/server.h"
#include "web/site/site.h"

namespace waypost {

class Gateway final : private TakesSettings {
  public:
    // Opens everything and starts. Throws std::runtime_error with a sentence for the operator.
    // `control`: the process's hand on itself; null: the console can neither restart nor restore.
    // `seat`: among a hub's workers, whose work this is; it outlives the gateway. Null: a box.
    explicit Gateway(const Config& config, std::shared_ptr<BoxControl> control = nullptr,
                     HubSeat* seat = nullptr);
    ~Gateway() override;
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    Desk& desk() { return desk_; }
    // Looks for devices that came or went, and at the power; the daemon calls it every few seconds.
    void look_for_hardware();
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
    DeskTools tools();
    UpdateDesk* updates();  // null: this box is no image
    void mark_store_good();
    // gateway_machine.cpp:
    void time_is(const TransportId& by, WallTime now);
    void use_machine(const Config& config);
    void keep_power();
    std::optional<int> radio_battery();
    void open_console();
    HealthSources health_sources(std::shared_ptr<BoxControl> control);
    // gateway_care.cpp:
    void open_care(const Config& config);
    void close_care();
    Result<CareActs::Done> restart_transport(const TransportId& id);
    Result<CareActs::Done> start_update(const std::string& name);
    void take_up_restart();

    HubSeat* const seat_;  // may be null
    std::unique_ptr<Random> random_;
    std::unique_ptr<email::PasswordFile> passwords_;  // null: no mail server beside the gateway
    store::Store store_;
    const SystemClock machine_clock_;
    std::unique_ptr<SeatClock> hub_clock_;  // null: a box
    ToldClock clock_;
    const std::shared_ptr<LiveFeed> live_ = std::make_shared<LiveFeed>();
    const std::shared_ptr<CourierDesk> couriers_ = std::make_shared<CourierDesk>();
    Box box_;
    GatewayOffice office_;
    const std::shared_ptr<BoxControl> control_;  // may be null
    const std::shared_ptr<SettingsFile> settings_;
    const std::shared_ptr<HealthWatch> health_;
    const std::shared_ptr<tls::CertificateKeeper> certificates_;  // null: no TLS
    Desk desk_;
    std::unique_ptr<CareDesk> care_;
    PowerWatch power_;
    PowerLevel power_level_ = PowerLevel::Full;  // of the main thread, as what follows
    std::optional<PowerLevel> power_soon_;
    const std::unique_ptr<BackupKeeper> backups_;
    TransportWatch watch_{office_.transports(), *live_};
    std::thread watching_;
    bool store_marked_good_ = false;  // of the house
    RunningTransports transports_;
    const Config opened_with_;
    std::mutex anew_mutex_;                    // what follows
    std::map<std::string, Config> made_from_;  // sections that were made anew since
    std::set<std::string> anew_;               // those that are to be, from `saved_`
    std::optional<Config> saved_;
    struct Restart {
        TransportId id;
        std::promise<Result<void>> done;
    };
    std::optional<Restart> restart_;  // of one transport, for an operator from afar
    bool closing_ = false;
    PowerSettings power_settings_;
    std::string battery_radio_;  // whose battery is the box's; empty: none
    std::unique_ptr<api::Server> api_;
    std::unique_ptr<site::Site> site_;  // null: no console
};

// What gateway_machine.cpp knows of the machine.
bool clock_is_kept(const Config& config, const Clock& clock);

// The box's settings as the configuration gives them.
BoxSettings box_settings(const Config& config);
void use_log_level(const Config& config);

}  // namespace waypost
