// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/reticulum_transport.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "gateway/base/crash_point.h"
#include "gateway/base/encoding.h"
#include "gateway/base/log.h"
#include "gateway/message/text.h"
#include "radio/line_is_down.h"

namespace waypost::reticulum {
namespace {

constexpr milliseconds kTick{250};
constexpr milliseconds kIdleTick = std::chrono::seconds(10);  // nothing is under way
constexpr int kWindow = 16;
constexpr std::chrono::hours kLately{1};
constexpr std::size_t kMostName = 40;
constexpr std::size_t kMostTalks = 5'000;
constexpr char kIdentityState[] = "identity";
constexpr char kTimeState[] = "time";
constexpr char kEmittedState[] = "emitted";
constexpr char kPeerState[] = "peer/";

}  // namespace

ReticulumTransport::ReticulumTransport(TransportId id, ReticulumOptions options,
                                       std::unique_ptr<Carrier> carrier)
    : id_(std::move(id)), options_(std::move(options)), carrier_(std::move(carrier)) {}

ReticulumTransport::~ReticulumTransport() { stop(); }

const std::string& ReticulumTransport::network() const {
    static const std::string kName = kNetwork;
    return kName;
}

const std::string& ReticulumTransport::scheme() const {
    static const std::string kName = kScheme;
    return kName;
}

void ReticulumTransport::start(Office& office) {
    office_ = &office;
    make_node();
    {
        const std::lock_guard lock(gate_->mutex);
        gate_->transport = this;
    }
    stamps_.start(office.random(), [this](const std::string& wire, std::optional<std::string> s) {
        step([&](Node& node) { return node.stamped(wire, std::move(s), now()); });
    });
    carrier_->start(office, id_, *this);
    ticker_.start(kTick, kIdleTick, [this] { return tick(); });
}

// People write to it for years: it is on disk before anybody hears of it.
Identity ReticulumTransport::own_identity() {
    TransportState& state = office_->state(id_);
    std::string keys(options_.key.reveal());
    if (keys.empty()) {
        const auto rows = state.with_prefix(kIdentityState);
        const auto row = rows.find(kIdentityState);
        if (row != rows.end()) keys = from_hex(row->second).value_or("?");
    }
    if (keys.empty()) {
        Identity made = Identity::generate(office_->random());
        state.put(kIdentityState, to_hex(made.reveal()));
        if (!state.wait_durable())
            throw std::runtime_error("the key of its address is not on disk: the store failed");
        return made;
    }
    auto identity = Identity::from_bytes(keys);
    if (!identity.ok()) throw std::runtime_error("its key: " + identity.error().text);
    return std::move(*identity);
}

void ReticulumTransport::make_node() {
    TransportState& state = office_->state(id_);
    NodeOptions options = options_.node;
    if (options.name.empty()) options.name = office_->village();
    options.name = one_line(options.name, kMostName);
    Identity identity = own_identity();
    talks_ = std::make_unique<Talks>(state, kMostTalks, office_->clock().wall());
    const std::lock_guard lock(mutex_);
    last_time_ = std::strtoll(state.get(kTimeState).value_or("").c_str(), nullptr, 10);
    node_ = std::make_unique<Node>(std::move(options), std::move(identity), office_->random());
    node_->last_emitted(std::strtoull(state.get(kEmittedState).value_or("").c_str(), nullptr, 10));
    for (const auto& [name, record] : state.with_prefix(kPeerState)) {
        const auto destination = destination_in(name.substr(sizeof kPeerState - 1));
        if (destination) node_->peers().load(*destination, record);
    }
}

void ReticulumTransport::stop() {
    {
        const std::lock_guard lock(gate_->mutex);
        gate_->transport = nullptr;
    }
    ticker_.stop();
    stamps_.stop();
    carrier_->stop();
}

void ReticulumTransport::give_back() {
    if (office_ == nullptr) return;
    NodeActions actions;
    {
        const std::lock_guard lock(mutex_);
        if (node_ == nullptr) return;  // it never started
        actions = node_->give_back();
    }
    for (auto& [attempt, outcome] : actions.outcomes) office_->report(attempt, std::move(outcome));
}

Limits ReticulumTransport::limits() const {
    Limits limits;
    limits.message_bytes = options_.text_bytes;
    limits.window = kWindow;
    limits.ordered = true;
    limits.typed = true;
    return limits;
}

// Who gets a message knows a repeat by its id, of which the time is a part: no two have the same.
std::int64_t ReticulumTransport::new_time() {
    const std::int64_t wall = to_ms(office_->clock().wall());
    const std::lock_guard lock(mutex_);
    last_time_ = std::max(wall, last_time_ + 1);
    return last_time_;
}

// The time is chosen here and on record before a packet can leave.
void ReticulumTransport::deliver(Delivery delivery) {
    const auto to = destination_in(delivery.to.value);
    if (!to) {
        return office_->report(delivery.attempt,
                               outcome(Outcome::Kind::Failed, "address",
                                       "an LXMF address has 32 digits, 0-9 and a-f"));
    }
    Outgoing out;
    out.attempt = delivery.attempt;
    out.to = *to;
    const auto before = delivery.wire_id ? time_in(*delivery.wire_id) : std::nullopt;
    out.time_ms = before ? *before : new_time();
    out.wire_id = before ? *delivery.wire_id : wire_id_of(*to, out.time_ms);
    out.text = text_for(delivery);
    out.alarm = delivery.priority == Priority::Alarm;
    for (const std::string& reference : delivery.references) {
        const auto id = from_hex(reference);
        if (!id || id->size() != kFullHash) continue;
        out.answers = *id;
        break;
    }
    if (!before) office_->state(id_).put(kTimeState, std::to_string(out.time_ms));
    const AttemptId attempt = out.attempt;
    const std::string wire_id = out.wire_id;
    office_->begin(attempt, wire_id,
                   [gate = gate_, office = office_, out = std::move(out)](bool go) mutable {
                       if (!go) return;
                       const std::lock_guard lock(gate->mutex);
                       if (gate->transport != nullptr)
                           return gate->transport->launch(std::move(out));
                       office->report(out.attempt, line_is_down());
                   });
}

template <class Call>
void ReticulumTransport::step(Call call) {
    bool idle = true;
    NodeActions actions;
    {
        const std::lock_guard lock(mutex_);
        actions = call(*node_);
        idle = node_->idle();
    }
    act(std::move(actions));
    if (!idle) ticker_.nudge();
}

void ReticulumTransport::launch(Outgoing out) {
    crash_point(CrashPoint::TextQueued);
    step([&](Node& node) { return node.send(std::move(out), now()); });
}

void ReticulumTransport::decided(const std::string& message, bool kept) {
    step([&](Node& node) { return node.accepted(message, kept); });
}

bool ReticulumTransport::tick() {
    step([this](Node& node) { return node.tick(now()); });
    const std::lock_guard lock(mutex_);
    return !node_->idle();
}

void ReticulumTransport::interface_up(InterfaceNumber on, const InterfaceInfo& info) {
    log(Level::Info, kNetwork, "interface-up", {{"id", id_}, {"name", info.name}});
    step([&](Node& node) { return node.interface_up(on, info, now()); });
    office_->wake(id_);
}

void ReticulumTransport::interface_down(InterfaceNumber on) {
    step([&](Node& node) { return node.interface_down(on, now()); });
}

void ReticulumTransport::came(InterfaceNumber on, const std::string& packet,
                              const HeardSignal& signal) {
    step([&](Node& node) { return node.received(on, packet, signal, now()); });
}

void ReticulumTransport::carrier_changed() {
    const Status status = carrier_->status();
    log(status.up ? Level::Info : Level::Warning, kNetwork, status.up ? "up" : "down",
        {{"id", id_}, {"why", status.why}});
    office_->wake(id_);
}

void ReticulumTransport::act(NodeActions actions) {
    remember(actions.known, actions.forgotten);
    if (actions.emitted) office_->state(id_).put(kEmittedState, std::to_string(*actions.emitted));
    if (packets_ != nullptr)
        packets_->note(std::move(actions.packets), id_, to_ms(office_->clock().wall()));
    tell_office(actions);
    for (StampWanted& each : actions.stamps) stamps_.make(std::move(each));
    put_on_the_way(actions.send);
    for (const MessageIn& each : actions.messages) hand_over(each);
    for (auto& [attempt, outcome] : actions.outcomes) office_->report(attempt, std::move(outcome));
    for (const auto& [wire_id, proof] : actions.proofs) office_->proof(id_, wire_id, proof);
    if (!actions.outcomes.empty()) office_->wake(id_);
}

// Of whom it concerns nobody here nothing is noted: a network may have thousands.
void ReticulumTransport::tell_office(const NodeActions& actions) {
    const PeopleView* people = office_->people();
    for (const auto& [destination, heard] : actions.heard) {
        const Address address{scheme(), address_of(destination)};
        if (people != nullptr && !people->on_record(address)) continue;
        NodeActions kept;
        {
            const std::lock_guard lock(mutex_);
            kept = node_->keep(destination);
        }
        remember(kept.known, kept.forgotten);
        Heard copy = heard;
        copy.public_key = to_hex(heard.public_key);
        office_->heard(id_, address, std::move(copy));
    }
}

void ReticulumTransport::put_on_the_way(const std::vector<PacketOut>& packets) {
    for (const PacketOut& packet : packets) {
        const Carrier::Took took = carrier_->send(packet.on, packet.bytes, packet.alarm);
        if (packet.wire_id.empty()) continue;
        if (took == Carrier::Took::Yes) {
            crash_point(CrashPoint::TextWritten);
            continue;
        }
        const auto wait = carrier_->airtime_in(packet.bytes.size(), packet.alarm);
        step([&](Node& node) { return node.not_sent(packet.wire_id, took, wait, now()); });
    }
}

void ReticulumTransport::remember(const std::vector<std::string>& known,
                                  const std::vector<std::string>& forgotten) {
    TransportState& state = office_->state(id_);
    for (const std::string& gone : forgotten) state.erase(kPeerState + address_of(gone));
    for (const std::string& destination : known) {
        std::string record;
        {
            const std::lock_guard lock(mutex_);
            const Peer* peer = node_->peers().find(destination);
            if (peer != nullptr) record = Peers::record(*peer);
        }
        if (!record.empty()) state.put(kPeerState + address_of(destination), std::move(record));
    }
}

std::optional<int> ReticulumTransport::reach(const Address& to) const {
    const auto destination = to.scheme == kScheme ? destination_in(to.value) : std::nullopt;
    if (!destination) return std::nullopt;
    const std::lock_guard lock(mutex_);
    const Peer* peer = node_ == nullptr ? nullptr : node_->peers().find(*destination);
    if (peer == nullptr) return 0;
    if (!node_->has_way(*destination)) return 1;
    const auto age = office_->clock().box() - peer->heard;
    return age < std::chrono::minutes(15) ? 50 : age < std::chrono::hours(3) ? 20 : 5;
}

Status ReticulumTransport::status() const {
    Status status = carrier_->status();
    const std::lock_guard lock(mutex_);
    if (node_ == nullptr) return status;
    const NodeCounters& counters = node_->counters();
    status.details["address"] = address_of(node_->destination());
    status.details["name"] = node_->options().name;
    status.details["peers known"] = std::to_string(node_->peers().size());
    status.details["links"] = std::to_string(node_->links());
    status.details["repeats"] = std::to_string(counters.repeats);
    status.details["unreadable"] = std::to_string(counters.unreadable);
    status.details["forged"] = std::to_string(counters.forged);
    status.details["sender unknown"] = std::to_string(counters.unknown);
    status.details["no room"] = std::to_string(counters.dropped);
    status.metrics["heard"] =
        static_cast<double>(node_->peers().heard_since(office_->clock().box() - kLately));
    status.metrics["waiting"] = static_cast<double>(node_->under_way());
    return status;
}

}  // namespace waypost::reticulum
