// SPDX-License-Identifier: Apache-2.0
#include "radio/meshcore/simulator/world.h"

#include "gateway/base/encoding.h"

namespace waypost::meshcore {
namespace {

using Kind = VillageRadio::Kind;

std::uint8_t type_of(Kind kind) {
    return kind == Kind::Repeater ? kRepeater : kind == Kind::Room ? kRoom : kChat;
}

simulator::FrameAirOptions air_of(const VillageOfRadios& village) {
    simulator::FrameAirOptions options;
    options.loss.rate = village.loss;
    return options;
}

}  // namespace

World::World(const VillageOfRadios& village, std::function<void(const Happening&)> tell)
    : tell_(std::move(tell)),
      random_(seeded_random(village.seed)),
      air_(*random_, air_of(village)) {
    for (const VillageRadio& radio : village.radios) settle(radio, village);
    for (auto& [name, one] : inhabitants_) watch(name, one);
    if (!village.met) return;
    for (auto& [name, one] : inhabitants_) {
        const std::string advert = one.node->own_advert();
        for (auto& [other, listener] : inhabitants_)
            if (other != name) listener.node->take_advert(advert);
    }
}

void World::settle(const VillageRadio& radio, const VillageOfRadios& village) {
    Inhabitant& one = inhabitants_[radio.name];
    one.station = static_cast<int>(inhabitants_.size()) - 1;
    NodeOptions options;
    options.name = radio.name;
    options.type = type_of(radio.kind);
    options.most_contacts = radio.most_contacts;
    options.manual_add = radio.manual_add;
    options.lora = village.lora;
    one.node = std::make_unique<Node>(scheduler_, air_, *random_, options);
    if (radio.kind == Kind::Companion) {
        DeviceOptions device;
        device.speed = village.speed;
        device.frequency_khz = village.frequency_khz;
        one.device = std::make_unique<CompanionDevice>(scheduler_, *one.node, device);
        if (first_companion_.empty()) first_companion_ = radio.name;
    }
    if (radio.kind == Kind::Handheld)
        one.handheld = std::make_unique<Handheld>(scheduler_, *one.node);
    if (radio.kind == Kind::Room)
        one.room = std::make_unique<RoomServer>(scheduler_, *one.node, radio.password);
}

void World::watch(const std::string& name, Inhabitant& one) {
    one.node->on_sent = [this, name](const std::string& bytes) {
        if (packets_) tell_({name, "packet", to_hex(bytes), {}});
    };
    if (!one.handheld) return;
    one.handheld->on_shown = [this, name](const GotText& got, bool copy) {
        const bool post = got.plain.type == kSigned;
        const char* what = copy ? "copy" : got.channel >= 0 ? "hears" : post ? "reads" : "sees";
        const std::string from = post ? name_of(got.plain.author) : name_of(got.from);
        tell_({name, what, got.plain.text, from});
    };
    one.handheld->on_tick = [this, name](const std::string& text, bool delivered) {
        tell_({name, delivered ? "tick" : "failed", text, {}});
    };
    one.handheld->on_joined = [this, name](bool good) {
        tell_({name, good ? "joined" : "error", {}, {}});
    };
}

std::string World::name_of(std::string_view key) const {
    for (const auto& [name, one] : inhabitants_) {
        if (!key.empty() && one.node->identity().key.starts_with(key)) return name;
    }
    return {};
}

CompanionDevice* World::device(const std::string& name) {
    const auto found = inhabitants_.find(name);
    return found == inhabitants_.end() ? nullptr : found->second.device.get();
}

bool World::line(const std::string& typed) {
    if (typed == "quit") return false;
    const std::size_t colon = typed.find(": ");
    const std::size_t space = typed.find(' ');
    if (colon != std::string::npos && colon < space) {
        const std::string head = typed.substr(0, colon);
        const std::size_t arrow = head.find('>');
        const std::string to =
            arrow == std::string::npos ? first_companion_ : head.substr(arrow + 1);
        say(head.substr(0, arrow), to, typed.substr(colon + 2));
        return true;
    }
    const std::string name = typed.substr(0, space);
    const std::string verbs = space == std::string::npos ? std::string() : typed.substr(space + 1);
    const std::size_t end = verbs.find(' ');
    const std::string rest = end == std::string::npos ? std::string() : verbs.substr(end + 1);
    if (inhabitants_.count(name) == 0 || !order(name, verbs.substr(0, end), rest))
        error("not understood: " + typed);
    return true;
}

void World::say(const std::string& name, const std::string& to, const std::string& text) {
    const auto found = inhabitants_.find(name);
    if (found == inhabitants_.end() || !found->second.handheld)
        return error(name + " has no handheld");
    Handheld& handheld = *found->second.handheld;
    const auto other = inhabitants_.find(to);
    const bool good = to == "all" ? handheld.send_to_all(text)
                                  : other != inhabitants_.end() &&
                                        handheld.send(other->second.node->identity().key, text);
    if (!good) error(name + " cannot send to " + to);
}

bool World::order(const std::string& name, const std::string& verb, const std::string& rest) {
    Inhabitant& one = inhabitants_.at(name);
    if (verb == "on" || verb == "off") {
        one.node->turn(verb == "on");
        return true;
    }
    if (verb == "advert") {
        one.node->advertise(true);
        return true;
    }
    if (verb == "reboot" && one.device) {
        one.device->reboot();
        return true;
    }
    if ((verb == "deaf" || verb == "hears") && inhabitants_.count(rest) > 0) {
        simulator::FrameLoss loss;
        loss.rate = verb == "deaf" ? 1 : 0;
        air_.link(inhabitants_.at(rest).station, one.station, loss);
        return true;
    }
    const std::string room = rest.substr(0, rest.find(' '));
    if (verb != "join" || !one.handheld || inhabitants_.count(room) == 0) return false;
    const std::string password =
        rest.size() > room.size() ? rest.substr(room.size() + 1) : std::string();
    return one.handheld->join(inhabitants_.at(room).node->identity().key, password);
}

}  // namespace waypost::meshcore
