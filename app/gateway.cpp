// SPDX-License-Identifier: Apache-2.0
#include "app/gateway.h"

#include <stdexcept>

#include "app/care_keys.h"
#include "app/console_tls.h"
#include "app/health_settings.h"
#include "app/mail_server.h"
#include "app/neighbours.h"
#include "app/restore.h"
#include "app/runtime_file.h"
#include "app/servers_plan.h"
#include "app/transports.h"
#include "app/wifi_plan.h"
#include "gateway/base/log.h"
#include "gateway/certificates/certificate_desk.h"
#include "gateway/custody/quiet_hours.h"
#include "gateway/message/text.h"
#include "gateway/pictures/web_pictures.h"
#include "gateway/store/schema.h"

namespace waypost {
namespace {

// Where box time goes on: what the store remembers, and a little more for what it had not written.
BoxTime remembered_box_time(store::Store& store) {
    const auto text = store.read([](store::Tables& t) { return t.state.get("clock", "box"); });
    const bool known = text.ok() && text.value() && !text.value()->empty();
    return box_from_ms(known ? std::stoll(**text) + 30'000 : 1);
}

// Made once, kept in the store: answers to old mail must find their way after a restore too.
Secret token_key(store::Store& store, Random& random) {
    std::string key;
    (void)store.read([&](store::Tables& t) {
        key = t.state.get("box", "token-key").value_or("");
        return 0;
    });
    if (key.empty()) {
        key = random.hex(32);
        store.writer().submit([key](store::Tables& t) { t.state.put("box", "token-key", key); },
                              {});
        store.writer().step();
    }
    return Secret(key);
}

store::StoreOptions store_options(const Config& config, HubSeat* seat) {
    store::StoreOptions options{store_file(config) + ".bodies", true};
    if (seat == nullptr) return options;
    options.fence = &seat->fence();
    options.lost = end_at_once;
    return options;
}

DeskTools desk_tools(std::shared_ptr<LiveFeed> live, std::shared_ptr<CourierDesk> couriers,
                     std::shared_ptr<BoxControl> control, std::shared_ptr<SettingsDesk> settings,
                     std::shared_ptr<HealthWatch> health,
                     std::shared_ptr<CertificateDesk> certificates) {
    DeskTools tools;
    tools.certificates = std::move(certificates);
    tools.health = std::move(health);
    tools.settings = std::move(settings);
    tools.control = std::move(control);
    tools.live = std::move(live);
    tools.couriers = std::move(couriers);
    for (const TransportKind& kind : transport_kinds()) {
        if (kind.open_attachment)
            tools.open_attachment.emplace(kind.section->name, kind.open_attachment);
    }
    // Networks of programs are named by their schemes, which nobody knows once they are gone.
    tools.open_attachment.emplace("", tools.open_attachment.at("exec"));
    tools.shrinker = std::make_shared<Shrinker>(shrink_program());
    return tools;
}

FairUse fair_use(const SectionValues& limits) {
    FairUse use;
    use.person_share = static_cast<double>(limits.integer("person_airtime")) / 100;
    use.stranger_share = static_cast<double>(limits.integer("stranger_airtime")) / 100;
    use.person_burst = limits.duration("person_burst");
    return use;
}

std::string quiet_setting(const SectionValues& box) {
    if (!box.has("quiet")) return {};
    const auto hours = parse_quiet(box.text("quiet"));
    if (!hours) throw std::runtime_error("[box] quiet: hours look like 22:00-06:00");
    return to_string(*hours);
}

// What the router, the neighbours' table and the turns of radios were made from stays as it was.
BoxSettings while_running(const BoxSettings& now, BoxSettings next) {
    next.domain = now.domain;
    next.village = now.village;
    next.operators = now.operators;
    next.neighbours = now.neighbours;
    next.fair_use = now.fair_use;
    return next;
}

// The machine's own units do it. A Wi-Fi that cannot be had keeps no letter from anybody.
void plan_wifi(const Config& config) {
    const auto planned = write_wifi_plan(config);
    if (!planned.ok()) log(Level::Error, "wifi", "not-planned", {{"why", planned.error().text}});
}

}  // namespace

void use_log_level(const Config& config) {
    const std::string& name = config.section("log").text("level");
    set_log_level(name == "error"     ? Level::Error
                  : name == "warning" ? Level::Warning
                  : name == "debug"   ? Level::Debug
                                      : Level::Info);
}

BoxSettings box_settings(const Config& config) {
    const SectionValues& box = config.section("box");
    const SectionValues& store = config.section("store");
    const SectionValues& limits = config.section("limits");
    BoxSettings settings;
    settings.domain = lower_ascii(box.text("domain"));  // as addresses are compared
    settings.village = box.has("village") ? box.text("village")
                                          : settings.domain.substr(0, settings.domain.find('.'));
    settings.place = place_setting(box, "box");
    const SectionValues& console = config.section("console");
    if (console.has("tiles")) settings.tiles = config.path(console.text("tiles"));
    settings.operators = box.list("operators");
    settings.responders = box.list("responders");
    settings.publish_alarms = box.text("publish_alarms");
    settings.language = box.text("language");
    settings.keep_free_bytes = keep_free(config);
    settings.max_message_bytes = static_cast<std::uint64_t>(store.bytes("max_message"));
    const SectionValues& attachments = config.section("attachments");
    settings.attachment_quota_bytes = static_cast<std::uint64_t>(attachments.bytes("quota"));
    settings.picture_budget_bytes = static_cast<std::size_t>(attachments.bytes("picture_budget"));
    settings.expiry = std::chrono::duration_cast<std::chrono::hours>(store.duration("expiry"));
    settings.retention =
        std::chrono::duration_cast<std::chrono::hours>(store.duration("retention"));
    const SectionValues& people = config.section("people");
    settings.approval = people.boolean("approval");
    settings.names_per_day = static_cast<int>(people.integer("names_per_day"));
    settings.stranger_mails_per_day = static_cast<int>(limits.integer("stranger_mails_per_day"));
    settings.person_mails_per_day = static_cast<int>(limits.integer("person_mails_per_day"));
    settings.neighbours = configured_neighbours(config);
    const SectionValues& groups = config.section("groups");
    settings.groups.most = static_cast<int>(groups.integer("most"));
    settings.groups.most_members = static_cast<int>(groups.integer("most_members"));
    settings.groups.radio_posts_per_hour = static_cast<int>(groups.integer("radio_posts_per_hour"));
    settings.groups.digest_every =
        std::chrono::duration_cast<std::chrono::hours>(groups.duration("digest_every"));
    settings.fair_use = fair_use(limits);
    settings.radio_lines_per_minute = static_cast<int>(limits.integer("radio_lines_per_minute"));
    settings.letters_waiting = static_cast<int>(limits.integer("letters_waiting"));
    settings.outside_letters_per_hour =
        static_cast<int>(limits.integer("outside_letters_per_hour"));
    settings.quiet = quiet_setting(box);
    settings.later_states = box.boolean("later_states");
    settings.health = health_settings(config);
    return settings;
}

Gateway::Gateway(const Config& config, std::shared_ptr<BoxControl> control, HubSeat* seat)
    : seat_(seat),
      random_(system_random()),
      store_(seat ? seat->open_database() : store::open_sqlite(store_file(config)),
             store_options(config, seat), *random_),
      machine_clock_(remembered_box_time(store_)),
      hub_clock_(seat ? std::make_unique<SeatClock>(*seat, machine_clock_) : nullptr),
      clock_(hub_clock_ ? hub_clock_->clock() : machine_clock_, since_boot,
             seat ? "" : runtime_file("time")),
      box_(box_settings(config), store_, clock_, *random_, token_key(store_, *random_)),
      office_(box_),
      control_(std::move(control)),
      settings_(std::make_shared<SettingsFile>(config, static_cast<TakesSettings*>(this))),
      health_(std::make_shared<HealthWatch>(office_, health_sources(control_))),
      certificates_(certificate_keeper(config, office_)),
      desk_(office_, tools()),
      power_({"/sys", runtime_file("power-state"), [this] { return radio_battery(); }}),
      backups_(std::make_unique<BackupKeeper>(desk_, store_file(config), backup_plan(config))),
      transports_(office_, *live_, *couriers_, updates()),
      opened_with_(config) {
    try {
        open(config);
    } catch (...) {
        close();  // what started already has threads that use all of this
        throw;
    }
}

void Gateway::open(const Config& config) {
    store_.writer().start();
    auto configured = transports_.make_configured(config);
    keep_passwords(config);
    plan_wifi(config);
    if (control_) plan_servers(config, control_->servers());
    office_.on_moved([live = live_](const auto& moved) { tell_moved(*live, moved); });
    use_machine(config);
    office_.load(clock_is_kept(config, clock_));
    transports_.on_time([this](const TransportId& by, WallTime now) { time_is(by, now); });
    if (certificates_) certificates_->open();
    open_care(config);
    transports_.start(std::move(configured));
    office_.on_house([this] {
        mark_store_good();
        return health_->look();
    });
    office_.start();
    watching_ = std::thread([this] { watch_.run(); });
    api_ = std::make_unique<api::Server>(desk_, config.path(config.section("api").text("socket")));
    if (certificates_) certificates_->start();
    open_console();
    backups_->start();
}

DeskTools Gateway::tools() {
    DeskTools tools = desk_tools(live_, couriers_, control_, settings_, health_, certificates_);
    tools.own_backups = [this] { return backups_->facts(); };
    if (seat_) tools.workers = [this] { return seat_->facts(); };
    tools.tell_time = [this](WallTime now, const std::string& by) { return clock_.tell(now, by); };
    return tools;
}

// First nobody new comes in, then what is out comes back, then the store closes.
Gateway::~Gateway() { close(); }

void Gateway::close() {
    live_->close();
    if (watching_.joinable()) watching_.join();
    close_care();
    site_.reset();
    if (certificates_) certificates_->stop();
    api_.reset();
    backups_->stop();
    for (const auto& transport : office_.transports().all()) transport->stop();
    office_.stop();
    store_.writer().stop();
}

// Asked by the house and by the API, which run while everything here is there.
HealthSources Gateway::health_sources(std::shared_ptr<BoxControl> control) {
    HealthSources sources;
    if (control) {
        sources.settings_problem = [control, settings = settings_] {
            const std::string problem = control->facts().settings_problem;
            return problem.empty() ? settings->not_taken() : problem;
        };
    }
    sources.power = [this] { return power_.facts(clock_.box()); };
    sources.pulled_out = [this] { return transports_.pulled_out(); };
    sources.certificate_ends_ms = [this]() -> std::optional<store::Ms> {
        CertificateDesk* certificates = desk_.certificates();
        if (certificates == nullptr) return std::nullopt;
        const store::Ms ends = certificates->report().not_after_ms;
        return ends > 0 ? std::optional(ends) : std::nullopt;  // none is in use yet
    };
    return sources;
}

UpdateDesk* Gateway::updates() { return control_ ? control_->updates() : nullptr; }

// While the box may come back to the release before, nothing is taken away that this one needs.
void Gateway::mark_store_good() {
    if (store_marked_good_) return;
    const auto facts = updates() == nullptr ? std::nullopt : updates()->facts();
    if (facts && !facts->good) return;
    store_marked_good_ = true;
    store_.writer().submit([](store::Tables& t) { store::mark_good(t.state); }, {});
}

// The mail server learns who may sign in whenever people change.
void Gateway::keep_passwords(const Config& config) {
    passwords_ = password_file_of(config);
    if (!passwords_) return;
    office_.on_people([this] {
        return passwords_->update([this]() -> Result<std::vector<email::PasswordLine>> {
            auto lines =
                store_.read([](store::Tables& t) { return password_lines(mail_accounts(t)); });
            if (!lines.ok()) return lines.error();
            return std::move(*lines);
        });
    });
}

bool Gateway::take(const Config& saved) {
    if (!box_.settings.put(while_running(*box_.settings, box_settings(saved)))) return false;
    use_log_level(saved);
    use_machine(saved);
    plan_wifi(saved);
    if (care_) care_->use(care_keys(saved));
    if (control_) control_->settings_changed(saved);
    return true;
}

// What this section runs with.
Config Gateway::former(const std::string& section) {
    const std::lock_guard lock(anew_mutex_);
    const auto since = made_from_.find(section);
    return since == made_from_.end() ? opened_with_ : since->second;
}

bool Gateway::can_renew(const Config& saved, const std::string& section) {
    return control_ != nullptr &&
           RunningTransports::can_renew(box_.router, former(section), saved, section);
}

void Gateway::renew(const Config& saved, const std::set<std::string>& sections) {
    {
        const std::lock_guard lock(anew_mutex_);
        saved_ = saved;
        anew_.insert(sections.begin(), sections.end());
    }
    control_->wake();
}

std::string Gateway::ways_in_words() {
    constexpr std::size_t kMost = 200;
    const auto all = office_.transports().all();
    std::size_t up = 0;
    std::string down;
    for (const auto& each : all) {
        if (each->up()) {
            ++up;
        } else if (down.size() < kMost) {
            down += (down.empty() ? "; down: " : ", ") + each->id();
        }
    }
    if (all.empty()) return "serving; there is no way yet";
    return std::to_string(up) + " of " + std::to_string(all.size()) + " ways are up" + down;
}

void Gateway::ask_writer(std::function<void()> answered) {
    store_.writer().submit([](store::Tables&) {},
                           [answered = std::move(answered)](const Result<void>&) { answered(); });
}

void Gateway::take_up() {
    std::optional<Config> saved;
    std::set<std::string> anew;
    {
        const std::lock_guard lock(anew_mutex_);
        saved.swap(saved_);
        anew.swap(anew_);
    }
    for (const std::string& section : anew) {
        const auto done = transports_.renew(former(section), *saved, section);
        if (done.ok()) {
            const std::lock_guard lock(anew_mutex_);
            made_from_.insert_or_assign(section, *saved);
        }
        settings_->renewed(*saved, section, done);
    }
    take_up_restart();
}

}  // namespace waypost
