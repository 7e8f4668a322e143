// SPDX-License-Identifier: Apache-2.0
// What this link carries for other transports (gateway/parcels.h): objects whose bytes it does not
// read. A parcel's row is there before its first frame, and stays until its owner has noted what
// became of it. One thread; owners answer by `posted`.
//
//   0xE0 bytes of the owner                 a parcel
//   0xE1 print 8, words                     the parcel of that print was not taken, and why
//
// Batches of letters begin with other bits (bridges/post/short_form.h).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/parcels.h"
#include "radio/trunk/outbox.h"
#include "radio/trunk/transport/posted.h"

namespace waypost::trunk {

enum class FreightKind : std::uint8_t { Parcel = 0xE0, Refusal = 0xE1 };
// nullopt: it is something else, or of a later version.
std::optional<FreightKind> freight_kind(std::string_view object);
bool is_freight(std::string_view object);  // of any version

struct FreightRefusal {
    std::string print;  // of the refused object
    std::string why;
};
std::string encode_refusal(std::string_view object, std::string_view why);
std::optional<FreightRefusal> decode_refusal(std::string_view object);

class Freight {
  public:
    static constexpr std::size_t kInHand = 2;  // beside each other: the rest stays with its owner
    using Offer = std::function<Result<void>(Object)>;

    // `desk` null: none is carried, whatever anybody asks. All outlive it.
    Freight(TransportId id, ParcelDesk* desk, std::size_t most_bytes, Random& random,
            TransportState& state, std::shared_ptr<Posted> posted);

    bool allowed() const { return desk_ != nullptr; }
    std::shared_ptr<ParcelOwner> owner() const;  // null: none, or nothing is carried
    // What the other box is to know. An owner that was there is expected back for a while, also
    // over a restart: each change costs a handshake.
    std::uint32_t features(BoxTime now);
    void start(BoxTime now) { owner_at_ = now; }
    // Nobody takes parcels here, and that is no matter of a moment.
    bool shut(BoxTime now) const;

    // What was under way before a restart.
    std::vector<Object> again() const;
    // Asks for the next parcel where `open`, and tells owners what ended. `offer` puts one into the
    // link. True: a row was put, and has to be waited for.
    bool run(BoxTime now, bool open, const Offer& offer);
    BoxTime next(bool open) const;
    bool owns(ObjectId id) const { return carried_.count(id) > 0; }
    // The other box has it: unless it said that it does not take it.
    void delivered(ObjectId id);
    void cannot_go(ObjectId id, const std::string& why);
    void refused(const FreightRefusal& refusal);
    std::size_t waiting() const { return carried_.size(); }
    std::size_t sent() const { return sent_; }

  private:
    struct Carried {
        enum class State : std::uint8_t { UnderWay, There, Refused };
        State state = State::UnderWay;
        int nice = 255;
        std::string name, why, object;
        bool telling = false;  // not on record
    };
    static std::string encode(const Carried& carried);
    static std::optional<Carried> decode(std::string_view row);
    void put(ObjectId id);
    void ask(BoxTime now);
    // False: the link is full, and it is asked for again later.
    bool took(waypost::Parcel parcel, const Offer& offer);
    void tell(ObjectId id, Carried& carried);
    void noted(ObjectId id, bool well, BoxTime now);
    std::size_t under_way() const;
    std::set<std::string> names() const;

    const TransportId id_;
    ParcelDesk* const desk_;
    const std::size_t most_bytes_;
    Random& random_;
    TransportState& state_;
    const std::shared_ptr<Posted> posted_;
    std::map<ObjectId, Carried> carried_;
    std::optional<waypost::Parcel> fetched_;  // not offered yet
    bool asking_ = false;
    BoxTime ask_at_{}, tell_at_{}, owner_at_{};
    bool takes_ = false;  // as on record
    std::size_t sent_ = 0;
};

}  // namespace waypost::trunk
