// SPDX-License-Identifier: Apache-2.0
// Answers of the RN2483 and RN2903 (Microchip, Command Reference User's Guide, "radio" and "sys"
// commands): text lines that end in CR LF, packets as hex.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace waypost::rn2483 {

inline constexpr std::size_t kMostPayload = 255;

enum class Answer { Ok, InvalidParam, Busy, RadioErr, TxOk, Packet, BrokenPacket, Version, Text };

struct Line {
    Answer answer = Answer::Text;
    std::string text;    // as it came, without its end
    std::string packet;  // Packet: its bytes
};

Line parse_line(std::string text);

class LineReader {
  public:
    // Whole lines that are not empty; one that is too long for any answer is dropped up to its end.
    std::vector<Line> feed(std::string_view bytes);
    void reset();

  private:
    std::string buffer_;
    bool dropping_ = false;
};

}  // namespace waypost::rn2483
