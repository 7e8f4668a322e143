// SPDX-License-Identifier: Apache-2.0
// What a Reyax RYLR998 or RYLR498 says (LoRa AT Command Guide): lines that end in CR LF, and
// +RCV=ADDRESS,LENGTH,DATA,RSSI,SNR, whose data are any bytes, commas and line ends among them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace waypost::rylr998 {

inline constexpr std::size_t kMostOnAir = 240;  // bytes of AT+SEND

// +ERR=: those that need more than to be told.
enum Error {
    kNoEnd = 1,
    kNotAt = 2,
    kUnknownCommand = 4,
    kLengthDiffers = 5,
    kBadCrc = 12,
    kTooLong = 13,
    kNotFinished = 17,
    kPreamble = 18,
    kBadHeader = 19,
};

struct Answer {
    enum class Kind { Ok, Error, Ready, Packet, Broken, Other };
    Kind kind = Kind::Other;
    std::string text;  // the line; of a Packet its data
    int error = 0;
    int from = 0;  // Packet
    int rssi_dbm = 0;
    int snr_db = 0;
};

class AnswerReader {
  public:
    // Memory stays below one answer.
    std::vector<Answer> feed(std::string_view bytes);
    // The rest of what has begun will not come: what is found without its start.
    std::vector<Answer> give_up_begun();
    bool begun() const { return !buffer_.empty(); }
    void reset() { buffer_.clear(); }

  private:
    // Both: how many bytes were used; 0: more are needed.
    std::size_t packet(std::string_view rest, std::vector<Answer>& answers) const;
    std::size_t line(std::string_view rest, std::vector<Answer>& answers) const;

    std::string buffer_;
};

const char* explain(int error);  // "" for one that is not in the guide

}  // namespace waypost::rylr998
