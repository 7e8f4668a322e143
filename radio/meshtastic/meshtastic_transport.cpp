// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/meshtastic_transport.h"

#include <algorithm>

#include "gateway/base/crash_point.h"
#include "gateway/base/encoding.h"

namespace waypost::meshtastic {
namespace {

constexpr int kMostUndecided = 64;
constexpr std::size_t kMostFromBroker = 256;

std::string hex_id(std::uint32_t id) { return node_id(id).substr(1); }

bool parse_hex_id(const std::string& text, std::uint32_t& id) { return parse_node_id(text, id); }

}  // namespace

bool MeshtasticInbox::put_from_broker(ForDevice item) {
    const std::lock_guard lock(mutex_);
    if (from_broker_.size() >= kMostFromBroker) return false;
    from_broker_.push_back(std::move(item));
    wake_line();
    return true;
}

std::deque<ForDevice> MeshtasticInbox::take_from_broker() {
    const std::lock_guard lock(mutex_);
    return std::exchange(from_broker_, {});
}

MeshtasticTransport::MeshtasticTransport(TransportId id, MeshtasticOptions options)
    : SessionTransport(std::move(id), options.port), options_(std::move(options)) {}
MeshtasticTransport::~MeshtasticTransport() { stop(); }

const std::string& MeshtasticTransport::network() const {
    static const std::string kNetwork = "meshtastic";
    return kNetwork;
}

void MeshtasticTransport::attach(Office& office) {
    take_session(office, std::make_unique<Session>(options_.session, office.random()),
                 options_.session.band);
    if (options_.hub)
        options_.hub->add_radio(id(), [inbox = inbox_](ForDevice item) {
            return inbox->put_from_broker(std::move(item));
        });
}

void MeshtasticTransport::stop() {
    SessionTransport::stop();
    // Once: another may have this id by the time that this one is let go.
    if (const auto hub = std::exchange(options_.hub, nullptr)) hub->remove_radio(id());
}

Limits MeshtasticTransport::limits() const { return {options_.text_bytes, 4, true}; }

// The packet id is chosen here and on record before the packet can leave.
void MeshtasticTransport::deliver(Delivery delivery) {
    Outgoing out;
    out.attempt = delivery.attempt;
    out.again = delivery.wire_id && parse_hex_id(*delivery.wire_id, out.packet_id);
    if (!out.again) {
        out.packet_id = static_cast<std::uint32_t>(office_->random().below(0xFFFFFFFE)) + 1;
    }
    parse_node_id(delivery.to.value, out.to);
    out.text = std::move(delivery.text);
    out.alarm = delivery.priority == Priority::Alarm;
    for (const std::string& reference : delivery.references) {
        if (parse_hex_id(reference.substr(0, 8), out.reply_id)) break;
    }
    const std::string wire_id = hex_id(out.packet_id);
    hand_over(std::move(out), wire_id);
}

// With too many texts undecided the line is left alone.
bool MeshtasticTransport::may_read() const { return inbox_->undecided <= kMostUndecided; }

Result<void> MeshtasticTransport::test_signal(const Address& node) {
    std::uint32_t number = 0;
    if (node.scheme != network() || !parse_node_id(node.value, number))
        return bad_input(node.uri() + " is no Meshtastic node");
    {
        const std::lock_guard lock(mutex_);
        if (session_ == nullptr) return Error{Code::Busy, "it has not started", true};
        const auto asked = session_->ask_signal(number, office_->clock().box());
        if (!asked.ok()) return asked;
    }
    inbox_->wake();
    return {};
}

std::optional<SignalTest> MeshtasticTransport::signal_test() const {
    const std::lock_guard lock(mutex_);
    return session_ == nullptr ? std::nullopt : session_->signal_test();
}

bool MeshtasticTransport::take_more(ByteLine* line) {
    bool good = true;
    for (ForDevice& item : inbox_->take_from_broker()) {
        const auto hand = [&](Session& s, BoxTime now) {
            return s.from_broker(std::move(item), now);
        };
        good = step(line, hand) && good;
    }
    return good;
}

void MeshtasticTransport::pass_to_brokers(const Actions& actions) {
    if (!options_.hub) return;
    if (actions.facts) options_.hub->radio_is(id(), *actions.facts);
    for (const FromDevice& each : actions.for_broker) options_.hub->from_radio(id(), each);
}

bool MeshtasticTransport::act(ByteLine* line, Actions actions) {
    bool good = stays(actions);
    // A text's airtime is on record since it began; what it really cost, and our node information,
    // join the next commit.
    if (actions.spent) save_airtime();
    if (line != nullptr && !actions.write.empty()) {
        good = line->write(actions.write).ok() && good;
        if (actions.spent) crash_point(CrashPoint::TextWritten);
    }
    note_snr(actions);
    tell(std::move(actions.packets));
    pass_to_brokers(actions);
    if (actions.unix_time && told_time_)
        told_time_(WallTime(std::chrono::seconds(*actions.unix_time)));
    for (const auto& [number, heard] : actions.heard) {
        Heard copy = heard;
        copy.public_key = to_hex(heard.public_key);
        office_->heard(id(), {network(), node_id(number)}, copy);
    }
    for (const TextIn& text : actions.texts) take_text(text);
    for (auto& [attempt, outcome] : actions.outcomes) office_->report(attempt, std::move(outcome));
    for (const auto& [packet, proof] : actions.proofs) office_->proof(id(), hex_id(packet), proof);
    if (actions.changed || !actions.outcomes.empty()) office_->wake(id());
    return good;
}

void MeshtasticTransport::take_text(const TextIn& text) {
    crash_point(CrashPoint::TextRead);
    Message message;
    message.from = {network(), node_id(text.from)};
    message.network = network();
    message.transport = id();
    message.origin_id = hex_id(text.packet_id);
    message.text = text.text;
    if (text.reply_id != 0) message.references.push_back(hex_id(text.reply_id));
    message.broadcast = !text.direct;
    message.reaction = text.reaction;
    message.alert = text.alert;
    message.verified_sender = text.sealed;
    message.sealed_under = to_hex(text.key);
    message.privacy = text.sealed ? Privacy::ToGateway : Privacy::Channel;
    ++inbox_->undecided;
    office_->accept(std::move(message),
                    [inbox = inbox_](const std::vector<Verdict>&) { --inbox->undecided; });
}

std::optional<int> MeshtasticTransport::reach(const Address& to) const {
    std::uint32_t number = 0;
    if (to.scheme != network() || !parse_node_id(to.value, number)) return std::nullopt;
    const std::lock_guard lock(mutex_);
    if (session_ == nullptr) return std::nullopt;
    const auto heard = session_->heard_of(number);
    if (!heard) return 0;  // never heard here, but the device may know a way
    const auto age = office_->clock().box() - heard->first;
    const int recent = age < std::chrono::minutes(15) ? 50 : age < std::chrono::hours(3) ? 20 : 5;
    return recent + (heard->second < 0 ? 0 : 7 - std::min(heard->second, 7));
}

Status MeshtasticTransport::status() const {
    const std::lock_guard lock(mutex_);
    if (session_ == nullptr) return {};
    Status status = line_status();
    const DeviceInfo& device = session_->device();
    if (device.number == 0) return status;
    status.details = {
        {"node", node_id(device.number)},
        {"name", device.name},
        {"firmware", device.firmware},
        {"region", meshtastic_region_name(device.region)},
        {"preset", meshtastic_preset_name(device.preset)},
        {"nodes heard", std::to_string(session_->nodes_heard())},
        {"channel use %", std::to_string(static_cast<int>(device.channel_utilization))},
        {"own air use %", std::to_string(static_cast<int>(device.air_use))}};
    if (device.battery) status.details["battery %"] = std::to_string(*device.battery);
    if (session_->broker_dropped() > 0)
        status.details["dropped of a broker's"] = std::to_string(session_->broker_dropped());
    if (!status.up) return status;
    status.metrics["heard"] =
        static_cast<double>(session_->nodes_heard_since(office_->clock().box() - kLately));
    status.metrics["channel_use"] = device.channel_utilization;
    add_snr(status);
    return status;
}

}  // namespace waypost::meshtastic
