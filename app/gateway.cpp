// SPDX-License-Identifier: Apache-2.0
#include "app/gateway.h"

#include <filesystem>
#include <stdexcept>

#include "app/mail_server.h"
#include "app/neighbours.h"
#include "app/radio_service.h"
#include "app/restore.h"
#include "app/settings_file.h"
#include "app/transports.h"
#include "gateway/base/log.h"
#include "gateway/custody/quiet_hours.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

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

// The helper lies beside the daemon.
std::string shrink_program() {
    std::error_code unknown;
    return fs::read_symlink("/proc/self/exe", unknown).parent_path() / "waypost-shrink";
}

DeskTools desk_tools(const Config& config, std::shared_ptr<LiveFeed> live,
                     std::shared_ptr<CourierDesk> couriers, std::shared_ptr<BoxControl> control) {
    DeskTools tools;
    tools.settings = std::make_shared<SettingsFile>(config);
    tools.control = std::move(control);
    tools.live = std::move(live);
    tools.couriers = std::move(couriers);
    for (const TransportKind& kind : transport_kinds()) {
        if (kind.open_attachment)
            tools.open_attachment.emplace(kind.section->name, kind.open_attachment);
    }
    tools.shrinker = std::make_shared<Shrinker>(shrink_program());
    return tools;
}

// There are many of them: while nobody looks on none is made, nor pushes out what is kept of
// others.
void tell_moved(LiveFeed& feed, const std::vector<Moved>& moved) {
    if (!feed.watched()) return;
    for (const Moved& each : moved) {
        LiveEvent event{"delivery",
                        {{"id", each.delivery},
                         {"message", each.message},
                         {"network", each.network},
                         {"state", std::string(to_string(each.state))}}};
        event.subject = std::to_string(each.delivery);
        feed.tell(std::move(event));
    }
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

}  // namespace

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
    settings.language = box.text("language");
    settings.keep_free_bytes = static_cast<std::uint64_t>(store.bytes("keep_free"));
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
    return settings;
}

Gateway::Gateway(const Config& config, std::shared_ptr<BoxControl> control)
    : random_(system_random()),
      store_(store::open_sqlite(store_file(config)), {store_file(config) + ".bodies", true},
             *random_),
      clock_(remembered_box_time(store_)),
      box_(box_settings(config), store_, clock_, *random_, token_key(store_, *random_)),
      office_(box_),
      desk_(office_, desk_tools(config, live_, couriers_, std::move(control))) {
    try {
        open(config);
    } catch (...) {
        close();  // what started already has threads that use all of this
        throw;
    }
}

void Gateway::open(const Config& config) {
    store_.writer().start();
    auto configured = make_configured(config);
    keep_passwords(config);
    office_.on_moved([live = live_](const auto& moved) { tell_moved(*live, moved); });
    office_.load();
    for (auto& transport : configured) start_one(std::move(transport));
    if (const auto missing = parcels_.missing())
        throw std::runtime_error("links: " + *missing +
                                 " carries no packets: there is no such section, or it is an "
                                 "amateur station");
    office_.start();
    api_ = std::make_unique<api::Server>(desk_, config.path(config.section("api").text("socket")));
    const SectionValues& console = config.section("console");
    if (console.has("listen"))
        site_ = std::make_unique<site::Site>(
            desk_, site::SiteOptions{console.text("listen"), config.path(console.text("files"))});
}

// First nobody new comes in, then what is out comes back, then the store closes.
Gateway::~Gateway() { close(); }

void Gateway::close() {
    live_->close();
    site_.reset();
    api_.reset();
    for (const auto& transport : office_.transports().all()) transport->stop();
    office_.stop();
    store_.writer().stop();
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

// The routes stand before anything is loaded by them or handed over.
std::vector<std::shared_ptr<Transport>> Gateway::make_configured(const Config& config) {
    check_radio_services(config);
    std::vector<std::shared_ptr<Transport>> all;
    for (const TransportKind& kind : transport_kinds()) {
        for (const SectionValues* values : config.instances(kind.section->name)) {
            all.push_back(make_transport(config, kind, *values));
            for (const Setting& setting : kind.section->settings) {
                if (setting.key == "port") ports_.insert(values->text("port"));
            }
        }
    }
    for (const auto& transport : all) {
        const Limits limits = transport->limits();
        box_.router.carries(transport->scheme(), transport->network(), limits.ordered,
                            limits.message_bytes);
    }
    for (const TransportKind& kind : transport_kinds()) {
        if (!kind.discover) continue;
        const std::string name(kind.section->name);
        box_.router.carries(name, name, true);
    }
    return all;
}

void Gateway::start_one(std::shared_ptr<Transport> transport) {
    office_.transports().add(transport);
    if (auto* tells = dynamic_cast<TellsLive*>(transport.get())) tells->tell_to(*live_);
    if (auto* uses = dynamic_cast<UsesParcels*>(transport.get())) uses->use(parcels_);
    if (auto* keeps = dynamic_cast<KeepsSticks*>(transport.get()))
        keeps->keep_sticks_at(*couriers_);
    transport->start(office_);
    log(Level::Info, "gateway", "started", {{"transport", transport->id()}});
}

void Gateway::look_for_hardware() {
    std::set<TransportId> present;
    for (const TransportKind& kind : transport_kinds()) {
        if (!kind.discover) continue;
        for (const FoundDevice& device : kind.discover()) {
            const TransportId id = std::string(kind.section->name) + '.' + device.instance;
            present.insert(id);
            const auto port = device.values.find("port");
            const bool configured = port != device.values.end() && ports_.count(port->second) > 0;
            if (!configured && found_.insert(id).second) start_found(kind, id, device);
        }
    }
    for (auto id = found_.begin(); id != found_.end();) {
        if (present.count(*id) > 0) {
            ++id;
            continue;
        }
        office_.transports().unplug(*id);
        log(Level::Info, "gateway", "unplugged", {{"transport", *id}});
        id = found_.erase(id);
    }
}

// What was plugged in must not end what runs.
void Gateway::start_found(const TransportKind& kind, const TransportId& id,
                          const FoundDevice& device) {
    std::map<std::string, std::string, std::less<>> text;
    for (const Setting& setting : kind.section->settings)
        text[std::string(setting.key)] = setting.fallback;
    for (const auto& [key, value] : device.values) text[key] = value;
    try {
        start_one(kind.make(id, SectionValues(kind.section, device.instance, text, {})));
    } catch (const std::exception& e) {
        log(Level::Error, "gateway", "not-started", {{"transport", id}, {"why", e.what()}});
    }
}

}  // namespace waypost
