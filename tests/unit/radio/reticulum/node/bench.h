// SPDX-License-Identifier: Apache-2.0
// A node, people around it, and the air between them, which a test may cut.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "radio/reticulum/node.h"
#include "tests/unit/radio/reticulum/node/lxmf_peer.h"

namespace waypost::reticulum {

class NodeTest : public testing::Test {
  protected:
    NodeTest() : random(seeded_random(7)) { restart(); }

    // As after a crash: nothing is left but the keys.
    void restart() {
        const auto keys = seeded_random(99);
        NodeOptions options;
        options.name = "Hill";
        node = std::make_unique<Node>(options, Identity::generate(*keys), *random);
        outcomes.clear();
    }
    // On an interface of its own.
    void meet(LxmfPeer& peer, int bits_per_second = 0) {
        const InterfaceNumber on = ++last_interface;
        at[on] = &peer;
        act(node->interface_up(on, {"phone " + std::to_string(on), bits_per_second}, now()));
        peer.announce();
        pump();
    }
    // Until nobody says anything more.
    void pump() {
        for (int rounds = 0; rounds < 400; ++rounds) {
            bool any = false;
            for (const auto& [on, peer] : at) {
                for (const std::string& packet : peer->takes_out()) {
                    any = true;
                    if (is_lost && is_lost(packet, false)) continue;
                    act(node->received(on, packet, {}, now()));
                }
            }
            for (PacketOut& out : std::exchange(on_air, {})) {
                any = true;
                const auto to = at.find(out.on);
                if (to == at.end() || (is_lost && is_lost(out.bytes, true))) continue;
                to->second->hears(out.bytes);
            }
            if (!any) return;
        }
        ADD_FAILURE() << "they never stop";
    }
    void pass(milliseconds time, milliseconds step = milliseconds(500)) {
        for (milliseconds done{0}; done < time; done += step) {
            box_now += step;
            wall_now += step;
            act(node->tick(now()));
            for (const auto& [on, peer] : at) peer->at(box_now);
            pump();
        }
    }
    void act(NodeActions actions) {
        for (PacketOut& out : actions.send) {
            if (air_is_shut && !out.wire_id.empty()) {
                act(node->not_sent(out.wire_id, *air_is_shut, std::chrono::seconds(40), now()));
                continue;
            }
            ++packets_out;
            alarms_out += out.alarm ? 1 : 0;
            on_air.push_back(std::move(out));
        }
        for (MessageIn& in : actions.messages) {
            messages.push_back(in);
            if (decides) act(node->accepted(in.id, keeps));
        }
        for (auto& each : actions.outcomes) outcomes.push_back(std::move(each));
        for (auto& each : actions.proofs) proofs.push_back(std::move(each));
        for (auto& each : actions.stamps) stamps.push_back(std::move(each));
        for (auto& each : actions.known) known.push_back(std::move(each));
    }
    void send(const LxmfPeer& to, const std::string& text, int number = 1, bool alarm = false) {
        Outgoing out;
        out.alarm = alarm;
        out.attempt = {number, 1};
        out.to = to.destination();
        out.time_ms = 1'800'000'000'000 + number;
        out.wire_id = wire_id_of(out.to, out.time_ms);
        out.text = text;
        act(node->send(out, now()));
        pump();
    }
    Outcome::Kind became(std::size_t which = 0) const { return outcomes.at(which).second.kind; }
    Now now() const { return {box_now, wall_now}; }
    static PacketType type_of(const std::string& packet) { return parse_packet(packet)->type; }

    std::unique_ptr<Random> random;
    std::unique_ptr<Node> node;
    BoxTime box_now = box_from_ms(1'000'000);
    WallTime wall_now = wall_from_ms(1'800'000'000'000);
    std::map<InterfaceNumber, LxmfPeer*> at;
    InterfaceNumber last_interface = 0;
    std::vector<PacketOut> on_air;
    int packets_out = 0;
    int alarms_out = 0;  // of these
    std::function<bool(const std::string& packet, bool from_node)> is_lost;
    std::optional<Carrier::Took> air_is_shut;  // to what carries a message
    bool decides = true;                       // about messages, at once
    bool keeps = true;
    std::vector<MessageIn> messages;
    std::vector<std::pair<AttemptId, Outcome>> outcomes;
    std::vector<std::pair<std::string, Proof>> proofs;
    std::vector<StampWanted> stamps;
    std::vector<std::string> known;
    LxmfPeer ana{"Ana", 1}, ben{"Ben", 2};
};

}  // namespace waypost::reticulum
