// SPDX-License-Identifier: Apache-2.0
// Signed commands as bytes. The vector of doc/care.md was made by OpenSSL and Python's hashlib.
#include "gateway/care/packet.h"

#include <gtest/gtest.h>

#include "gateway/base/encoding.h"

namespace waypost::care {
namespace {

constexpr char kVector[] =
    "0163270ffd6419d8b09d24e2ee01a229f12800003c"
    "72657374617274206d6573687461737469632e726f6f66"
    "447f587906ed0dd736f620ab869abf80d2da46a531040dc7b59cbd5796064822"
    "17e82a606ff5497750be91217f8df0dce81344ea3410a47fd748368b4962c903";
constexpr char kVectorKey[] = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";
constexpr std::uint64_t kNumber = 1796000000000;

SigningKey key_of(unsigned char first) {
    std::string seed;
    for (int i = 0; i < 32; ++i) seed += static_cast<char>(first + i);
    return signing_key(Secret(seed));
}
std::string vector() { return from_hex(kVector).value_or(""); }
Order order(const std::string& command) { return {"hill.example", kNumber, 60, command}; }

TEST(CarePacket, IsTheVectorOfTheDocumentation) {
    const auto packet = sign_order(order("restart meshtastic.roof"), key_of(0));
    ASSERT_TRUE(packet.ok()) << packet.error().text;
    EXPECT_EQ(to_hex(*packet), kVector);
    EXPECT_EQ(packet->size(), 108u);
    const auto read = parse_packet(vector());
    ASSERT_TRUE(read.ok()) << read.error().text;
    EXPECT_EQ(read->command, "restart meshtastic.roof");
    EXPECT_EQ(read->number, kNumber);
    EXPECT_EQ(read->minutes, 60);
    EXPECT_EQ(read->box, box_print("Hill.Example"));
    EXPECT_NE(read->box, box_print("dale.example"));
    const auto key = parse_key(kVectorKey);
    ASSERT_TRUE(key.ok());
    EXPECT_EQ(key_text(*key), kVectorKey);
    EXPECT_TRUE(is_signed_by(*read, *key));
    EXPECT_FALSE(is_signed_by(*read, key_of(1).key));
}

TEST(CarePacket, NoBitOfItCanBeChanged) {
    const PublicKey key = key_of(0).key;
    for (std::size_t i = 0; i < vector().size() * 8; ++i) {
        std::string bytes = vector();
        bytes[i / 8] = static_cast<char>(bytes[i / 8] ^ (1 << (i % 8)));
        const auto read = parse_packet(bytes);
        EXPECT_FALSE(read.ok() && is_signed_by(*read, key)) << "bit " << i;
    }
}

TEST(CarePacket, RefusesWhatIsNoPacket) {
    for (std::size_t bytes = 0; bytes < vector().size(); ++bytes) {
        const auto read = parse_packet(vector().substr(0, bytes));
        EXPECT_FALSE(read.ok() && is_signed_by(*read, key_of(0).key)) << bytes;
    }
    EXPECT_EQ(parse_packet(vector() + std::string(kMostCommand, 'x')).error().code, Code::TooLarge);
    EXPECT_EQ(parse_packet("\2" + vector().substr(1)).error().code, Code::BadInput);
    std::string control = vector();
    control[22] = '\n';
    EXPECT_EQ(parse_packet(control).error().code, Code::BadInput);
}

TEST(CarePacket, SignsNoCommandThatItWouldNotRead) {
    EXPECT_FALSE(sign_order(order(""), key_of(0)).ok());
    EXPECT_FALSE(sign_order(order("log\n"), key_of(0)).ok());
    EXPECT_FALSE(sign_order(order("r\xC3\xB6"), key_of(0)).ok());
    EXPECT_FALSE(sign_order(order(std::string(kMostCommand + 1, 'x')), key_of(0)).ok());
    EXPECT_FALSE(sign_order({"hill.example", kMostNumber + 1, 0, "status"}, key_of(0)).ok());
    const auto most = sign_order(order(std::string(kMostCommand, 'x')), key_of(0));
    ASSERT_TRUE(most.ok());
    EXPECT_TRUE(parse_packet(*most).ok());
    EXPECT_EQ(sign_order(order("status"), key_of(0))->size(), 91u) << "as doc/care.md says";
}

TEST(CarePacket, IsFoundInAMailThatBreaksLines) {
    const std::string text = as_text(vector());
    EXPECT_EQ(packet_in(text).value(), vector());
    std::string broken =
        "Please:\r\n\r\n" + text.substr(0, 76) + "\r\n" + text.substr(76) + "\r\n\r\nCarl\r\n";
    EXPECT_EQ(packet_in(broken).value(), vector());
    EXPECT_EQ(packet_in(text + "\n-- \nCarl").value(), vector());
    EXPECT_FALSE(packet_in("Hello").ok());
    EXPECT_FALSE(packet_in("waypost-care:").ok());
    EXPECT_FALSE(packet_in("waypost-care:*").ok());
    const auto cut = packet_in(text.substr(0, 100));
    EXPECT_FALSE(cut.ok() && is_signed_by(*parse_packet(*cut), key_of(0).key));
}

}  // namespace
}  // namespace waypost::care
