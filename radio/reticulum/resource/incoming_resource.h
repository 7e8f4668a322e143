// SPDX-License-Identifier: Apache-2.0
// A Resource that a peer sends us: a state machine without I/O, clock or thread. Frames and time
// in, frames out. Not thread-safe.
//
//   auto advertised = parse_advertisement(frame.body);
//   auto coming = IncomingResource::accept(*advertised, link, limits);
//   if (!coming.ok()) send(refuse_resource(advertised->hash))
//   send(coming->start(now)), send(coming->receive(frame, now)), send(coming->tick(now))
//   state() == Whole: keep data() first, then send(coming->prove())
#pragma once

#include "radio/reticulum/resource/resource_link.h"

namespace waypost::reticulum {

struct ResourceLimits {
    std::size_t data_bytes = 1 << 20;  // after decompression
};

// What tells the sender that we do not want it.
ResourceFrame refuse_resource(std::string_view hash);

class IncomingResource {
  public:
    enum class State {
        Receiving,
        Whole,   // data() is there and checked; the sender waits for prove()
        Proved,  // and repeats of the proof are given when it asks again
        Failed
    };
    // TooLarge: over the limit or of several segments. Refused: a request, a response, or with
    // metadata, which nothing here is for. BadInput: it contradicts itself.
    static Result<IncomingResource> accept(const ResourceAdvertisement& advertisement,
                                           const ResourceLink& link,
                                           const ResourceLimits& limits = {});

    ResourceFrames start(BoxTime now);
    // A frame of the link: a part, or ResourceAdvertisement (again), ResourceHashmap or
    // ResourceCancel of this resource; others change nothing. Several resources on one link may
    // each be shown each part.
    ResourceFrames receive(const ResourceFrame& frame, BoxTime now);
    // At next_tick() or later: asks again, or gives up.
    ResourceFrames tick(BoxTime now);
    BoxTime next_tick() const { return next_tick_; }  // BoxTime::max(): nothing to wait for

    const std::string& data() const { return data_; }  // while Whole
    ResourceFrames prove();                            // Whole becomes Proved; data() is let go
    // The proof once more, when Proved: for a sender that asks by CacheRequest, with the hash of
    // the packet that it misses.
    ResourceFrames proof_again() const;
    // We do not take it, or no longer: the frame that says so. Nothing, when it is over already.
    ResourceFrames refuse(std::string why);

    State state() const { return state_; }
    const std::string& why_failed() const { return why_failed_; }  // a sentence, when Failed
    const std::string& hash() const { return advertisement_.hash; }
    std::size_t parts() const { return advertisement_.parts; }

  private:
    IncomingResource() = default;
    ResourceFrames on_advertised_again(BoxTime now);
    ResourceFrames on_part(std::string_view bytes, BoxTime now);
    ResourceFrames on_hashmap(std::string_view body, BoxTime now);
    bool take_part(std::string_view bytes);
    ResourceFrames request_next(BoxTime now);
    std::size_t missing() const;  // of what was asked for last
    void wait_for_parts(BoxTime now, int round_trips);
    void widen(BoxTime now);
    ResourceFrames assemble();
    Result<std::string> whole_data() const;
    void end(State state, std::string why);

    ResourceAdvertisement advertisement_;
    ResourceLink link_;
    State state_ = State::Receiving;
    std::string why_failed_;
    std::string map_;                 // as far as it is known
    std::vector<std::string> parts_;  // empty: not here yet
    std::size_t received_ = 0;
    std::size_t received_bytes_ = 0;
    std::size_t low_ = 0;        // all before this are here
    std::size_t asked_end_ = 0;  // the last request was for what was missing from low_ to this
    std::size_t window_ = 4;
    std::size_t most_window_ = 10;
    int fast_rounds_ = 0;
    int slow_rounds_ = 0;
    BoxTime asked_{};
    std::size_t bytes_when_asked_ = 0;
    bool awaits_hashmap_ = false;
    int retries_ = 0;
    std::string data_;
    std::string proof_;
    BoxTime next_tick_ = BoxTime::max();
};

}  // namespace waypost::reticulum
