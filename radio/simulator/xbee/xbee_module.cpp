// SPDX-License-Identifier: Apache-2.0
// The radio half: parameters, packets on air, acknowledgements.
#include "radio/simulator/xbee/xbee_module.h"

#include <algorithm>
#include <utility>

#include "radio/simulator/xbee/xbee_bytes.h"

namespace waypost::simulator {
namespace {

constexpr std::uint64_t kEverybody = 0xFFFF;
constexpr std::size_t kOverhead = 40;  // bytes on air beside the data
constexpr milliseconds kTurnaround{2};
constexpr milliseconds kBackOff{5};
constexpr std::uint64_t kBackOffSpread = 20;

// On air: kind, sequence, options, from (8), to (8), data.
enum Kind : char { kData = 'D', kLoopBack = 'L', kAck = 'A' };
constexpr std::size_t kAirHeader = 19;

std::map<std::string, std::string> as_delivered(std::uint64_t address) {
    const std::string serial = bytes_of(address, 8);
    return {{"AP", {"\0", 1}},
            {"AO", {"\0", 1}},
            {"BD", "\3"},
            {"CC", "+"},
            {"GT", "\x03\xE8"},
            {"CT", "\x64"},
            {"RO", "\3"},
            {"SH", serial.substr(0, 4)},
            {"SL", serial.substr(4)},
            {"DH", {"\0", 1}},
            {"DL", "\xFF\xFF"},
            {"NP", {"\1\0", 2}},
            {"VR", "\xA0\x09"},
            {"HV", "\x45\x42"},
            {"BR", "\1"},
            {"NI", " "},
            {"ID", "\x7F\xFF"},
            {"PL", "\2"},
            {"NH", "\7"},
            {"BH", {"\0", 1}},
            {"NN", "\3"},
            {"MT", "\3"},
            {"MR", "\1"},
            {"RR", "\x0A"},
            {"%H", "\x01\x20"},
            {"%8", "\x01\x80"},
            {"TO", "\xC0"},
            {"EE", {"\0", 1}},
            {"NT", "\x82"},
            {"D6", {"\0", 1}},
            {"D7", "\1"},
            {"DB", {"\0", 1}}};
}

}  // namespace

XbeeModule::XbeeModule(FrameAir& air, Random& random, XbeeOptions options)
    : air_(air), random_(random), options_(std::move(options)) {
    station_ = air_.attach([this](const AirFrame& frame) { heard(frame); });
    live_ = as_delivered(options_.address);
    for (const auto& [name, value] : options_.parameters) live_[name] = value;
    flash_ = live_;
    air_.tune(station_, static_cast<std::uint32_t>(number("ID")));
}

std::string XbeeModule::get(const std::string& name) const {
    const auto found = live_.find(name);
    return found == live_.end() ? std::string() : found->second;
}

std::uint64_t XbeeModule::number(const std::string& name) const { return number_in(get(name)); }

microseconds XbeeModule::airtime(std::size_t bytes) const {
    const std::int64_t rate = number("BR") == 0 ? 10'000 : 80'000;
    return microseconds(static_cast<std::int64_t>(bytes + kOverhead) * 8 * 1'000'000 / rate);
}

std::string XbeeModule::to_host() {
    if (trouble_.deaf_to_host) out_.clear();
    return std::exchange(out_, {});
}

void XbeeModule::reset(std::uint8_t status, BoxTime now) {
    live_ = flash_;
    queue_.clear();
    acks_.clear();
    later_.clear();
    next_try_ = answer_due_ = command_ok_ = BoxTime::max();
    in_frame_ = command_mode_ = false;
    pluses_ = 0;
    pipe_.clear();
    last_host_byte_ = now;
    if (number("AP") != 0) say({'\x8A', static_cast<char>(status)});
}

void XbeeModule::submit(Packet packet, BoxTime now) {
    constexpr std::uint8_t kTooLong = 0x74;
    constexpr std::uint8_t kNoBuffer = 0x32;
    ++host_packets_;
    if (packet.data.size() > number("NP")) return say_status(packet, kTooLong, now);
    if (!trouble_.deliveries.empty()) {
        const std::uint8_t delivery = trouble_.deliveries.front();
        trouble_.deliveries.pop_front();
        return say_status(packet, delivery, now);
    }
    if (queue_.size() == options_.queue) return say_status(packet, kNoBuffer, now);
    packet.sequence = ++sequence_;
    queue_.push_back(std::move(packet));
    if (queue_.size() == 1) next_try_ = now;
}

void XbeeModule::transmit(BoxTime now) {
    next_try_ = BoxTime::max();
    if (queue_.empty()) return;
    if (air_.busy(station_, now) || air_.sending(station_, now)) {
        next_try_ = now + kBackOff + milliseconds(random_.below(kBackOffSpread));
        return;
    }
    const Packet& packet = queue_.front();
    std::string frame{packet.loop_back ? kLoopBack : kData, static_cast<char>(packet.sequence),
                      static_cast<char>(packet.options)};
    frame += bytes_of(options_.address, 8) + bytes_of(packet.to, 8) + packet.data;
    const BoxTime end = air_.transmit(station_, std::move(frame), airtime(packet.data.size()), now);
    const auto ack = std::chrono::ceil<milliseconds>(airtime(0));
    answer_due_ = packet.to == kEverybody ? end : end + ack + 4 * kTurnaround;
}

// The packet was on air, and no acknowledgement came.
void XbeeModule::tried(BoxTime now) {
    constexpr std::uint8_t kNoMacAck = 0x01;
    constexpr std::uint8_t kNoAckOption = 0x01;
    answer_due_ = BoxTime::max();
    Packet& packet = queue_.front();
    const bool everybody = packet.to == kEverybody;
    if (!everybody && (packet.options & kNoAckOption) != 0) return finish(0, now);
    const auto most = static_cast<int>(number(everybody ? "MT" : "RR"));
    if (packet.tries == most) return finish(everybody ? 0 : kNoMacAck, now);
    ++packet.tries;
    next_try_ = now + kBackOff + milliseconds(random_.below(kBackOffSpread));
}

void XbeeModule::finish(std::uint8_t delivery, BoxTime now) {
    say_status(queue_.front(), delivery, now);
    queue_.pop_front();
    answer_due_ = BoxTime::max();
    next_try_ = queue_.empty() ? BoxTime::max() : now + kTurnaround;
}

void XbeeModule::heard(const AirFrame& frame) {
    if (frame.bytes.size() < kAirHeader) return;
    const char kind = frame.bytes[0];
    const auto sequence = static_cast<std::uint8_t>(frame.bytes[1]);
    const std::uint64_t from = number_in(frame.bytes.substr(3, 8));
    const std::uint64_t to = number_in(frame.bytes.substr(11, 8));
    if (to != options_.address && to != kEverybody) return;
    live_["DB"] = std::string(1, static_cast<char>(-frame.rssi_dbm));
    if (kind == kAck) {
        const bool ours = answer_due_ != BoxTime::max() && queue_.front().sequence == sequence;
        if (ours) finish(0, frame.at);
        return;
    }
    constexpr char kNoAckOption = 0x01;
    if (to != kEverybody && (frame.bytes[2] & kNoAckOption) == 0) {
        acks_.emplace_back(frame.at + kTurnaround, std::string{kAck, frame.bytes[1], 0} +
                                                       bytes_of(options_.address, 8) +
                                                       bytes_of(from, 8));
    }
    const auto [known, first] = last_heard_.try_emplace(from, sequence);
    if (!first && known->second == sequence) return;  // a repeat: its acknowledgement was lost
    known->second = sequence;
    hand_to_host(frame, from, to, kind == kLoopBack);
}

void XbeeModule::hand_to_host(const AirFrame& frame, std::uint64_t from, std::uint64_t to,
                              bool loop_back) {
    const std::string data = frame.bytes.substr(kAirHeader);
    if (loop_back) {
        submit({0, from, 0, false, data, 0, 0}, frame.at);
        --host_packets_;
        return;
    }
    if (number("AP") == 0) {
        if (!command_mode_) out_ += data;
        return;
    }
    constexpr char kAcknowledged = 0x01;
    constexpr char kBroadcast = 0x02;
    const char options = static_cast<char>((to == kEverybody ? kBroadcast : kAcknowledged) |
                                           (frame.bytes[2] & 0xC0));
    const bool is_explicit = number("AO") != 0;
    std::string body = (is_explicit ? "\x91" : "\x90") + bytes_of(from, 8) + "\xFF\xFE";
    if (is_explicit) body += std::string("\xE8\xE8\x00\x11\xC1\x05", 6);
    body += options + data;
    say(body);
    if (trouble_.heard_twice > 0) {
        --trouble_.heard_twice;
        say(body);
    }
}

void XbeeModule::step(BoxTime now) {
    for (; !later_.empty() && later_.begin()->first <= now; later_.erase(later_.begin())) {
        out_ += later_.begin()->second;
    }
    while (!acks_.empty() && acks_.front().first <= now && !air_.sending(station_, now)) {
        air_.transmit(station_, acks_.front().second, airtime(0), now);
        acks_.pop_front();
    }
    if (answer_due_ <= now) tried(now);
    if (next_try_ <= now && acks_.empty()) transmit(now);
    if (command_ok_ <= now) {
        command_ok_ = BoxTime::max();
        pluses_ = 0;
        command_mode_ = true;
        line_.clear();
        out_ += std::exchange(trouble_.before_ok, {}) + "OK\r";
    }
    // CT is in tenths of a second.
    if (command_mode_ && now >= last_host_byte_ + milliseconds(100 * number("CT")))
        command_mode_ = false;
    send_pipe(now);
}

BoxTime XbeeModule::next() const {
    BoxTime next = std::min({next_try_, answer_due_, command_ok_});
    if (!later_.empty()) next = std::min(next, later_.begin()->first);
    if (!acks_.empty()) next = std::min(next, acks_.front().first);
    if (!pipe_.empty()) next = std::min(next, last_host_byte_ + milliseconds(number("RO") + 1));
    return next;
}

}  // namespace waypost::simulator
