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

constexpr std::chrono::hours kLately{1};
constexpr double kSnrWeight = 1.0 / 8;  // of one packet in what is shown
constexpr milliseconds kFirstPause{500};
constexpr milliseconds kLongestPause{60'000};
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
    : id_(std::move(id)), options_(std::move(options)) {}
MeshcoreTransport::~MeshcoreTransport() { stop(); }

const std::string& MeshcoreTransport::network() const {
    static const std::string kName = kNetwork;
    return kName;
}

void MeshcoreTransport::attach(Office& office) {
    office_ = &office;
    session_ = std::make_unique<Session>(options_.session, office.clock());
    const TransportState& state = office.state(id_);
    session_->ledger().load(state.get("airtime").value_or(""), office.clock().box());
    session_->ledger().share_band(options_.session.band, id_);
    if (const auto at = state.get(kAdvertState)) session_->last_advert(box_from_ms(number_in(at)));
    for (const auto& [name, value] : state.with_prefix(kContactState)) {
        const auto key = from_hex(std::string_view(name).substr(sizeof kContactState - 1));
        if (key && key->size() == kKeyBytes) session_->remember_contact(*key);
    }
    last_time_ = static_cast<std::uint32_t>(number_in(state.get(kTimeState)));
    join_groups();
}

void MeshcoreTransport::start(Office& office) {
    attach(office);
    thread_ = std::thread([this] { run(); });
}

void MeshcoreTransport::stop() {
    stopping_ = true;
    {
        const std::lock_guard lock(inbox_->mutex);
        if (inbox_->line != nullptr) inbox_->line->wake();
    }
    if (thread_.joinable()) thread_.join();
}

void MeshcoreTransport::give_back() {
    if (session_ == nullptr) return;
    std::deque<Outgoing> never_written = inbox_->shut();
    Actions actions;
    {
        const std::lock_guard lock(mutex_);
        actions = session_->give_back(office_->clock().box());
    }
    for (const Outgoing& out : never_written) {
        if (!out.dropped) actions.outcomes.emplace_back(out.attempt, line_is_down());
    }
    act(nullptr, std::move(actions));
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

// The time is chosen here and on record before the packet can leave, and so is what it may cost:
// jobs commit in the order of submission, thus the airtime with the attempt or before it.
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
    if (!before) office_->state(id_).put(kTimeState, std::to_string(out.time));
    {
        const std::lock_guard lock(mutex_);
        session_->promise(out);
    }
    save_airtime();
    const AttemptId attempt = out.attempt;
    const std::string wire_id = out.wire_id;
    office_->begin(attempt, wire_id,
                   [inbox = inbox_, office = office_, out = std::move(out)](bool go) mutable {
                       const AttemptId begun = out.attempt;
                       out.dropped = !go;
                       if (!inbox->put(std::move(out)) && go) office->report(begun, line_is_down());
                   });
}

bool MeshcoreTransport::Inbox::put(Outgoing out) {
    const std::lock_guard lock(mutex);
    if (is_shut) return false;
    queue.push_back(std::move(out));
    crash_point(CrashPoint::TextQueued);
    if (line != nullptr) line->wake();
    return true;
}

void MeshcoreTransport::Inbox::decide(bool done) {
    const std::lock_guard lock(mutex);
    decision = done;
    if (line != nullptr) line->wake();
}

std::deque<Outgoing> MeshcoreTransport::Inbox::take() {
    const std::lock_guard lock(mutex);
    return std::exchange(queue, {});
}

std::optional<bool> MeshcoreTransport::Inbox::take_decision() {
    const std::lock_guard lock(mutex);
    return std::exchange(decision, std::nullopt);
}

std::deque<Outgoing> MeshcoreTransport::Inbox::shut() {
    const std::lock_guard lock(mutex);
    is_shut = true;
    return std::exchange(queue, {});
}

void MeshcoreTransport::set_line(ByteLine* line) {
    const std::lock_guard lock(inbox_->mutex);
    inbox_->line = line;
}

void MeshcoreTransport::note_problem(const std::string& why) {
    const std::lock_guard lock(mutex_);
    if (!why.empty() && problem_ != why)
        log(Level::Warning, kNetwork, "no-line", {{"id", id_}, {"why", why}});
    problem_ = why;
}

void MeshcoreTransport::run() {
    milliseconds pause = kFirstPause;
    while (!stopping_) {
        auto line = open_line(options_.port);
        note_problem(line.ok() ? std::string() : line.error().text);
        bool was_ready = false;
        if (line.ok()) {
            set_line(line->get());
            bool good = open(**line);
            while (good && !stopping_) good = round(**line);
            set_line(nullptr);
            const std::lock_guard lock(mutex_);
            was_ready = session_->ready();
        }
        if (was_ready) pause = kFirstPause;
        line_lost();
        wait_without_line(pause);
        pause = std::min(pause * 2, kLongestPause) + milliseconds(office_->random().below(200));
    }
}

void MeshcoreTransport::line_lost() {
    step(nullptr, [](Session& s, BoxTime now) { return s.closed(now); });
}

// What is handed over in the last moment is given back, and what is in the air falls due.
void MeshcoreTransport::wait_without_line(milliseconds pause) {
    for (milliseconds slept{0}; slept < pause && !stopping_; slept += milliseconds(50)) {
        std::this_thread::sleep_for(milliseconds(50));
        take_inbox(nullptr);
        if (office_->clock().box() >= next_round())
            step(nullptr, [](Session& s, BoxTime now) { return s.tick(now); });
    }
}

bool MeshcoreTransport::step(ByteLine* line,
                             const std::function<Actions(Session&, BoxTime)>& call) {
    Actions actions;
    {
        const std::lock_guard lock(mutex_);
        actions = call(*session_, office_->clock().box());
    }
    return act(line, std::move(actions));
}

bool MeshcoreTransport::open(ByteLine& line) {
    return step(&line, [](Session& s, BoxTime now) { return s.opened(now); });
}

BoxTime MeshcoreTransport::next_round() const {
    const std::lock_guard lock(mutex_);
    return session_->next_tick();
}

bool MeshcoreTransport::take_inbox(ByteLine* line) {
    bool good = true;
    if (const auto decision = inbox_->take_decision()) {
        const auto decided = [&](Session& s, BoxTime now) { return s.decided(*decision, now); };
        good = step(line, decided) && good;
    }
    for (Outgoing& out : inbox_->take()) {
        const auto send = [&](Session& s, BoxTime now) { return s.send(std::move(out), now); };
        good = step(line, send) && good;
    }
    return good;
}

bool MeshcoreTransport::round(ByteLine& line) {
    const auto now = [this] { return office_->clock().box(); };
    if (!take_inbox(&line)) return false;
    const BoxTime next = next_round();
    const auto wait = std::clamp(next - now(), milliseconds(0), milliseconds(60'000));
    const auto bytes = line.read(wait);
    if (!bytes.ok()) {
        log(Level::Info, kNetwork, "line-lost", {{"id", id_}, {"why", bytes.error().text}});
        return false;
    }
    const auto receive = [&](Session& s, BoxTime at) { return s.received(*bytes, at); };
    if (!bytes->empty() && !step(&line, receive)) return false;
    return now() < next || step(&line, [](Session& s, BoxTime at) { return s.tick(at); });
}

// False: the line has to be opened again.
bool MeshcoreTransport::act(ByteLine* line, Actions actions) {
    bool good = !actions.reopen;
    if (actions.reopen) {
        log(Level::Warning, kNetwork, "silent",
            {{"id", id_}, {"why", "the device does not answer: its line is opened again"}});
    }
    // First of all: nobody else has it.
    if (actions.text) take_text(*actions.text);
    if (actions.spent) save_airtime();
    TransportState& state = office_->state(id_);
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
        office_->heard(id_, {network(), address}, copy);
    }
    for (auto& [attempt, outcome] : actions.outcomes) office_->report(attempt, std::move(outcome));
    for (const auto& [id, proof] : actions.proofs) office_->proof(id_, id, proof);
    if (actions.changed || !actions.outcomes.empty()) office_->wake(id_);
    return good;
}

// 0 is where nobody said it.
void MeshcoreTransport::note_snr(const Actions& actions) {
    const std::lock_guard lock(mutex_);
    const BoxTime now = office_->clock().box();
    for (const auto& [address, heard] : actions.heard) {
        if (heard.snr == 0) continue;
        const bool fresh = snr_ && now - snr_->at < kLately;
        snr_ = {fresh ? snr_->db + (heard.snr - snr_->db) * kSnrWeight : heard.snr, now};
    }
}

void MeshcoreTransport::tell(std::vector<PacketSeen> packets) {
    if (packets_ == nullptr) return;
    for (PacketSeen& each : packets) {
        each.transport = id_;
        each.at_ms = to_ms(office_->clock().wall());
        packets_->note(each);
    }
}

void MeshcoreTransport::save_airtime() {
    const std::lock_guard lock(mutex_);
    office_->state(id_).put("airtime", session_->airtime_record(office_->clock().box()));
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
    Status status;
    if (session_ == nullptr) return status;
    status.why = problem_.empty() ? session_->why_down() : problem_;
    status.up = session_->ready() && status.why.empty();
    const BoxTime now = office_->clock().box();
    status.airtime_limited = true;
    status.airtime_used = session_->ledger().used(now);
    status.airtime_left = session_->ledger().left(now, false);
    status.metrics["airtime_total_ms"] = static_cast<double>(session_->ledger().total().count());
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
    status.metrics["heard"] = static_cast<double>(session_->heard_since(now - kLately));
    if (snr_ && now - snr_->at < kLately) status.metrics["snr_db"] = snr_->db;
    return status;
}

}  // namespace waypost::meshcore
