// SPDX-License-Identifier: Apache-2.0
// All that goes by one radio, without line or thread: the posts of its neighbours, whose frame
// leaves next, and whose a frame is that came. The owner steps it, on one thread at a time.
#pragma once

#include <optional>
#include <vector>

#include "radio/trunk/transport/air_turns.h"
#include "radio/trunk/transport/trunk_post.h"

namespace waypost::trunk {

class SharedRadio {
  public:
    // Both outlive it. `air`: the modem and the law.
    SharedRadio(const Air& air, Random& random);

    const AirTurns& turns() const { return turns_; }  // for the air of each post
    // A post that was not started; it is with the next run(), and stays until it leaves.
    void join(TrunkPost& post);
    void leave(TrunkPost& post);
    bool empty() const { return members_.empty(); }
    const CastSender& casts() const { return casts_; }

    // What came from other threads, and what is due.
    void run(BoxTime now);
    BoxTime next() const;
    struct Leaving {
        FrameOut frame;
        bool urgent = false;
        const TrunkPost* post = nullptr;  // whose it is; null: nobody's alone
    };
    // The frame that is to leave now; the next comes after fate() of it.
    std::optional<Leaving> frame();
    // What was put is on disk; wait_for_disk(): what was put just now has to be, too.
    bool on_disk() const;
    void wait_for_disk();
    // Whose it was; null: nobody's here.
    const TrunkPost* heard(const FrameIn& frame, BoxTime now);
    void fate(const FrameReport& report, BoxTime now);
    // The modem is another, or set up anew.
    void renew(BoxTime now);

  private:
    struct Member {
        TrunkPost* post = nullptr;
        bool started = false;
    };
    struct InAir {
        std::uint32_t id = 0;
        std::uint32_t link_id = 0;
        TrunkPost* post = nullptr;  // null: a cast's, or it has left
        bool cast = false;
    };
    std::vector<TrunkPost*> in_turn() const;
    void share_air();

    const Air& air_;
    AirTurns turns_;
    SharedAir casts_air_;
    CastSender casts_;
    std::vector<Member> members_;
    const TrunkPost* last_ = nullptr;  // whose frame left last
    bool was_free_ = true;
    std::optional<InAir> in_air_;
    std::uint32_t last_id_ = 0;
};

}  // namespace waypost::trunk
