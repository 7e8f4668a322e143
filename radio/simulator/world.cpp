// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/world.h"

#include <Poco/Checksum.h>
#include <sodium.h>

namespace waypost::simulator {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr hours kAnnounceEvery{3};
constexpr milliseconds kSilence{900'000};

LoraParams preset_of(const Village& village) {
    return meshtastic_preset(village.preset).value_or(LoraParams{});
}

// The same radio has the same key in every run: a gateway pins it.
std::string key_of(const VillageNode& facts) {
    const std::string seed = "waypost simulated radio " + facts.name;
    std::string key(32, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(key.data()), key.size(),
                       reinterpret_cast<const unsigned char*>(seed.data()), seed.size(), nullptr,
                       0);
    return key;
}

std::uint32_t number_of(const VillageNode& facts, const std::string& key) {
    if (facts.number != 0) return facts.number;
    Poco::Checksum crc(Poco::Checksum::TYPE_CRC32);
    crc.update(key);
    return crc.checksum();
}

}  // namespace

World::World(const Village& village)
    : random_(seeded_random(village.seed)),
      air_(scheduler_, *random_, {preset_of(village), village.loss}) {
    for (const VillageNode& each : village.nodes) add(each, village);
    for (const VillageLink& each : village.links) {
        MeshNode* a = node(each.a);
        MeshNode* b = node(each.b);
        if (a == nullptr || b == nullptr) throw std::runtime_error("a link of nobody");
        air_.link(a->index(), b->index(), {each.loss, static_cast<float>(each.snr)});
    }
    if (village.met) acquaint();
    for (Inhabitant& each : inhabitants_) {
        const auto wait = village.met ? milliseconds(kAnnounceEvery) : milliseconds(seconds(30));
        const auto chance = random_->below(static_cast<std::uint64_t>(wait.count()));
        announce_often(*each.node, milliseconds(chance), !village.met);
    }
}

void World::add(const VillageNode& facts, const Village& village) {
    const std::string key = key_of(facts);
    NodeOptions options;
    options.identity = {number_of(facts, key), facts.long_name, facts.short_name, key};
    options.region = village.region;
    options.hop_limit = static_cast<std::uint32_t>(facts.hop_limit);
    options.router = facts.router;
    Inhabitant one;
    one.facts = facts;
    one.node = std::make_unique<MeshNode>(scheduler_, air_, *random_, options);
    if (facts.position)
        air_.place(one.node->index(), facts.position->first, facts.position->second);
    if (facts.ports.empty()) {
        one.handheld = std::make_unique<Handheld>(*one.node);
    } else {
        DeviceOptions device;
        device.region = village.region;
        device.preset = village.preset;
        device.hop_limit = options.hop_limit;
        // Hosts live in real time: a fast village must not find them silent.
        device.silence = milliseconds(static_cast<std::int64_t>(
            static_cast<double>(kSilence.count()) * std::max(1.0, village.speed)));
        one.device = std::make_unique<Device>(scheduler_, *one.node, device);
    }
    if (!facts.on) one.node->turn(false);
    inhabitants_.push_back(std::move(one));
}

void World::acquaint() {
    for (const Inhabitant& a : inhabitants_) {
        for (const Inhabitant& b : inhabitants_) {
            if (&a != &b) a.node->know(b.node->user(), b.node->number());
        }
    }
}

void World::announce_often(MeshNode& node, milliseconds first, bool ask_back) {
    scheduler_.after(first, [this, &node, ask_back] {
        if (node.on()) node.announce(meshtastic::kBroadcast, ask_back);
        announce_often(node, kAnnounceEvery, false);
    });
}

World::Inhabitant* World::find(const std::string& name) {
    const auto found =
        std::find_if(inhabitants_.begin(), inhabitants_.end(),
                     [&](const Inhabitant& each) { return each.facts.name == name; });
    return found == inhabitants_.end() ? nullptr : &*found;
}

MeshNode* World::node(const std::string& name) {
    Inhabitant* one = find(name);
    return one == nullptr ? nullptr : one->node.get();
}

Device* World::device(const std::string& name) {
    Inhabitant* one = find(name);
    return one == nullptr ? nullptr : one->device.get();
}

Handheld* World::handheld(const std::string& name) {
    Inhabitant* one = find(name);
    return one == nullptr ? nullptr : one->handheld.get();
}

Device* World::first_device() {
    for (Inhabitant& each : inhabitants_) {
        if (each.device) return each.device.get();
    }
    return nullptr;
}

std::string World::name_of(std::uint32_t number) const {
    for (const Inhabitant& each : inhabitants_) {
        if (each.node->number() == number) return each.facts.name;
    }
    return meshtastic::node_id(number);
}

}  // namespace waypost::simulator
