// SPDX-License-Identifier: Apache-2.0
// What waits on this side of a link, on disk: objects whose bytes must not change while they are
// under way, and whom their outcome is for. One thread.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "bridges/post/short_form.h"
#include "gateway/transport.h"
#include "radio/trunk/outbox.h"

namespace waypost::trunk {

struct Parcel {
    AttemptId attempt;  // delivery 0: our own word, that nobody waits for
    Priority priority = Priority::Chat;
    post::SaidNames said;
    std::string bytes;
};

class Parcels {
  public:
    explicit Parcels(TransportState& state);  // with what a restart left

    static ObjectId id_of(AttemptId attempt);
    ObjectId own_id(Random& random) const;
    void add(ObjectId id, const Parcel& parcel);
    const Parcel* find(ObjectId id) const;
    void remove(ObjectId id);
    void forget_names();  // what they say is not remembered once they arrive
    const std::map<ObjectId, Parcel>& all() const { return parcels_; }

  private:
    TransportState& state_;
    std::map<ObjectId, Parcel> parcels_;
};

// Pure, for their rows.
std::string encode_parcel(const Parcel& parcel);
std::optional<Parcel> decode_parcel(std::string_view row);

}  // namespace waypost::trunk
