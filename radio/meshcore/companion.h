// SPDX-License-Identifier: Apache-2.0
// Messages of the MeshCore companion protocol as values: what the app asks, what the radio replies
// or pushes (firmware of August 2026; the numbers are the protocol's own). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace waypost::meshcore {

inline constexpr std::size_t kKeyBytes = 32;
inline constexpr std::size_t kPrefixBytes = 6;  // of a key, as DMs name a contact
inline constexpr std::size_t kAuthorBytes = 4;  // of a key, as a room names who wrote
inline constexpr std::size_t kTextBytes = 160;  // most of one DM
inline constexpr std::size_t kPathBytes = 64;
inline constexpr std::size_t kNameBytes = 32;
inline constexpr std::size_t kSecretBytes = 16;  // of a channel
inline constexpr std::size_t kPasswordBytes = 15;
inline constexpr int kNoPath = 0xFF;  // Contact::path_length: it is reached by flooding

enum Command : std::uint8_t {
    kAppStart = 0x01,
    kSendText = 0x02,
    kSendChannelText = 0x03,
    kGetContacts = 0x04,
    kGetTime = 0x05,
    kSetTime = 0x06,
    kSelfAdvert = 0x07,
    kSetName = 0x08,
    kAddContact = 0x09,
    kNextMessage = 0x0A,
    kSetRadio = 0x0B,
    kSetPower = 0x0C,
    kResetPath = 0x0D,
    kSetPlace = 0x0E,
    kRemoveContact = 0x0F,
    kExportContact = 0x11,
    kImportContact = 0x12,
    kReboot = 0x13,
    kBattery = 0x14,
    kDeviceQuery = 0x16,
    kLogin = 0x1A,
    kGetChannel = 0x1F,
    kSetChannel = 0x20,
    kSetOther = 0x26,
    kGetStats = 0x38
};

enum ReplyCode : std::uint8_t {
    kOk = 0x00,
    kError = 0x01,
    kContactsStart = 0x02,
    kContact = 0x03,
    kContactsEnd = 0x04,
    kSelfInfo = 0x05,
    kSent = 0x06,
    kDirectText = 0x07,
    kChannelText = 0x08,
    kTimeIs = 0x09,
    kNoMoreMessages = 0x0A,
    kExported = 0x0B,
    kBatteryIs = 0x0C,
    kDeviceInfo = 0x0D,
    kDirectText3 = 0x10,
    kChannelText3 = 0x11,
    kChannelInfo = 0x12,
    kStatsAre = 0x18,
    kPushAdvert = 0x80,
    kPushPath = 0x81,
    kPushDelivered = 0x82,
    kPushWaiting = 0x83,
    kPushLoginOk = 0x85,
    kPushLoginFailed = 0x86,
    kPushReceived = 0x88,
    kPushNewContact = 0x8A,
    kPushDropped = 0x8F,
    kPushFull = 0x90
};

enum ErrorCode : std::uint8_t {
    kUnsupported = 1,
    kNotFound = 2,
    kTableFull = 3,
    kBadState = 4,
    kFileError = 5,
    kBadArgument = 6
};

enum ContactType : std::uint8_t { kChat = 1, kRepeater = 2, kRoom = 3, kSensor = 4 };
enum TextType : std::uint8_t { kPlain = 0, kCommandLine = 1, kSigned = 2 };
inline constexpr std::uint8_t kFavourite = 1;  // Contact::flags: its owner wants to keep it

struct Contact {
    std::string key;  // 32 bytes
    std::uint8_t type = kChat;
    std::uint8_t flags = 0;
    int path_length = kNoPath;
    std::string path;  // 64 bytes, as the device keeps it
    std::string name;
    std::uint32_t last_advert = 0;             // Unix seconds by its own clock
    std::int32_t latitude = 0, longitude = 0;  // x 1e6
    std::uint32_t changed = 0;
};

struct SelfInfo {
    std::string key;
    int power_dbm = 0;
    std::int32_t latitude = 0, longitude = 0;
    bool manual_add = false;  // new contacts are told, not kept
    std::uint32_t frequency_khz = 0;
    std::uint32_t bandwidth_hz = 0;
    int spreading_factor = 0;
    int coding_rate = 0;
    std::string name;
};

struct DeviceInfo {
    int version = 0;
    int most_contacts = 0;  // 0: it does not say
    int most_channels = 0;
    std::string build, model, firmware;
};

struct ContactsStart {
    std::uint32_t count = 0;
};
struct ContactsEnd {
    std::uint32_t changed = 0;
};
struct Sent {
    bool flood = false;
    std::uint32_t ack = 0;
    std::uint32_t timeout_ms = 0;
};
// One that waited in the radio: a DM (`prefix`), or heard on a channel.
struct WaitingText {
    std::string prefix;  // 6 bytes; empty: on a channel
    int channel = -1;
    int path_length = kNoPath;  // hops it was flooded over; FF: sent along a path
    std::uint8_t type = kPlain;
    std::uint32_t time = 0;  // of its sender's clock
    std::string author;      // of a post of a room: 4 bytes of his key
    std::string text;        // on a channel "Name: text"; bytes as they came
    std::optional<float> snr_db;
};
struct Channel {
    int index = 0;
    std::string name;
    std::string secret;
};
struct Done {};
struct Failed {
    std::uint8_t code = 0;  // ErrorCode; 0: it does not say
};
struct NoMore {};
inline constexpr std::uint8_t kRadioStats = 1;  // which of them
struct RadioStats {
    std::uint32_t sent_seconds = 0;  // on air, since it booted
};
struct Time {
    std::uint32_t unix_seconds = 0;
};
// Pushes that name a contact.
struct About {
    std::uint8_t code = kPushAdvert;  // kPushAdvert, kPushPath, kPushDropped
    std::string key;
};
struct Delivered {
    std::uint32_t ack = 0;
    std::uint32_t round_trip_ms = 0;
};
struct MessageWaits {};
struct NewContact {
    Contact contact;
};
struct TableFull {};
struct LoggedIn {
    bool good = false;
    std::string prefix;
};
struct Received {
    float snr_db = 0;
    int rssi_dbm = 0;
    std::string packet;  // as it was on air
};
struct Unknown {
    std::uint8_t code = 0;
};

using Reply =
    std::variant<Done, Failed, ContactsStart, Contact, ContactsEnd, SelfInfo, Sent, WaitingText,
                 Time, NoMore, DeviceInfo, Channel, About, Delivered, MessageWaits, NewContact,
                 TableFull, LoggedIn, Received, RadioStats, Unknown>;

// nullopt: it is shorter than its layout, or empty. What has no name here is Unknown.
std::optional<Reply> decode_reply(std::string_view payload);
// It answers no command.
bool is_push(std::string_view payload);

// Commands. Fields that are too long are cut; keys have 32 bytes.
std::string device_query();
std::string app_start(std::string_view app_name);
std::string set_time(std::uint32_t unix_seconds);
std::string get_contacts(std::uint32_t changed_since);  // 0: all
std::string get_radio_stats();
std::string get_channel(int index);
std::string next_message();
std::string send_text(std::uint8_t attempt, std::uint32_t time, std::string_view key,
                      std::string_view text);
std::string self_advert(bool flood);
std::string add_contact(const Contact& contact);
std::string remove_contact(std::string_view key);
std::string reset_path(std::string_view key);
std::string login(std::string_view key, std::string_view password);

}  // namespace waypost::meshcore
