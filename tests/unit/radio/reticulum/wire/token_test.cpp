// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/token.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "radio/reticulum/wire/crypto.h"
#include "tests/unit/radio/reticulum/vectors.h"

namespace waypost::reticulum {
namespace {

const std::string kKeys(kTokenKeys, 'k');
const std::string kIv(16, 'i');

TEST(ReticulumToken, EncryptedAsTheReferenceProgramDoes) {
    const Identity bob = vector_identity("bob");
    for (const char* label : {"alice_to_bob_simple", "alice_to_bob_with_fields"}) {
        const auto vector = vector_labelled("lxmf.json", label);
        const auto inputs = vector->getObject("inputs");
        const auto expected = vector->getObject("expected");
        const std::string plain = vector_bytes(expected, "opportunistic_plaintext_hex");
        const auto made =
            encrypt_with(bob.shown(), {}, plain, vector_bytes(inputs, "ephemeral_x25519_priv_hex"),
                         vector_bytes(inputs, "token_iv_hex"));
        ASSERT_TRUE(made.ok());
        EXPECT_EQ(*made, vector_bytes(expected, "token_ciphertext_hex"));
        EXPECT_EQ(made->size(), kKey + token_size(plain.size()));
        EXPECT_EQ(decrypt_own(bob, *made).value(), plain);
    }
}

TEST(ReticulumToken, WhatAnotherVersionEncryptedIsRead) {
    const auto vector = vector_file("vectors.json")->getObject("encryption");
    const auto own =
        Identity::from_bytes(vector_bytes(vector, "recipient_private_key_hex")).value();
    EXPECT_EQ(own.hash(), vector_bytes(vector, "recipient_hash_hex"));
    EXPECT_EQ(decrypt_own(own, vector_bytes(vector, "ciphertext_hex")).value(),
              vector_bytes(vector, "plaintext_hex"));
}

TEST(ReticulumToken, ToARatchetItIsNotForTheIdentitysKey) {
    const auto random = seeded_random(2);
    const Identity bob = vector_identity("bob");
    const std::string ratchet_key(kKey, 'r');
    const auto made = encrypt_to(bob.shown(), x25519_public(ratchet_key), "hi", *random);
    ASSERT_TRUE(made.ok());
    EXPECT_FALSE(decrypt_own(bob, *made).ok());
    // Bob with the ratchet in the place of his key; the salt stays his hash.
    const auto shared = x25519(ratchet_key, made->substr(0, kKey));
    const Secret keys = hkdf(shared->reveal(), bob.hash(), kTokenKeys);
    EXPECT_EQ(open_token(keys.reveal(), made->substr(kKey)).value(), "hi");
}

TEST(ReticulumToken, EveryLengthComesBack) {
    for (std::size_t size = 0; size <= 65; ++size) {
        const std::string plain(size, 'p');
        const std::string token = seal_token(kKeys, plain, kIv);
        EXPECT_EQ(token.size(), token_size(size));
        EXPECT_EQ(open_token(kKeys, token).value(), plain);
    }
}

TEST(ReticulumToken, TheLargestPlainTextsFillAPacket) {
    EXPECT_LE(kHeader2 + 1 + kKey + token_size(kMostSealed), kMtu);
    EXPECT_GT(kHeader2 + 1 + kKey + token_size(kMostSealed + 1), kMtu);
    EXPECT_LE(kHeader1 + 1 + token_size(kMostOnLink), kMtu);
    EXPECT_GT(kHeader1 + 1 + token_size(kMostOnLink + 1), kMtu);
}

TEST(ReticulumToken, ChangedOrCutItIsRefused) {
    const std::string token = seal_token(kKeys, "a text of more than one block", kIv);
    for (std::size_t size = 0; size < token.size(); ++size)
        EXPECT_FALSE(open_token(kKeys, token.substr(0, size)).ok()) << size;
    for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
        std::string changed = token;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(open_token(kKeys, changed).ok()) << bit;
    }
    EXPECT_FALSE(open_token(std::string(kTokenKeys, 'x'), token).ok());
}

TEST(ReticulumToken, PaddingThatIsNoneIsRefusedThoughTheMacIsRight) {
    // CBC of one block under the IV: the plain text is what the cipher gives, by chance no padding.
    std::string token = kIv + std::string(16, 'c');
    token += hmac_sha256(std::string_view(kKeys).substr(0, 32), token);
    const auto opened = open_token(kKeys, token);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, Code::BadInput);
}

TEST(ReticulumToken, ToAnIdentityEveryChangeIsRefused) {
    const auto random = seeded_random(3);
    const Identity bob = vector_identity("bob");
    const std::string made = encrypt_to(bob.shown(), {}, "hello", *random).value();
    EXPECT_EQ(decrypt_own(bob, made).value(), "hello");
    EXPECT_NE(encrypt_to(bob.shown(), {}, "hello", *random).value(), made);
    for (std::size_t size = 0; size < made.size(); ++size)
        EXPECT_FALSE(decrypt_own(bob, made.substr(0, size)).ok()) << size;
    // X25519 passes over the highest bit of a key (RFC 7748, section 5).
    for (std::size_t bit = 0; bit < made.size() * 8; ++bit) {
        if (bit == kKey * 8 - 1) continue;
        std::string changed = made;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(decrypt_own(bob, changed).ok()) << bit;
    }
    EXPECT_FALSE(decrypt_own(vector_identity("alice"), made).ok());
}

TEST(ReticulumToken, NothingIsEncryptedToAKeyThatIsNone) {
    const auto random = seeded_random(4);
    const auto weak = PublicIdentity::from_bytes(std::string(kIdentity, '\0')).value();
    EXPECT_EQ(encrypt_to(weak, {}, "x", *random).error().code, Code::BadInput);
    const Identity bob = vector_identity("bob");
    EXPECT_EQ(encrypt_to(bob.shown(), "short", "x", *random).error().code, Code::BadInput);
    EXPECT_THROW(seal_token("short", "x", kIv), std::logic_error);
    EXPECT_THROW(seal_token(kKeys, "x", "short"), std::logic_error);
}

}  // namespace
}  // namespace waypost::reticulum
