// SPDX-License-Identifier: Apache-2.0
// A test of the signal: Meshtastic's traceroute (RouteDiscovery of mesh.proto). Each node on the
// way adds itself, and how well it heard the one before; the addressee sends that back.
#include "meshtastic.pb.h"
#include "radio/meshtastic/packet_words.h"
#include "radio/meshtastic/session.h"

namespace waypost::meshtastic {
namespace {

using std::chrono::seconds;

constexpr seconds kAnswerWait{60};
constexpr seconds kAgain{30};            // the firmware lets a host send one in that time
constexpr std::size_t kProbeBytes = 24;  // header 16; Data: port 2, want_response 2, bitfield 2
constexpr int kMostHops = 8;             // as many as the firmware's lists hold
constexpr int kUnknownSnr = -128;
constexpr float kSnrSteps = 4;  // of a dB

Address address_of(std::uint32_t node) {
    return node == kBroadcast ? Address() : Address{"meshtastic", node_id(node)};
}

template <class Nodes, class Snrs>
void add_legs(std::uint32_t from, const Nodes& between, std::uint32_t to, const Snrs& snrs,
              std::vector<SignalTest::Leg>& legs) {
    for (int i = 0; i <= between.size(); ++i) {
        const std::uint32_t next = i < between.size() ? between.Get(i) : to;
        SignalTest::Leg leg{address_of(from), address_of(next), {}};
        if (i < snrs.size() && snrs.Get(i) > kUnknownSnr && snrs.Get(i) < -kUnknownSnr)
            leg.snr_db = static_cast<float>(snrs.Get(i)) / kSnrSteps;
        legs.push_back(std::move(leg));
        from = next;
    }
}

}  // namespace

Result<void> Session::ask_signal(std::uint32_t node, BoxTime now) {
    if (!why_down().empty()) return Error{Code::Busy, why_down(), true};
    if (node == 0 || node == kBroadcast || node == device_.number)
        return bad_input("the test needs another node");
    if (probe_.packet_id != 0) return Error{Code::Busy, "a test is under way", true};
    if (probe_.asked != BoxTime{} && now - probe_.asked < kAgain)
        return Error{Code::Busy, "the radio sends one test in half a minute", true};
    if (!ledger_.take(now, airtime_of_bytes(kProbeBytes), false))
        return Error{Code::Busy, "this hour's airtime is used up", true};
    probe_ = {node, static_cast<std::uint32_t>(random_.below(0xFFFFFFFE)) + 1, false, now};
    signal_test_ = SignalTest{};
    signal_test_->node = address_of(node);
    signal_test_->asked = now;
    next_tick_ = now;
    return {};
}

// Its airtime is taken.
void Session::send_probe(Actions& actions) {
    if (probe_.packet_id == 0 || probe_.written || phase_ != Phase::Ready || queue_free_ == 0)
        return;
    pb::ToRadio message;
    pb::MeshPacket* packet = message.mutable_packet();
    packet->set_to(probe_.node);
    packet->set_id(probe_.packet_id);
    packet->set_hop_limit(device_.hop_limit);
    if (const std::uint32_t channel = channel_of(probe_.node)) packet->set_channel(channel);
    packet->mutable_decoded()->set_portnum(kTraceRoute);
    packet->mutable_decoded()->set_want_response(true);
    actions.write += frame(message.SerializeAsString());
    actions.packets.push_back(sent_packet(*packet, device_.number));
    actions.spent = true;
    --queue_free_;
    probe_.written = true;
}

void Session::handle_trace(const pb::MeshPacket& packet, BoxTime now) {
    const pb::Data& data = packet.decoded();
    if (probe_.packet_id == 0 || data.request_id() != probe_.packet_id ||
        packet.from() != probe_.node)
        return;
    pb::RouteDiscovery way;
    if (!way.ParseFromString(data.payload()) || way.route_size() > kMostHops ||
        way.route_back_size() > kMostHops)
        return;
    signal_test_->state = SignalTest::State::Answered;
    signal_test_->took = now - probe_.asked;
    add_legs(device_.number, way.route(), probe_.node, way.snr_towards(), signal_test_->legs);
    add_legs(probe_.node, way.route_back(), device_.number, way.snr_back(), signal_test_->legs);
    probe_.packet_id = 0;
}

void Session::end_probe(const std::string& why) {
    signal_test_->state = SignalTest::State::Silent;
    signal_test_->why = why;
    probe_.packet_id = 0;
}

void Session::expire_probe(BoxTime now) {
    if (probe_.packet_id != 0 && now >= probe_due()) end_probe({});
}

BoxTime Session::probe_due() const { return probe_.asked + kAnswerWait; }

}  // namespace waypost::meshtastic
