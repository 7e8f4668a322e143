// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/casts_in.h"

#include <algorithm>

namespace waypost::trunk {
namespace {

constexpr std::chrono::minutes kForgotten{10};  // since something was heard of it
constexpr milliseconds kTurnRound{100};

}  // namespace

Result<void> CastsIn::invited(std::string_view object, BoxTime now) {
    auto invitation = parse_invitation(object);
    if (!invitation.ok()) return invitation.error();
    auto in = CastIn::from(invitation->cast);
    if (!in.ok()) return in.error();
    std::erase_if(open_, [now](const auto& each) { return each.second.heard + kForgotten <= now; });
    if (open_.size() >= kMost)
        open_.erase(std::min_element(open_.begin(), open_.end(), [](const auto& a, const auto& b) {
            return a.second.heard < b.second.heard;
        }));
    const std::uint16_t id = in->id();
    open_.insert_or_assign(id, Open{std::move(*in), std::move(*invitation), Stage::Rows, {}, now});
    return {};
}

bool CastsIn::heard(std::string_view packet, BoxTime now) {
    for (auto& [id, open] : open_) {
        if (!open.in.heard(packet)) continue;
        open.heard = now;
        const auto row = std::chrono::ceil<milliseconds>(air_.airtime(packet.size())) + kTurnRound;
        open.answer_at =
            now + kTurnRound + open.in.remaining() * row + open.in.place() * answer_slot(air_);
        return true;
    }
    return false;
}

std::optional<CastsIn::Whole> CastsIn::take_whole() {
    for (auto& [id, open] : open_) {
        if (open.stage != Stage::Rows || !open.in.object()) continue;
        open.stage = Stage::Up;
        return Whole{id, open.invitation, *open.in.object()};
    }
    return std::nullopt;
}

void CastsIn::held(std::uint16_t cast) {
    if (const auto found = open_.find(cast); found != open_.end())
        found->second.stage = Stage::Held;
}

void CastsIn::refuse(std::uint16_t cast) {
    if (const auto found = open_.find(cast); found != open_.end())
        found->second.stage = Stage::Refused;
}

// What is with the owner is not answered before he has spoken.
bool CastsIn::due(const Open& open, BoxTime now) const {
    return open.answer_at && *open.answer_at <= now && open.stage != Stage::Up;
}

std::vector<std::string> CastsIn::answers(BoxTime now) {
    std::vector<std::string> all;
    for (auto& [id, open] : open_) {
        if (!due(open, now)) continue;
        open.answer_at.reset();
        all.push_back(open.stage == Stage::Refused ? encode_refusal_of(id)
                                                   : encode_answer(open.in.answer()));
    }
    std::erase_if(open_, [](const auto& each) {
        return !each.second.answer_at &&
               (each.second.stage == Stage::Held || each.second.stage == Stage::Refused);
    });
    return all;
}

BoxTime CastsIn::next() const {
    BoxTime next = BoxTime::max();
    for (const auto& [id, open] : open_)
        if (open.answer_at && open.stage != Stage::Up) next = std::min(next, *open.answer_at);
    return next;
}

}  // namespace waypost::trunk
