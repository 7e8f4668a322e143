// SPDX-License-Identifier: Apache-2.0
// A session at a simulated companion radio, in a village in virtual time. Each event of the
// village and all that the session says is kept.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "gateway/base/encoding.h"
#include "radio/meshcore/address.h"
#include "radio/meshcore/session.h"
#include "radio/meshcore/simulator/world.h"
#include "radio/meshcore/wire_bytes.h"

namespace waypost::meshcore {

// The village's time is the box's.
class VillageClock final : public Clock {
  public:
    explicit VillageClock(const Scheduler& scheduler) : scheduler_(scheduler) {}
    WallTime wall() const override {
        return wall_from_ms(1'800'000'000'000 + to_ms(scheduler_.now()));
    }
    BoxTime box() const override { return scheduler_.now(); }
    bool synchronised() const override { return is_synchronised; }
    bool is_synchronised = true;

  private:
    const Scheduler& scheduler_;
};

inline VillageOfRadios small_village() {
    VillageOfRadios village;
    VillageRadio post, ana, ben;
    post.name = "post";
    post.kind = VillageRadio::Kind::Companion;
    ana.name = "ana";
    ben.name = "ben";
    village.radios = {post, ana, ben};
    return village;
}

// And a room server.
inline VillageOfRadios with_club(const std::string& password = {}) {
    VillageOfRadios village = small_village();
    VillageRadio club;
    club.name = "club";
    club.kind = VillageRadio::Kind::Room;
    club.password = password;
    village.radios.push_back(club);
    return village;
}

inline SessionOptions fast_options() {
    SessionOptions options;
    options.region = "EU868";
    options.share_percent = 100;
    return options;
}

class Bench {
  public:
    explicit Bench(const VillageOfRadios& village = small_village(),
                   SessionOptions options = fast_options())
        : world(village, [this](const Happening& what) { happened.push_back(what); }),
          clock(world.scheduler()),
          session(std::move(options), clock) {}

    BoxTime now() const { return clock.box(); }
    CompanionDevice& device() { return *world.device("post"); }
    std::string key(const std::string& name) { return world.node(name).identity().key; }
    std::string address(const std::string& name) { return radio_address(key(name)); }

    void open() {
        device().connected(true);
        take(session.opened(now()));
    }
    void close() {
        device().disconnected();
        take(session.closed(now()));
    }
    // `decide`: the office takes each text at once.
    void run(milliseconds time) {
        const BoxTime end = now() + time;
        while (now() < end) {
            if (const std::string bytes = device().to_host(); !bytes.empty()) {
                take(session.received(bytes, now()));
            } else if (decides && has_text) {
                has_text = false;
                take(session.decided(true, now()));
            } else if (now() >= session.next_tick()) {
                take(session.tick(now()));
            } else {
                const BoxTime due = std::min({end, world.scheduler().next(), session.next_tick()});
                world.scheduler().run_until(std::max(due, now() + milliseconds(1)));
            }
        }
    }
    void open_and_run() {
        open();
        run(std::chrono::seconds(10));
        ASSERT_TRUE(session.ready()) << session.why_down();
    }
    Outgoing letter(const std::string& to, const std::string& text, std::uint32_t time) {
        Outgoing out;
        out.attempt = {++attempts, 1};
        out.to = to;
        out.time = time;
        out.wire_id = wire_id_of(to, time);
        out.text = text;
        return out;
    }
    void send(Outgoing out) {
        session.promise(out);
        take(session.send(std::move(out), now()));
    }
    void take(Actions actions) {
        device().from_host(actions.write);
        if (actions.text) {
            texts.push_back(*actions.text);
            has_text = true;
        }
        const auto keep = [](auto& kept, auto& fresh) {
            kept.insert(kept.end(), fresh.begin(), fresh.end());
        };
        keep(heard, actions.heard);
        keep(outcomes, actions.outcomes);
        keep(proofs, actions.proofs);
        keep(packets, actions.packets);
        keep(learned, actions.learned);
        reopens += actions.reopen ? 1 : 0;
        adverts += actions.advertised ? 1 : 0;
    }
    std::vector<std::string> on_screen(const std::string& who, const std::string& what = "sees") {
        std::vector<std::string> shown;
        for (const Happening& each : happened)
            if (each.who == who && each.what == what) shown.push_back(each.text);
        return shown;
    }

    std::vector<Happening> happened;
    World world;
    VillageClock clock;
    Session session;
    bool decides = true;
    bool has_text = false;
    std::vector<TextIn> texts;
    std::vector<std::pair<std::string, Heard>> heard;
    std::vector<std::pair<AttemptId, Outcome>> outcomes;
    std::vector<std::pair<std::string, Proof>> proofs;
    std::vector<PacketSeen> packets;
    std::vector<std::string> learned;
    int reopens = 0;
    int adverts = 0;
    DeliveryId attempts = 0;
};

}  // namespace waypost::meshcore
