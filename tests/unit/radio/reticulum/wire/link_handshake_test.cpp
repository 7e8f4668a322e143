// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/link_handshake.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "radio/reticulum/wire/crypto.h"
#include "radio/reticulum/wire/token.h"
#include "tests/unit/radio/reticulum/vectors.h"

namespace waypost::reticulum {
namespace {

class ReticulumHandshake : public testing::Test {
  protected:
    LinkInitiation begin() const {
        return LinkInitiation::begin_with(
            destination_of(inputs_->getValue<std::string>("destination_full_name"), bob_.shown()),
            bob_.shown(), Secret(vector_bytes(inputs_, "initiator_x25519_priv_hex")),
            Secret(vector_bytes(inputs_, "initiator_ed25519_priv_hex")));
    }
    Result<AnsweredLink> answer(const Packet& request) const {
        return answer_with(request, bob_,
                           Secret(vector_bytes(inputs_, "responder_x25519_priv_hex")));
    }
    std::string expected(const std::string& key) const { return vector_bytes(expected_, key); }

    Identity bob_ = vector_identity("bob");
    VectorObject vector_ = vector_labelled("links.json", "alice_to_bob_aes256cbc");
    VectorObject inputs_ = vector_->getObject("inputs");
    VectorObject expected_ = vector_->getObject("expected");
};

TEST_F(ReticulumHandshake, RequestAndProofAreTheReferencePrograms) {
    const LinkInitiation ours = begin();
    EXPECT_EQ(packet_bytes(ours.request()).value(), expected("linkrequest_raw_hex"));
    EXPECT_EQ(ours.link_id(), expected("link_id_hex"));
    const auto answered = answer(ours.request());
    ASSERT_TRUE(answered.ok());
    EXPECT_EQ(packet_bytes(answered->proof).value(), expected("lrproof_raw_hex"));
    EXPECT_EQ(answered->link.id(), expected("link_id_hex"));
    EXPECT_EQ(answered->link.mtu(), 500u);
    EXPECT_FALSE(answered->link.initiator());
}

TEST_F(ReticulumHandshake, BothSidesDeriveTheReferenceProgramsKeys) {
    const auto random = seeded_random(7);
    const auto theirs = answer(packet_from(expected("linkrequest_raw_hex")));
    const auto ours = begin().accept(packet_from(expected("lrproof_raw_hex")));
    ASSERT_TRUE(theirs.ok() && ours.ok());
    const std::string keys = expected("derived_key_hex");
    EXPECT_EQ(open_token(keys, ours->encrypt("from us", *random)).value(), "from us");
    EXPECT_EQ(open_token(keys, theirs->link.encrypt("from them", *random)).value(), "from them");
    EXPECT_TRUE(ours->initiator());
    EXPECT_EQ(ours->id(), expected("link_id_hex"));
    EXPECT_EQ(ours->mtu(), 500u);
}

TEST_F(ReticulumHandshake, TheIdIsTheSameAfterTransportNodesAndWithoutSignalling) {
    const Packet sent = begin().request();
    Packet relayed = sent_through(sent, std::string(kHash, 't'));
    relayed.hops = 4;
    EXPECT_EQ(link_id_of(relayed), link_id_of(sent));
    relayed.data.resize(2 * kKey);
    EXPECT_EQ(link_id_of(relayed), link_id_of(sent));
}

TEST_F(ReticulumHandshake, AnOlderPeerIsAnsweredWithoutSignalling) {
    const LinkInitiation ours = begin();
    Packet request = ours.request();
    request.data.resize(2 * kKey);
    const auto answered = answer(request);
    ASSERT_TRUE(answered.ok());
    EXPECT_EQ(answered->proof.data.size(), kSignature + kKey);
    EXPECT_EQ(answered->link.mtu(), kMtu);
    EXPECT_EQ(ours.accept(answered->proof)->mtu(), kMtu);
}

TEST_F(ReticulumHandshake, TheMtuIsTheSmallerOne) {
    const LinkInitiation ours = begin();
    for (const auto& [asked, agreed] : {std::pair{1'000'000u, 500u}, {500u, 500u}, {300u, 300u}}) {
        Packet request = ours.request();
        request.data.replace(2 * kKey, 3, signalling_bytes({asked, kAes256Cbc}));
        const auto answered = answer(request);
        ASSERT_TRUE(answered.ok());
        EXPECT_EQ(answered->link.mtu(), agreed);
        const auto link = ours.accept(answered->proof);
        ASSERT_TRUE(link.ok());
        EXPECT_EQ(link->mtu(), agreed);
    }
}

TEST_F(ReticulumHandshake, OtherModesAndUselessMtusAreRefused) {
    Packet request = begin().request();
    for (unsigned mode = 0; mode < 8; ++mode) {
        request.data.replace(2 * kKey, 3, signalling_bytes({500, static_cast<std::uint8_t>(mode)}));
        const auto answered = answer(request);
        EXPECT_EQ(answered.ok(), mode == kAes256Cbc) << mode;
        if (mode != kAes256Cbc) {
            EXPECT_EQ(answered.error().code, Code::Refused);
        }
    }
    request.data.replace(2 * kKey, 3, signalling_bytes({kLeastLinkMtu - 1, kAes256Cbc}));
    EXPECT_EQ(answer(request).error().code, Code::Refused);
    request.data.replace(2 * kKey, 3, signalling_bytes({kLeastLinkMtu, kAes256Cbc}));
    EXPECT_TRUE(answer(request).ok());
}

TEST_F(ReticulumHandshake, AResponderWithAnotherModeIsRefused) {
    const LinkInitiation ours = begin();
    Packet proof = answer(ours.request())->proof;
    const std::string key = proof.data.substr(kSignature, kKey);
    const std::string signalling = signalling_bytes({500, 2});
    proof.data =
        bob_.sign(ours.link_id() + key + std::string(bob_.shown().signing_key()) + signalling) +
        key + signalling;
    const auto link = ours.accept(proof);
    ASSERT_FALSE(link.ok());
    EXPECT_EQ(link.error().code, Code::Refused);
}

TEST_F(ReticulumHandshake, SignallingIsThreeBytes) {
    EXPECT_EQ(signalling_bytes({}), bytes_of_hex("2001f4"));
    EXPECT_EQ(signalling_bytes({0x1FFFFF, 7}), bytes_of_hex("ffffff"));
    const auto read = parse_signalling(bytes_of_hex("5f0102"));
    EXPECT_EQ(read.mode, 2);
    EXPECT_EQ(read.mtu, 0x1F0102u);
    EXPECT_THROW(parse_signalling("xx"), std::logic_error);
}

TEST_F(ReticulumHandshake, ARequestCutOrLongerIsRefused) {
    const Packet good = begin().request();
    for (std::size_t size = 0; size <= good.data.size() + 1; ++size) {
        Packet changed = good;
        changed.data.resize(size);
        const bool whole = size == 2 * kKey || size == good.data.size();
        EXPECT_EQ(answer(changed).ok(), whole) << size;
    }
    Packet wrong = good;
    wrong.type = PacketType::Data;
    EXPECT_FALSE(answer(wrong).ok());
    wrong = good;
    wrong.data.replace(0, kKey, kKey, '\0');
    EXPECT_EQ(answer(wrong).error().code, Code::BadInput);
}

TEST_F(ReticulumHandshake, EveryTruncationOfTheProofIsRefused) {
    const LinkInitiation ours = begin();
    const std::string good = expected("lrproof_raw_hex");
    for (std::size_t size = 0; size < good.size(); ++size) {
        const auto packet = parse_packet(good.substr(0, size));
        EXPECT_FALSE(packet.ok() && ours.accept(*packet).ok()) << size;
    }
    EXPECT_FALSE(ours.accept(packet_from(good + 'x')).ok());
}

TEST_F(ReticulumHandshake, EveryChangedBitOfTheProofIsRefused) {
    const LinkInitiation ours = begin();
    const std::string good = expected("lrproof_raw_hex");
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        // Hops, and how it is sent on.
        const bool free = bit / 8 == 1 || bit == 4 || bit == 5;
        std::string changed = good;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        const auto packet = parse_packet(changed);
        EXPECT_TRUE(free || !packet.ok() || !ours.accept(*packet).ok()) << bit;
    }
}

TEST_F(ReticulumHandshake, AProofByAnotherOrForAnotherRequestIsRefused) {
    const auto random = seeded_random(8);
    const LinkInitiation ours = begin();
    const auto by_alice = answer_link_request(ours.request(), vector_identity("alice"), *random);
    ASSERT_TRUE(by_alice.ok());
    EXPECT_FALSE(ours.accept(by_alice->proof).ok());
    const auto other = LinkInitiation::begin(ours.request().destination, bob_.shown(), *random);
    EXPECT_NE(other.link_id(), ours.link_id());
    EXPECT_FALSE(ours.accept(answer(other.request())->proof).ok());
    EXPECT_TRUE(ours.accept(answer(ours.request())->proof).ok());
}

}  // namespace
}  // namespace waypost::reticulum
