// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/tools/probe_frame.h"

#include <algorithm>
#include <cmath>

#include "radio/trunk/trunk_frame.h"

namespace waypost::trunk {
namespace {

constexpr std::uint8_t kFirst = static_cast<unsigned>(FrameType::Extension) << 5;
constexpr std::uint8_t kPing = 0x10, kAnswer = 0x11;
constexpr std::size_t kTag = 4;
constexpr int kNoSnr = -128;

std::uint8_t at(std::string_view s, std::size_t i) { return static_cast<std::uint8_t>(s[i]); }

void put(std::string& out, std::uint64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

std::uint32_t number(std::string_view s, std::size_t from, std::size_t bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = from; i < from + bytes; ++i) value = value << 8 | at(s, i);
    return value;
}

void put(std::string& out, const Signal& signal) {
    const int rssi = signal.rssi_dbm ? std::clamp(-*signal.rssi_dbm, 1, 255) : 0;
    const int snr = signal.snr_db
                        ? std::clamp(static_cast<int>(std::lround(*signal.snr_db * 4)), -127, 127)
                        : kNoSnr;
    out += static_cast<char>(rssi);
    out += static_cast<char>(snr);
}

Signal signal_at(std::string_view s, std::size_t from) {
    Signal signal;
    if (at(s, from) != 0) signal.rssi_dbm = -int{at(s, from)};
    const int snr = static_cast<std::int8_t>(s[from + 1]);
    if (snr != kNoSnr) signal.snr_db = static_cast<float>(snr) / 4;
    return signal;
}

// Nothing is encrypted, so this nonce seals no text.
Nonce nonce() { return {}; }

}  // namespace

ProbeKey::ProbeKey() : key_("waypost trunk, pings of anybody at all", "ping") {}
ProbeKey::ProbeKey(std::string_view psk) : key_(psk, "ping") {}

std::string ProbeKey::encode(const Probe& probe, std::size_t bytes) const {
    std::string head;
    put(head, kFirst, 1);
    put(head, probe.answer ? kAnswer : kPing, 1);
    put(head, probe.run, 4);
    put(head, probe.number, 2);
    if (probe.answer) put(head, probe.heard);
    const std::size_t wanted = std::min(bytes, kMostProbe);
    if (head.size() + kTag < wanted) head.resize(wanted - kTag, '\0');
    return key_.seal(nonce(), head, {}, kTag);
}

bool is_probe(std::string_view packet) {
    return packet.size() >= 2 && at(packet, 0) == kFirst &&
           (at(packet, 1) == kPing || at(packet, 1) == kAnswer);
}

Result<Probe> read_probe(std::string_view packet) {
    if (!is_probe(packet)) return Error{Code::NotFound, "no ping and no answer", false};
    Probe probe;
    probe.answer = at(packet, 1) == kAnswer;
    if (packet.size() < (probe.answer ? kAnswerBytes : kPingBytes) || packet.size() > kMostProbe)
        return bad_input("a ping that is too short or too long");
    probe.run = number(packet, 2, 4);
    probe.number = static_cast<std::uint16_t>(number(packet, 6, 2));
    if (probe.answer) probe.heard = signal_at(packet, 8);
    return probe;
}

Result<Probe> ProbeKey::parse(std::string_view packet) const {
    auto probe = read_probe(packet);
    if (!probe.ok()) return probe;
    const std::string_view head = packet.substr(0, packet.size() - kTag);
    if (!key_.open(nonce(), head, {}, packet.substr(head.size())))
        return Error{Code::Refused, "a ping of somebody else", false};
    return probe;
}

}  // namespace waypost::trunk
