// SPDX-License-Identifier: Apache-2.0
// Both ends of a resource hear whatever comes on the link, among what belongs there. They stay
// within their bounds, and what the receiver has whole is what was sent.
//
// Input: pieces, each {what, length, bytes}. What: 0 to 7 a frame of that context to the receiver,
// 8 to 15 one to the sender; 16 the next frame that waits, 17 it is lost, 18 time goes by; 19 an
// advertisement alone.
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <optional>

#include "radio/reticulum/resource/bzip.h"
#include "radio/reticulum/resource/incoming_resource.h"
#include "radio/reticulum/resource/outgoing_resource.h"
#include "radio/reticulum/wire/crypto.h"

namespace {

using namespace waypost;
using namespace waypost::reticulum;

constexpr std::size_t kMostWaiting = 400;

ResourceLink open_link() {
    ResourceLink link;
    link.seal = [](std::string_view plain) { return std::string(plain); };
    link.open = [](std::string_view token) { return std::optional<std::string>(token); };
    return link;
}

struct Ends {
    explicit Ends(std::string sent) : data(std::move(sent)) {
        const auto random = seeded_random(3);
        const ResourceLink link = open_link();
        sending.emplace(std::move(*OutgoingResource::make(data, link, *random, false)));
        const auto advertised = sending->start(now);
        coming.emplace(
            std::move(*IncomingResource::accept(*parse_advertisement(advertised[0].body), link)));
        put(coming->start(now), false);
    }

    void put(const ResourceFrames& frames, bool to_receiver) {
        if (frames.size() > kMostRequested + 2) std::abort();
        for (const ResourceFrame& frame : frames)
            if (waiting.size() < kMostWaiting) waiting.push_back({frame, to_receiver});
    }
    void arrive(const ResourceFrame& frame, bool to_receiver) {
        if (!to_receiver) return put(sending->receive(frame, now), true);
        put(coming->receive(frame, now), false);
        if (coming->state() != IncomingResource::State::Whole) return;
        if (coming->data() != data) std::abort();
        put(coming->prove(), false);
    }
    void next(bool lost) {
        if (waiting.empty()) return;
        const auto first = waiting.front();
        waiting.pop_front();
        if (!lost) arrive(first.first, first.second);
    }
    void wait() {
        now = std::min(sending->next_tick(), coming->next_tick());
        if (now == BoxTime::max()) now = BoxTime{};
        put(sending->tick(now), true);
        put(coming->tick(now), false);
    }

    std::string data;
    BoxTime now{};
    std::optional<OutgoingResource> sending;
    std::optional<IncomingResource> coming;
    std::deque<std::pair<ResourceFrame, bool>> waiting;
};

// What a peer advertises is taken within the limit or not at all.
void check_advertisement(std::string_view bytes) {
    const auto parsed = parse_advertisement(bytes);
    if (!parsed.ok()) return;
    const auto again = parse_advertisement(advertisement_bytes(*parsed));
    if (!again.ok() || again->hash != parsed->hash || again->parts != parsed->parts) std::abort();
    ResourceLimits limits;
    limits.data_bytes = 10'000;
    const auto accepted = IncomingResource::accept(*parsed, open_link(), limits);
    if (accepted.ok() && accepted->parts() > 30) std::abort();
}

void play(Ends& ends, std::uint8_t what, std::string_view bytes) {
    if (what < 16)
        return ends.arrive({static_cast<Context>(what & 7), std::string(bytes)}, what < 8);
    if (what == 18) return ends.wait();
    if (what == 19) return check_advertisement(bytes);
    ends.next(what == 17);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Ends begun(random_bytes(*seeded_random(5), 45'000));
    Ends ends = begun;
    std::string_view left(reinterpret_cast<const char*>(data), size);
    const auto unpacked = unbzip(left, 1000);
    if (unpacked.ok() && unpacked->size() > 1000) std::abort();
    while (left.size() >= 2) {
        const auto what = static_cast<std::uint8_t>(static_cast<std::uint8_t>(left[0]) % 20);
        const auto length =
            std::min<std::size_t>(static_cast<std::uint8_t>(left[1]), left.size() - 2);
        play(ends, what, left.substr(2, length));
        left.remove_prefix(2 + length);
    }
    return 0;
}
