// SPDX-License-Identifier: Apache-2.0
// What one transport carries for another, and cannot read: an NNCP packet over a trunk. The desk
// brings owner and carrier together; neither knows what the other is. A parcel stays with its owner
// until the other box has it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "gateway/transport.h"

namespace waypost {

struct Parcel {
    std::string name;   // the owner's; the same each time it is offered, also after a restart
    std::string bytes;  // for the owner at the other box
    int nice = 255;     // 1..255, smaller goes first
};

// What the owner says of one that came.
struct ParcelVerdict {
    enum class Kind { Taken, Later, Refused };
    Kind kind = Kind::Taken;  // Taken: it is on disk, or was before
    std::string why;          // of Refused: told to its sender, at most kMostWhy bytes
    static constexpr std::size_t kMostWhy = 40;
};

// Whose parcels they are. Any thread; nothing blocks. Each callback runs once, perhaps before the
// call returns, on any thread; it must not block.
class ParcelOwner {
  public:
    virtual ~ParcelOwner() = default;
    // The next that may go by this carrier, besides those in its hands (by name).
    using OnNext = std::function<void(std::optional<Parcel>)>;
    virtual void next(const TransportId& carrier, std::set<std::string> in_hand,
                      OnNext on_next) = 0;
    // The other box has it on its disk; or it said why it does not take it, or it cannot go. False:
    // to be said again later.
    using OnNoted = std::function<void(bool)>;
    virtual void delivered(const TransportId& carrier, const std::string& name,
                           OnNoted on_noted) = 0;
    virtual void cannot_go(const TransportId& carrier, const std::string& name,
                           const std::string& why, OnNoted on_noted) = 0;
    // Bytes that the owner at the other box gave. Said more than once of the same after a crash.
    using OnVerdict = std::function<void(ParcelVerdict)>;
    virtual void came(const TransportId& carrier, std::string bytes, OnVerdict on_verdict) = 0;
};

// Any thread. One owner for each carrier.
class ParcelDesk {
  public:
    // False: it has an owner already.
    bool serve(const TransportId& carrier, std::shared_ptr<ParcelOwner> owner) {
        const std::lock_guard lock(mutex_);
        return owners_.emplace(carrier, std::move(owner)).second;
    }
    void withdraw(const std::shared_ptr<ParcelOwner>& owner) {
        const std::lock_guard lock(mutex_);
        std::erase_if(owners_, [&](const auto& each) { return each.second == owner; });
    }
    std::shared_ptr<ParcelOwner> owner(const TransportId& carrier) const {  // null: none
        const std::lock_guard lock(mutex_);
        const auto found = owners_.find(carrier);
        return found == owners_.end() ? nullptr : found->second;
    }

    // The transport of this id carries parcels.
    void offer(const TransportId& carrier) {
        const std::lock_guard lock(mutex_);
        carriers_.insert(carrier);
    }
    // Once all transports are there: one that was to carry for an owner, and does not.
    std::optional<TransportId> missing() const {
        const std::lock_guard lock(mutex_);
        for (const auto& [carrier, owner] : owners_)
            if (carriers_.count(carrier) == 0) return carrier;
        return std::nullopt;
    }

  private:
    mutable std::mutex mutex_;
    std::map<TransportId, std::shared_ptr<ParcelOwner>> owners_;
    std::set<TransportId> carriers_;
};

// A transport that carries for others, or has others carry, is one of these too. One that may carry
// nothing (an amateur service) keeps no desk.
class UsesParcels {
  public:
    virtual ~UsesParcels() = default;
    // Before start(); the desk outlives the transport.
    virtual void use(ParcelDesk& desk) = 0;
};

}  // namespace waypost
