// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/meshtastic_transport.h"

#include <algorithm>

#include "gateway/base/crash_point.h"
#include "gateway/base/log.h"

namespace waypost::meshtastic {
namespace {

constexpr int kMostUndecided = 64;
constexpr std::chrono::hours kLately{1};
constexpr double kSnrWeight = 1.0 / 8;  // of one packet in what is shown
constexpr milliseconds kFirstPause{500};
constexpr milliseconds kLongestPause{60'000};

std::string hex_id(std::uint32_t id) { return node_id(id).substr(1); }

bool parse_hex_id(const std::string& text, std::uint32_t& id) { return parse_node_id(text, id); }

std::string hex(const std::string& bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        out += kDigits[static_cast<unsigned char>(c) >> 4];
        out += kDigits[c & 15];
    }
    return out;
}

}  // namespace

MeshtasticTransport::MeshtasticTransport(TransportId id, MeshtasticOptions options)
    : id_(std::move(id)), options_(std::move(options)) {}
MeshtasticTransport::~MeshtasticTransport() { stop(); }

const std::string& MeshtasticTransport::network() const {
    static const std::string kNetwork = "meshtastic";
    return kNetwork;
}

void MeshtasticTransport::attach(Office& office) {
    office_ = &office;
    session_ = std::make_unique<Session>(options_.session, office.random());
    session_->ledger().load(office.state(id_).get("airtime").value_or(""), office.clock().box());
    session_->ledger().share_band(options_.session.band, id_);
}

void MeshtasticTransport::start(Office& office) {
    attach(office);
    thread_ = std::thread([this] { run(); });
}

void MeshtasticTransport::stop() {
    stopping_ = true;
    {
        const std::lock_guard lock(inbox_->mutex);
        if (inbox_->line != nullptr) inbox_->line->wake();
    }
    if (thread_.joinable()) thread_.join();
}

void MeshtasticTransport::give_back() {
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

Limits MeshtasticTransport::limits() const { return {options_.text_bytes, 4, true}; }

// The packet id is chosen here and on record before the packet can leave, and so is what it may
// cost: jobs commit in the order of submission, thus the airtime with the attempt or before it.
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
    {
        const std::lock_guard lock(mutex_);
        session_->promise(out);
    }
    save_airtime();
    const AttemptId attempt = out.attempt;
    const std::string wire_id = hex_id(out.packet_id);
    office_->begin(attempt, wire_id,
                   [inbox = inbox_, office = office_, out = std::move(out)](bool go) mutable {
                       const AttemptId begun = out.attempt;
                       out.dropped = !go;
                       if (!inbox->put(std::move(out)) && go) office->report(begun, line_is_down());
                   });
}

bool MeshtasticTransport::Inbox::put(Outgoing out) {
    const std::lock_guard lock(mutex);
    if (is_shut) return false;
    queue.push_back(std::move(out));
    crash_point(CrashPoint::TextQueued);
    if (line != nullptr) line->wake();
    return true;
}

std::deque<Outgoing> MeshtasticTransport::Inbox::take() {
    const std::lock_guard lock(mutex);
    return std::exchange(queue, {});
}

std::deque<Outgoing> MeshtasticTransport::Inbox::shut() {
    const std::lock_guard lock(mutex);
    is_shut = true;
    return std::exchange(queue, {});
}

void MeshtasticTransport::set_line(ByteLine* line) {
    const std::lock_guard lock(inbox_->mutex);
    inbox_->line = line;
}

void MeshtasticTransport::run() {
    milliseconds pause = kFirstPause;
    while (!stopping_) {
        auto line = open_line(options_.port);
        if (line.ok()) {
            set_line(line->get());
            {
                const std::lock_guard lock(mutex_);
                problem_.clear();
            }
            serve(**line);
            set_line(nullptr);
        } else {
            const std::lock_guard lock(mutex_);
            if (problem_ != line.error().text) {
                log(Level::Warning, "meshtastic", "no-line",
                    {{"id", id_}, {"why", line.error().text}});
            }
            problem_ = line.error().text;
        }
        Actions closed;
        bool was_ready = false;
        {
            const std::lock_guard lock(mutex_);
            was_ready = session_->ready();
            closed = session_->closed(office_->clock().box());
        }
        if (was_ready) pause = kFirstPause;
        act(nullptr, std::move(closed));
        wait_without_line(pause);
        pause = std::min(pause * 2, kLongestPause) + milliseconds(office_->random().below(200));
    }
}

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
    const std::lock_guard lock(inbox_->mutex);
    if (inbox_->line != nullptr) inbox_->line->wake();
    return {};
}

std::optional<SignalTest> MeshtasticTransport::signal_test() const {
    const std::lock_guard lock(mutex_);
    return session_ == nullptr ? std::nullopt : session_->signal_test();
}

// Verdicts fall due meanwhile, and what is handed over in the last moment is given back.
void MeshtasticTransport::wait_without_line(milliseconds pause) {
    for (milliseconds slept{0}; slept < pause && !stopping_; slept += milliseconds(50)) {
        std::this_thread::sleep_for(milliseconds(50));
        const BoxTime now = office_->clock().box();
        std::vector<Actions> all;
        for (Outgoing& out : inbox_->take()) {
            const std::lock_guard lock(mutex_);
            all.push_back(session_->send(std::move(out), now));
        }
        {
            const std::lock_guard lock(mutex_);
            if (now >= session_->next_tick()) all.push_back(session_->tick(now));
        }
        for (Actions& actions : all) act(nullptr, std::move(actions));
    }
}

void MeshtasticTransport::serve(ByteLine& line) {
    if (!open(line)) return;
    while (!stopping_ && round(line)) {
    }
}

bool MeshtasticTransport::step(ByteLine& line,
                               const std::function<Actions(Session&, BoxTime)>& call) {
    Actions actions;
    {
        const std::lock_guard lock(mutex_);
        actions = call(*session_, office_->clock().box());
    }
    return act(&line, std::move(actions));
}

bool MeshtasticTransport::open(ByteLine& line) {
    return step(line, [](Session& s, BoxTime now) { return s.opened(now); });
}

BoxTime MeshtasticTransport::next_round() const {
    const std::lock_guard lock(mutex_);
    return session_->next_tick();
}

bool MeshtasticTransport::round(ByteLine& line) {
    const auto now = [this] { return office_->clock().box(); };
    for (Outgoing& out : inbox_->take()) {
        const auto send = [&](Session& s, BoxTime at) { return s.send(std::move(out), at); };
        if (!step(line, send)) return false;
    }
    const BoxTime next = next_round();
    const auto wait = std::clamp(next - now(), milliseconds(0), milliseconds(60'000));
    // With too many texts undecided the line is left alone: the device keeps what it can.
    if (inbox_->undecided > kMostUndecided) {
        std::this_thread::sleep_for(milliseconds(20));
        return true;
    }
    const auto bytes = line.read(wait);
    if (!bytes.ok()) {
        log(Level::Info, "meshtastic", "line-lost", {{"id", id_}, {"why", bytes.error().text}});
        return false;
    }
    const auto receive = [&](Session& s, BoxTime at) { return s.received(*bytes, at); };
    if (!bytes->empty() && !step(line, receive)) return false;
    const auto tick = [](Session& s, BoxTime at) { return s.tick(at); };
    if (now() >= next && !step(line, tick)) return false;
    return true;
}

// False: the line has to be opened again.
bool MeshtasticTransport::act(ByteLine* line, Actions actions) {
    bool good = !actions.reopen;
    if (actions.reopen) {
        log(Level::Warning, "meshtastic", "silent",
            {{"id", id_}, {"why", "the device does not answer: its line is opened again"}});
    }
    // A text's airtime is on record since it began; what it really cost, and our node information,
    // join the next commit.
    if (actions.spent) save_airtime();
    if (line != nullptr && !actions.write.empty()) {
        good = line->write(actions.write).ok() && good;
        if (actions.spent) crash_point(CrashPoint::TextWritten);
    }
    note_snr(actions);
    tell(std::move(actions.packets));
    for (const auto& [number, heard] : actions.heard) {
        Heard copy = heard;
        copy.public_key = hex(heard.public_key);
        office_->heard(id_, {network(), node_id(number)}, copy);
    }
    for (const TextIn& text : actions.texts) take_text(text);
    for (auto& [attempt, outcome] : actions.outcomes) office_->report(attempt, std::move(outcome));
    for (const auto& [id, proof] : actions.proofs) office_->proof(id_, hex_id(id), proof);
    if (actions.changed || !actions.outcomes.empty()) office_->wake(id_);
    return good;
}

// 0 is what a device says that does not know.
void MeshtasticTransport::note_snr(const Actions& actions) {
    const std::lock_guard lock(mutex_);
    const BoxTime now = office_->clock().box();
    for (const auto& [number, heard] : actions.heard) {
        if (heard.snr == 0) continue;
        const bool fresh = snr_ && now - snr_->at < kLately;
        snr_ = {fresh ? snr_->db + (heard.snr - snr_->db) * kSnrWeight : heard.snr, now};
    }
}

void MeshtasticTransport::take_text(const TextIn& text) {
    crash_point(CrashPoint::TextRead);
    Message message;
    message.from = {network(), node_id(text.from)};
    message.network = network();
    message.transport = id_;
    message.origin_id = hex_id(text.packet_id);
    message.text = text.text;
    if (text.reply_id != 0) message.references.push_back(hex_id(text.reply_id));
    message.broadcast = !text.direct;
    message.reaction = text.reaction;
    message.alert = text.alert;
    message.verified_sender = text.sealed;
    message.sealed_under = hex(text.key);
    message.privacy = text.sealed ? Privacy::ToGateway : Privacy::Channel;
    ++inbox_->undecided;
    office_->accept(std::move(message),
                    [inbox = inbox_](const std::vector<Verdict>&) { --inbox->undecided; });
}

void MeshtasticTransport::tell(std::vector<PacketSeen> packets) {
    if (packets_ == nullptr) return;
    for (PacketSeen& each : packets) {
        each.transport = id_;
        each.at_ms = to_ms(office_->clock().wall());
        packets_->note(each);
    }
}

void MeshtasticTransport::save_airtime() {
    const std::lock_guard lock(mutex_);
    office_->state(id_).put("airtime", session_->airtime_record(office_->clock().box()));
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
    Status status;
    if (session_ == nullptr) return status;
    const DeviceInfo& device = session_->device();
    status.why = problem_.empty() ? session_->why_down() : problem_;
    status.up = session_->ready() && status.why.empty();
    const BoxTime now = office_->clock().box();
    status.airtime_limited = true;
    status.airtime_used = session_->ledger().used(now);
    status.airtime_left = session_->ledger().left(now, false);
    status.metrics["airtime_total_ms"] = static_cast<double>(session_->ledger().total().count());
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
    if (!status.up) return status;
    status.metrics["heard"] = static_cast<double>(session_->nodes_heard_since(now - kLately));
    status.metrics["channel_use"] = device.channel_utilization;
    if (snr_ && now - snr_->at < kLately) status.metrics["snr_db"] = snr_->db;
    return status;
}

}  // namespace waypost::meshtastic
