// SPDX-License-Identifier: Apache-2.0
// Layouts of the companion protocol, by hand: the simulated device is written from the same page.
#include "radio/meshcore/companion.h"

#include <gtest/gtest.h>

#include "gateway/base/encoding.h"

namespace waypost::meshcore {
namespace {

std::string bytes(const std::string& hex) { return from_hex(hex).value(); }

template <class Value>
Value decoded(const std::string& hex) {
    const auto reply = decode_reply(bytes(hex));
    EXPECT_TRUE(reply) << hex;
    if (!reply || !std::holds_alternative<Value>(*reply)) {
        ADD_FAILURE() << hex << " is another reply";
        return {};
    }
    return std::get<Value>(*reply);
}

const std::string kKeyHex = "a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90";

TEST(MeshcoreCompanion, CommandsAsThePageSays) {
    const std::string key = bytes(kKeyHex);
    EXPECT_EQ(to_hex(device_query()), "1603");
    EXPECT_EQ(to_hex(app_start("wp")), "01000000000000007770");
    EXPECT_EQ(to_hex(set_time(0x68f0a1b2)), "06b2a1f068");
    EXPECT_EQ(to_hex(get_contacts(0)), "04");
    EXPECT_EQ(to_hex(get_contacts(1)), "0401000000");
    EXPECT_EQ(to_hex(get_channel(2)), "1f02");
    EXPECT_EQ(to_hex(next_message()), "0a");
    EXPECT_EQ(to_hex(self_advert(true)), "0701");
    EXPECT_EQ(to_hex(send_text(1, 0x68f0a1b2, key, "hé")), "020001b2a1f068a1b2c3d4e5f668c3a9");
    EXPECT_EQ(to_hex(remove_contact(key)), "0f" + kKeyHex);
    EXPECT_EQ(to_hex(reset_path(key)), "0d" + kKeyHex);
    EXPECT_EQ(to_hex(login(key, "0123456789abcdefgh")), "1a" + kKeyHex + to_hex("0123456789abcde"));
    EXPECT_EQ(send_text(0, 1, key, std::string(200, 'x')).size(), 13 + kTextBytes);
}

TEST(MeshcoreCompanion, AContactGoesThereAndBack) {
    Contact contact;
    contact.key = bytes(kKeyHex);
    contact.type = kRoom;
    contact.path_length = 2;
    contact.path = "ab";
    contact.name = "Club";
    contact.last_advert = 7;
    contact.latitude = -47'123'400;
    std::string frame = add_contact(contact);
    EXPECT_EQ(frame.size(), 1u + 32 + 3 + 64 + 32 + 12);
    frame[0] = kContact;
    frame += std::string("\x09\x00\x00\x00", 4);
    const auto back = decoded<Contact>(to_hex(frame));
    EXPECT_EQ(back.key, contact.key);
    EXPECT_EQ(back.type, kRoom);
    EXPECT_EQ(back.path_length, 2);
    EXPECT_EQ(back.name, "Club");
    EXPECT_EQ(back.last_advert, 7u);
    EXPECT_EQ(back.latitude, -47'123'400);
    EXPECT_EQ(back.changed, 9u);
}

TEST(MeshcoreCompanion, WaitingMessagesOfBothVersions) {
    const auto old = decoded<WaitingText>("07a1b2c3d4e5f6ff0001000000" + to_hex("hi"));
    EXPECT_EQ(to_hex(old.prefix), "a1b2c3d4e5f6");
    EXPECT_EQ(old.path_length, kNoPath);
    EXPECT_EQ(old.text, "hi");
    EXPECT_FALSE(old.snr_db);
    const auto fresh = decoded<WaitingText>("10f40000a1b2c3d4e5f6030001000000" + to_hex("hi"));
    EXPECT_EQ(fresh.snr_db, -3.0f);
    EXPECT_EQ(fresh.path_length, 3);
    const auto post =
        decoded<WaitingText>("10000000a1b2c3d4e5f6ff020100000001020304" + to_hex("hi"));
    EXPECT_EQ(to_hex(post.author), "01020304");
    EXPECT_EQ(post.text, "hi");
    const auto channel = decoded<WaitingText>("1100000002010002000000" + to_hex("Ana: SOS"));
    EXPECT_EQ(channel.channel, 2);
    EXPECT_EQ(channel.text, "Ana: SOS");
    EXPECT_EQ(channel.time, 2u);
}

TEST(MeshcoreCompanion, WhatTheRadioSaysOfASending) {
    const auto sent = decoded<Sent>("0601785634125c120000");
    EXPECT_TRUE(sent.flood);
    EXPECT_EQ(sent.ack, 0x12345678u);
    EXPECT_EQ(sent.timeout_ms, 0x125cu);
    EXPECT_EQ(decoded<Delivered>("827856341210000000").ack, 0x12345678u);
    EXPECT_EQ(decoded<Failed>("0103").code, kTableFull);
    EXPECT_EQ(decoded<Failed>("01").code, 0);
    EXPECT_TRUE(decoded<LoggedIn>("8500a1b2c3d4e5f6").good);
    EXPECT_FALSE(decoded<LoggedIn>("8600a1b2c3d4e5f6").good);
    EXPECT_EQ(decoded<RadioStats>("180192ff00007856000000000000").sent_seconds, 0x5678u);
    EXPECT_EQ(decoded<Unknown>("1800040010").code, kStatsAre);
    EXPECT_EQ(decoded<Received>("88f4a615001122").rssi_dbm, -90);
}

TEST(MeshcoreCompanion, TheDeviceAboutItself) {
    const auto self = decoded<SelfInfo>("05011616" + kKeyHex + "0000000000000000" + "00000001" +
                                        "f2440d00" + "24f40000" + "0805" + to_hex("Post"));
    EXPECT_EQ(self.key, bytes(kKeyHex));
    EXPECT_EQ(self.frequency_khz, 869'618u);
    EXPECT_EQ(self.bandwidth_hz, 62'500u);
    EXPECT_EQ(self.spreading_factor, 8);
    EXPECT_EQ(self.coding_rate, 5);
    EXPECT_TRUE(self.manual_add);
    EXPECT_EQ(self.name, "Post");
    const auto old =
        decoded<DeviceInfo>("0d01000000000000" + to_hex("19 Feb 2025 ") + to_hex("T3"));
    EXPECT_EQ(old.version, 1);
    EXPECT_EQ(old.most_contacts, 0);
    EXPECT_EQ(old.model, "T3");
    std::string fresh = bytes("0d08321000000000");
    fresh += std::string("26 Nov 2026\0", 12) + "T3" + std::string(38, '\0') + "v1.11" +
             std::string(15, '\0');
    EXPECT_EQ(decoded<DeviceInfo>(to_hex(fresh)).most_contacts, 100);
    EXPECT_EQ(decoded<DeviceInfo>(to_hex(fresh)).firmware, "v1.11");
}

TEST(MeshcoreCompanion, WhatIsCutShortIsNoReply) {
    const char* const whole[] = {"0601785634125c120000", "827856341210000000",
                                 "07a1b2c3d4e5f6ff0001000000", "1100000002010002000000",
                                 "8500a1b2c3d4e5f6"};
    for (const std::string hex : whole) {
        ASSERT_TRUE(decode_reply(bytes(hex))) << hex;
        for (std::size_t size = 2; size < hex.size(); size += 2)
            EXPECT_FALSE(decode_reply(bytes(hex.substr(0, size)))) << hex.substr(0, size);
    }
    EXPECT_FALSE(decode_reply(""));
    EXPECT_FALSE(decode_reply(bytes("80a1b2")));
    EXPECT_FALSE(decode_reply(bytes("03a1b2")));
    EXPECT_FALSE(decode_reply(bytes("1201")));
}

TEST(MeshcoreCompanion, CodesOfTomorrowAreUnknown) {
    EXPECT_EQ(decoded<Unknown>("55aabb").code, 0x55);
    EXPECT_EQ(decoded<Unknown>("f0").code, 0xf0);
    EXPECT_TRUE(is_push(bytes("f0")));
    EXPECT_FALSE(is_push(bytes("55")));
}

}  // namespace
}  // namespace waypost::meshcore
