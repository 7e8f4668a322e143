// SPDX-License-Identifier: Apache-2.0
#include "radio/xbee/api_framing.h"

#include <stdexcept>

namespace waypost::xbee {
namespace {

constexpr char kStart = 0x7E;
constexpr char kEscape = 0x7D;
constexpr char kFlip = 0x20;
constexpr std::size_t kLength = 2;

bool needs_escape(char byte) {
    return byte == kStart || byte == kEscape || byte == 0x11 || byte == 0x13;
}

char checksum(std::string_view body) {
    unsigned sum = 0;
    for (const char byte : body) sum += static_cast<unsigned char>(byte);
    return static_cast<char>(0xFF - (sum & 0xFF));
}

std::size_t length_at(std::string_view bytes) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) << 8 |
           static_cast<unsigned char>(bytes[1]);
}

bool is_length(std::size_t length) { return length > 0 && length <= kMostBody; }

}  // namespace

std::string frame(ApiMode mode, std::string_view body) {
    if (!is_length(body.size())) throw std::logic_error("an API frame holds 1 to 512 bytes");
    std::string rest{static_cast<char>(body.size() >> 8), static_cast<char>(body.size() & 255)};
    rest.append(body) += checksum(body);
    if (mode == ApiMode::Plain) return kStart + rest;
    std::string out(1, kStart);
    for (const char byte : rest) {
        if (needs_escape(byte)) out += kEscape;
        out += needs_escape(byte) ? static_cast<char>(byte ^ kFlip) : byte;
    }
    return out;
}

std::vector<std::string> Deframer::feed(std::string_view bytes) {
    if (mode_ == ApiMode::Plain) {
        buffer_.append(bytes);
        return search();
    }
    std::vector<std::string> bodies;
    for (const char byte : bytes) feed_escaped(static_cast<unsigned char>(byte), bodies);
    return bodies;
}

std::vector<std::string> Deframer::search() {
    std::vector<std::string> bodies;
    const std::string_view all = buffer_;
    std::size_t at = all.find(kStart);
    while (at < all.size() && all.size() - at > kLength) {
        const std::size_t length = length_at(all.substr(at + 1));
        const std::size_t size = 1 + kLength + length + 1;
        if (is_length(length) && all.size() - at < size) break;
        const std::string_view body = all.substr(at + 1 + kLength, is_length(length) ? length : 0);
        if (is_length(length) && checksum(body) == all[at + size - 1]) {
            bodies.emplace_back(body);
            at = all.find(kStart, at + size);
        } else {
            ++broken_;
            at = all.find(kStart, at + 1);
        }
    }
    buffer_.erase(0, at);
    return bodies;
}

void Deframer::feed_escaped(unsigned char raw, std::vector<std::string>& bodies) {
    char byte = static_cast<char>(raw);
    if (byte == kStart) {  // always a start, even behind an escape
        if (in_frame_) end_escaped(true);
        in_frame_ = true;
        return;
    }
    if (!in_frame_) return;
    if (!escaped_ && byte == kEscape) {
        escaped_ = true;
        return;
    }
    if (escaped_) byte = static_cast<char>(byte ^ kFlip);
    escaped_ = false;
    buffer_ += byte;
    if (buffer_.size() < kLength) return;
    const std::size_t length = length_at(buffer_);
    if (!is_length(length)) return end_escaped(true);
    if (buffer_.size() < kLength + length + 1) return;
    const std::string body = buffer_.substr(kLength, length);
    const bool good = checksum(body) == byte;
    if (good) bodies.push_back(body);
    end_escaped(!good);
}

void Deframer::end_escaped(bool broken) {
    if (broken) ++broken_;
    in_frame_ = false;
    escaped_ = false;
    buffer_.clear();
}

std::vector<std::string> Deframer::give_up_begun() {
    if (!begun()) return {};
    if (mode_ == ApiMode::Escaped) {
        end_escaped(true);
        return {};
    }
    ++broken_;
    buffer_.erase(0, 1);
    return search();
}

}  // namespace waypost::xbee
