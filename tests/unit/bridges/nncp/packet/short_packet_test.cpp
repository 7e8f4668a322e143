// SPDX-License-Identifier: Apache-2.0
// Packets of the real nncp, shortened for a slow link and rebuilt.
#include "bridges/nncp/packet/short_packet.h"

#include <gtest/gtest.h>

#include "bridges/nncp/packet/header.h"
#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::nncp {
namespace {

const LinkEnds kEnds{test_keys().at("village").id, test_keys().at("relay").id};

std::optional<Hash32> anybody(std::string_view first) {
    for (const auto& [name, keys] : test_keys())
        if (bytes_of(keys.id).substr(0, first.size()) == first) return keys.id;
    return std::nullopt;
}

std::string packet_of(const std::string& from, const std::string& to, Nice nice) {
    MemorySource payload("Hello");
    MemorySink out(10'000);
    EXPECT_TRUE(seal(test_sealing(from, to, nice), {PacketType::File, 1, "a"}, payload, out).ok());
    return out.take();
}

std::string short_of(const std::string& packet, IdForm ids = IdForm::Short) {
    auto form = shorten(packet, kEnds, ids);
    EXPECT_TRUE(form.ok());
    return form.ok() ? *form : std::string();
}

TEST(ShortPacket, PacketsOfTheRealNncpComeOutByteForByte) {
    for (const Vector& each : good_vectors()) {
        for (const IdForm ids : {IdForm::Short, IdForm::Whole}) {
            const auto form = shorten(each.bytes, kEnds, ids);
            ASSERT_TRUE(form.ok()) << each.name;
            const auto whole = lengthen(*form, kEnds, anybody);
            ASSERT_TRUE(whole.ok()) << each.name << ": " << whole.error().text;
            EXPECT_EQ(whole->packet, each.bytes) << each.name;
            EXPECT_EQ(to_base32(whole->name), each.spool) << each.name;
        }
    }
}

TEST(ShortPacket, BetweenTheTwoNodesSeventyOneBytesNeedNotGo) {
    const std::string packet = packet_of("village", "relay", kNiceExec);
    EXPECT_EQ(packet.size() - short_of(packet).size(), 71u);
    EXPECT_EQ(packet.size() - short_of(packet_of("village", "relay", 17)).size(), 70u)
        << "a niceness that few have is said";
    EXPECT_EQ(packet.size() - short_of(packet_of("relay", "village", kNiceFile)).size(), 71u);
    const std::string transit = packet_of("city", "relay", kNiceExec);
    EXPECT_EQ(packet.size() - short_of(transit).size(), 67u) << "four bytes of an id";
    EXPECT_EQ(packet.size() - short_of(transit, IdForm::Whole).size(), 39u);
}

TEST(ShortPacket, EachOfTheVectorsIsSmaller) {
    std::size_t all = 0, saved = 0;
    for (const Vector& each : good_vectors()) {
        const std::size_t bytes = short_of(each.bytes).size();
        EXPECT_GE(each.bytes.size() - bytes, 63u) << each.name;
        all += each.bytes.size();
        saved += each.bytes.size() - bytes;
    }
    RecordProperty("bytes", std::to_string(all));
    RecordProperty("saved", std::to_string(saved));
}

TEST(ShortPacket, WhatIsNoPacketIsNotShortened) {
    const std::string packet = packet_of("village", "relay", kNiceExec);
    const auto not_taken = [](const std::string& bytes) {
        return !shorten(bytes, kEnds, IdForm::Short).ok();
    };
    EXPECT_TRUE(not_taken(""));
    EXPECT_TRUE(not_taken(packet.substr(0, kPacketHeaderBytes - 1)));
    std::string other = packet;
    other[7] = 5;  // an older format
    EXPECT_TRUE(not_taken(other));
    other = packet;
    other[10] = 1;  // a niceness above 255
    EXPECT_TRUE(not_taken(other));
}

TEST(ShortPacket, WhatCameOutAsAnotherPacketIsRefused) {
    std::string form = short_of(packet_of("village", "relay", kNiceExec));
    const LinkEnds others{kEnds.writer, test_keys().at("city").id};
    EXPECT_EQ(lengthen(form, others, anybody).error().code, Code::Conflict)
        << "the reader is another";
    for (const std::size_t at : {std::size_t{1}, std::size_t{20}, form.size() - 1}) {
        std::string damaged = form;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        EXPECT_EQ(lengthen(damaged, kEnds, anybody).error().code, Code::Conflict) << at;
    }
    EXPECT_EQ(lengthen(form + "x", kEnds, anybody).error().code, Code::Conflict);
}

TEST(ShortPacket, OfSomebodyWhoIsNotKnownItIsSaid) {
    const std::string form = short_of(packet_of("city", "relay", kNiceExec));
    const auto nobody = [](std::string_view) { return std::optional<Hash32>(); };
    EXPECT_EQ(lengthen(form, kEnds, nobody).error().code, Code::NotFound);
}

TEST(ShortPacket, AnyPieceOfOneIsRefused) {
    const std::string form = short_of(packet_of("city", "relay", 17));
    for (std::size_t size = 0; size < form.size(); ++size)
        EXPECT_FALSE(lengthen(form.substr(0, size), kEnds, anybody).ok()) << size;
    std::string later = form;
    later[0] = static_cast<char>(later[0] | 0x40);
    EXPECT_EQ(lengthen(later, kEnds, anybody).error().code, Code::BadInput) << "another form";
}

}  // namespace
}  // namespace waypost::nncp
