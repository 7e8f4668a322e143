// SPDX-License-Identifier: Apache-2.0
#include "radio/lora_modem/e22/receiver.h"

#include <algorithm>
#include <utility>

#include "radio/framing/cobs_frames.h"

namespace waypost::e22 {
namespace {

constexpr char kDelimiter = '+';
constexpr std::size_t kMostBegun = 300;

// E22 manual of 2024: dBm = -(256 - value).
int dbm(char byte) { return static_cast<unsigned char>(byte) - 256; }

}  // namespace

std::vector<FrameIn> Receiver::feed(std::string_view bytes) {
    std::vector<FrameIn> frames;
    for (const char byte : bytes) {
        if (byte == kDelimiter) {
            delimiter(frames);
        } else if (begun_.size() < kMostBegun) {
            begun_ += byte;
        } else {
            overlong_ = true;
        }
    }
    if (!rssi_) hand_over({}, frames);
    return frames;
}

std::optional<std::string> Receiver::decode(std::string_view stuffed) const {
    CobsDeframer deframer;
    auto frames = deframer.feed(std::string(stuffed) + kDelimiter);
    if (frames.size() != 1) return std::nullopt;
    return std::move(frames.front());
}

std::optional<std::string> Receiver::decode_without_marks(std::size_t from) const {
    std::string kept;
    for (std::size_t i = from; i < begun_.size(); ++i) {
        if (std::find(marks_.begin(), marks_.end(), i) == marks_.end()) kept += begun_[i];
    }
    return decode(kept);
}

// Behind a frame the first byte is its RSSI, or there was none if both came in one packet.
void Receiver::delimiter(std::vector<FrameIn>& frames) {
    std::optional<std::string> frame;
    bool led = false;
    if (rssi_ && !begun_.empty()) {
        frame = decode(std::string_view(begun_).substr(1));
        if (!frame && !marks_.empty()) frame = decode_without_marks(1);
        led = frame.has_value();
    }
    if (!frame) frame = decode(begun_);
    if (!frame && !marks_.empty()) frame = decode_without_marks(0);
    hand_over(led ? std::optional(dbm(begun_.front())) : std::nullopt, frames);
    const bool noise = begun_.size() > (rssi_ ? 1 : 0) || overlong_;
    if (!frame && noise) ++broken_;
    forget_begun();
    whole_ = std::move(frame);
    if (!rssi_) hand_over({}, frames);
}

std::vector<FrameIn> Receiver::silence() {
    std::vector<FrameIn> frames;
    const bool alone = rssi_ && begun_.size() == 1;
    hand_over(alone ? std::optional(dbm(begun_.front())) : std::nullopt, frames);
    if (alone) {
        forget_begun();
    } else if (rssi_ && !begun_.empty() && !overlong_) {
        marks_.push_back(begun_.size() - 1);
    }
    return frames;
}

std::vector<FrameIn> Receiver::give_up_begun() {
    std::vector<FrameIn> frames = silence();
    if (!begun_.empty()) ++broken_;
    forget_begun();
    return frames;
}

void Receiver::hand_over(std::optional<int> rssi, std::vector<FrameIn>& frames) {
    if (!whole_) return;
    frames.push_back({std::move(*whole_), {}, rssi, {}});
    whole_.reset();
}

int Receiver::take_broken() { return std::exchange(broken_, 0); }

void Receiver::forget_begun() {
    begun_.clear();
    marks_.clear();
    overlong_ = false;
}

void Receiver::reset() {
    forget_begun();
    whole_.reset();
    broken_ = 0;
}

}  // namespace waypost::e22
