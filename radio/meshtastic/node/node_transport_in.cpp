// SPDX-License-Identifier: Apache-2.0
// What comes to the node, into custody.
#include <algorithm>
#include <condition_variable>

#include "gateway/base/crash_point.h"
#include "gateway/base/encoding.h"
#include "gateway/base/log.h"
#include "meshtastic.pb.h"
#include "radio/meshtastic/node/node_transport.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::meshtastic {
namespace {

// The verdicts of messages that are handed over together.
class Verdicts {
  public:
    explicit Verdicts(std::size_t count) : kept_(count, false), open_(count) {}

    void say(std::size_t place, bool kept) {
        const std::lock_guard lock(mutex_);
        kept_[place] = kept;
        if (--open_ == 0) all_.notify_all();
    }
    std::vector<bool> wait() {
        std::unique_lock lock(mutex_);
        all_.wait(lock, [this] { return open_ == 0; });
        return kept_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable all_;
    std::vector<bool> kept_;
    std::size_t open_;
};

}  // namespace

bool NodeTransport::came(const std::vector<pb::MeshPacket>& packets) {
    std::vector<TextIn> texts;
    for (const pb::MeshPacket& packet : packets) {
        NodeActions actions;
        {
            const std::lock_guard lock(mutex_);
            actions = node_->received(packet, now());
        }
        std::move(actions.texts.begin(), actions.texts.end(), std::back_inserter(texts));
        actions.texts.clear();
        act(std::move(actions));
    }
    return texts.empty() || hand_over(texts);
}

bool NodeTransport::hand_over(const std::vector<TextIn>& texts) {
    crash_point(CrashPoint::TextRead);
    const auto verdicts = std::make_shared<Verdicts>(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        office_->accept(message_of(texts[i]), [verdicts, i](const std::vector<Verdict>& said) {
            // What is refused would be refused again.
            verdicts->say(i, said.empty() || said.front().kind != Verdict::Kind::Later);
        });
    }
    const std::vector<bool> kept = verdicts->wait();
    for (std::size_t i = 0; i < texts.size(); ++i) {
        NodeActions actions;
        {
            const std::lock_guard lock(mutex_);
            actions = node_->accepted(texts[i].from, texts[i].packet_id, kept[i], now());
        }
        act(std::move(actions));
    }
    return std::find(kept.begin(), kept.end(), false) == kept.end();
}

Message NodeTransport::message_of(const TextIn& text) const {
    Message message;
    message.from = {network(), node_id(text.from)};
    message.network = network();
    message.transport = id_;
    message.origin_id = node_id(text.packet_id).substr(1);
    message.text = text.text;
    if (text.reply_id != 0) message.references.push_back(node_id(text.reply_id).substr(1));
    message.broadcast = !text.direct;
    message.reaction = text.reaction;
    message.alert = text.alert;
    message.verified_sender = text.sealed;
    message.sealed_under = to_hex(text.key);
    message.privacy = text.sealed ? Privacy::ToGateway : Privacy::Channel;
    return message;
}

void NodeTransport::carrier_changed() {
    const bool up = carrier_->up();
    log(up ? Level::Info : Level::Warning, "meshtastic", up ? "up" : "down",
        {{"id", id_}, {"why", carrier_->why_down()}});
    NodeActions actions;
    {
        const std::lock_guard lock(mutex_);
        if (up && !announced_) {
            announced_ = true;
            actions = node_->announce(now());
        }
    }
    act(std::move(actions));
    office_->wake(id_);
}

}  // namespace waypost::meshtastic
