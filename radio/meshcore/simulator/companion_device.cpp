// SPDX-License-Identifier: Apache-2.0
#include "radio/meshcore/simulator/companion_device.h"

namespace waypost::meshcore {
namespace {

constexpr std::size_t kMostOut = 256 * 1024;  // a host that does not read is cut
constexpr std::size_t kMostExpected = 8;
constexpr float kSnrSteps = 4;
constexpr char kBootText[] = "\r\nESP-ROM:simulated\r\nentry 0x403c98d0\r\n";

}  // namespace

CompanionDevice::CompanionDevice(Scheduler& scheduler, Node& node, DeviceOptions options)
    : scheduler_(scheduler), node_(node), options_(std::move(options)) {
    node_.on_text = [this](const GotText& got) { got_text(got); };
    node_.on_packet = [this](const AirFrame& frame) { got_packet(frame); };
    node_.on_response = [this](const std::string& key, const std::string& plain) {
        got_response(key, plain);
    };
    node_.on_path = [this](const std::string& key) { push(kPushPath, key); };
    node_.on_full = [this] { push(kPushFull); };
    node_.on_advert = [this](const Contact& contact, bool kept) {
        if (!open_) return;
        kept ? push(kPushAdvert, contact.key) : say_contact(kPushNewContact, contact);
    };
    node_.on_ack = [this](std::uint32_t ack) {
        const auto found = expected_.find(ack);
        if (found == expected_.end()) return;
        std::string more;
        put32(more, ack);
        put32(more, static_cast<std::uint32_t>((scheduler_.now() - found->second).count()));
        expected_.erase(found);
        push(kPushDelivered, more);
    };
}

void CompanionDevice::connected(bool serial) {
    open_ = true;
    serial_ = serial;
    dropping_ = false;
    app_version_ = 1;
    parser_.reset();
    out_.clear();
}

void CompanionDevice::disconnected() {
    open_ = dropping_ = false;
    out_.clear();
}

void CompanionDevice::reboot() {
    waiting_.clear();
    expected_.clear();
    logging_in_.clear();
    node_.set_clock(0);
    parser_.reset();
    out_.clear();
    app_version_ = 1;
    if (open_ && serial_) out_ = kBootText;
    dropping_ = open_ && !serial_;
}

void CompanionDevice::from_host(std::string_view bytes) {
    for (const std::string& payload : parser_.feed(bytes)) handle(payload);
}

void CompanionDevice::say(const std::string& payload) {
    if (!open_) return;
    dropping_ = dropping_ || out_.size() > kMostOut;
    if (!dropping_) out_ += frame(Direction::FromRadio, payload.substr(0, kMaxFrame));
}

void CompanionDevice::say_error(ErrorCode code) {
    say({static_cast<char>(kError), static_cast<char>(code)});
}

void CompanionDevice::push(std::uint8_t code, const std::string& more) {
    say(static_cast<char>(code) + more);
}

void CompanionDevice::say_contact(std::uint8_t code, const Contact& contact) {
    std::string out(1, static_cast<char>(code));
    put_field(out, contact.key, kKeyBytes);
    put8(out, contact.type);
    put8(out, contact.flags);
    put8(out, static_cast<std::uint32_t>(contact.path_length));
    put_field(out, contact.path, kPathBytes);
    put_field(out, contact.name, kNameBytes);
    put32(out, contact.last_advert);
    put32(out, static_cast<std::uint32_t>(contact.latitude));
    put32(out, static_cast<std::uint32_t>(contact.longitude));
    put32(out, contact.changed);
    say(out);
}

void CompanionDevice::say_sent(const Launched& launched) {
    if (launched.ack != 0) expected_[launched.ack] = scheduler_.now();
    while (expected_.size() > kMostExpected) expected_.erase(expected_.begin());
    std::string out(1, static_cast<char>(kSent));
    put8(out, launched.flood ? 1 : 0);
    put32(out, launched.ack);
    put32(out, static_cast<std::uint32_t>(launched.timeout_ms / options_.speed));
    say(out);
}

void CompanionDevice::queue(std::string message) {
    if (waiting_.size() >= options_.most_waiting) return;  // lost, though it was acknowledged
    waiting_.push_back(std::move(message));
    push(kPushWaiting);
}

void CompanionDevice::got_text(const GotText& got) {
    const bool on_channel = got.channel >= 0;
    std::string out;
    if (app_version_ >= 3) {
        put8(out, static_cast<std::uint32_t>(on_channel ? kChannelText3 : kDirectText3));
        put8(out, static_cast<std::uint32_t>(static_cast<int>(got.snr_db * kSnrSteps)));
        put16(out, 0);
    } else {
        put8(out, static_cast<std::uint32_t>(on_channel ? kChannelText : kDirectText));
    }
    if (on_channel)
        put8(out, static_cast<std::uint32_t>(got.channel));
    else
        put_field(out, got.from, kPrefixBytes);
    put8(out, static_cast<std::uint32_t>(got.path_length));
    put8(out, got.plain.type);
    put32(out, got.plain.time);
    queue(out + got.plain.author + got.plain.text);
}

void CompanionDevice::got_response(const std::string& key, const std::string& plain) {
    if (logging_in_.erase(key) == 0 || plain.size() < 5) return;
    const bool good = plain[4] == 0;
    push(good ? kPushLoginOk : kPushLoginFailed,
         std::string(1, '\0') + key.substr(0, kPrefixBytes));
}

void CompanionDevice::got_packet(const AirFrame& frame) {
    if (frame.bytes.size() + 3 > kMaxFrame) return;
    std::string more;
    put8(more, static_cast<std::uint32_t>(static_cast<int>(frame.snr_db * kSnrSteps)));
    put8(more, static_cast<std::uint32_t>(frame.rssi_dbm));
    push(kPushReceived, more + frame.bytes);
}

}  // namespace waypost::meshcore
