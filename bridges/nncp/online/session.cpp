// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/session.h"

namespace waypost::nncp {
namespace {

using namespace std::chrono_literals;

constexpr auto kPingEach = 60s;
constexpr auto kSilence = 120s;  // nothing at all, not even PING
constexpr auto kLookEach = 1s;

std::string_view view_of(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::span<const std::uint8_t> span_of(std::string_view bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

}  // namespace

Session::Session(NoiseKeys own, const Hash32& remote, Peer peer, Time now)
    : own_(own),
      peer_(std::move(peer)),
      handshake_(std::make_unique<NoiseHandshake>(own, remote)),
      caller_(true),
      began_(now),
      last_in_(now),
      last_out_(now),
      last_work_(now),
      progress_(now) {}

Session::Session(NoiseKeys own, Admit admit, SessionTerms before, Time now, bool noisy_line)
    : own_(own),
      admit_(std::move(admit)),
      peer_{nullptr, before},
      handshake_(std::make_unique<NoiseHandshake>(own, std::nullopt)),
      caller_(false),
      units_(noisy_line),
      began_(now),
      last_in_(now),
      last_out_(now),
      last_work_(now),
      progress_(now) {}

void Session::finish(Error why, bool well) {
    if (over_) return;
    over_ = true;
    well_ = well;
    why_ = std::move(why);
    pending_ = {};
}

void Session::hung_up(Error why) { finish(std::move(why), established() && idle()); }

void Session::tell(SessionEvent::What what, const Mth& packet, std::uint64_t bytes,
                   const std::string& reason) {
    if (watcher_) watcher_({what, packet, bytes, reason});
}

void Session::received(std::size_t bytes, Time now) {
    units_.received(bytes);
    if (bytes > 0) last_in_ = now;
    while (!over_) {
        const auto unit = units_.next();
        if (!unit.ok()) return finish(unit.error());
        if (!unit->has_value()) return;
        receive_pace_.spend(1, static_cast<double>((*unit)->size()), now);
        open_unit(**unit, now);
    }
}

void Session::open_unit(std::span<std::uint8_t> message, Time now) {
    if (!established()) return caller_ ? meet_callee(message, now) : meet_caller(message, now);
    const auto payload = receive_->open(message);
    if (!payload.ok()) return finish(payload.error());
    take(*payload, now);
}

// Message 1 of a caller.
void Session::meet_caller(std::span<std::uint8_t> message, Time now) {
    const auto payload = handshake_->read(view_of(message));
    if (!payload.ok()) return finish(payload.error());
    auto peer = admit_(handshake_->remote());
    if (!peer.ok()) return finish(peer.error());
    peer_ = std::move(*peer);
    greet(now);
    if (over_) return;
    begin_transport(now);
    take(span_of(*payload), now);
}

// Message 2, of the callee.
void Session::meet_callee(std::span<std::uint8_t> message, Time now) {
    if (greeting_.empty()) return finish(bad_input("an answer before the call"));
    const auto payload = handshake_->read(view_of(message));
    if (!payload.ok()) return finish(payload.error());
    round_trip_ = now - began_;
    begin_transport(now);
    take(span_of(*payload), now);
}

// Our own message of the handshake, with as many INFOs as fit.
void Session::greet(Time now) {
    writer_.limit(peer_.terms.chunk + kSpFileHead);
    send_pace_.limit(peer_.terms.transmit_rates);
    receive_pace_.limit(peer_.terms.receive_rates);
    look_for_offers(now);
    add_infos();
    if (peer_.terms.fill) writer_.fill();
    if (writer_.empty()) writer_.add(SpHalt{});
    const auto message = handshake_->write(writer_.payload());
    writer_.clear();
    if (!message.ok()) return finish(message.error());
    greeting_ = sp_unit(*message);
    pending_ = span_of(greeting_);
    progress_ = now;
}

void Session::begin_transport(Time now) {
    auto ciphers = handshake_->split();
    send_ = std::make_unique<NoiseCipher>(std::move(ciphers.send));
    receive_ = std::make_unique<NoiseCipher>(std::move(ciphers.receive));
    handshake_.reset();
    units_.no_more_skipping();
    last_work_ = now;
    tell(SessionEvent::What::Began, {}, 0);
}

std::span<const std::uint8_t> Session::output(Time now) {
    if (over_ || !pending_.empty()) return pending_;
    if (!established()) {
        if (caller_ && greeting_.empty()) greet(now);
        return pending_;
    }
    if (now >= send_pace_.ready() && has_output()) build(now);
    return pending_;
}

void Session::sent(std::size_t bytes, Time now) {
    if (over_) return;
    pending_ = pending_.subspan(bytes);
    if (bytes > 0) last_out_ = progress_ = now;
}

void Session::look_for_offers(Time now) {
    last_look_ = now;
    if (!peer_.terms.transmit) return;
    for (const Offer& offer : peer_.shelf->new_offers()) {
        if (offer.nice > peer_.terms.nice) continue;
        if (!offers_.emplace(offer.name, Offered{offer.bytes, 0, offer.nice, false, {}}).second)
            continue;
        to_announce_.push_back(offer.name);
        ++stats_.offered;
    }
}

bool Session::has_output() const {
    return ping_ || !dones_.empty() || !freqs_.empty() || !to_announce_.empty() ||
           !sending_.empty();
}

bool Session::idle() const {
    if (!pending_.empty() || has_output() || checking_ > 0 || !offers_.empty()) return false;
    for (const auto& [name, wanted] : wanted_)
        if (wanted.state != Wanted::State::Refused) return false;
    return true;
}

void Session::check_line(Time now) {
    const auto deadline = peer_.terms.line_deadline;
    // On a noisy line the callee waits for as long as it takes that somebody calls.
    const bool greeted = caller_ || !units_.skips();
    if (!established() && greeted && now - began_ >= deadline)
        return finish({Code::Timeout, "no answer to the greeting", true});
    if (!pending_.empty() && now - progress_ >= deadline)
        return finish({Code::Timeout, "the line takes nothing any more", true});
    const Time listened = std::max(last_in_, receive_pace_.ready());
    if (!units_.between() && now - listened >= deadline)
        return finish({Code::Timeout, "the line stopped in the middle of a unit", true});
    if (now - listened >= kSilence)
        return finish({Code::Timeout, "the other side is silent", true}, idle());
}

// With `once`: how long nothing new may take to come.
Session::Time Session::quiet_end() const {
    return last_work_ + std::max<std::chrono::nanoseconds>(500ms, 4 * round_trip_);
}

void Session::check_end(Time now) {
    const SessionTerms& terms = peer_.terms;
    if (terms.max_online.count() > 0 && now - began_ >= terms.max_online)
        return finish({Code::Timeout, "the time online is over", true}, true);
    if (terms.once && now >= quiet_end() && idle())
        return finish({Code::Timeout, "nothing is left to do", true}, true);
    Time worked = std::max(last_work_, receive_pace_.ready());
    if (has_output()) worked = std::max(worked, send_pace_.ready());
    if (checking_ == 0 && pending_.empty() && now - worked >= terms.online_deadline)
        finish({Code::Timeout, "nothing more to do", true}, true);
}

void Session::tick(Time now) {
    if (over_) return;
    check_line(now);
    if (over_ || !established()) return;
    take_kept(now);
    check_end(now);
    if (over_) return;
    if (now - last_look_ >= kLookEach) look_for_offers(now);
    if (now - last_out_ >= kPingEach) ping_ = true;
}

Session::Time Session::next(Time now) const {
    const SessionTerms& terms = peer_.terms;
    if (!established()) return std::max(began_ + terms.line_deadline, now + 1s);
    Time when = std::min(last_out_ + kPingEach, last_in_ + kSilence);
    if (terms.transmit) when = std::min(when, last_look_ + kLookEach);
    if (terms.once) when = std::min(when, quiet_end());
    if (terms.max_online.count() > 0) when = std::min(when, began_ + terms.max_online);
    if (checking_ == 0) when = std::min(when, last_work_ + terms.online_deadline);
    if (!pending_.empty()) when = std::min(when, progress_ + terms.line_deadline);
    if (!units_.between()) when = std::min(when, last_in_ + terms.line_deadline);
    for (const Time ready : {has_output() ? send_pace_.ready() : now, receive_pace_.ready()})
        if (ready > now) when = std::min(when, ready);
    // What is overdue waits for something else that is looked at soon enough.
    return std::max(when, now + 20ms);
}

}  // namespace waypost::nncp
