// SPDX-License-Identifier: Apache-2.0
#include "radio/kiss/ax25.h"

#include <algorithm>
#include <stdexcept>

#include "gateway/message/text.h"

namespace waypost::ax25 {
namespace {

constexpr std::size_t kCall = 6, kAddress = 7;
constexpr unsigned kUi = 0x03, kPoll = 0x10, kLast = 0x01, kMark = 0x80;

bool valid_character(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool valid(const Address& a) {
    return !a.call.empty() && a.call.size() <= kCall &&
           std::all_of(a.call.begin(), a.call.end(), valid_character) && a.ssid >= 0 &&
           a.ssid <= 15 && a.reserved >= 0 && a.reserved <= 3;
}

unsigned octet(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

void append(std::string& out, const Address& a, bool last) {
    if (!valid(a)) throw std::logic_error("no address of AX.25");
    for (std::size_t i = 0; i < kCall; ++i)
        out +=
            static_cast<char>(static_cast<unsigned char>(i < a.call.size() ? a.call[i] : ' ') << 1);
    out += static_cast<char>((a.mark ? kMark : 0U) | static_cast<unsigned>(a.reserved) << 5 |
                             static_cast<unsigned>(a.ssid) << 1 | (last ? kLast : 0U));
}

// Seven octets. No other than the last of all has the lowest bit set, and that in its last octet.
Result<Address> address_at(std::string_view bytes, std::size_t at) {
    Address a;
    bool padding = false;
    for (std::size_t i = 0; i < kCall; ++i) {
        const unsigned value = octet(bytes, at + i);
        const char c = static_cast<char>(value >> 1);
        padding |= c == ' ';
        if ((value & 1) != 0 || (padding ? c != ' ' : !valid_character(c)))
            return bad_input("an address of this AX.25 frame is no call sign");
        if (!padding) a.call += c;
    }
    if (a.call.empty()) return bad_input("an address of this AX.25 frame is empty");
    const unsigned tail = octet(bytes, at + kCall);
    a.ssid = static_cast<int>(tail >> 1 & 15);
    a.reserved = static_cast<int>(tail >> 5 & 3);
    a.mark = (tail & kMark) != 0;
    return a;
}

Result<std::vector<Address>> addresses(std::string_view bytes) {
    std::vector<Address> all;
    for (std::size_t at = 0; all.size() < 2 + kMostRepeaters; at += kAddress) {
        if (bytes.size() < at + kAddress) return bad_input("this AX.25 frame is cut short");
        auto address = address_at(bytes, at);
        if (!address.ok()) return address.error();
        all.push_back(std::move(address).value());
        if ((octet(bytes, at + kCall) & kLast) == 0) continue;
        if (all.size() < 2) return bad_input("this AX.25 frame has no sender");
        return all;
    }
    return bad_input("this AX.25 frame has more than 8 repeaters");
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
    Address a;
    const std::size_t dash = std::min(text.find('-'), text.size());
    a.call = upper_ascii(text.substr(0, dash));
    const std::string_view digits = text.substr(std::min(dash + 1, text.size()));
    a.ssid = digits.empty() ? (dash < text.size() ? -1 : 0) : 0;
    for (const char c : digits) {
        if (c < '0' || c > '9' || digits.size() > 2) a.ssid = 99;
        a.ssid = std::min(a.ssid * 10 + (c - '0'), 99);
    }
    if (valid(a)) return a;
    return bad_input("\"" + std::string(text) +
                     "\" is no station: write a call sign of at most 6 letters and digits, and -0 "
                     "to -15 behind it if need be");
}

std::string to_string(const Address& a) {
    return a.ssid == 0 ? a.call : a.call + '-' + std::to_string(a.ssid);
}

Result<UiFrame> parse(std::string_view bytes) {
    if (bytes.size() > kMostFrame) return bad_input("this AX.25 frame is too long");
    auto all = addresses(bytes);
    if (!all.ok()) return all.error();
    const std::size_t control = all->size() * kAddress;
    if (bytes.size() <= control) return bad_input("this AX.25 frame is cut short");
    if ((octet(bytes, control) & ~kPoll) != kUi)
        return bad_input("this AX.25 frame belongs to a connection; only UI frames are read");
    if (bytes.size() < control + 2) return bad_input("this AX.25 frame is cut short");
    UiFrame frame;
    frame.to = (*all)[0];
    frame.from = (*all)[1];
    frame.via.assign(all->begin() + 2, all->end());
    frame.poll = (octet(bytes, control) & kPoll) != 0;
    frame.pid = static_cast<std::uint8_t>(octet(bytes, control + 1));
    frame.info = bytes.substr(control + 2);
    return frame;
}

std::string encode(const UiFrame& frame) {
    if (frame.via.size() > kMostRepeaters) throw std::logic_error("too many repeaters");
    std::string out;
    append(out, frame.to, false);
    append(out, frame.from, frame.via.empty());
    for (std::size_t i = 0; i < frame.via.size(); ++i)
        append(out, frame.via[i], i + 1 == frame.via.size());
    out += static_cast<char>(kUi | (frame.poll ? kPoll : 0U));
    out += static_cast<char>(frame.pid);
    out += frame.info;
    if (out.size() > kMostFrame) throw std::logic_error("too long for a frame of AX.25");
    return out;
}

}  // namespace waypost::ax25
