// SPDX-License-Identifier: Apache-2.0
// A sender and a receiver of one resource on the two ends of a link, with a clock of their own and
// a line between them that a test can make as bad as it likes.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "radio/reticulum/resource/incoming_resource.h"
#include "radio/reticulum/resource/outgoing_resource.h"

namespace waypost::reticulum {

// Bytes of chance that do not compress.
std::string noise(std::size_t count, std::uint64_t seed = 9);

class LinkPair {
  public:
    explicit LinkPair(std::uint64_t seed = 1);

    // What arrives for a frame that was sent, in this order. Without: the frame.
    std::function<ResourceFrames(const ResourceFrame&)> line;
    // How long a frame is on its way.
    std::function<milliseconds(const ResourceFrame&)> way;
    ResourceLink link;
    ResourceLimits limits;
    bool keeps = true;  // the receiver proves what is whole

    void begin(std::string_view data, bool compress = true);
    // Until nothing is on its way and nobody waits.
    void run();

    std::optional<OutgoingResource> sending;
    std::optional<IncomingResource> coming;
    std::string delivered;                // what the receiver had when it was whole
    std::map<Context, int> frames;        // sent, of each kind
    std::vector<PartRequest> requests;    // as the receiver sent them
    ResourceAdvertisement advertisement;  // the last
    BoxTime now{};

  private:
    void put(const ResourceFrames& sent, bool to_receiver);
    void arrive(const ResourceFrame& frame, bool to_receiver);
    void advertised(const ResourceFrame& frame);
    void tick();
    BoxTime next() const;

    struct OnWay {
        ResourceFrame frame;
        bool to_receiver;
    };
    std::unique_ptr<Random> random_;
    std::multimap<BoxTime, OnWay> on_way_;
};

}  // namespace waypost::reticulum
