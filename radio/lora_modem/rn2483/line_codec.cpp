// SPDX-License-Identifier: Apache-2.0
#include "radio/lora_modem/rn2483/line_codec.h"

#include <algorithm>

namespace waypost::rn2483 {
namespace {

constexpr std::string_view kPacket = "radio_rx";
constexpr std::size_t kMostLine = 2 * kMostPayload + 30;

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

Line parse_packet(std::string text) {
    std::string_view hex = std::string_view(text).substr(kPacket.size());
    const bool apart = !hex.empty() && hex.front() == ' ';
    hex.remove_prefix(std::min(hex.find_first_not_of(' '), hex.size()));
    const auto bytes = from_hex(hex);
    Line line;
    line.answer = Answer::BrokenPacket;
    if (apart && bytes && bytes->size() <= kMostPayload) {
        line.answer = Answer::Packet;
        line.packet = *bytes;
    }
    line.text = std::move(text);
    return line;
}

}  // namespace

std::string to_hex(std::string_view bytes) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
    return out;
}

std::optional<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit(text[i]);
        const int low = digit(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high << 4 | low);
    }
    return out;
}

Line parse_line(std::string text) {
    static constexpr std::pair<std::string_view, Answer> kFixed[] = {
        {"ok", Answer::Ok},
        {"invalid_param", Answer::InvalidParam},
        {"busy", Answer::Busy},
        {"radio_err", Answer::RadioErr},
        {"radio_tx_ok", Answer::TxOk},
    };
    for (const auto& [word, answer] : kFixed) {
        if (text == word) return {answer, text, {}};
    }
    if (text.rfind(kPacket, 0) == 0) return parse_packet(std::move(text));
    if (text.rfind("RN2483 ", 0) == 0 || text.rfind("RN2903 ", 0) == 0)
        return {Answer::Version, std::move(text), {}};
    return {Answer::Text, std::move(text), {}};
}

std::vector<Line> LineReader::feed(std::string_view bytes) {
    std::vector<Line> lines;
    for (const char c : bytes) {
        if (c == '\n') {
            if (!buffer_.empty() && buffer_.back() == '\r') buffer_.pop_back();
            if (!dropping_ && !buffer_.empty()) lines.push_back(parse_line(std::move(buffer_)));
            reset();
        } else if (buffer_.size() < kMostLine) {
            buffer_ += c;
        } else {
            dropping_ = true;
        }
    }
    return lines;
}

void LineReader::reset() {
    buffer_.clear();
    dropping_ = false;
}

}  // namespace waypost::rn2483
