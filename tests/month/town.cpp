// SPDX-License-Identifier: Apache-2.0
#include "town.h"

#include <cmath>

#include "meshtastic.pb.h"

namespace waypost::month {
namespace {

using std::chrono::minutes;

constexpr minutes kHouseEvery{1};
constexpr double kGolden = 2.399963;  // radians: the next one is never where another is
constexpr std::uint32_t kFirstNumber = 0xa;

// The box in the middle, two relays on hills, people up to three kilometres away.
simulator::Village village_of(const std::vector<std::string>& handhelds) {
    simulator::Village village;
    village.seed = 11;
    const auto add = [&](const std::string& name, std::uint32_t number, double x, double y) {
        simulator::VillageNode node;
        node.name = node.long_name = name;
        node.short_name = name.substr(0, 4);
        node.number = number;
        node.position = {x, y};
        village.nodes.push_back(node);
    };
    add("post", 1, 0, 0);
    village.nodes[0].ports = {"none"};
    add("hill", 2, 1800, 600);
    add("tower", 3, -1500, -900);
    village.nodes[1].router = village.nodes[2].router = true;
    for (std::size_t i = 0; i < handhelds.size(); ++i) {
        const double far = 250.0 * static_cast<double>(i + 1);
        const double turn = kGolden * static_cast<double>(i);
        add(handhelds[i], kFirstNumber + static_cast<std::uint32_t>(i), far * std::cos(turn),
            far * std::sin(turn));
    }
    return village;
}

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

SteppedBox::Options options_of(const std::string& operator_handle) {
    SteppedBox::Options options;
    options.settings.operators = {operator_handle};
    // The books are looked at in the end.
    options.settings.retention = std::chrono::hours(24 * 90);
    options.house_every = kHouseEvery;
    return options;
}

}  // namespace

Town::Town(const std::vector<std::string>& people, const std::vector<std::string>& strangers)
    : world_(village_of(joined(people, strangers))),
      observer_(world_, "post"),
      random_(seeded_random(7)),
      box_(world_.scheduler(), *world_.device("post"), *random_, options_of(people.front())) {
    box_.on_bytes_to_device = [this](std::string_view bytes) { watch(bytes); };
    std::vector<Handheld> handhelds;
    for (const std::string& name : people) handhelds.push_back({name, world_.node(name)->number()});
    box_.open(handhelds);
}

void Town::watch(std::string_view bytes) {
    for (const std::string& payload : to_device_.feed(bytes)) {
        meshtastic::pb::ToRadio message;
        if (message.ParseFromString(payload) && message.has_packet()) {
            observer_.handed_to_device(message.packet().id());
        }
    }
}

void Town::after(milliseconds delay, std::function<void()> what) {
    world_.scheduler().after(delay, std::move(what));
}

void Town::says(const std::string& name, const std::string& text) {
    (void)world_.handheld(name)->send_dm(world_.node("post")->number(), text);
}

void Town::turn(const std::string& name, bool on) { world_.handheld(name)->turn(on); }

void Town::mail(const Address& to, const std::string& text) {
    Message message;
    message.from = mailto("bob", "example.org");
    message.to = {to};
    message.network = message.transport = "email";
    message.origin_id = '<' + std::to_string(++mails_) + "@example.org>";
    message.text = text;
    message.verified_sender = true;
    box_.accept(std::move(message));
}

std::size_t Town::in_hand() {
    std::size_t sum = 0;
    const auto counts = store().read([](store::Tables& t) { return t.deliveries.counts(); });
    for (const store::Count& each : *counts) {
        if (!is_final(each.state) && each.state != State::Held) {
            sum += static_cast<std::size_t>(each.count);
        }
    }
    return sum;
}

std::vector<store::DeliveryRow> Town::all_in(State state) {
    std::vector<store::DeliveryRow> all;
    for (DeliveryId last = 0;;) {
        const auto some =
            store().read([&](store::Tables& t) { return t.deliveries.list(state, last, 500); });
        if (some->empty()) return all;
        all.insert(all.end(), some->begin(), some->end());
        last = some->back().id;
    }
}

}  // namespace waypost::month
