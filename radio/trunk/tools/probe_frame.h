// SPDX-License-Identifier: Apache-2.0
// PING and its answer, with which people try a link: extensions of the trunk (type 7) of kinds that
// no link knows, so that a gateway that hears them drops and counts them (README.md). In clear; the
// tag is of the pairing's key, or of a key that everybody has and that only tells a ping from
// chance.
//
//   byte 0 E0   1 kind (10 PING, 11 ANSWER)   2-5 run   6-7 number   ANSWER: 8 -RSSI, 9 SNR
//   then zeros up to the wanted length, and 4 bytes of tag over all before
//
// RSSI in -dBm, 0 where the modem does not say it; SNR in dB / 4 with sign, -128 likewise: as the
// answering box heard the ping. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "radio/frame_radio.h"
#include "radio/trunk/seal.h"

namespace waypost::trunk {

// How strong a frame was, where the modem says so.
struct Signal {
    std::optional<int> rssi_dbm;
    std::optional<float> snr_db;
};
inline Signal signal_of(const FrameIn& frame) { return {frame.rssi_dbm, frame.snr_db}; }

struct Probe {
    bool answer = false;
    std::uint32_t run = 0;  // by chance, one for each start of the program that pings
    std::uint16_t number = 0;
    Signal heard{};  // Answer
};

inline constexpr std::size_t kPingBytes = 12;
inline constexpr std::size_t kAnswerBytes = 14;
inline constexpr std::size_t kMostProbe = 255;

class ProbeKey {
  public:
    ProbeKey();                               // anybody's
    explicit ProbeKey(std::string_view psk);  // of a pairing, kKey bytes

    // At least so many bytes: never less than the probe needs, nor more than kMostProbe.
    std::string encode(const Probe& probe, std::size_t bytes = 0) const;
    // NotFound: another kind of packet; BadInput: too short or long; Refused: another's tag.
    Result<Probe> parse(std::string_view packet) const;

  private:
    FrameKey key_;
};

// By its first bytes it is a ping or an answer, whoever's.
bool is_probe(std::string_view packet);
// The same without any proof: what the bytes say. Of a packet that is_probe() and long enough.
Result<Probe> read_probe(std::string_view packet);

}  // namespace waypost::trunk
