// SPDX-License-Identifier: Apache-2.0
// One end of a pipe of bytes: a stream over a link that remembers nothing after its program. A
// start of the program is known by its facts in the link's hello ("wpipe" and 4 bytes by chance):
// when those of the other end change, it was started anew and the stream is broken. No clock, no
// I/O; one thread.
#pragma once

#include <optional>
#include <string>

#include "radio/trunk/link.h"
#include "radio/trunk/tools/byte_stream.h"

namespace waypost::trunk {

struct PipeSettings {
    LinkSettings link;              // without facts
    milliseconds give_up{600'000};  // the other does not answer so long; 0: never
};

class PipeEnd {
  public:
    enum class State { Open, Done, Broken };

    // `air` and `random` outlive it.
    PipeEnd(PipeSettings settings, const Air& air, Random& random);

    void start(BoxTime now);
    void heard(const FrameIn& frame, BoxTime now);
    void fate(const FrameReport& report, BoxTime now);
    void tick(BoxTime now);  // after the stream was written to or read from as well
    BoxTime next_tick() const;
    // The frame that is to leave now; its fate has to be told.
    std::optional<FrameOut> frame() { return std::exchange(frame_, std::nullopt); }
    void renew(BoxTime now) { link_.renew(now); }  // the modem is another, or set up anew

    ByteStream& stream() { return stream_; }
    // Tells the other that nothing more comes; Broken once it knows, or at `until`.
    void stop(BoxTime until);

    // Done: all of both directions arrived, and the other end has had time to hear so.
    State state() const { return state_; }
    const std::string& why() const { return why_; }  // Broken
    bool met() const { return !their_facts_.empty(); }
    const Link& link() const { return link_; }

  private:
    void act(LinkActions actions, BoxTime now);
    void greeted(const std::string& facts);
    void pump(BoxTime now);
    void look(BoxTime now);
    void end(State state, std::string why);
    void hand_out(LinkActions& actions);
    BoxTime quiet_until() const;
    milliseconds quiet_time() const;
    bool all_arrived() const { return stream_.all_delivered() && stream_.at_end(); }

    milliseconds give_up_;
    const Air& air_;
    Link link_;
    ByteStream stream_;
    std::optional<FrameOut> frame_;
    State state_ = State::Open;
    std::string why_;
    std::string their_facts_;
    BoxTime last_heard_{};
    std::uint32_t last_id_ = 0;  // of a frame
    std::uint32_t told_by_ = 0;  // frames after this one tell what was confirmed last
    bool told_ = true;
    BoxTime confirmed_at_{};
    std::optional<BoxTime> unanswered_since_;  // the first frame of ours since
    int unanswered_ = 0;                       // frames
    std::optional<BoxTime> stop_by_;           // we gave up
    std::optional<BoxTime> given_up_by_;       // the other did, and is told that we know
};

}  // namespace waypost::trunk
