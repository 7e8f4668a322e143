// SPDX-License-Identifier: Apache-2.0
// A Resource that we send: a state machine without I/O, clock or thread. Frames and time in, frames
// out. Not thread-safe.
//
//   auto sending = OutgoingResource::make(data, link, random);
//   send(sending->start(now));
//   ... send(sending->receive(frame, now)), send(sending->tick(now)) at next_tick()
//   ... until state() is Proved (delivered) or Failed
#pragma once

#include "gateway/base/random.h"
#include "radio/reticulum/resource/resource_link.h"

namespace waypost::reticulum {

class OutgoingResource {
  public:
    enum class State {
        Ready,       // not begun
        Advertised,  // nobody has asked for a part yet
        Sending,
        AwaitingProof,  // every part has left once
        Proved,
        Failed
    };
    // `data`: 1 to kMostSegment bytes, else TooLarge or BadInput. Compressed by bzip2 where that
    // makes it smaller and `compress` (the peer's announce) says that it may.
    static Result<OutgoingResource> make(std::string_view data, const ResourceLink& link,
                                         Random& random, bool compress = true);

    ResourceFrames start(BoxTime now);
    // A frame of the link: ResourceRequest, ResourceProof or ResourceReject of this resource;
    // others change nothing.
    ResourceFrames receive(const ResourceFrame& frame, BoxTime now);
    // At next_tick() or later: repeats the advertisement, also to hear the proof, or gives up.
    ResourceFrames tick(BoxTime now);
    BoxTime next_tick() const { return next_tick_; }  // BoxTime::max(): nothing to wait for
    // We give up: the frame that says so. Nothing, when it is over already.
    ResourceFrames cancel();

    State state() const { return state_; }
    const std::string& why_failed() const { return why_failed_; }  // a sentence, when Failed
    const std::string& hash() const { return advertisement_.hash; }
    std::size_t transfer_bytes() const { return sealed_.size(); }
    std::size_t parts() const { return advertisement_.parts; }

  private:
    OutgoingResource() = default;
    void choose_salt(std::string_view data, Random& random);
    bool map_is_clear() const;
    std::string_view part(std::size_t index) const;
    std::string_view hashes(std::size_t begin, std::size_t end) const;
    ResourceFrames on_request(std::string_view body, BoxTime now);
    ResourceFrames ask_for_proof(BoxTime now);
    void send_wanted(const PartRequest& request, ResourceFrames& out);
    void send_hashmap(const PartRequest& request, ResourceFrames& out);
    void wait_for_peer(BoxTime now);
    ResourceFrames give_up(std::string why);

    ResourceAdvertisement advertisement_;
    std::string sealed_;    // all parts
    std::string map_;       // a hash for each
    std::string expected_;  // proof
    std::size_t part_bytes_ = 0;
    milliseconds rtt_{0};
    milliseconds part_time_{0};
    State state_ = State::Ready;
    std::string why_failed_;
    std::size_t low_ = 0;  // the receiver has all before this
    std::vector<bool> sent_;
    std::size_t sent_count_ = 0;
    int advertised_ = 0;
    int proof_asked_ = 0;
    BoxTime next_tick_ = BoxTime::max();
};

}  // namespace waypost::reticulum
