// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/tools/packet_text.h"

#include "radio/trunk/handshake.h"

namespace waypost::trunk {
namespace {

// A poll and a hold do not say which number they mean.
constexpr std::uint64_t kMostTried = 1024;
constexpr std::uint64_t kMostTurns = 4;  // of the 16 bits that are sent

}  // namespace

std::string packet_text(std::string_view packet) {
    if (const auto probe = read_probe(packet); probe.ok())
        return (probe->answer ? "answer to ping " : "ping ") + std::to_string(probe->number);
    return frame_text(packet);
}

PacketReader::PacketReader(std::string_view psk, std::uint8_t link, std::string_view asker,
                           std::string_view answerer)
    : psk_(std::string(psk)), probe_key_(psk), asker_(asker), answerer_(answerer) {
    if (asker.empty() || answerer.empty()) return;
    SessionKeys keys = session_keys(psk, link, asker, answerer, false);
    first_ = std::move(keys.ours);
    second_ = std::move(keys.theirs);
}

std::optional<PacketReader::Opened> PacketReader::open_hello(const Frame& frame) const {
    const FrameKey key = hello_key(psk_.reveal(), frame.second, frame.salt, Form::Sealed);
    if (auto text = key.open({Use::Hello}, frame.head, frame.body, frame.tag))
        return Opened{false, 0, std::move(*text)};
    if (asker_.empty()) return std::nullopt;
    auto text = key.open({Use::Answer}, frame.head, frame.body, frame.tag, asker_);
    if (!text) return std::nullopt;
    return Opened{true, 0, std::move(*text)};
}

std::optional<PacketReader::Opened> PacketReader::open(const Frame& frame) const {
    if (frame.type == FrameType::Hello) return open_hello(frame);
    const FrameKey& key = frame.second ? second_ : first_;
    if (key.empty() || use_of(frame) == Use::Repair) return std::nullopt;
    const bool bare = frame.type == FrameType::Poll || frame.type == FrameType::Hold;
    const std::uint64_t step = bare ? 1 : 1 << 16;
    const std::uint64_t tries = bare ? kMostTried : kMostTurns;
    for (std::uint64_t i = 0; i < tries; ++i) {
        const std::uint64_t number = frame.number + i * step;
        const Nonce nonce{use_of(frame), number, frame.index};
        if (auto text = key.open(nonce, frame.head, frame.body, frame.tag))
            return Opened{false, number, std::move(*text)};
    }
    return std::nullopt;
}

}  // namespace waypost::trunk
