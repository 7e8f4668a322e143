// SPDX-License-Identifier: Apache-2.0
// What the other side says.
#include "bridges/nncp/online/session.h"

namespace waypost::nncp {
namespace {

// Of one session. More are passed over; those that are done make room.
constexpr std::size_t kMostWanted = 65536;
constexpr std::size_t kMostAnswers = 65536;
constexpr std::uint64_t kLeastPacket = kPacketHeaderBytes + 16 + kPlainHeaderBytes + 16;

}  // namespace

void Session::take(std::span<const std::uint8_t> payload, Time now) {
    SpReader reader(payload);
    while (!over_) {
        const auto message = reader.next();
        if (!message.ok()) return finish(message.error());
        if (!message->has_value()) return;
        if (!std::holds_alternative<SpPing>(**message)) last_work_ = now;
        std::visit([this](const auto& it) { take(it); }, **message);
    }
}

void Session::take(const SpInfo& info) {
    if (!peer_.terms.receive || info.nice > peer_.terms.nice || wanted_.contains(info.hash)) return;
    const Shelf::Held held = peer_.shelf->held(info.hash);
    if (held.whole) {
        if (dones_.size() < kMostAnswers) dones_.push_back({info.hash});
        return;
    }
    if (wanted_.size() >= kMostWanted || info.size < kLeastPacket) return;
    Wanted wanted{info.size, held.bytes, info.nice, held.bytes > 0};
    if (wanted.at > wanted.size) {  // it belongs to another size: of no use
        peer_.shelf->drop(info.hash);
        wanted.at = 0;
        wanted.resumed = false;
    }
    const std::uint64_t missing = wanted.size - wanted.at;
    const std::uint64_t free = peer_.shelf->free_bytes();
    if (free < reserved_ || free - reserved_ < missing) return;
    stats_.wanted_in += missing;
    auto& kept = wanted_.emplace(info.hash, wanted).first->second;
    if (missing > 0) return ask(info.hash, kept);
    kept.state = Wanted::State::Checking;
    ++checking_;
    peer_.shelf->keep(info.hash);
}

void Session::ask(const Mth& name, Wanted& wanted) {
    wanted.state = Wanted::State::Asked;
    reserved_ += wanted.size - wanted.at;
    freqs_.push_back({name, wanted.at});
}

void Session::refuse(const Mth& name, Wanted& wanted, const std::string& reason) {
    if (wanted.state == Wanted::State::Asked) reserved_ -= wanted.size - wanted.at;
    wanted.state = Wanted::State::Refused;
    ++stats_.refused;
    tell(SessionEvent::What::Refused, name, wanted.size, reason);
}

void Session::take(const SpFile& file) {
    const auto found = wanted_.find(file.hash);
    if (found == wanted_.end() || found->second.state != Wanted::State::Asked) return;
    Wanted& wanted = found->second;
    if (file.offset > wanted.size || file.data.size() > wanted.size - file.offset) {
        peer_.shelf->drop(file.hash);
        return refuse(file.hash, wanted, "it is longer than was announced");
    }
    if (file.offset > wanted.at)
        return refuse(file.hash, wanted, "a piece in the middle was left out");
    if (file.offset + file.data.size() <= wanted.at) return;  // we have that
    const auto fresh = file.data.subspan(static_cast<std::size_t>(wanted.at - file.offset));
    if (const auto written = peer_.shelf->write(file.hash, wanted.at, fresh, wanted.size);
        !written.ok())
        return refuse(file.hash, wanted, written.error().text);
    wanted.at += fresh.size();
    reserved_ -= fresh.size();
    stats_.bytes_in += fresh.size();
    if (wanted.at < wanted.size) return;
    wanted.state = Wanted::State::Checking;
    ++checking_;
    peer_.shelf->keep(file.hash);
}

void Session::take_kept(Time now) {
    if (checking_ == 0) return;
    for (const Shelf::Kept& kept : peer_.shelf->kept()) {
        const auto found = wanted_.find(kept.name);
        if (found == wanted_.end() || found->second.state != Wanted::State::Checking) continue;
        Wanted& wanted = found->second;
        last_work_ = now;
        --checking_;
        if (kept.result.ok()) {
            dones_.push_back({kept.name});
            ++stats_.packets_in;
            tell(SessionEvent::What::Received, kept.name, wanted.size);
            wanted_.erase(found);
        } else if (kept.result.error().code == Code::BadInput && wanted.resumed) {
            // What lay here was spoilt, not what came: once more, from the beginning.
            wanted.resumed = false;
            wanted.at = 0;
            stats_.wanted_in += wanted.size;
            ask(kept.name, wanted);
        } else {
            refuse(kept.name, wanted, kept.result.error().text);
        }
    }
}

void Session::take(const SpFreq& freq) {
    const auto found = offers_.find(freq.hash);
    if (found == offers_.end() || !found->second.announced) return;
    Offered& offered = found->second;
    if (freq.offset > offered.bytes) return;
    if (!offered.turn) {
        offered.turn = Turn{offered.nice, turns_++, freq.hash};
        sending_.insert(*offered.turn);
        stats_.wanted_out += offered.bytes - freq.offset;
    }
    offered.at = freq.offset;
}

void Session::take(const SpDone& done) {
    const auto found = offers_.find(done.hash);
    if (found == offers_.end() || !found->second.announced) return;
    end_turn(found->second);
    peer_.shelf->delivered(done.hash);
    ++stats_.packets_out;
    tell(SessionEvent::What::Sent, done.hash, found->second.bytes);
    offers_.erase(found);
}

void Session::take(SpHalt) {
    for (const Turn& turn : sending_) offers_.at(turn.name).turn.reset();
    sending_.clear();
}

}  // namespace waypost::nncp
