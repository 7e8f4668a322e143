// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/announce.h"

#include <gtest/gtest.h>

#include "radio/reticulum/wire/crypto.h"
#include "tests/unit/radio/reticulum/vectors.h"

namespace waypost::reticulum {
namespace {

constexpr char kPlain[] = "alice_lxmf_no_ratchet";
constexpr char kWithRatchet[] = "alice_lxmf_with_ratchet";
constexpr std::size_t kRatchetAt = kIdentity + kNameHash + kRandomHash;

std::string wire_bytes(const std::string& label) {
    return vector_bytes(vector_labelled("announces.json", label)->getObject("expected"),
                        "wire_bytes_hex");
}

AnnounceParts parts() {
    const auto random = seeded_random(5);
    AnnounceParts made;
    made.name = "lxmf.delivery";
    made.random_hash = announce_random_hash(*random, 1'700'000'000);
    made.app_data = "data";
    return made;
}

TEST(ReticulumAnnounce, ThoseOfTheReferenceProgramAreRead) {
    for (const char* label : {kPlain, kWithRatchet}) {
        const auto vector = vector_labelled("announces.json", label);
        const auto fields = vector->getObject("expected")->getObject("fields");
        const auto read = validate_announce(packet_from(wire_bytes(label)));
        ASSERT_TRUE(read.ok()) << read.error().text;
        EXPECT_EQ(read->destination, vector_bytes(fields, "header_dest_hash_hex"));
        EXPECT_EQ(read->identity.bytes(), vector_bytes(fields, "body_public_key_hex"));
        EXPECT_EQ(read->name_hash, vector_bytes(fields, "body_name_hash_hex"));
        EXPECT_EQ(read->random_hash, vector_bytes(fields, "body_random_hash_hex"));
        EXPECT_EQ(read->app_data, vector_bytes(fields, "body_app_data_hex"));
        EXPECT_EQ(read->emitted(), 1'700'000'000u);
        EXPECT_FALSE(read->path_response);
        EXPECT_EQ(read->ratchet, fields->has("body_ratchet_pub_hex")
                                     ? vector_bytes(fields, "body_ratchet_pub_hex")
                                     : std::string());
    }
    EXPECT_EQ(validate_announce(packet_from(wire_bytes(kWithRatchet)))->ratchet.size(), kKey);
}

TEST(ReticulumAnnounce, OursAreTheSameBytes) {
    const Identity alice = vector_identity("alice");
    for (const char* label : {kPlain, kWithRatchet}) {
        const auto inputs = vector_labelled("announces.json", label)->getObject("inputs");
        AnnounceParts made;
        made.name = inputs->getValue<std::string>("destination_full_name");
        made.random_hash =
            vector_bytes(inputs, "random_hash_prefix_hex") + bytes_of_hex("006553f100");
        made.app_data = vector_bytes(inputs, "app_data_msgpack_hex");
        const std::string ratchet = vector_bytes(inputs, "ratchet_priv_hex");
        if (!ratchet.empty()) made.ratchet = x25519_public(ratchet);
        const auto packet = build_announce(alice, made);
        ASSERT_TRUE(packet.ok());
        EXPECT_EQ(packet_bytes(*packet).value(), wire_bytes(label));
    }
}

TEST(ReticulumAnnounce, TheRandomHashIsChanceAndTime) {
    const auto random = seeded_random(6);
    const std::string first = announce_random_hash(*random, 0x123456789A);
    const std::string second = announce_random_hash(*random, 0x123456789A);
    EXPECT_EQ(first.size(), kRandomHash);
    EXPECT_EQ(first.substr(5), bytes_of_hex("123456789a"));
    EXPECT_EQ(second.substr(5), first.substr(5));
    EXPECT_NE(first.substr(0, 5), second.substr(0, 5));
}

TEST(ReticulumAnnounce, AnAnswerToAPathRequestSaysSo) {
    AnnounceParts made = parts();
    made.path_response = true;
    const auto packet = build_announce(vector_identity("bob"), made).value();
    EXPECT_EQ(packet.context, Context::PathResponse);
    const auto read = validate_announce(packet);
    ASSERT_TRUE(read.ok());
    EXPECT_TRUE(read->path_response);
    EXPECT_EQ(read->name_hash, name_hash("lxmf.delivery"));
}

TEST(ReticulumAnnounce, OnItsWayItStaysGood) {
    Packet packet = packet_from(wire_bytes(kWithRatchet));
    packet.transport_id = std::string(kHash, 't');
    packet.transport = true;
    packet.hops = 3;
    EXPECT_TRUE(validate_announce(packet).ok());
}

TEST(ReticulumAnnounce, EveryTruncationIsRefused) {
    for (const char* label : {kPlain, kWithRatchet}) {
        const std::string bytes = wire_bytes(label);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const auto packet = parse_packet(bytes.substr(0, size));
            EXPECT_FALSE(packet.ok() && validate_announce(*packet).ok()) << label << size;
        }
    }
}

TEST(ReticulumAnnounce, EveryChangedBitIsRefused) {
    for (const char* label : {kPlain, kWithRatchet}) {
        const std::string bytes = wire_bytes(label);
        const std::size_t context_at = kHeader1 - 1;
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            // Not signed, as relays may change them: hops, the context, who sends it on how.
            const bool free = bit / 8 == 1 || bit / 8 == context_at || bit == 4;
            std::string changed = bytes;
            changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
            const auto packet = parse_packet(changed);
            const bool taken = packet.ok() && validate_announce(*packet).ok();
            EXPECT_TRUE(free || !taken) << label << " bit " << bit;
        }
    }
}

TEST(ReticulumAnnounce, SignedByOtherKeysOrForAnotherDestinationItIsRefused) {
    const Identity bob = vector_identity("bob");
    const Packet good = build_announce(bob, parts()).value();
    Packet moved = good;
    moved.destination = destination_of("lxmf.delivery", vector_identity("alice").shown());
    EXPECT_FALSE(validate_announce(moved).ok());
    // Well signed for a destination that the keys in it do not own.
    const Announce read = validate_announce(good).value();
    moved.data.resize(kRatchetAt);
    moved.data += bob.sign(moved.destination + moved.data + read.app_data) + read.app_data;
    EXPECT_FALSE(validate_announce(moved).ok());
}

TEST(ReticulumAnnounce, AppDataUpToThePacketsEnd) {
    const Identity bob = vector_identity("bob");
    AnnounceParts made = parts();
    made.app_data = std::string(kMtu - kHeader1 - kRatchetAt - kSignature, 'a');
    const auto packet = build_announce(bob, made);
    ASSERT_TRUE(packet.ok());
    EXPECT_EQ(validate_announce(*packet)->app_data, made.app_data);
    made.app_data += 'a';
    EXPECT_EQ(build_announce(bob, made).error().code, Code::TooLarge);
    made.app_data.clear();
    EXPECT_EQ(validate_announce(build_announce(bob, made).value())->app_data, "");
}

TEST(ReticulumAnnounce, PartsOfAWrongLengthAreRefused) {
    const Identity bob = vector_identity("bob");
    AnnounceParts made = parts();
    made.random_hash.pop_back();
    EXPECT_EQ(build_announce(bob, made).error().code, Code::BadInput);
    made = parts();
    made.ratchet = "short";
    EXPECT_EQ(build_announce(bob, made).error().code, Code::BadInput);
}

}  // namespace
}  // namespace waypost::reticulum
