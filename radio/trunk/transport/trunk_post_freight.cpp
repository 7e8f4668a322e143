// SPDX-License-Identifier: Apache-2.0
// What other transports have carried, out and in.
#include <algorithm>
#include <utility>

#include "gateway/base/log.h"
#include "radio/trunk/transport/trunk_post.h"

namespace waypost::trunk {
namespace {

constexpr char kNobody[] = "nobody takes parcels there";
constexpr char kForbidden[] = "no parcels on this link";

}  // namespace

bool TrunkPost::takes_freight() const {
    return up() && (link_->their_features() & kTakesParcels) != 0;
}

std::uint32_t TrunkPost::features(BoxTime now) {
    return freight_.features(now) | (options_.casts ? kTakesCasts : 0);
}

void TrunkPost::run_freight(BoxTime now) {
    link_->set_features(features(now), now);
    const bool put = freight_.run(
        now, takes_freight(), [&](Object object) { return link_->offer(std::move(object), now); });
    if (put) wait_for_disk();
}

Result<void> TrunkPost::read_freight(const std::string& object, Arrival& arrival) {
    const auto kind = freight_kind(object);
    if (kind == FreightKind::Parcel) {
        arrival.carried.push_back({object, {}, {}});
        return {};
    }
    const auto refusal = decode_refusal(object);
    if (!refusal) return Error{Code::BadInput, "neither letters nor a parcel", false};
    freight_.refused(*refusal);
    return {};
}

void TrunkPost::hand_over_freight(const std::shared_ptr<Arrival>& arrival, BoxTime now) {
    const auto owner = freight_.owner();
    for (std::size_t i = 0; i < arrival->carried.size(); ++i) {
        Arrival::Carried& carried = arrival->carried[i];
        if (carried.verdict) continue;
        if (!owner) {
            if (freight_.shut(now))
                carried.verdict = {ParcelVerdict::Kind::Refused,
                                   freight_.allowed() ? kNobody : kForbidden};
            continue;
        }
        ++arrival->open;
        owner->came(id_, carried.object.substr(1),
                    [posted = posted_, this, arrival, i](ParcelVerdict verdict) {
                        posted->put([this, arrival, i, verdict](BoxTime at) {
                            --arrival->open;
                            if (verdict.kind != ParcelVerdict::Kind::Later)
                                arrival->carried[i].verdict = verdict;
                            if (arrival->open == 0) judged(arrival, at);
                        });
                    });
    }
}

// False: not all were judged, or the other has not heard yet that one was refused. It must know
// that before it hears that the object is held, or it would drop what nobody has.
bool TrunkPost::freight_ended(Arrival& arrival, BoxTime now) {
    bool ended = true;
    for (Arrival::Carried& carried : arrival.carried) {
        if (!carried.verdict) {
            ended = false;
        } else if (carried.verdict->kind == ParcelVerdict::Kind::Refused) {
            if (!carried.told) carried.told = refuse_freight(carried, now);
            ended = ended && carried.told && parcels_.find(*carried.told) == nullptr;
        }
    }
    return ended;
}

// nullopt: the link has no room for that now.
std::optional<ObjectId> TrunkPost::refuse_freight(const Arrival::Carried& carried, BoxTime now) {
    log(Level::Warning, "trunk", "parcel-refused", {{"id", id_}, {"why", carried.verdict->why}});
    const ObjectId id = parcels_.own_id(office_.random());
    const Parcel word{{}, Priority::Mail, {}, encode_refusal(carried.object, carried.verdict->why)};
    return offer(id, word, now).ok() ? std::optional(id) : std::nullopt;
}

// What was begun stays with the link: all of it may be there, and another way would bring it twice.
void TrunkPost::give_back_waiting(BoxTime now) {
    const auto all = parcels_.all();
    for (const auto& [id, parcel] : all) {
        if (parcel.attempt.delivery == 0 || !link_->withdraw(id)) continue;
        report(parcel.attempt, Outcome::Kind::Retry, "connection", why_down());
        parcels_.remove(id);
    }
    link_->renew(now);  // who has nothing to send would never ask again
    office_.wake(id_);
}

}  // namespace waypost::trunk
