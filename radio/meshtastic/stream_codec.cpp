// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/stream_codec.h"

#include <stdexcept>

namespace waypost::meshtastic {
namespace {

constexpr char kStart1 = '\x94';
constexpr char kStart2 = '\xC3';
constexpr std::size_t kHeader = 4;

}  // namespace

std::vector<std::string> StreamParser::feed(std::string_view bytes, const Accept& accept) {
    std::vector<std::string> payloads;
    buffer_.append(bytes);
    std::size_t at = 0;
    while (at < buffer_.size()) {
        const std::size_t left = buffer_.size() - at;
        if (buffer_[at] != kStart1 || (left > 1 && buffer_[at + 1] != kStart2)) {
            ++at;
            ++skipped_;
            continue;
        }
        if (left < kHeader) break;
        const std::size_t size =
            static_cast<std::size_t>(static_cast<unsigned char>(buffer_[at + 2])) << 8 |
            static_cast<unsigned char>(buffer_[at + 3]);
        if (size > kMaxFrame) {  // no frame: look for the next start behind this one
            ++at;
            ++skipped_;
            continue;
        }
        if (left < kHeader + size) break;
        std::string payload = buffer_.substr(at + kHeader, size);
        if (accept && !accept(payload)) {
            ++at;
            ++skipped_;
            continue;
        }
        payloads.push_back(std::move(payload));
        at += kHeader + size;
    }
    buffer_.erase(0, at);
    return payloads;
}

std::vector<std::string> StreamParser::give_up_begun(const Accept& accept) {
    if (buffer_.empty()) return {};
    buffer_.erase(0, 1);
    ++skipped_;
    return feed({}, accept);
}

std::string frame(std::string_view payload) {
    if (payload.size() > kMaxFrame) throw std::logic_error("a frame holds 512 bytes at most");
    std::string out{kStart1, kStart2, static_cast<char>(payload.size() >> 8),
                    static_cast<char>(payload.size() & 255)};
    return out.append(payload);
}

std::string node_id(std::uint32_t number) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out = "!";
    for (int shift = 28; shift >= 0; shift -= 4) out += kDigits[(number >> shift) & 15];
    return out;
}

bool parse_node_id(std::string_view text, std::uint32_t& number) {
    if (!text.empty() && text[0] == '!') text.remove_prefix(1);
    if (text.size() != 8) return false;
    number = 0;
    for (const char c : text) {
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0) return false;
        number = number << 4 | static_cast<std::uint32_t>(digit);
    }
    return true;
}

}  // namespace waypost::meshtastic
