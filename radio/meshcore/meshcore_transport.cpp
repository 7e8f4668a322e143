// SPDX-License-Identifier: Apache-2.0
#include "radio/meshcore/meshcore_transport.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "gateway/base/crash_point.h"
#include "gateway/base/encoding.h"
#include "gateway/base/log.h"
#include "radio/meshcore/address.h"

namespace waypost::meshcore {
namespace {

constexpr int kTriesOfAttempt = 3;
constexpr int kMostTries = 250;
constexpr char kContactState[] = "contact.";
constexpr char kAdvertState[] = "advert";
constexpr char kTimeState[] = "time";

std::int64_t number_in(const std::optional<std::string>& text) {
    return text ? std::strtoll(text->c_str(), nullptr, 10) : 0;
}

}  // namespace

MeshcoreTransport::MeshcoreTransport(TransportId id, MeshcoreOptions options)
    : SessionTransport(std::move(id), options.port), options_(std::move(options)) {}
MeshcoreTransport::~MeshcoreTransport() { stop(); }

const std::string& MeshcoreTransport::network() const {
    static const std::string kName = kNetwork;
    return kName;
}

void MeshcoreTransport::attach(Office& office) {
    take_session(office, std::make_unique<Session>(options_.session, office.clock()),
                 options_.session.band);
    const TransportState& state = office.state(id());
    if (const auto at = state.get(kAdvertState)) session_->last_advert(box_from_ms(number_in(at)));
    for (const auto& [name, value] : state.with_prefix(kContactState)) {
        const auto key = from_hex(std::string_view(name).substr(sizeof kContactState - 1));
        if (key && key->size() == kKeyBytes) session_->remember_contact(*key);
    }
    last_time_ = static_cast<std::uint32_t>(number_in(state.get(kTimeState)));
    join_groups();
}

Limits MeshcoreTransport::limits() const { return {options_.text_bytes, 4, true}; }

// Whoever gets a text knows a repeat by the time in it: each text has its own, and after a restart
// none has one of before.
std::uint32_t MeshcoreTransport::new_time() {
    const auto wall = static_cast<std::uint32_t>(to_ms(office_->clock().wall()) / 1000);
    const std::lock_guard lock(mutex_);
    last_time_ = std::max(wall, last_time_ + 1);
    return last_time_;
}

// The time is chosen here and on record before the packet can leave.
void MeshcoreTransport::deliver(Delivery delivery) {
    Outgoing out;
    out.attempt = delivery.attempt;
    const auto before = delivery.wire_id ? time_in(*delivery.wire_id) : std::nullopt;
    out.time = before ? *before : new_time();
    out.to = delivery.to.value;
    out.wire_id = before ? *delivery.wire_id : wire_id_of(out.to, out.time);
    const int attempts_before = before ? std::max(delivery.attempt.number - 1, 1) : 0;
    out.first_try = std::min(attempts_before * kTriesOfAttempt, kMostTries);
    out.text = text_for(delivery);
    out.alarm = delivery.priority == Priority::Alarm;
    if (!before) office_->state(id()).put(kTimeState, std::to_string(out.time));
    const std::string wire_id = out.wire_id;
    hand_over(std::move(out), wire_id);
}

void MeshcoreInbox::decide(bool done) {
    const std::lock_guard lock(mutex_);
    decision_ = done;
    wake_line();
}

std::optional<bool> MeshcoreInbox::take_decision() {
    const std::lock_guard lock(mutex_);
    return std::exchange(decision_, std::nullopt);
}

bool MeshcoreTransport::take_more(ByteLine* line) {
    const auto decision = inbox_->take_decision();
    return !decision ||
           step(line, [&](Session& s, BoxTime now) { return s.decided(*decision, now); });
}

bool MeshcoreTransport::act(ByteLine* line, Actions actions) {
    bool good = stays(actions);
    // First of all: nobody else has it.
    if (actions.text) take_text(*actions.text);
    if (actions.spent) save_airtime();
    TransportState& state = office_->state(id());
    if (actions.advertised) state.put(kAdvertState, std::to_string(to_ms(office_->clock().box())));
    for (const std::string& key : actions.learned) state.put(kContactState + to_hex(key), "1");
    if (line != nullptr && !actions.write.empty()) {
        good = line->write(actions.write).ok() && good;
        if (actions.sends) crash_point(CrashPoint::TextWritten);
    }
    note_snr(actions);
    tell(std::move(actions.packets));
    for (const auto& [address, heard] : actions.heard) {
        Heard copy = heard;
        copy.public_key = to_hex(heard.public_key);
        office_->heard(id(), {network(), address}, copy);
    }
    for (auto& [attempt, outcome] : actions.outcomes) office_->report(attempt, std::move(outcome));
    for (const auto& [wire_id, proof] : actions.proofs) office_->proof(id(), wire_id, proof);
    if (actions.changed || !actions.outcomes.empty()) office_->wake(id());
    return good;
}

std::optional<int> MeshcoreTransport::reach(const Address& to) const {
    if (to.scheme != network()) return std::nullopt;
    const auto target = parse_target(to.value);
    if (!target) return std::nullopt;
    const std::lock_guard lock(mutex_);
    if (session_ == nullptr) return std::nullopt;
    const auto heard = session_->heard_at(to.value);
    if (!heard) return session_->knows(to.value) ? 1 : 0;
    const auto age = office_->clock().box() - *heard;
    return age < std::chrono::minutes(15) ? 50 : age < std::chrono::hours(3) ? 20 : 5;
}

Status MeshcoreTransport::status() const {
    const std::lock_guard lock(mutex_);
    if (session_ == nullptr) return {};
    Status status = line_status();
    const SelfInfo& self = session_->self();
    if (self.key.empty()) return status;
    char radio[80];
    std::snprintf(radio, sizeof radio, "%.3f MHz, %.1f kHz, SF%d, CR%d, %d dBm",
                  self.frequency_khz / 1e3, self.bandwidth_hz / 1e3, self.spreading_factor,
                  self.coding_rate, self.power_dbm);
    status.details = {{"node", radio_address(self.key)},
                      {"name", self.name},
                      {"firmware", session_->device().firmware},
                      {"radio", radio},
                      {"band", session_->band()},
                      {"contacts", std::to_string(session_->contacts()) + " of " +
                                       std::to_string(session_->device().most_contacts)}};
    if (!session_->not_lawful().empty()) status.details["law"] = session_->not_lawful();
    if (!options_.rooms.empty())
        status.details["rooms joined"] = std::to_string(session_->rooms_joined());
    if (!status.up) return status;
    status.metrics["heard"] =
        static_cast<double>(session_->heard_since(office_->clock().box() - kLately));
    add_snr(status);
    return status;
}

}  // namespace waypost::meshcore
