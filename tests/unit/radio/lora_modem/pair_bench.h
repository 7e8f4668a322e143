// SPDX-License-Identifier: Apache-2.0
// Two simulated modems of one kind on pseudo terminals, each with its driver on a ModemLine, on one
// air. Time is virtual and moves only while no byte is inside a terminal.
#pragma once

#include <gtest/gtest.h>
#include <poll.h>

#include <functional>

#include "radio/modem_kind.h"
#include "radio/modem_line.h"
#include "radio/simulator/frame_air.h"
#include "radio/simulator/lora_modem/device_pty.h"
#include "tests/fakes/fake_clock.h"

namespace waypost::lora_modem {

struct Count {
    std::size_t given = 0;
    std::size_t written = 0;
};

// Counts what a driver writes and is given.
class Tapped final : public FrameRadio {
  public:
    Tapped(std::unique_ptr<FrameRadio> inner, Count& count)
        : inner_(std::move(inner)), count_(count) {}
    RadioActions opened(BoxTime now) override { return count(inner_->opened(now)); }
    RadioActions received(std::string_view bytes, BoxTime now) override {
        count_.given += bytes.size();
        return count(inner_->received(bytes, now));
    }
    RadioActions closed(BoxTime now) override { return inner_->closed(now); }
    RadioActions send(FrameOut frame, BoxTime now) override {
        return count(inner_->send(std::move(frame), now));
    }
    RadioActions tick(BoxTime now) override { return count(inner_->tick(now)); }
    BoxTime next_tick() const override { return inner_->next_tick(); }
    bool ready() const override { return inner_->ready(); }
    int room() const override { return inner_->room(); }
    FrameLimits limits() const override { return inner_->limits(); }
    std::chrono::microseconds airtime(std::size_t n) const override { return inner_->airtime(n); }
    std::string why_down() const override { return inner_->why_down(); }
    std::map<std::string, std::string> details() const override { return inner_->details(); }

  private:
    RadioActions count(RadioActions actions) {
        count_.written += actions.write.size();
        return actions;
    }
    std::unique_ptr<FrameRadio> inner_;
    Count& count_;
};

struct Station {
    Station(std::unique_ptr<simulator::ModemDevice> with, const ModemKind& kind,
            const ModemSettings& settings, Random& random, const Clock& clock)
        : device(std::move(with)), pty(*device) {
        auto tapped = std::make_unique<Tapped>(kind.make(settings, random), tap);
        line = std::make_unique<ModemLine>("serial:" + pty.path(), kind.baud, std::move(tapped),
                                           clock);
    }
    void take(RadioActions actions) {
        broken += actions.broken;
        for (auto& each : actions.heard) heard.push_back(std::move(each));
        for (const auto& each : actions.reports) {
            EXPECT_TRUE(reports.emplace(each.id, each.fate).second) << "reported twice " << each.id;
        }
    }
    bool quiet() const { return tap.written == pty.read() && tap.given == pty.written(); }

    std::unique_ptr<simulator::ModemDevice> device;
    simulator::DevicePty pty;
    Count tap;
    std::unique_ptr<ModemLine> line;
    std::vector<FrameIn> heard;
    std::map<std::uint32_t, FrameFate> reports;
    std::map<std::uint32_t, std::string> sent;
    int broken = 0;
};

class PairBench {
  public:
    using MakeDevice =
        std::function<std::unique_ptr<simulator::ModemDevice>(simulator::FrameAir&, Random&)>;

    PairBench(const ModemKind& kind, const ModemSettings& a, const ModemSettings& b,
              const MakeDevice& make, simulator::FrameAirOptions options = {})
        : air(*random, options) {
        for (const ModemSettings& settings : {a, b}) {
            stations.push_back(
                std::make_unique<Station>(make(air, *random), kind, settings, *random, clock));
        }
    }

    Station& operator[](std::size_t i) { return *stations[i]; }

    void turn() {
        const BoxTime now = clock.box();
        air.step(now);
        bool quiet = true;
        for (auto& each : stations) {
            each->pty.pump(now);
            each->take(each->line->step(now));
            quiet = quiet && each->quiet();
        }
        if (quiet) return clock.advance(milliseconds(1));
        pollfd there[] = {{stations[0]->pty.fd(), POLLIN, 0}, {stations[1]->pty.fd(), POLLIN, 0}};
        const bool to_modem = stations[0]->tap.written != stations[0]->pty.read() ||
                              stations[1]->tap.written != stations[1]->pty.read();
        ::poll(there, 2, to_modem ? 1 : 0);
    }
    // Until it holds or so much virtual time is over: whether it holds.
    bool run(const std::function<bool()>& until, milliseconds most) {
        const BoxTime end = clock.box() + most;
        while (!until() && clock.box() < end) turn();
        return until();
    }
    void pause(milliseconds time) {
        run([] { return false; }, time);
    }
    bool ready() {
        return run([&] { return stations[0]->line->ready() && stations[1]->line->ready(); },
                   milliseconds(60'000));
    }
    std::string noise(std::size_t bytes) {
        std::string out;
        while (out.size() < bytes) out += static_cast<char>(random->next());
        return out;
    }
    std::uint32_t send(Station& from, std::string bytes, std::string to = {}) {
        const std::uint32_t id = ++last_id;
        from.sent[id] = bytes;
        from.take(from.line->send({id, std::move(bytes), std::move(to)}));
        return id;
    }
    // `frames` random frames from each side in turns, each after the other side can hear again.
    void take_turns(int frames, std::size_t longest) {
        for (int i = 0; i < 2 * frames; ++i) {
            Station& from = *stations[static_cast<std::size_t>(i % 2)];
            const auto id = send(from, noise(1 + random->below(longest)));
            ASSERT_TRUE(run([&] { return from.reports.count(id) != 0; }, milliseconds(30'000)));
            pause(from.line->radio().limits().deaf);
        }
        pause(milliseconds(1'000));
    }
    // Both send whenever there is room.
    void talk_at_will(int frames, std::size_t longest) {
        const auto all = static_cast<std::size_t>(frames);
        const auto done = [&] {
            return stations[0]->reports.size() >= all && stations[1]->reports.size() >= all;
        };
        run(
            [&] {
                for (auto& each : stations) {
                    const bool may = each->line->ready() && each->line->radio().room() > 0;
                    if (may && each->sent.size() < all && random->below(40) == 0)
                        send(*each, noise(1 + random->below(longest)));
                }
                return done();
            },
            milliseconds(900'000));
        EXPECT_TRUE(done());
        pause(milliseconds(1'000));
    }
    // What was heard was sent by the other, in that order, none twice: how many.
    static std::size_t heard_in_order(const Station& by, const Station& from) {
        auto next = from.sent.begin();
        for (const FrameIn& frame : by.heard) {
            while (next != from.sent.end() && next->second != frame.bytes) ++next;
            if (next == from.sent.end()) {
                ADD_FAILURE() << "heard what was not sent, or twice";
                return 0;
            }
            ++next;
        }
        return by.heard.size();
    }

    FakeClock clock;
    std::unique_ptr<Random> random = seeded_random(7);
    simulator::FrameAir air;
    std::vector<std::unique_ptr<Station>> stations;
    std::uint32_t last_id = 0;
};

inline int how_many(const Station& station, FrameFate fate) {
    return static_cast<int>(
        std::count_if(station.reports.begin(), station.reports.end(),
                      [&](const auto& report) { return report.second == fate; }));
}

}  // namespace waypost::lora_modem
