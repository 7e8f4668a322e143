// SPDX-License-Identifier: Apache-2.0
#include "radio/framing/cobs_frames.h"

#include <optional>
#include <stdexcept>

namespace waypost {
namespace {

// Stuffing frees the value 0; all values XOR this one makes it the value that is freed.
constexpr unsigned char kDelimiter = '+';
constexpr std::size_t kLongestRun = 254;
constexpr std::size_t kCrc = 2;

std::size_t stuffed_size(std::size_t bytes) { return bytes + 1 + bytes / kLongestRun; }

void close_run(std::string& out, std::size_t code_at) {
    out[code_at] = static_cast<char>((out.size() - code_at) ^ kDelimiter);
}

std::string stuff(std::string_view bytes) {
    std::string out(1, '\0');
    std::size_t code_at = 0;
    for (const char byte : bytes) {
        if (out.size() - code_at == kLongestRun + 1) {
            close_run(out, code_at);
            code_at = out.size();
            out += '\0';
        }
        if (byte != '\0') {
            out += static_cast<char>(static_cast<unsigned char>(byte) ^ kDelimiter);
            continue;
        }
        close_run(out, code_at);
        code_at = out.size();
        out += '\0';
    }
    close_run(out, code_at);
    return out;
}

// nullopt: a run goes beyond the end.
std::optional<std::string> unstuff(std::string_view stuffed) {
    std::string out;
    for (std::size_t at = 0; at < stuffed.size();) {
        const std::size_t code = static_cast<unsigned char>(stuffed[at]) ^ kDelimiter;
        if (code > stuffed.size() - at) return std::nullopt;
        for (const char byte : stuffed.substr(at + 1, code - 1)) {
            out += static_cast<char>(static_cast<unsigned char>(byte) ^ kDelimiter);
        }
        at += code;
        if (code <= kLongestRun && at < stuffed.size()) out += '\0';
    }
    return out;
}

std::string big_endian(std::uint16_t value) {
    return {static_cast<char>(value >> 8), static_cast<char>(value & 255)};
}

}  // namespace

std::uint16_t crc16(std::string_view bytes) {
    unsigned crc = 0xFFFF;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned>(static_cast<unsigned char>(byte)) << 8;
        for (int bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ ((crc & 0x8000) != 0 ? 0x1021u : 0u);
        crc &= 0xFFFF;
    }
    return static_cast<std::uint16_t>(crc);
}

std::size_t cobs_frame_size(std::size_t bytes) { return stuffed_size(bytes + kCrc) + 1; }

std::string cobs_frame(std::string_view bytes) {
    if (bytes.size() > kMostCobsFrame) throw std::logic_error("too long for a frame on a pipe");
    std::string out = stuff(std::string(bytes) + big_endian(crc16(bytes)));
    return out += static_cast<char>(kDelimiter);
}

std::vector<std::string> CobsDeframer::feed(std::string_view bytes) {
    std::vector<std::string> frames;
    for (const char byte : bytes) {
        if (byte == static_cast<char>(kDelimiter)) {
            delimiter(frames);
        } else if (!overlong_) {
            begun_ += byte;
            overlong_ = begun_.size() > stuffed_size(kMostCobsFrame + kCrc);
        }
    }
    return frames;
}

void CobsDeframer::delimiter(std::vector<std::string>& frames) {
    if (!begun()) return;
    auto frame = overlong_ ? std::nullopt : unstuff(begun_);
    begun_.clear();
    overlong_ = false;
    const bool whole = frame && frame->size() >= kCrc &&
                       big_endian(crc16({frame->data(), frame->size() - kCrc})) ==
                           frame->substr(frame->size() - kCrc);
    if (!whole) {
        ++broken_;
        return;
    }
    frame->resize(frame->size() - kCrc);
    frames.push_back(std::move(*frame));
}

void CobsDeframer::give_up_begun() {
    if (!begun()) return;
    ++broken_;
    begun_.clear();
    overlong_ = false;
}

}  // namespace waypost
