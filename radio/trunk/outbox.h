// SPDX-License-Identifier: Apache-2.0
// What one side of a link sends: objects wait by priority, get a number when their first frame is
// due, and go as one frame, as a bundle of several, or as fragments. No clock, no I/O.
//
// Numbers count up for the life of the link and are never used for other bytes: each is on record
// with the ids of its objects before its first frame leaves, so that after a restart the same
// objects go under the same number, and the other side takes none twice.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/base/secret.h"
#include "radio/trunk/state.h"
#include "radio/trunk/trunk_frame.h"

namespace waypost::trunk {

using ObjectId = std::uint64_t;
enum class Priority { Alarm, Chat, Mail, Bulk };

struct Object {
    ObjectId id = 0;  // the owner's; the same after a restart
    std::string bytes;
    Priority priority = Priority::Chat;
};

// One frame's worth. `bytes` goes into the frame's body.
struct Piece {
    FrameType type = FrameType::Single;  // Single, Bundle, Fragment
    std::uint64_t number = 0;
    int row = 0;
    std::string bytes;
    bool urgent = false;
};

// How the frames fared that an answer speaks of.
struct Tally {
    int sent = 0;
    int missing = 0;
    std::map<std::size_t, std::pair<int, int>> fragments;  // by their length: sent, missing
};

class Outbox {
  public:
    static constexpr std::size_t kMostBytes = 1 << 20;
    static constexpr std::size_t kMostObjects = 1000;

    Outbox(std::string_view psk, bool second) : psk_(std::string(psk)), second_(second) {}

    void restore(const StateMap& state);  // first of all
    // Full: kMostBytes or kMostObjects wait; TooLarge: more than the fragments of the smallest
    // modem that a link takes can carry, whatever the present one is.
    Result<void> offer(Object object, BoxTime now);
    // What was offered before a restart, whatever its size.
    void offer_again(Object object, BoxTime now);
    // Of what has no number yet. False: it has, also from before a restart, or is not known.
    bool withdraw(ObjectId id);
    // What no 255 fragments of the present modem can carry: it does not go, and its number ends.
    std::vector<ObjectId> take_refused() { return std::exchange(refused_, {}); }

    // A session begins with a modem of this payload: what the other holds has ended, and where the
    // rest stands has to be asked. Frames are cut anew where they no longer fit.
    std::vector<ObjectId> resume(std::uint64_t their_low, std::size_t payload);

    // When the first frame is due; nullopt: nothing to send. Short objects wait a little for
    // others if they come in flocks.
    std::optional<BoxTime> due(BoxTime now) const;
    int left() const;  // frames that are due, as far as can be said
    std::optional<Piece> next(std::vector<StateRow>& keep);
    // A whole object or bundle of at most so many bytes, to go with an answer.
    std::optional<Piece> next_short(std::size_t most, std::vector<StateRow>& keep);
    void unsent(const Piece& piece);  // it was not on air, or is known not to be there

    std::uint64_t next_number() const { return next_; }
    std::uint64_t oldest() const;  // all before has ended
    bool unanswered() const;       // of something that was sent it is not known whether it is there
    // The only frame that is unanswered, if it is the only one.
    std::optional<Piece> lone_unanswered() const;
    bool empty() const { return open_.empty() && waiting_objects() == 0; }
    bool urgent_waits() const;  // an alarm has frames that did not leave yet
    std::size_t waiting_objects() const;
    std::size_t waiting_bytes() const { return bytes_; }
    std::size_t payload() const { return payload_; }
    std::size_t frame_payload() const {
        return fragment_payload_ == 0 ? payload_ : std::min(payload_, fragment_payload_);
    }
    void set_fragment_payload(std::size_t bytes) { fragment_payload_ = bytes; }

    // "All before `low` is held, and nothing else."
    Tally hold(std::uint64_t low, std::vector<ObjectId>& delivered);
    Tally report(const Report& report, std::vector<ObjectId>& delivered);

  private:
    static constexpr std::size_t kBeforeBytes = kObjectTag + 3;  // of fragments: length and tag
    enum class Row : std::uint8_t { Unsent, Sent, There };
    struct Parcel {
        std::vector<ObjectId> ids;
        Priority priority = Priority::Chat;
        bool bundle = false;
        std::string content;   // of fragments: length, tag and bytes
        std::size_t size = 0;  // of a fragment; 0: all in one frame
        std::vector<Row> rows;
    };
    struct Remembered {
        std::vector<ObjectId> ids;
        bool bundle = false;
        std::size_t size = 0;
    };
    struct Waiting {
        Object object;
        BoxTime since;
    };
    using Lane = std::deque<Waiting>;

    std::size_t room() const { return payload_ - kSingleOverhead; }
    std::size_t fragment_size() const;
    std::optional<Object> take_waiting(ObjectId id);
    Object pop(Lane& lane);
    void reopen(std::uint64_t number, const Remembered& remembered);
    std::size_t size_for(std::size_t bytes) const;  // of fragments; 0: it needs none, or too many
    bool cut(std::uint64_t number, Parcel& parcel, std::size_t size);
    void refuse(std::uint64_t number, Parcel& parcel);
    void shrink(std::uint64_t number, std::vector<StateRow>& keep);
    bool too_large(const Parcel& parcel) const {
        return parcel.size == 0 && parcel.content.size() > room();
    }
    std::optional<std::pair<std::uint64_t, int>> unsent_row(Priority most, std::size_t bytes) const;
    std::optional<std::uint64_t> begin(Lane& lane, std::size_t most, std::vector<StateRow>& keep);
    std::vector<Object> companions(Lane& lane, std::size_t most);
    Piece piece(std::uint64_t number, int row) const;
    void end_below(std::uint64_t low, std::vector<ObjectId>& delivered, Tally& tally);
    void end(std::uint64_t number, std::vector<ObjectId>& delivered, Tally& tally);
    static void missing(Parcel& parcel, std::size_t row, Tally& tally);
    static void there(Parcel& parcel, std::size_t row, Tally& tally);
    static void apply(Parcel& parcel, const Gaps* gaps, Tally& tally);
    StateRow record(std::uint64_t number, const Parcel& parcel) const;

    Secret psk_;
    bool second_;
    std::size_t payload_ = 0;
    std::size_t fragment_payload_ = 0;
    std::uint64_t next_ = 0;
    std::map<std::uint64_t, Parcel> open_;
    std::map<std::uint64_t, Remembered> remembered_;  // from before the restart
    std::map<Priority, Lane> waiting_;
    std::size_t bytes_ = 0;  // waiting
    std::vector<ObjectId> refused_;
    BoxTime last_offer_{};
    milliseconds usual_gap_{60'000};
};

}  // namespace waypost::trunk
