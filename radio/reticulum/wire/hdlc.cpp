// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/hdlc.h"

#include <utility>

namespace waypost::reticulum {
namespace {

constexpr char kFlag = '\x7E';
constexpr char kEscape = '\x7D';
constexpr char kEscapedFlag = '\x5E';
constexpr char kEscapedEscape = '\x5D';

}  // namespace

std::string hdlc_frame(std::string_view packet) {
    std::string out(1, kFlag);
    out.reserve(packet.size() + packet.size() / 8 + 2);
    for (const char byte : packet) {
        if (byte == kFlag) {
            out.append({kEscape, kEscapedFlag});
        } else if (byte == kEscape) {
            out.append({kEscape, kEscapedEscape});
        } else {
            out += byte;
        }
    }
    return out += kFlag;
}

std::vector<std::string> HdlcParser::feed(std::string_view bytes) {
    std::vector<std::string> frames;
    for (const char byte : bytes) {
        if (byte == kFlag) {
            flag(frames);
        } else if (inside_ && !bad_) {
            put(byte);
        }
    }
    return frames;
}

void HdlcParser::flag(std::vector<std::string>& frames) {
    if (bad_ || escaped_) {
        ++broken_;
    } else if (!begun_.empty()) {
        frames.push_back(std::exchange(begun_, {}));
    }
    begun_.clear();
    inside_ = true;
    escaped_ = bad_ = false;
}

void HdlcParser::put(char byte) {
    if (!escaped_ && byte == kEscape) {
        escaped_ = true;
        return;
    }
    if (escaped_ && byte != kEscapedFlag && byte != kEscapedEscape) {
        bad_ = true;
    } else if (begun_.size() == most_) {
        bad_ = true;
    } else if (escaped_) {
        begun_ += byte == kEscapedFlag ? kFlag : kEscape;
    } else {
        begun_ += byte;
    }
    escaped_ = false;
}

}  // namespace waypost::reticulum
