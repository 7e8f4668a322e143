// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/cast_sender.h"

#include <algorithm>

#include "radio/trunk/transport/cast_cost.h"

namespace waypost::trunk {
namespace {

constexpr milliseconds kGather{1000};      // the office hands one message to all within
constexpr milliseconds kPatience{60'000};  // behind another cast
constexpr milliseconds kInviting{20'000};
constexpr milliseconds kTurn{8000};  // then others that wait have the air once
constexpr milliseconds kPause{500};
constexpr milliseconds kNextRow{2000};  // it is under way by then
constexpr milliseconds kSlack{3000};    // an answer that is lost is repeated
constexpr std::size_t kLeastText = 40;  // packed: less is never worth it
constexpr int kMostRounds = 8;

milliseconds longest_frame(const Air& air) {
    return std::chrono::ceil<milliseconds>(
        air.airtime(std::min<std::size_t>(air.limits().payload, 255)));
}

}  // namespace

void CastSender::leave(CastPeer& peer) {
    std::erase(peers_, &peer);
    std::erase_if(waiting_, [&peer](const Waiting& each) { return each.peer == &peer; });
    if (!cast_) return;
    std::erase_if(cast_->receivers, [&](const Receiver& each) {
        if (each.peer == &peer) cast_->out.drop(each.place);
        return each.peer == &peer;
    });
}

bool CastSender::possible(const CastPeer& peer) const {
    const auto takes = [](const CastPeer* each) { return each->takes_casts(); };
    return peer.takes_casts() && std::count_if(peers_.begin(), peers_.end(), takes) > 1;
}

bool CastSender::consider(CastPeer& peer, CastOffer offer, BoxTime now) {
    if (offer.packed.size() < kLeastText || !possible(peer)) return false;
    waiting_.push_back({&peer, std::move(offer), now + kGather});
    return true;
}

void CastSender::run(BoxTime now) {
    look_at_waiting(now);
    if (!cast_) return;
    if (cast_->phase == Phase::Inviting) {
        const bool all = std::all_of(cast_->receivers.begin(), cast_->receivers.end(),
                                     [](const Receiver& each) { return each.invited; });
        if (!all && now < cast_->until) return;
        drop([](const Receiver& each) { return !each.invited; }, now);
        if (cast_->receivers.size() < 2) drop([](const Receiver&) { return true; }, now);
        cast_->phase = Phase::Rows;
        look_at_ = began_ = now;
    }
    if (cast_->phase == Phase::Rows && !cast_->receivers.empty()) next_row(now);
    if (cast_->phase == Phase::Answers || cast_->receivers.empty()) after_answers(now);
}

// Those whose neighbours are asked at once wait for each other; no longer than they have to.
void CastSender::look_at_waiting(BoxTime now) {
    while (!waiting_.empty() && waiting_.front().until <= now) {
        if (cast_ && now < waiting_.front().until + kPatience) return;
        const Waiting first = waiting_.front();
        auto group = take_group(first);
        if (cast_) {
            for (const Waiting& each : group) each.peer->send_alone(each.offer.id, now);
        } else {
            decide(std::move(group), now);
        }
    }
}

// All that wait with this text of this message.
std::vector<CastSender::Waiting> CastSender::take_group(const Waiting& first) {
    const auto same = [&first](const Waiting& each) {
        return each.offer.message == first.offer.message &&
               each.offer.packed == first.offer.packed && each.offer.mail == first.offer.mail;
    };
    std::vector<Waiting> group;
    std::copy_if(waiting_.begin(), waiting_.end(), std::back_inserter(group), same);
    std::erase_if(waiting_, same);
    return group;
}

void CastSender::decide(std::vector<Waiting> group, BoxTime now) {
    std::erase_if(group, [now](const Waiting& each) {
        if (each.peer->takes_casts()) return false;
        each.peer->send_alone(each.offer.id, now);
        return true;
    });
    auto cast = make(group);
    if (cast && cast->receivers.size() > 1 && cheaper(group, *cast)) {
        cast_ = std::move(cast);
        return invite(group, now);
    }
    for (const Waiting& each : group) each.peer->send_alone(each.offer.id, now);
}

std::optional<CastSender::Cast> CastSender::make(const std::vector<Waiting>& group) const {
    if (group.empty()) return std::nullopt;
    std::size_t payload = 255;
    for (const Waiting& each : group) payload = std::min(payload, each.peer->frame_payload());
    auto out = CastOut::make(static_cast<std::uint16_t>(random_.below(0x10000)),
                             group.front().offer.packed, payload, random_);
    if (!out.ok()) return std::nullopt;
    Cast cast{std::move(*out), {}, Phase::Inviting, {}, 0, true};
    for (const Waiting& each : group) {
        const auto known =
            std::find_if(cast.receivers.begin(), cast.receivers.end(),
                         [&each](const Receiver& other) { return other.peer == each.peer; });
        if (known == cast.receivers.end()) {
            Receiver receiver;
            receiver.peer = each.peer;
            receiver.place = static_cast<int>(cast.receivers.size());
            receiver.letters = {each.offer.id};
            cast.receivers.push_back(std::move(receiver));
        } else if (known->letters.size() < CastInvitation::kMostLetters) {
            known->letters.push_back(each.offer.id);
        }
    }
    return cast;
}

bool CastSender::cheaper(const std::vector<Waiting>& group, const Cast& cast) const {
    constexpr std::size_t kOfCast = 36;  // of an invitation
    CastPlan plan;
    plan.bytes = group.front().offer.packed.size();
    plan.payload = 255;
    for (const Receiver& receiver : cast.receivers) {
        plan.payload = std::min(plan.payload, receiver.peer->frame_payload());
        CastPlan::Receiver planned{0, kOfCast, receiver.peer->loss()};
        for (const Waiting& each : group) {
            if (each.peer != receiver.peer) continue;
            planned.alone += each.offer.alone;
            planned.invitation += each.offer.letter.size() + 1;
        }
        plan.receivers.push_back(planned);
    }
    const auto airtime = [this](std::size_t bytes) { return air_.airtime(bytes); };
    return airtime_cast(plan, airtime) < airtime_alone(plan, airtime);
}

void CastSender::invite(const std::vector<Waiting>& group, BoxTime now) {
    for (Receiver& receiver : cast_->receivers) {
        CastInvitation invitation{group.front().offer.text_bytes,
                                  group.front().offer.mail,
                                  cast_->out.invitation(receiver.place),
                                  {}};
        for (const Waiting& each : group) {
            if (each.peer != receiver.peer) continue;
            const auto& ids = receiver.letters;
            if (std::find(ids.begin(), ids.end(), each.offer.id) != ids.end())
                invitation.letters.push_back(each.offer.letter);
            else
                each.peer->send_alone(each.offer.id, now);
        }
        receiver.invitation =
            receiver.peer->invite(encode_invitation(invitation), group.front().offer.priority, now);
    }
    cast_->until =
        now + kInviting + 2 * static_cast<int>(cast_->receivers.size()) * longest_frame(air_);
    drop([](const Receiver& each) { return !each.invitation; }, now);
}

void CastSender::invited(CastPeer& peer, ObjectId invitation) {
    if (!cast_) return;
    for (Receiver& each : cast_->receivers)
        if (each.peer == &peer && each.invitation == invitation) each.invited = true;
}

void CastSender::answered(CastPeer& peer, std::string_view object, BoxTime now) {
    const auto answer = parse_answer(object);
    if (!answer || !cast_) return;
    const auto receiver =
        std::find_if(cast_->receivers.begin(), cast_->receivers.end(),
                     [&peer](const Receiver& each) { return each.peer == &peer; });
    if (receiver == cast_->receivers.end()) return;
    const int place = receiver->place;
    if (answer->refused)
        return drop([place](const Receiver& each) { return each.place == place; }, now);
    if (!cast_->out.answered(place, answer->answer).ok()) return;
    receiver->answered = true;
    receiver->silent = 0;
    if (answer->missing > 0) return;
    for (const ObjectId letter : receiver->letters) peer.cast_held(letter);
    cast_->receivers.erase(receiver);
}

void CastSender::next_row(BoxTime now) {
    if (frame_ || in_air_) return;
    if (cast_->out.round_over()) return await_answers(now);
    look_at_ = now + kPause;
    if (urgent_) return;
    if (others_wait_ && now - began_ > kTurn) {
        hold_until_ = {};
        began_ = now + kPause;
        return;
    }
    if (now < began_) return;
    if (const BoxTime at = air_.may_send(now, air_.airtime(255), false); at > now) {
        look_at_ = at;
        began_ = now;
        return;
    }
    frame_ = cast_->out.next();
}

void CastSender::await_answers(BoxTime now) {
    Cast& cast = *cast_;
    cast.phase = Phase::Answers;
    int last = 0;
    for (Receiver& each : cast.receivers) {
        each.answered = false;
        last = std::max(last, each.place);
    }
    cast.until = now + (last + 1) * answer_slot(air_) + 2 * longest_frame(air_) + kSlack;
}

void CastSender::after_answers(BoxTime now) {
    Cast& cast = *cast_;
    const bool all = std::all_of(cast.receivers.begin(), cast.receivers.end(),
                                 [](const Receiver& each) { return each.answered; });
    if (!all && now < cast.until) return;
    // Whoever heard none of a few rows has nothing to answer to.
    for (Receiver& each : cast.receivers) each.silent += each.answered ? 0 : 1;
    drop([](const Receiver& each) { return each.silent > kMostSilent; }, now);
    if (++cast.rounds >= kMostRounds) drop([](const Receiver&) { return true; }, now);
    if (cast.receivers.empty()) {
        if (in_air_ || frame_) return;
        casts_ += cast.all ? 1 : 0;
        cast_.reset();
        return look_at_waiting(now);
    }
    cast.out.next_round();
    cast.phase = Phase::Rows;
    look_at_ = began_ = now;
}

// They get what they should have had alone.
template <typename Which>
void CastSender::drop(Which which, BoxTime now) {
    std::vector<Receiver> dropped;
    auto& all = cast_->receivers;
    std::copy_if(all.begin(), all.end(), std::back_inserter(dropped), which);
    std::erase_if(all, which);
    for (const Receiver& each : dropped) {
        cast_->all = false;
        cast_->out.drop(each.place);
        for (const ObjectId letter : each.letters) each.peer->send_alone(letter, now);
    }
}

std::optional<std::string> CastSender::frame() {
    if (!frame_) return std::nullopt;
    in_air_ = true;
    return std::exchange(frame_, std::nullopt);
}

// A row that was not on air is missed by all: the code's rows make up for it.
void CastSender::ended(bool on_air, BoxTime now) {
    in_air_ = false;
    hold_until_ = on_air ? now + kNextRow : BoxTime{};
    look_at_ = on_air ? now : now + kPause;
}

BoxTime CastSender::holds_air_until() const {
    if (frame_ || in_air_) return BoxTime::max();
    if (!cast_ || urgent_) return {};
    if (cast_->phase == Phase::Answers) return cast_->until;
    return cast_->phase == Phase::Rows ? hold_until_ : BoxTime{};
}

BoxTime CastSender::next() const {
    BoxTime next = BoxTime::max();
    if (!waiting_.empty()) next = waiting_.front().until + (cast_ ? kPatience : milliseconds(0));
    if (!cast_ || frame_ || in_air_) return next;
    return std::min(next, cast_->phase == Phase::Rows ? look_at_ : cast_->until);
}

}  // namespace waypost::trunk
