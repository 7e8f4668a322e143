// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/link.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <optional>

#include "radio/reticulum/wire/link_handshake.h"
#include "radio/reticulum/wire/token.h"
#include "tests/unit/radio/reticulum/vectors.h"

namespace waypost::reticulum {
namespace {

// Two ends of a link, opened by their own handshake.
class ReticulumLink : public testing::Test {
  protected:
    ReticulumLink() {
        const auto begun = LinkInitiation::begin(destination_of("lxmf.delivery", bob_.shown()),
                                                 bob_.shown(), *random_);
        auto answered = answer_link_request(begun.request(), bob_, *random_).value();
        here_.emplace(begun.accept(answered.proof).value());
        there_.emplace(std::move(answered.link));
    }
    Packet sealed(Context context, const std::string& plain) {
        return here_->seal(context, plain, *random_).value();
    }
    // As it is after the wire.
    static Packet carried(const Packet& packet) {
        return packet_from(packet_bytes(packet).value());
    }

    std::unique_ptr<Random> random_ = seeded_random(9);
    Identity bob_ = vector_identity("bob");
    std::optional<Link> here_, there_;
};

TEST_F(ReticulumLink, DataGoesBothWays) {
    const Packet there = carried(sealed(Context::None, "hello"));
    EXPECT_EQ(there.destination_type, DestinationType::Link);
    EXPECT_EQ(there.destination, here_->id());
    EXPECT_TRUE(there_->owns(there));
    EXPECT_EQ(there_->open(there).value(), "hello");
    const Packet back = carried(there_->seal(Context::Response, "and back", *random_).value());
    EXPECT_EQ(back.context, Context::Response);
    EXPECT_EQ(here_->open(back).value(), "and back");
    EXPECT_NE(sealed(Context::None, "hello").data, there.data);
}

TEST_F(ReticulumLink, TheLargestPlainTextFits) {
    EXPECT_EQ(here_->most_plain(), kMostOnLink);
    const std::string largest(kMostOnLink, 'x');
    EXPECT_EQ(there_->open(carried(sealed(Context::None, largest))).value(), largest);
    EXPECT_EQ(here_->seal(Context::None, largest + 'x', *random_).error().code, Code::TooLarge);
    const std::string part(kMtu - kHeader1, 'p');
    EXPECT_EQ(carried(here_->bare(PacketType::Data, Context::Resource, part).value()).data, part);
    EXPECT_EQ(here_->bare(PacketType::Data, Context::Resource, part + 'p').error().code,
              Code::TooLarge);
}

TEST_F(ReticulumLink, AResourceIsEncryptedAsAWhole) {
    const std::string whole(100'000, 'w');
    EXPECT_EQ(there_->decrypt(here_->encrypt(whole, *random_)).value(), whole);
}

TEST_F(ReticulumLink, ChangedCutOrStrangeDataIsRefused) {
    const Packet good = sealed(Context::None, "hello");
    for (std::size_t size = 0; size < good.data.size(); ++size) {
        Packet cut = good;
        cut.data.resize(size);
        EXPECT_FALSE(there_->open(cut).ok()) << size;
    }
    for (std::size_t bit = 0; bit < good.data.size() * 8; ++bit) {
        Packet changed = good;
        changed.data[bit / 8] = static_cast<char>(changed.data[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(there_->open(changed).ok()) << bit;
    }
    Packet strange = good;
    strange.destination = std::string(kHash, 's');
    EXPECT_FALSE(there_->open(strange).ok());
    strange = good;
    strange.type = PacketType::Proof;
    EXPECT_FALSE(there_->open(strange).ok());
    strange = good;
    strange.destination_type = DestinationType::Single;
    EXPECT_FALSE(there_->owns(strange));
}

TEST_F(ReticulumLink, EachSideProvesWithItsOwnKey) {
    const std::string hash = packet_hash(sealed(Context::None, "hello"));
    const Packet proof = carried(there_->prove(hash));
    EXPECT_EQ(proof.data, hash + bob_.sign(hash));
    EXPECT_EQ(packet_bytes(proof).value().substr(0, kHeader1),
              std::string("\x0F\0", 2) + here_->id() + '\0');
    EXPECT_TRUE(here_->check_proof(proof, hash).ok());
    EXPECT_FALSE(there_->check_proof(proof, hash).ok());
    EXPECT_TRUE(there_->check_proof(here_->prove(hash), hash).ok());
    EXPECT_FALSE(here_->check_proof(here_->prove(hash), hash).ok());
    EXPECT_FALSE(here_->check_proof(proof, std::string(kFullHash, 'o')).ok());
}

TEST_F(ReticulumLink, AProofChangedOrCutIsRefused) {
    const std::string hash = packet_hash(sealed(Context::None, "hello"));
    const std::string good = packet_bytes(there_->prove(hash)).value();
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        // Hops, and how it is sent on.
        const bool free = bit / 8 == 1 || bit == 4 || bit == 5;
        std::string changed = good;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        const auto packet = parse_packet(changed);
        EXPECT_TRUE(free || !packet.ok() || !here_->check_proof(*packet, hash).ok()) << bit;
    }
    for (std::size_t size = 0; size < good.size(); ++size) {
        const auto packet = parse_packet(good.substr(0, size));
        EXPECT_FALSE(packet.ok() && here_->check_proof(*packet, hash).ok()) << size;
    }
    Packet implicit = there_->prove(hash);
    implicit.data.erase(0, kFullHash);
    EXPECT_FALSE(here_->check_proof(implicit, hash).ok());
}

TEST_F(ReticulumLink, KeepalivesAreInTheClearAndKnowTheirSide) {
    const Packet ping = carried(here_->keepalive());
    const Packet pong = carried(there_->keepalive());
    EXPECT_EQ(packet_bytes(ping).value(), std::string("\x0C\0", 2) + here_->id() + "\xFA" + "\xFF");
    EXPECT_EQ(pong.data, "\xFE");
    EXPECT_TRUE(there_->is_keepalive_from_peer(ping));
    EXPECT_TRUE(here_->is_keepalive_from_peer(pong));
    EXPECT_FALSE(here_->is_keepalive_from_peer(ping));
    EXPECT_FALSE(there_->is_keepalive_from_peer(sealed(Context::Keepalive, "\xFF")));
}

TEST_F(ReticulumLink, TheRoundTripTimeOpensIt) {
    const Packet packet = carried(here_->rtt(0.25, *random_));
    EXPECT_EQ(packet.context, Context::LinkRtt);
    EXPECT_EQ(there_->open(packet).value(), bytes_of_hex("cb3fd0000000000000"));
    EXPECT_EQ(there_->read_rtt(packet).value(), 0.25);
    EXPECT_EQ(there_->read_rtt(sealed(Context::LinkRtt, bytes_of_hex("ca3e800000"))).value(), 0.25);
    EXPECT_EQ(there_->read_rtt(sealed(Context::LinkRtt, "\x05")).value(), 5);
}

TEST_F(ReticulumLink, ARoundTripTimeThatIsNoneIsRefused) {
    for (const char* packed : {"", "cb", "cb3fd00000000000", "cb3fd000000000000000", "ca3e8000",
                               "c0", "0500", "e0", "ca3e80000000"})
        EXPECT_FALSE(there_->read_rtt(sealed(Context::LinkRtt, bytes_of_hex(packed))).ok())
            << packed;
    for (const double bad :
         {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
        EXPECT_FALSE(there_->read_rtt(here_->rtt(bad, *random_)).ok()) << bad;
    EXPECT_FALSE(there_->read_rtt(sealed(Context::None, bytes_of_hex("cb3fd0000000000000"))).ok());
    Packet changed = here_->rtt(0.25, *random_);
    changed.data[20] = static_cast<char>(changed.data[20] ^ 1);
    EXPECT_FALSE(there_->read_rtt(changed).ok());
}

TEST_F(ReticulumLink, OnlyWhoHasTheKeysClosesIt) {
    const Packet packet = carried(here_->close(*random_));
    EXPECT_TRUE(there_->check_close(packet).ok());
    EXPECT_EQ(there_->open(packet).value(), here_->id());
    EXPECT_FALSE(there_->check_close(sealed(Context::LinkClose, std::string(kHash, 'x'))).ok());
    EXPECT_FALSE(there_->check_close(sealed(Context::None, here_->id())).ok());
    Packet forged = packet;
    forged.data = here_->id();
    EXPECT_FALSE(there_->check_close(forged).ok());
}

TEST_F(ReticulumLink, TheInitiatorSaysWhoItIs) {
    const Identity alice = vector_identity("alice");
    const Packet packet = carried(here_->identify(alice, *random_));
    EXPECT_EQ(packet.context, Context::LinkIdentify);
    const auto read = there_->read_identify(packet);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->bytes(), alice.shown().bytes());
}

TEST_F(ReticulumLink, WhoIsNotSignedForIsRefused) {
    const Identity alice = vector_identity("alice");
    const std::string good =
        alice.shown().bytes() + alice.sign(here_->id() + alice.shown().bytes());
    EXPECT_TRUE(there_->read_identify(sealed(Context::LinkIdentify, good)).ok());
    EXPECT_FALSE(there_->read_identify(sealed(Context::None, good)).ok());
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(
            there_->read_identify(sealed(Context::LinkIdentify, good.substr(0, size))).ok());
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        std::string changed = good;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(there_->read_identify(sealed(Context::LinkIdentify, changed)).ok()) << bit;
    }
    // Taken from another link.
    const std::string other =
        alice.shown().bytes() + alice.sign(std::string(kHash, 'o') + alice.shown().bytes());
    EXPECT_FALSE(there_->read_identify(sealed(Context::LinkIdentify, other)).ok());
}

}  // namespace
}  // namespace waypost::reticulum
