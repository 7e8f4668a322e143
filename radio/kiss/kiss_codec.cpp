// SPDX-License-Identifier: Apache-2.0
#include "radio/kiss/kiss_codec.h"

namespace waypost::kiss {
namespace {

constexpr char kFend = '\xC0', kFesc = '\xDB', kTfend = '\xDC', kTfesc = '\xDD';

void escape(std::string& out, char byte) {
    if (byte == kFend) {
        (out += kFesc) += kTfend;
    } else if (byte == kFesc) {
        (out += kFesc) += kTfesc;
    } else {
        out += byte;
    }
}

}  // namespace

std::string encode(const Frame& frame) {
    std::string out(1, kFend);
    escape(out, static_cast<char>(frame.type));
    for (const char byte : frame.data) escape(out, byte);
    return out += kFend;
}

std::vector<Frame> Parser::feed(std::string_view bytes) {
    std::vector<Frame> frames;
    for (char byte : bytes) {
        if (byte == kFend) {
            end(frames);
            continue;
        }
        if (bad_ || !inside_) continue;
        if (escaped_) {
            bad_ = byte != kTfend && byte != kTfesc;
            byte = byte == kTfend ? kFend : kFesc;
        }
        escaped_ = !escaped_ && byte == kFesc;
        if (escaped_) continue;
        bad_ |= begun_.size() > most_data_;
        if (!bad_) begun_ += byte;
    }
    return frames;
}

void Parser::end(std::vector<Frame>& frames) {
    if (bad_ || escaped_) {
        ++broken_;
    } else if (!begun_.empty()) {
        frames.push_back({static_cast<std::uint8_t>(begun_[0]), begun_.substr(1)});
    }
    reset();
    inside_ = true;
}

void Parser::reset() {
    begun_.clear();
    escaped_ = bad_ = inside_ = false;
}

}  // namespace waypost::kiss
