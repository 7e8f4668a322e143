// SPDX-License-Identifier: Apache-2.0
#include "app/running_transports.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "app/radio_service.h"
#include "app/transports.h"
#include "gateway/base/log.h"
#include "gateway/peer_keys.h"
#include "gateway/seen_transports.h"
#include "gateway/tells_time.h"
#include "radio/usb_radios.h"

namespace waypost {
namespace {

std::vector<SeenTransport> seen_in(const Transports& transports) {
    std::vector<SeenTransport> seen;
    for (const auto& each : transports.all())
        seen.push_back({each->id(), each->network(), each->status()});
    return seen;
}

// What is on its way out when a transport is made anew has so long to leave: then it is offered
// again. A text that waits for its acknowledgement takes longer than anybody waits.
constexpr std::chrono::seconds kPatience{5};

const TransportKind* kind_of(const std::vector<TransportKind>& kinds, const std::string& section) {
    const std::string name = section.substr(0, section.find('.'));
    const auto found = std::find_if(kinds.begin(), kinds.end(),
                                    [&](const auto& kind) { return kind.section->name == name; });
    return found == kinds.end() ? nullptr : &*found;
}

const SectionValues* values_of(const Config& config, const std::string& section) {
    const std::size_t dot = section.find('.');
    if (dot == std::string::npos) return nullptr;
    for (const SectionValues* values : config.instances(section.substr(0, dot)))
        if (values->instance() == section.substr(dot + 1)) return values;
    return nullptr;
}

// Routes were set when the gateway opened, and others read them.
bool fits(const Router& router, const Transport& transport) {
    const Limits limits = transport.limits();
    const std::string& network = transport.network();
    const std::size_t page = router.page_bytes(network);
    return router.network_of({transport.scheme(), {}}) == network &&
           router.ordered(network) == limits.ordered &&
           (page == 0 ? limits.message_bytes == 0 : limits.message_bytes >= page);
}

// Without its last instance a network would be a way that leads nowhere.
bool others_carry(const TransportKind& kind, const Config& former, const Config& fresh,
                  const std::string& section) {
    const SectionValues* gone = values_of(former, section);
    if (gone == nullptr) return true;
    const std::string scheme = make_transport(former, kind, *gone)->scheme();
    const auto left = fresh.instances(std::string(kind.section->name));
    return std::any_of(left.begin(), left.end(), [&](const SectionValues* each) {
        return make_transport(fresh, kind, *each)->scheme() == scheme;
    });
}

}  // namespace

std::vector<std::shared_ptr<Transport>> RunningTransports::make_configured(const Config& config) {
    check_radio_services(config);
    take_ports(config);
    std::vector<std::shared_ptr<Transport>> all;
    for (const TransportKind& kind : transport_kinds()) {
        for (const SectionValues* values : config.instances(kind.section->name))
            all.push_back(make_transport(config, kind, *values));
    }
    Router& router = office_.box().router;
    for (const auto& transport : all) {
        const Limits limits = transport->limits();
        router.carries(transport->scheme(), transport->network(), limits.ordered,
                       limits.message_bytes);
        if (limits.takes_back) router.can_take_back(transport->id());
        if (limits.typed) router.is_typed(transport->scheme());
    }
    for (const TransportKind& kind : transport_kinds()) {
        if (!kind.discover) continue;
        const std::string name(kind.section->name);
        router.carries(name, name, true);
    }
    return all;
}

void RunningTransports::take_ports(const Config& config) {
    ports_.clear();
    region_ = config.section("box").text("region");
    for (const TransportKind& kind : transport_kinds()) {
        if (setting_of(*kind.section, "port") == nullptr) continue;
        for (const SectionValues* values : config.instances(kind.section->name))
            ports_.insert(values->text("port"));
    }
}

void RunningTransports::start(std::vector<std::shared_ptr<Transport>> configured) {
    for (auto& transport : configured) start_one(std::move(transport));
    if (const auto missing = parcels_.missing())
        throw std::runtime_error("links: " + *missing +
                                 " carries no packets: there is no such section, or it is an "
                                 "amateur station");
}

void RunningTransports::start_one(std::shared_ptr<Transport> transport) {
    office_.transports().add(transport);
    if (auto* tells = dynamic_cast<TellsLive*>(transport.get())) tells->tell_to(live_);
    if (auto* sees = dynamic_cast<SeesTransports*>(transport.get()))
        sees->see([&all = office_.transports()] { return seen_in(all); });
    if (auto* uses = dynamic_cast<UsesParcels*>(transport.get())) uses->use(parcels_);
    if (auto* keeps = dynamic_cast<KeepsSticks*>(transport.get())) keeps->keep_sticks_at(couriers_);
    if (auto* tells = dynamic_cast<TellsTime*>(transport.get()); tells && on_time_)
        tells->tell_time([this, id = transport->id()](WallTime now) { on_time_(id, now); });
    if (auto* keyed = dynamic_cast<HasPeerKeys*>(transport.get())) keyed->revoke(revoked_);
    auto* brings = dynamic_cast<BringsUpdates*>(transport.get());
    if (brings != nullptr && updates_ != nullptr) brings->bring_updates_to(*updates_);
    transport->start(office_);
    log(Level::Info, "gateway", "started", {{"transport", transport->id()}});
}

void RunningTransports::look_for_hardware() {
    usb_radios().look(ports_, office_.clock().box());
    std::set<TransportId> present;
    for (const TransportKind& kind : transport_kinds()) {
        if (!kind.discover) continue;
        for (const FoundDevice& device : kind.discover()) {
            const TransportId id = std::string(kind.section->name) + '.' + device.instance;
            present.insert(id);
            if (found_.insert(id).second) start_found(kind, id, device);
        }
    }
    note_pulled_out(present);
    for (auto each = found_.begin(); each != found_.end();) {
        if (present.count(*each) > 0) {
            ++each;
            continue;
        }
        office_.transports().unplug(*each);
        log(Level::Info, "gateway", "unplugged", {{"transport", *each}});
        each = found_.erase(each);
    }
}

// One whose port is the configuration's, perhaps since just now, is there too.
void RunningTransports::note_pulled_out(const std::set<TransportId>& present) {
    const std::set<std::string>& taken = usb_radios().left_alone();
    const std::lock_guard lock(mutex_);
    pulled_out_.insert(found_.begin(), found_.end());
    std::erase_if(pulled_out_, [&](const TransportId& id) {
        return present.count(id) > 0 || taken.count(id.substr(id.find('.') + 1)) > 0;
    });
}

std::set<TransportId> RunningTransports::pulled_out() const {
    const std::lock_guard lock(mutex_);
    return pulled_out_;
}

// What was plugged in must not end what runs.
void RunningTransports::start_found(const TransportKind& kind, const TransportId& id,
                                    const FoundDevice& device) {
    std::map<std::string, std::string, std::less<>> text;
    for (const Setting& setting : kind.section->settings)
        text[std::string(setting.key)] = setting.key == "region" ? region_ : setting.fallback;
    for (const auto& [key, value] : device.values) text[key] = value;
    try {
        start_one(kind.make(id, SectionValues(kind.section, device.instance, text, {})));
    } catch (const std::exception& e) {
        log(Level::Error, "gateway", "not-started", {{"transport", id}, {"why", e.what()}});
    }
}

bool RunningTransports::can_renew(const Router& router, const Config& former, const Config& fresh,
                                  const std::string& section) {
    const auto kinds = new_transport_kinds();
    const TransportKind* kind = kind_of(kinds, section);
    if (kind == nullptr || !kind->alone) return false;
    const SectionValues* then = values_of(fresh, section);
    const std::string name(kind->section->name);
    if (values_of(former, section) == nullptr && former.instances(name).empty()) return false;
    try {
        if (then == nullptr) return kind->discover || others_carry(*kind, former, fresh, section);
        return fits(router, *make_transport(fresh, *kind, *then));
    } catch (const std::exception&) {
        return false;
    }
}

void RunningTransports::start_section(const Config& config, const std::string& section) {
    take_ports(config);
    const SectionValues* values = values_of(config, section);
    if (values == nullptr) return;
    // A device that discovery started becomes the section's.
    look_for_hardware();
    try {
        start_one(make_transport(config, *kind_of(transport_kinds(), section), *values));
    } catch (const std::exception&) {
        if (const auto half = office_.transports().remove(section)) half->stop();
        throw;
    }
}

Result<void> RunningTransports::renew(const Config& former, const Config& fresh,
                                      const std::string& section) {
    const auto aside = office_.set_aside(section, kPatience);
    if (!aside.ok() && office_.transports().find(section)) return aside;
    try {
        start_section(fresh, section);
        return aside;
    } catch (const std::exception& e) {
        log(Level::Error, "gateway", "not-renewed", {{"section", section}, {"why", e.what()}});
        Error error{Code::Conflict, e.what(), false};
        try {
            start_section(former, section);
        } catch (const std::exception& again) {
            error.text += std::string("; nor does it run as before: ") + again.what();
        }
        return error;
    }
}

Result<void> RunningTransports::restart(const Config& config, const TransportId& id) {
    if (values_of(config, id) != nullptr) return renew(config, config, id);
    auto aside = office_.set_aside(id, kPatience);
    found_.erase(id);
    look_for_hardware();
    return aside;
}

bool RunningTransports::can_restart(const TransportId& id) {
    const auto& kinds = transport_kinds();
    const TransportKind* kind = kind_of(kinds, id);
    return kind != nullptr && kind->alone;
}

}  // namespace waypost
