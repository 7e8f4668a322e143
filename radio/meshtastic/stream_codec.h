// SPDX-License-Identifier: Apache-2.0
// Framing of the Meshtastic host protocol on serial lines and TCP: 94 C3, length (big-endian, at
// most 512), payload. Bytes between frames are the device's log and are skipped.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace waypost::meshtastic {

inline constexpr std::size_t kMaxFrame = 512;

class StreamParser {
  public:
    // Says whether a payload is a message. What is none was a start by chance, or a half frame that
    // swallowed those behind it: the search goes on inside it.
    using Accept = std::function<bool(const std::string& payload)>;

    // Whole payloads found in what came so far; memory stays below one frame.
    std::vector<std::string> feed(std::string_view bytes, const Accept& accept = {});
    // The rest of the frame that has begun will not come: what is found without its start.
    std::vector<std::string> give_up_begun(const Accept& accept = {});
    bool begun() const { return !buffer_.empty(); }
    std::uint64_t skipped() const { return skipped_; }  // bytes that belonged to no frame
    void reset() { buffer_.clear(); }

  private:
    std::string buffer_;
    std::uint64_t skipped_ = 0;
};

// `payload` of at most kMaxFrame bytes; larger throws std::logic_error.
std::string frame(std::string_view payload);

// "!a1b2c3d4" <-> number.
std::string node_id(std::uint32_t number);
bool parse_node_id(std::string_view text, std::uint32_t& number);

// Field numbers and codes used in several places (Meshtastic portnums and Routing.Error).
enum Port : std::uint32_t {
    kText = 1,
    kPosition = 3,
    kNodeInfo = 4,
    kRouting = 5,
    kAdmin = 6,
    kAlert = 11,
    kTelemetry = 67,
    kTraceRoute = 70
};
enum RoutingError : std::uint32_t {
    kNone = 0,
    kNoRoute = 1,
    kGotNak = 2,
    kTimeout = 3,
    kNoInterface = 4,
    kMaxRetransmit = 5,
    kNoChannel = 6,
    kTooLarge = 7,
    kNoResponse = 8,
    kDutyCycle = 9,
    kBadRequest = 32,
    kNotAuthorized = 33,
    kPkiFailed = 34,
    kPkiUnknownKey = 35,
    kRateLimited = 38,
    kNoPublicKey = 39
};
inline constexpr std::uint32_t kBroadcast = 0xFFFFFFFF;

}  // namespace waypost::meshtastic
