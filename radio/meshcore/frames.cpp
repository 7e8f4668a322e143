// SPDX-License-Identifier: Apache-2.0
#include "radio/meshcore/frames.h"

#include <stdexcept>

namespace waypost::meshcore {
namespace {

constexpr std::size_t kHeader = 3;

}  // namespace

std::vector<std::string> FrameParser::feed(std::string_view bytes) {
    std::vector<std::string> payloads;
    buffer_.append(bytes);
    std::size_t at = 0;
    while (at < buffer_.size()) {
        const std::size_t left = buffer_.size() - at;
        if (buffer_[at] == start_ && left < kHeader) break;
        const std::size_t size =
            buffer_[at] != start_
                ? 0
                : static_cast<std::size_t>(static_cast<unsigned char>(buffer_[at + 1])) |
                      static_cast<std::size_t>(static_cast<unsigned char>(buffer_[at + 2])) << 8;
        if (size == 0 || size > kMaxFrame) {  // no frame: look for the next start behind this one
            ++at;
            ++skipped_;
            continue;
        }
        if (left < kHeader + size) break;
        payloads.push_back(buffer_.substr(at + kHeader, size));
        at += kHeader + size;
    }
    buffer_.erase(0, at);
    return payloads;
}

std::vector<std::string> FrameParser::give_up_begun() {
    if (buffer_.empty()) return {};
    buffer_.erase(0, 1);
    ++skipped_;
    return feed({});
}

std::string frame(Direction direction, std::string_view payload) {
    if (payload.empty() || payload.size() > kMaxFrame)
        throw std::logic_error("a frame holds 1 to 176 bytes");
    std::string out{static_cast<char>(direction), static_cast<char>(payload.size() & 255),
                    static_cast<char>(payload.size() >> 8)};
    return out.append(payload);
}

}  // namespace waypost::meshcore
