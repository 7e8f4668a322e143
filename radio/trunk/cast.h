// SPDX-License-Identifier: Apache-2.0
// One object to several gateways at once: its rows go on air under a key of its own that each
// receiver got over its own link, and what any of them misses is repaired for all by rows of the
// erasure code: as many as the one needs that misses most. Invitations and answers are objects of
// the links; the owner carries them. Its rows are sealed: not for amateur stations. No clock, no
// I/O.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "radio/trunk/seal.h"
#include "radio/trunk/trunk_frame.h"

namespace waypost::trunk {

class CastOut {
  public:
    // `payload`: of the smallest modem, 60 to 255. TooLarge: more than 128 rows.
    static Result<CastOut> make(std::uint16_t id, std::string_view bytes, std::size_t payload,
                                Random& random);

    // For the link of each receiver; `receiver` is the place in the order of answers.
    std::string invitation(int receiver);
    // A receiver's answer. BadInput: it is none, or of another cast.
    Result<void> answered(int receiver, std::string_view answer);
    // The next packet of this round; nullopt: now the receivers answer. The first round has the
    // object's own rows.
    std::optional<std::string> next();
    // Once all that will answer have: rows for the one that misses most.
    void next_round();
    bool done() const;  // every receiver holds it
    // No row is repaired for it any more.
    void drop(int receiver) { missing_.erase(receiver); }
    bool round_over() const { return left_ == 0; }

  private:
    CastOut() = default;
    std::uint16_t id_ = 0;
    Secret secret_;
    FrameKey key_;
    std::size_t length_ = 0;
    std::string tag_;
    std::vector<std::string> rows_;
    std::map<int, int> missing_;  // by receiver
    int next_row_ = 0;
    int left_ = 0;  // packets of this round
};

class CastIn {
  public:
    static Result<CastIn> from(std::string_view invitation);

    // True: it was a packet of this cast.
    bool heard(std::string_view packet);
    // Once enough rows came.
    const std::optional<std::string>& object() const { return object_; }
    // For the link. Without rows missing it says "held": only after the object is durable.
    std::string answer() const;
    std::uint16_t id() const { return id_; }
    int remaining() const { return remaining_; }  // packets of the round, after the last heard
    int place() const { return place_; }          // in the order of answers
    int missing() const { return object_ ? 0 : fragments_ - static_cast<int>(rows_.size()); }

  private:
    CastIn() = default;
    std::uint16_t id_ = 0;
    Secret secret_;
    FrameKey key_;
    int fragments_ = 0;
    std::size_t length_ = 0;
    std::string tag_;
    int place_ = 0;
    int remaining_ = 0;
    std::map<int, std::string> rows_;
    std::optional<std::string> object_;
};

}  // namespace waypost::trunk
