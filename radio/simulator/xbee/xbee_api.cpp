// SPDX-License-Identifier: Apache-2.0
// The host's half in API modes.
#include <utility>

#include "radio/simulator/xbee/xbee_bytes.h"
#include "radio/simulator/xbee/xbee_module.h"

namespace waypost::simulator {
namespace {

constexpr char kStart = 0x7E;
constexpr std::size_t kMost = 600;  // of a frame: a longer one is noise

char check_of(const std::string& body) {
    int sum = 0;
    for (const char byte : body) sum += byte & 255;
    return static_cast<char>(255 - (sum & 255));
}

}  // namespace

void XbeeModule::api_byte(char byte, BoxTime now) {
    const bool escaping = number("AP") == 2;
    if (byte == kStart && (!in_frame_ || escaping)) {
        in_frame_ = true;
        escaped_ = false;
        frame_.clear();
        return;
    }
    if (!in_frame_) return;
    if (escaping && !escaped_ && byte == 0x7D) {
        escaped_ = true;
        return;
    }
    frame_ += escaped_ ? static_cast<char>(byte ^ 0x20) : byte;
    escaped_ = false;
    if (frame_.size() < 3) return;
    const auto length = static_cast<std::size_t>(number_in(frame_.substr(0, 2)));
    if (length > kMost) in_frame_ = false;
    if (frame_.size() < length + 3) return;
    in_frame_ = false;
    const std::string body = frame_.substr(2, length);
    if (!body.empty() && check_of(body) == frame_.back()) api_frame(body, now);
}

void XbeeModule::api_frame(const std::string& body, BoxTime now) {
    const char type = body[0];
    if (type == 0x08 && body.size() >= 4) {
        std::uint8_t status = 0;
        const std::string before = get("AP");
        const auto value = at(body.substr(2, 2), body.substr(4), status);
        const std::string after = std::exchange(live_["AP"], before);
        if (body[1] != 0) {
            say(std::string("\x88") + body[1] + body.substr(2, 2) + static_cast<char>(status) +
                value.value_or(""));
        }
        live_["AP"] = after;  // the answer still goes the old way
        return;
    }
    const bool is_explicit = type == 0x11;
    const std::size_t header = is_explicit ? 20 : 14;
    if ((type != 0x10 && !is_explicit) || body.size() < header) return;
    Packet packet;
    packet.id = static_cast<std::uint8_t>(body[1]);
    packet.to = number_in(body.substr(2, 8));
    packet.options = static_cast<std::uint8_t>(body[header - 1]);
    packet.loop_back = is_explicit && body.substr(14, 2) == std::string("\0\x12", 2);
    packet.data = body.substr(header);
    submit(std::move(packet), now);
}

void XbeeModule::say(const std::string& body) {
    const std::string plain = bytes_of(body.size(), 2) + body + check_of(body);
    out_ += kStart;
    for (const char byte : plain) {
        const bool special = byte == kStart || byte == 0x7D || byte == 0x11 || byte == 0x13;
        if (number("AP") == 2 && special) {
            out_ += {0x7D, static_cast<char>(byte ^ 0x20)};
        } else {
            out_ += byte;
        }
    }
}

void XbeeModule::say_status(const Packet& packet, std::uint8_t delivery, BoxTime now) {
    if (packet.id == 0 || number("AP") == 0) return;
    if (trouble_.statuses_lost > 0) {
        --trouble_.statuses_lost;
        return;
    }
    const std::string waiting = std::exchange(out_, {});
    say({'\x8B', static_cast<char>(packet.id), '\xFF', '\xFE', static_cast<char>(packet.tries),
         static_cast<char>(delivery), 0});
    if (trouble_.status_late.count() > 0) {
        later_.emplace(now + trouble_.status_late, std::exchange(out_, {}));
    }
    out_.insert(0, waiting);
}

}  // namespace waypost::simulator
