// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/packet/header.h"

#include <gtest/gtest.h>

namespace waypost::nncp {
namespace {

const PlainHeader kExec{PacketType::Exec, 96, std::string("rmail\0a@b.test", 14)};

std::string plain_with(std::size_t at, char value) {
    std::string bytes = *encode(kExec);
    bytes[at] = value;
    return bytes;
}

TEST(NncpHeader, PlainOneReadsBackWhatWasWritten) {
    const std::string id(32, '\xa5');
    for (const PlainHeader& each :
         {kExec, PlainHeader{PacketType::File, 1, std::string(255, 'x')},
          PlainHeader{PacketType::Trns, 0, id}, PlainHeader{PacketType::Ack, 160, id}}) {
        const auto bytes = encode(each);
        ASSERT_TRUE(bytes.ok());
        ASSERT_EQ(bytes->size(), kPlainHeaderBytes);
        const auto back = decode_plain_header(*bytes);
        ASSERT_TRUE(back.ok()) << back.error().text;
        EXPECT_EQ(back->type, each.type);
        EXPECT_EQ(back->nice, each.nice);
        EXPECT_EQ(back->path, each.path);
    }
}

TEST(NncpHeader, PlainOneIsWhatTheSpecificationShows) {
    const std::string bytes = *encode(kExec);
    EXPECT_EQ(bytes.substr(0, 34),
              std::string("NNCPP\0\0\3\0\0\0\3\0\0\0\x60\0\0\0\x0ermail\0a@b.test", 34));
    EXPECT_EQ(bytes.find_first_not_of('\0', 34), std::string::npos);
}

TEST(NncpHeader, PlainOneIsRefused) {
    EXPECT_FALSE(decode_plain_header(encode(kExec)->substr(0, 275)).ok());
    EXPECT_FALSE(decode_plain_header("").ok());
    EXPECT_FALSE(decode_plain_header(plain_with(7, 2)).ok()) << "version 2";
    EXPECT_FALSE(decode_plain_header(plain_with(11, 0)).ok()) << "type 0, as old papers count";
    EXPECT_FALSE(decode_plain_header(plain_with(11, 8)).ok()) << "type 8";
    EXPECT_FALSE(decode_plain_header(plain_with(8, 1)).ok()) << "a type of four bytes";
    EXPECT_FALSE(decode_plain_header(plain_with(15, 0)).ok()) << "niceness 0";
    EXPECT_FALSE(decode_plain_header(plain_with(14, 1)).ok()) << "niceness 352";
    EXPECT_FALSE(decode_plain_header(plain_with(18, 1)).ok()) << "path of 270 bytes";
    EXPECT_FALSE(decode_plain_header(plain_with(19, 13)).ok()) << "filler that is not zero";
    EXPECT_FALSE(decode_plain_header(plain_with(275, 1)).ok()) << "filler of XDR";
    EXPECT_FALSE(decode_plain_header(plain_with(11, 4)).ok()) << "trns with a path that is no id";
    EXPECT_FALSE(encode(PlainHeader{PacketType::File, 1, std::string(256, 'x')}).ok());
    EXPECT_FALSE(encode(PlainHeader{PacketType::Ack, 1, std::string(31, 'x')}).ok());
}

TEST(NncpHeader, WordsOfExec) {
    EXPECT_EQ(*words_of(kExec), (std::vector<std::string>{"rmail", "a@b.test"}));
    EXPECT_EQ(*words_of({PacketType::Exec, 1, "rsmtp"}), std::vector<std::string>{"rsmtp"});
    EXPECT_EQ(*words_of({PacketType::Exec, 1, std::string("a\0\0", 3)}),
              (std::vector<std::string>{"a", "", ""}));
    EXPECT_FALSE(words_of({PacketType::Exec, 1, ""}).ok());
    EXPECT_FALSE(words_of({PacketType::Exec, 1, std::string("\0a", 2)}).ok());
}

TEST(NncpHeader, OuterOneReadsBackWhatWasWritten) {
    PacketHeader header;
    header.nice = 37;
    header.sender.fill(1), header.recipient.fill(2), header.ephemeral.fill(3);
    header.signature.fill(4);
    const std::string bytes = encode(header);
    ASSERT_EQ(bytes.size(), kPacketHeaderBytes);
    const auto back = decode_packet_header(bytes);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->nice, 37);
    EXPECT_EQ(back->sender, header.sender);
    EXPECT_EQ(back->recipient, header.recipient);
    EXPECT_EQ(back->ephemeral, header.ephemeral);
    EXPECT_EQ(back->signature, header.signature);
}

TEST(NncpHeader, OuterOneIsRefusedAndOldVersionsNamed) {
    const std::string good = encode(PacketHeader{});
    EXPECT_FALSE(decode_packet_header(good.substr(0, 171)).ok());
    for (const char version : {'\1', '\2', '\3', '\4', '\5', '\7'}) {
        std::string bytes = good;
        bytes[7] = version;
        const auto refused = decode_packet_header(bytes);
        ASSERT_FALSE(refused.ok());
        EXPECT_NE(refused.error().text.find("NNCPE " + std::to_string(version)), std::string::npos);
    }
    for (const auto& [at, value] : {std::pair{11, '\0'}, {10, '\1'}, {0, 'M'}, {5, '\1'}}) {
        std::string bytes = good;
        bytes[static_cast<std::size_t>(at)] = value;
        EXPECT_FALSE(decode_packet_header(bytes).ok()) << at;
    }
}

}  // namespace
}  // namespace waypost::nncp
