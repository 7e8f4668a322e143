// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/lxmf/message.h"

#include <gtest/gtest.h>

#include <limits>

#include "radio/reticulum/wire/crypto.h"
#include "tests/unit/radio/reticulum/vectors.h"

namespace waypost::reticulum {
namespace {

std::string address_of(const Identity& identity) {
    return destination_of("lxmf.delivery", identity.shown());
}

std::string full_bytes(const std::string& label) {
    return vector_bytes(vector_labelled("lxmf.json", label)->getObject("expected"),
                        "lxmf_packed_hex");
}

LxmfMessage from_alice_to_bob() {
    LxmfMessage made;
    made.from = address_of(vector_identity("alice"));
    made.to = address_of(vector_identity("bob"));
    made.time = 1'700'000'000;
    made.title = "hello";
    made.content = "hi bob";
    return made;
}

TEST(LxmfMessage, ThoseOfTheReferenceProgramAreRead) {
    const Identity alice = vector_identity("alice");
    for (const char* label : {"alice_to_bob_simple", "alice_to_bob_with_fields"}) {
        const auto inputs = vector_labelled("lxmf.json", label)->getObject("inputs");
        const auto read = read_lxmf(full_bytes(label));
        ASSERT_TRUE(read.ok()) << read.error().text;
        EXPECT_TRUE(is_genuine(*read, alice.shown()));
        EXPECT_FALSE(is_genuine(*read, vector_identity("bob").shown()));
        EXPECT_EQ(read->message.title, inputs->getValue<std::string>("title_utf8"));
        EXPECT_EQ(read->message.content, inputs->getValue<std::string>("content_utf8"));
        EXPECT_EQ(read->message.time, 1'700'000'000);
        EXPECT_EQ(read->message.from, address_of(alice));
        EXPECT_EQ(read->message.to, address_of(vector_identity("bob")));
        EXPECT_TRUE(read->stamp.empty());
    }
}

TEST(LxmfMessage, OursAreTheSameBytes) {
    LxmfMessage message = from_alice_to_bob();
    const Identity alice = vector_identity("alice");
    EXPECT_EQ(pack_lxmf(message, alice).full, full_bytes("alice_to_bob_simple"));
    message.title = "meeting";
    message.content = "see attached";
    message.other_fields = {{1, "\xa2k1"}, {2, "\x2a"}};
    EXPECT_EQ(pack_lxmf(message, alice).full, full_bytes("alice_to_bob_with_fields"));
}

TEST(LxmfMessage, TheOpportunisticFormIsTheSameMessage) {
    const auto expected =
        vector_labelled("lxmf.json", "alice_to_bob_simple")->getObject("expected");
    const std::string bytes = vector_bytes(expected, "opportunistic_plaintext_hex");
    const Identity alice = vector_identity("alice");
    EXPECT_EQ(pack_lxmf(from_alice_to_bob(), alice).opportunistic(), bytes);
    const auto read = read_opportunistic_lxmf(from_alice_to_bob().to, bytes);
    ASSERT_TRUE(read.ok());
    EXPECT_TRUE(is_genuine(*read, alice.shown()));
    EXPECT_EQ(read->id, pack_lxmf(from_alice_to_bob(), alice).id);
    // To somebody else it is no message of hers.
    const auto moved = read_opportunistic_lxmf(from_alice_to_bob().from, bytes);
    ASSERT_TRUE(moved.ok());
    EXPECT_FALSE(is_genuine(*moved, alice.shown()));
    EXPECT_FALSE(read_opportunistic_lxmf("short", bytes).ok());
}

TEST(LxmfMessage, AStampChangesNeitherIdNorSignature) {
    const auto vector = vector_file("stamps.json")->getObject("stamped");
    const auto read = read_lxmf(vector_bytes(vector, "packed_hex"));
    ASSERT_TRUE(read.ok()) << read.error().text;
    EXPECT_EQ(read->id, vector_bytes(vector, "message_id_hex"));
    EXPECT_EQ(read->stamp, vector_bytes(vector, "stamp_hex"));
    const auto signer = PublicIdentity::from_bytes(vector_bytes(vector, "pubkey_hex"));
    ASSERT_TRUE(signer.ok());
    EXPECT_TRUE(signer->verify(read->signed_part, read->signature));

    const Identity alice = vector_identity("alice");
    const PackedLxmf plain = pack_lxmf(from_alice_to_bob(), alice);
    const auto again = read_lxmf(stamped(plain, std::string(kLxmfStamp, 's')).full);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->id, plain.id);
    EXPECT_EQ(again->stamp, std::string(kLxmfStamp, 's'));
    EXPECT_TRUE(is_genuine(*again, alice.shown()));
    EXPECT_THROW(stamped(stamped(plain, "x"), "y"), std::logic_error);
}

TEST(LxmfMessage, EachChangedBitIsNoticed) {
    const Identity alice = vector_identity("alice");
    const std::string good = pack_lxmf(from_alice_to_bob(), alice).full;
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        std::string bad = good;
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
        const auto read = read_lxmf(bad);
        EXPECT_FALSE(read.ok() && is_genuine(*read, alice.shown())) << bit;
    }
}

TEST(LxmfMessage, WhatIsCutOffIsNone) {
    const std::string good =
        stamped(pack_lxmf(from_alice_to_bob(), vector_identity("alice")), std::string(32, 's'))
            .full;
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(read_lxmf(good.substr(0, size)).ok()) << size;
    EXPECT_EQ(read_lxmf(good + "x").error().code, Code::BadInput);
}

TEST(LxmfMessage, TextsAreMadeClean) {
    const std::string head(2 * kHash + kSignature, 'h');
    const std::string payload = std::string("\x94\xcb\x7f\xf0\0\0\0\0\0\0", 10) +  // infinity
                                "\xc4\x05"
                                "a\nb\xff"
                                "c"
                                "\xa3"
                                "x\x01y"
                                "\x80";
    const auto read = read_lxmf(head + payload);
    ASSERT_TRUE(read.ok()) << read.error().text;
    EXPECT_EQ(read->message.time, 0);
    EXPECT_EQ(read->message.title.find('\n'), std::string::npos);
    EXPECT_NE(read->message.title.find("\xEF\xBF\xBD"), std::string::npos);
    EXPECT_EQ(read->message.content, "xy");
}

TEST(LxmfMessage, ATimeMayBeAnInteger) {
    const std::string head(2 * kHash + kSignature, 'h');
    const auto read = read_lxmf(head + "\x94\xce\x65\x53\xf1" + std::string(1, '\0') +
                                "\xc0\xc4\x01"
                                "x"
                                "\xc0");
    ASSERT_TRUE(read.ok()) << read.error().text;
    EXPECT_EQ(read->message.time, 1'700'000'000);
    EXPECT_EQ(read->message.title, "");
    EXPECT_EQ(read->message.content, "x");
}

TEST(LxmfMessage, WhatIsTooLargeIsSaid) {
    const Identity alice = vector_identity("alice");
    LxmfMessage message = from_alice_to_bob();
    message.content = std::string(2000, 'x');
    const std::string bytes = pack_lxmf(message, alice).full;
    LxmfLimits limits;
    EXPECT_TRUE(read_lxmf(bytes, limits).ok());
    limits.text_bytes = 1999;
    EXPECT_EQ(read_lxmf(bytes, limits).error().code, Code::TooLarge);
    limits = {};
    limits.bytes = bytes.size() - 1;
    EXPECT_EQ(read_lxmf(bytes, limits).error().code, Code::TooLarge);
}

TEST(LxmfMessage, OneThatWouldBeWrongIsNotPacked) {
    const Identity alice = vector_identity("alice");
    LxmfMessage message = from_alice_to_bob();
    message.content = "\xff";
    EXPECT_THROW(pack_lxmf(message, alice), std::logic_error);
    message = from_alice_to_bob();
    message.to = "x";
    EXPECT_THROW(pack_lxmf(message, alice), std::logic_error);
}

}  // namespace
}  // namespace waypost::reticulum
