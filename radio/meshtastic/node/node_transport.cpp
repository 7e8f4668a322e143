// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/node/node_transport.h"

#include <algorithm>
#include <stdexcept>

#include "gateway/base/crash_point.h"
#include "gateway/base/encoding.h"
#include "gateway/message/text.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::meshtastic {
namespace {

constexpr milliseconds kTick{1000};
constexpr int kWindow = 16;
constexpr std::chrono::hours kLately{1};
constexpr std::size_t kLongName = 24;
constexpr std::size_t kShortName = 4;
constexpr char kKey[] = "key";     // of the node, in hex
constexpr char kNode[] = "node/";  // what is known of another one

std::string hex_id(std::uint32_t id) { return node_id(id).substr(1); }

}  // namespace

NodeTransport::NodeTransport(TransportId id, NodeTransportOptions options,
                             std::unique_ptr<NodeCarrier> carrier)
    : id_(std::move(id)), options_(std::move(options)), carrier_(std::move(carrier)) {}

NodeTransport::~NodeTransport() { stop(); }

const std::string& NodeTransport::network() const {
    static const std::string kNetwork = "meshtastic";
    return kNetwork;
}

void NodeTransport::start(Office& office) {
    office_ = &office;
    make_node();
    {
        const std::lock_guard lock(gate_->mutex);
        gate_->transport = this;
    }
    carrier_->start(office, *this, node_->number());
    ticker_.start(kTick, [this] { tick(); });
}

// Its key is made once: people pin it.
void NodeTransport::make_node() {
    TransportState& state = office_->state(id_);
    auto key = [&] {
        const auto kept = state.get(kKey);
        if (!kept) return Result<NodeKey>(NodeKey::make());
        return NodeKey::of(Secret(from_hex(*kept).value_or("")));
    }();
    if (!key.ok()) throw std::runtime_error("its key in the store: " + key.error().text);
    state.put(kKey, to_hex(key->private_key()));
    OwnNodeOptions options = options_.node;
    if (options.name.empty()) options.name = office_->village();
    options.name = one_line(options.name, kLongName);
    if (options.short_name.empty()) options.short_name = options.name;
    options.short_name = one_line(options.short_name, kShortName);
    const std::lock_guard lock(mutex_);
    node_ = std::make_unique<OwnNode>(std::move(options), std::move(*key), office_->random());
    for (const auto& [name, record] : state.with_prefix(kNode)) {
        std::uint32_t number = 0;
        if (parse_node_id(name.substr(sizeof kNode - 1), number))
            node_->nodes().load(number, record);
    }
}

void NodeTransport::stop() {
    {
        const std::lock_guard lock(gate_->mutex);
        gate_->transport = nullptr;
    }
    ticker_.stop();
    carrier_->stop();
}

void NodeTransport::give_back() {
    if (office_ == nullptr) return;
    NodeActions actions;
    {
        const std::lock_guard lock(mutex_);
        actions = node_->give_back();
    }
    for (auto& [attempt, outcome] : actions.outcomes) office_->report(attempt, std::move(outcome));
}

Limits NodeTransport::limits() const { return {options_.text_bytes, kWindow, true}; }

void NodeTransport::deliver(Delivery delivery) {
    Outgoing out;
    out.attempt = delivery.attempt;
    out.again = delivery.wire_id && parse_node_id(*delivery.wire_id, out.packet_id);
    if (!out.again)
        out.packet_id = static_cast<std::uint32_t>(office_->random().below(0xFFFFFFFE)) + 1;
    parse_node_id(delivery.to.value, out.to);
    out.text = std::move(delivery.text);
    out.alarm = delivery.priority == Priority::Alarm;
    for (const std::string& reference : delivery.references) {
        if (parse_node_id(reference.substr(0, 8), out.reply_id)) break;
    }
    const AttemptId attempt = out.attempt;
    const std::string wire_id = hex_id(out.packet_id);
    office_->begin(attempt, wire_id,
                   [gate = gate_, office = office_, out = std::move(out)](bool go) mutable {
                       if (!go) return;
                       const std::lock_guard lock(gate->mutex);
                       if (gate->transport != nullptr)
                           return gate->transport->launch(std::move(out));
                       office->report(out.attempt, line_is_down());
                   });
}

void NodeTransport::launch(Outgoing out) {
    crash_point(CrashPoint::TextQueued);
    NodeActions actions;
    {
        const std::lock_guard lock(mutex_);
        actions = node_->send(std::move(out), now());
    }
    act(std::move(actions));
}

void NodeTransport::tick() {
    NodeActions actions;
    {
        const std::lock_guard lock(mutex_);
        actions = node_->tick(now());
    }
    act(std::move(actions));
}

void NodeTransport::act(NodeActions actions) {
    keep(actions);
    if (packets_ != nullptr)
        packets_->note(std::move(actions.packets), id_, to_ms(office_->clock().wall()));
    for (auto& [number, heard] : actions.heard) {
        heard.public_key = to_hex(heard.public_key);
        office_->heard(id_, {network(), node_id(number)}, std::move(heard));
    }
    put_on_the_way(actions.send);
    const bool ended = !actions.outcomes.empty();
    for (auto& [attempt, outcome] : actions.outcomes) office_->report(attempt, std::move(outcome));
    for (const auto& [id, proof] : actions.proofs) office_->proof(id_, hex_id(id), proof);
    if (ended) office_->wake(id_);
}

void NodeTransport::put_on_the_way(const std::vector<NodePacket>& packets) {
    for (const NodePacket& packet : packets) {
        std::function<void(bool)> taken;
        if (packet.channel == kPki) {
            taken = [office = office_, id = id_, wire = hex_id(packet.id)](bool has_it) {
                if (!has_it) return;
                office->proof(id, wire,
                              {Proof::Kind::Relayed, ProofClass::Observed, "carried", "", {}});
            };
        }
        const bool left = carrier_->send(packet, std::move(taken));
        if (left) crash_point(CrashPoint::TextWritten);
        if (left || packet.channel != kPki) continue;
        NodeActions lost;
        {
            const std::lock_guard lock(mutex_);
            lost = node_->not_sent(packet.id);
        }
        for (auto& [attempt, outcome] : lost.outcomes) office_->report(attempt, std::move(outcome));
    }
}

void NodeTransport::keep(const NodeActions& actions) {
    TransportState& state = office_->state(id_);
    for (const std::uint32_t number : actions.forgotten) state.erase(kNode + node_id(number));
    for (const std::uint32_t number : actions.known) {
        std::string record;
        {
            const std::lock_guard lock(mutex_);
            const KnownNode* node = node_->nodes().find(number);
            if (node != nullptr) record = Nodes::record(*node);
        }
        if (!record.empty()) state.put(kNode + node_id(number), std::move(record));
    }
}

// Behind a radio that hears the same node itself.
std::optional<int> NodeTransport::reach(const Address& to) const {
    std::uint32_t number = 0;
    if (to.scheme != network() || !parse_node_id(to.value, number)) return std::nullopt;
    const std::lock_guard lock(mutex_);
    const KnownNode* node = node_ == nullptr ? nullptr : node_->nodes().find(number);
    if (node == nullptr) return std::nullopt;
    if (node->heard == BoxTime{}) return 0;
    const auto age = now() - node->heard;
    return age < std::chrono::minutes(15) ? 30 : age < std::chrono::hours(3) ? 12 : 3;
}

Status NodeTransport::status() const {
    Status status;
    status.up = carrier_->up();
    status.why = status.up ? std::string() : carrier_->why_down();
    status.details = carrier_->details();
    const std::lock_guard lock(mutex_);
    if (node_ == nullptr) return status;
    const NodeCounters& counters = node_->counters();
    status.details["node"] = node_id(node_->number());
    status.details["name"] = node_->options().name;
    status.details["nodes known"] = std::to_string(node_->nodes().size());
    status.details["repeats"] = std::to_string(counters.repeats);
    status.details["unreadable"] = std::to_string(counters.unreadable);
    status.details["against the rules"] = std::to_string(counters.refused);
    status.metrics["heard"] = static_cast<double>(node_->nodes().heard_since(now() - kLately));
    status.metrics["waiting"] = static_cast<double>(node_->under_way());
    return status;
}

}  // namespace waypost::meshtastic
