// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/trunk_radio.h"

#include <algorithm>
#include <stdexcept>

#include "gateway/base/log.h"

namespace waypost::trunk {
namespace {

constexpr milliseconds kNoteEvery{1000};
constexpr milliseconds kSignOff{5000};
constexpr milliseconds kSignOffStep{100};

}  // namespace

std::string radio_name(const std::string& port) { return "trunk at " + port; }

TrunkRadio::~TrunkRadio() { close(); }

void TrunkRadio::open(Office& office, const TransportId& section, bool proposes) {
    const BoxTime now = office.clock().box();
    if (law_) {
        const std::lock_guard lock(mutex_);
        return law_->keep_also(office.state(section), now);
    }
    const ModemKind* kind = modem_kind(options_.modem);
    if (kind == nullptr) throw std::runtime_error("there is no modem " + options_.modem);
    clock_ = &office.clock();
    known_.emplace(office.state(section));
    ModemSettings settings = options_.modem_settings;
    if (options_.modem == "auto") known_->tell(settings);
    line_ = std::make_unique<ModemLine>(
        options_.port, kind->baud, make_modem(*kind, settings, office.random()), office.clock());
    law_ = std::make_unique<Law>(options_.site, line_->radio(), office.state(section), now);
    if (tuned_ != nullptr)
        speeds_.emplace(options_.speeds, options_.site, proposes, *tuned_, *law_);
    if (const auto& amateur = options_.amateur)
        station_.emplace(amateur->call_sign, amateur->in_each_frame, now);
    if (options_.band) law_->share(options_.band, radio_name(options_.port));
    shared_ = std::make_unique<SharedRadio>(*law_, office.random());
}

std::unique_ptr<FrameRadio> TrunkRadio::make_modem(const ModemKind& kind,
                                                   const ModemSettings& settings, Random& random) {
    if (options_.speeds.empty()) return kind.make(settings, random);
    auto tuned = std::make_unique<TunedModem>(kind.make, settings, random);
    tuned_ = tuned.get();
    return tuned;
}

void TrunkRadio::join(const TransportId& section, TrunkPost& post,
                      std::function<void(BoxTime)> note) {
    {
        const std::lock_guard lock(mutex_);
        if (first_section_.empty()) first_section_ = section;
        members_.push_back({section, &post, std::move(note)});
        shared_->join(post);
    }
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    wake();
}

void TrunkRadio::leave(TrunkPost& post) {
    bool last = false;
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(members_, [&post](const Member& each) { return each.post == &post; });
        // Who may be told that its cost is on disk is about to go.
        if (waiting_) shared_->fate({waiting_->frame.id, FrameFate::NoAirtime, 0}, clock_->box());
        waiting_.reset();
        shared_->leave(post);
        last = members_.empty();
        stopping_ = last;
    }
    if (last) close();
}

void TrunkRadio::close() {
    stopping_ = true;
    if (line_) line_->wake();
    if (thread_.joinable()) thread_.join();
}

void TrunkRadio::run() {
    while (!stopping_) round();
    if (station_) sign_off();
    line_->close();
    const BoxTime now = clock_->box();
    if (in_air_)
        law_->ended(in_air_->frame.bytes.size(), {in_air_->frame.id, FrameFate::Failed, 0}, now);
    law_->close(now);
}

// Reads until something is due; what other threads leave wakes it.
void TrunkRadio::round() {
    BoxTime until;
    {
        const std::lock_guard lock(mutex_);
        const BoxTime now = clock_->box();
        shared_->run(now);
        choose_speed(now);
        send_frame(now);
        note(now);
        until = now + kNoteEvery;
        if (!in_air_ && !waiting_) until = std::min(until, shared_->next());
    }
    RadioActions actions = line_->step(until);
    const std::lock_guard lock(mutex_);
    take(std::move(actions), clock_->box());
}

// Its one neighbour agrees.
void TrunkRadio::choose_speed(BoxTime now) {
    if (!speeds_ || members_.empty()) return;
    TrunkPost& post = *members_.front().post;
    if (const auto speed = speeds_->wanted(post.link().health(), now))
        post.propose_speed(*speed, now);
}

// One frame at a time.
void TrunkRadio::send_frame(BoxTime now) {
    if (in_air_ || !line_->ready() || line_->radio().room() <= 0) return;
    if (station_ && station_->must_wait(now)) return;
    if (!waiting_ && !stopping_) waiting_ = shared_->frame();
    if (station_) {
        const auto then =
            waiting_ ? law_->airtime(waiting_->frame.bytes.size()) : std::chrono::microseconds(0);
        if (auto call_sign = station_->due(now, then)) return send_call_sign(*call_sign, now);
    }
    if (!waiting_) return;
    const FrameOut& frame = waiting_->frame;
    if (law_->promise(frame.bytes.size(), now)) shared_->wait_for_disk();
    if (!shared_->on_disk()) return;
    // Another may have sent since it was made.
    if (!law_->take(frame.bytes.size(), now, waiting_->urgent)) {
        const std::uint32_t id = frame.id;
        waiting_.reset();
        return shared_->fate({id, FrameFate::NoAirtime, 0}, now);
    }
    to_modem(*std::exchange(waiting_, std::nullopt), now);
}

void TrunkRadio::send_call_sign(FrameOut call_sign, BoxTime now) {
    if (law_->promise(call_sign.bytes.size(), now)) shared_->wait_for_disk();
    if (shared_->on_disk()) to_modem({std::move(call_sign), true}, now);
}

void TrunkRadio::to_modem(SharedRadio::Leaving leaving, BoxTime now) {
    if (station_) station_->sending(leaving.frame, law_->airtime(leaving.frame.bytes.size()), now);
    in_air_ = std::move(leaving);
    take(line_->send(in_air_->frame), now);
}

// The call sign ends what an amateur station sends, as long as its modem is there. The last post
// has left.
void TrunkRadio::sign_off() {
    station_->end_communication();
    waiting_.reset();
    BoxTime now = clock_->box();
    const std::size_t before = in_air_ ? in_air_->frame.bytes.size() : 0;
    const auto airtime = std::chrono::ceil<milliseconds>(law_->airtime(station_->text().size()) +
                                                         law_->airtime(before));
    for (const BoxTime until = now + kSignOff + airtime;
         station_->owes() && line_->ready() && now < until; now = clock_->box()) {
        send_frame(now);
        take(line_->step(now + kSignOffStep), clock_->box());
    }
}

void TrunkRadio::take(RadioActions actions, BoxTime now) {
    for (const FrameReport& report : actions.reports) {
        if (!in_air_ || report.id != in_air_->frame.id) continue;
        law_->ended(in_air_->frame.bytes.size(), report, now);
        tell_sent(report);
        in_air_.reset();
        if (station_) station_->ended(report, now);
        shared_->fate(report, now);  // a call sign is no frame of the links', which know their own
    }
    for (const FrameIn& frame : actions.heard) {
        const bool call_sign = station_ && station_->heard(frame);
        tell_heard(frame, call_sign, call_sign ? nullptr : shared_->heard(frame, now));
    }
    const bool ready = line_->ready();
    if (ready && !was_ready_ && !(speeds_ && speeds_->was_tuned())) shared_->renew(now);
    was_ready_ = ready;
    if (actions.changed) next_note_ = now;
}

void TrunkRadio::tell_to(PacketTail& tail) {
    const std::lock_guard lock(mutex_);
    tap_.emplace(tail);
}

void TrunkRadio::tell_sent(const FrameReport& report) {
    if (!tap_) return;
    const FrameOut& frame = in_air_->frame;
    const bool call_sign = station_ && frame.bytes == station_->text();
    tap_->sent(section_of(in_air_->post), frame, call_sign, report, clock_->wall());
}

void TrunkRadio::tell_heard(const FrameIn& frame, bool call_sign, const TrunkPost* whose) {
    if (tap_) tap_->heard(section_of(whose), frame, call_sign, clock_->wall());
}

// What is nobody's is the first one's, as the airtime is.
const TransportId& TrunkRadio::section_of(const TrunkPost* post) const {
    for (const Member& each : members_)
        if (each.post == post) return each.section;
    return first_section_;
}

void TrunkRadio::note(BoxTime now) {
    if (now < next_note_) return;
    next_note_ = now + kNoteEvery;
    for (const Member& each : members_) each.note(now);
}

void TrunkRadio::describe(const TransportId& section, BoxTime now, Status& status) {
    status.up = line_->ready();
    status.why = line_->why_down();
    status.details = line_->radio().details();
    if (known_->note(status.details))
        log(Level::Info, "trunk", "modem-found", {{"id", section}, {"kind", known_->kind()}});
    status.details["modem"] = options_.modem;
    status.details["band"] = law_->allowance().band;
    if (speeds_) status.details["speed"] = speeds_->name();
    if (station_) {
        status.details["call sign"] = options_.amateur->call_sign;
        if (!station_->heard_last().empty())
            status.details["heard station"] = station_->heard_last();
    }
    const TransportId& first = members_.front().section;
    if (section != first) {
        status.details["airtime"] = "counted at " + first;
        return;
    }
    if (const std::size_t casts = shared_->casts().casts(); casts > 0)
        status.details["casts"] = std::to_string(casts);
    status.airtime_limited = law_->limited();
    status.airtime_used = law_->used(now);
    status.airtime_left = law_->left(now);
    status.metrics["airtime_total_ms"] = static_cast<double>(law_->total().count());
}

}  // namespace waypost::trunk
