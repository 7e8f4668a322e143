// SPDX-License-Identifier: Apache-2.0
// A link in a session hears whatever comes: bytes as they are, and bytes as the texts of frames
// that a peer with the right keys sealed. It must stay within its bounds, and speak of no object
// as delivered that the peer has not said it holds.
//
// Input: pieces, each {how, length, bytes}.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "radio/trunk/link.h"
#include "radio/trunk/seal.h"

namespace {

using namespace waypost;
using namespace waypost::trunk;

struct Still : Air {
    FrameLimits limits() const override {
        FrameLimits limits;
        limits.payload = 255;
        return limits;
    }
    std::chrono::microseconds airtime(std::size_t bytes) const override {
        return std::chrono::microseconds(1000 * bytes);
    }
    BoxTime may_send(BoxTime now, std::chrono::microseconds, bool) const override { return now; }
};

const std::string kPsk(kKey, 'k');

struct Peer {
    std::unique_ptr<Random> random = seeded_random(7);
    Handshake handshake{kPsk, 1, true, Form::Sealed, *random};
    SessionKeys keys;
    bool epoch = false;

    std::string seal(std::uint8_t how, std::string_view text) const {
        Frame frame;
        frame.type = static_cast<FrameType>(how & 7);
        frame.remaining = how >> 5;
        frame.second = true;
        frame.epoch = epoch;
        frame.extension = (how & 8) != 0 ? ExtensionKind::Close : ExtensionKind::Beacon;
        if (text.size() >= 3) {
            frame.number = static_cast<std::uint16_t>(static_cast<std::uint8_t>(text[0]));
            frame.index = static_cast<std::uint8_t>(text[1]);
            text.remove_prefix(3);
        }
        if (frame.type == FrameType::Poll || frame.type == FrameType::Hold) text = {};
        const Nonce nonce{use_of(frame), frame.number,
                          frame.type == FrameType::Fragment ? frame.index : std::uint8_t{0}};
        return keys.ours.seal(nonce, encode_head(frame), text.substr(0, 240), tag_bytes(frame));
    }
};

void obey(Link& link, LinkActions actions, BoxTime now, Peer& peer) {
    for (int i = 0; i < 50 && actions.send; ++i) {
        const auto frame = parse_frame(actions.send->bytes);
        if (!frame.ok() || actions.send->bytes.size() > 255) std::abort();
        if (const auto hello = peer.handshake.asked(*frame);
            frame->type == FrameType::Hello && hello && peer.keys.ours.empty()) {
            auto answer = peer.handshake.answer(*frame, Hello{}, *hello, true);
            peer.keys = std::move(answer.session.keys);
            peer.epoch = true;
            link.fate({actions.send->id, FrameFate::Sent, 0}, now);
            actions = link.heard(answer.packet, {}, now);
            continue;
        }
        actions = link.fate({actions.send->id, FrameFate::Sent, 0}, now);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Still air;
    Peer peer;
    const auto random = seeded_random(1);
    LinkSettings settings;
    settings.psk = Secret(kPsk);
    Link link(std::move(settings), air, *random, {});
    BoxTime now{};
    for (ObjectId id = 1; id <= 4; ++id)
        if (!link.offer({id, std::string(id * id * 60, 'o'), Priority::Chat}, now).ok())
            std::abort();
    obey(link, link.start(now), now, peer);
    std::size_t delivered = 0;
    while (size >= 2) {
        const std::uint8_t how = data[0];
        const std::size_t length = std::min<std::size_t>(data[1], size - 2);
        const std::string text(reinterpret_cast<const char*>(data) + 2, length);
        data += 2 + length;
        size -= 2 + length;
        now += milliseconds(100 * (how & 31));
        LinkActions actions = link.heard((how & 16) != 0 ? text : peer.seal(how, text), {}, now);
        delivered += actions.delivered.size();
        for (const Received& received : actions.received)
            if ((how & 32) == 0) link.confirm(received.number, now);
        obey(link, std::move(actions), now, peer);
        obey(link, link.tick(now), now, peer);
    }
    if (delivered > 4) std::abort();
    return 0;
}
