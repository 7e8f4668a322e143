// SPDX-License-Identifier: Apache-2.0
#include "radio/lora_modem/rn2483/line_codec.h"

#include <algorithm>

#include "gateway/base/encoding.h"

namespace waypost::rn2483 {
namespace {

constexpr std::string_view kPacket = "radio_rx";
constexpr std::size_t kMostLine = 2 * kMostPayload + 30;

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
