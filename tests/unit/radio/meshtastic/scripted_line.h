// SPDX-License-Identifier: Apache-2.0
// A line to a device that shakes hands and then keeps silent, or says what the test gives it.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "gateway/io/byte_line.h"
#include "meshtastic.pb.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::meshtastic {

class ScriptedLine final : public ByteLine {
  public:
    static constexpr std::uint32_t kOwn = 1;

    Result<std::string> read(std::chrono::milliseconds) override {
        if (to_say.empty()) return std::string();
        std::string bytes = std::move(to_say.front());
        to_say.pop_front();
        return bytes;
    }
    Result<void> write(std::string_view bytes) override {
        for (const std::string& payload : parser_.feed(bytes)) {
            pb::ToRadio message;
            if (!message.ParseFromString(payload)) continue;
            if (message.has_want_config_id()) shake_hands(message.want_config_id());
            if (message.has_packet() && message.packet().decoded().portnum() == kText)
                texts.push_back(message.packet());
        }
        return {};
    }
    void wake() noexcept override {}
    void say(const pb::FromRadio& message) { to_say.push_back(frame(message.SerializeAsString())); }

    std::deque<std::string> to_say;
    std::vector<pb::MeshPacket> texts;  // that the host handed over

  private:
    void shake_hands(std::uint32_t nonce) {
        pb::FromRadio info, lora, complete;
        info.mutable_my_info()->set_my_node_num(kOwn);
        say(info);
        lora.mutable_config()->mutable_lora()->set_region(1);  // US: no law limits the hour
        lora.mutable_config()->mutable_lora()->set_use_preset(true);
        say(lora);
        complete.set_config_complete_id(nonce);
        say(complete);
    }
    StreamParser parser_;
};

}  // namespace waypost::meshtastic
