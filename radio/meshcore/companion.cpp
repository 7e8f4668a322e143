// SPDX-License-Identifier: Apache-2.0
#include "radio/meshcore/companion.h"

#include "radio/meshcore/wire_bytes.h"

namespace waypost::meshcore {
namespace {

constexpr std::uint8_t kAppVersion = 3;  // messages come with their SNR
constexpr float kSnrSteps = 4;

using Found = std::optional<Reply>;

template <class Value>
Found whole(const FieldReader& in, Value value) {
    if (!in.ok()) return std::nullopt;
    return Reply(std::move(value));
}

Contact contact_of(FieldReader& in) {
    Contact contact;
    contact.key = in.take(kKeyBytes);
    contact.type = in.u8();
    contact.flags = in.u8();
    contact.path_length = in.u8();
    contact.path = in.take(kPathBytes);
    contact.name = in.text(kNameBytes);
    contact.last_advert = in.u32();
    contact.latitude = in.i32();
    contact.longitude = in.i32();
    contact.changed = in.u32();
    return contact;
}

Found self_info(FieldReader& in) {
    SelfInfo self;
    in.take(1);
    self.power_dbm = in.i8();
    in.take(1);
    self.key = in.take(kKeyBytes);
    self.latitude = in.i32();
    self.longitude = in.i32();
    in.take(3);
    self.manual_add = in.u8() != 0;
    self.frequency_khz = in.u32();
    self.bandwidth_hz = in.u32();
    self.spreading_factor = in.u8();
    self.coding_rate = in.u8();
    self.name = in.rest();
    return whole(in, std::move(self));
}

// Of old firmware the first byte and six reserved ones are all that is there before the build.
Found device_info(FieldReader& in) {
    DeviceInfo info;
    info.version = in.u8();
    const int half = in.u8();
    const int channels = in.u8();
    in.take(4);
    info.build = in.text(12);
    if (!in.ok()) return std::nullopt;
    if (info.version >= 3) {
        info.most_contacts = half * 2;
        info.most_channels = channels;
    }
    const bool has_version = in.left() >= 60;
    info.model = has_version ? in.text(40) : in.rest();
    if (has_version) info.firmware = in.text(20);
    return whole(in, std::move(info));
}

Found direct_text(FieldReader& in, bool with_snr) {
    WaitingText text;
    if (with_snr) {
        text.snr_db = static_cast<float>(in.i8()) / kSnrSteps;
        in.take(2);
    }
    text.prefix = in.take(kPrefixBytes);
    text.path_length = in.u8();
    text.type = in.u8();
    text.time = in.u32();
    if (text.type == kSigned) text.author = in.take(kAuthorBytes);
    text.text = in.rest();
    return whole(in, std::move(text));
}

Found channel_text(FieldReader& in, bool with_snr) {
    WaitingText text;
    if (with_snr) {
        text.snr_db = static_cast<float>(in.i8()) / kSnrSteps;
        in.take(2);
    }
    text.channel = in.u8();
    text.path_length = in.u8();
    text.type = in.u8();
    text.time = in.u32();
    text.text = in.rest();
    return whole(in, std::move(text));
}

Found sent(FieldReader& in) {
    Sent out;
    out.flood = in.u8() != 0;
    out.ack = in.u32();
    out.timeout_ms = in.u32();
    return whole(in, out);
}

Found channel_info(FieldReader& in) {
    Channel channel;
    channel.index = in.u8();
    channel.name = in.text(kNameBytes);
    channel.secret = in.take(kSecretBytes);
    return whole(in, std::move(channel));
}

Found radio_stats(FieldReader& in) {
    if (in.u8() != kRadioStats) return Reply(Unknown{kStatsAre});
    in.take(4);  // noise, and the last packet's strength
    const RadioStats stats{in.u32()};
    return whole(in, stats);
}

Found about(FieldReader& in, std::uint8_t code) {
    About found{code, in.take(kKeyBytes)};
    return whole(in, std::move(found));
}

Found delivered(FieldReader& in) {
    Delivered found;
    found.ack = in.u32();
    found.round_trip_ms = in.u32();
    return whole(in, found);
}

Found logged_in(FieldReader& in, bool good) {
    in.take(1);
    LoggedIn found{good, in.take(kPrefixBytes)};
    return whole(in, std::move(found));
}

Found received(FieldReader& in) {
    Received found;
    found.snr_db = static_cast<float>(in.i8()) / kSnrSteps;
    found.rssi_dbm = in.i8();
    found.packet = in.rest();
    return whole(in, std::move(found));
}

Found decode_push(std::uint8_t code, FieldReader& in) {
    switch (code) {
        case kPushAdvert:
        case kPushPath:
        case kPushDropped:
            return about(in, code);
        case kPushDelivered:
            return delivered(in);
        case kPushWaiting:
            return Reply(MessageWaits{});
        case kPushLoginOk:
        case kPushLoginFailed:
            return logged_in(in, code == kPushLoginOk);
        case kPushReceived:
            return received(in);
        case kPushNewContact: {
            NewContact found{contact_of(in)};
            return whole(in, std::move(found));
        }
        case kPushFull:
            return Reply(TableFull{});
        default:
            return Reply(Unknown{code});
    }
}

std::string with_key(Command command, std::string_view key) {
    std::string out(1, static_cast<char>(command));
    put_field(out, key, kKeyBytes);
    return out;
}

}  // namespace

bool is_push(std::string_view payload) {
    return !payload.empty() && static_cast<unsigned char>(payload[0]) >= 0x80;
}

Found decode_reply(std::string_view payload) {
    FieldReader in(payload);
    const std::uint8_t code = in.u8();
    if (!in.ok()) return std::nullopt;
    if (is_push(payload)) return decode_push(code, in);
    switch (code) {
        case kOk:
            return Reply(Done{});
        case kError:
            return Reply(Failed{in.left() > 0 ? in.u8() : std::uint8_t{0}});
        case kContactsStart:
            return whole(in, ContactsStart{in.left() >= 4 ? in.u32() : 0});
        case kContact: {
            Contact contact = contact_of(in);
            return whole(in, std::move(contact));
        }
        case kContactsEnd:
            return whole(in, ContactsEnd{in.left() >= 4 ? in.u32() : 0});
        case kSelfInfo:
            return self_info(in);
        case kSent:
            return sent(in);
        case kDirectText:
        case kDirectText3:
            return direct_text(in, code == kDirectText3);
        case kChannelText:
        case kChannelText3:
            return channel_text(in, code == kChannelText3);
        case kTimeIs: {
            const Time time{in.u32()};
            return whole(in, time);
        }
        case kNoMoreMessages:
            return Reply(NoMore{});
        case kDeviceInfo:
            return device_info(in);
        case kChannelInfo:
            return channel_info(in);
        case kStatsAre:
            return radio_stats(in);
        default:
            return Reply(Unknown{code});
    }
}

std::string device_query() {
    return {static_cast<char>(kDeviceQuery), static_cast<char>(kAppVersion)};
}

std::string app_start(std::string_view app_name) {
    std::string out(1, static_cast<char>(kAppStart));
    out.append(7, '\0');
    return out.append(app_name.substr(0, kNameBytes));
}

std::string set_time(std::uint32_t unix_seconds) {
    std::string out(1, static_cast<char>(kSetTime));
    put32(out, unix_seconds);
    return out;
}

std::string get_contacts(std::uint32_t changed_since) {
    std::string out(1, static_cast<char>(kGetContacts));
    if (changed_since != 0) put32(out, changed_since);
    return out;
}

std::string get_radio_stats() {
    return {static_cast<char>(kGetStats), static_cast<char>(kRadioStats)};
}

std::string get_channel(int index) {
    std::string out(1, static_cast<char>(kGetChannel));
    put8(out, static_cast<std::uint32_t>(index));
    return out;
}

std::string next_message() { return std::string(1, static_cast<char>(kNextMessage)); }

std::string send_text(std::uint8_t attempt, std::uint32_t time, std::string_view key,
                      std::string_view text) {
    std::string out{static_cast<char>(kSendText), static_cast<char>(kPlain),
                    static_cast<char>(attempt)};
    put32(out, time);
    put_field(out, key, kPrefixBytes);
    return out.append(text.substr(0, kTextBytes));
}

std::string self_advert(bool flood) {
    return {static_cast<char>(kSelfAdvert), static_cast<char>(flood ? 1 : 0)};
}

std::string add_contact(const Contact& contact) {
    std::string out = with_key(kAddContact, contact.key);
    put8(out, contact.type);
    put8(out, contact.flags);
    put8(out, static_cast<std::uint32_t>(contact.path_length));
    put_field(out, contact.path, kPathBytes);
    put_field(out, contact.name.substr(0, kNameBytes - 1), kNameBytes);
    put32(out, contact.last_advert);
    put32(out, static_cast<std::uint32_t>(contact.latitude));
    put32(out, static_cast<std::uint32_t>(contact.longitude));
    return out;
}

std::string remove_contact(std::string_view key) { return with_key(kRemoveContact, key); }

std::string reset_path(std::string_view key) { return with_key(kResetPath, key); }

std::string login(std::string_view key, std::string_view password) {
    return with_key(kLogin, key).append(password.substr(0, kPasswordBytes));
}

}  // namespace waypost::meshcore
