// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/identity.h"

#include <gtest/gtest.h>

#include "radio/reticulum/wire/crypto.h"
#include "tests/unit/radio/reticulum/vectors.h"

namespace waypost::reticulum {
namespace {

TEST(ReticulumIdentity, KeysAndHashesAreTheReferencePrograms) {
    for (const char* label : {"alice", "bob"}) {
        const auto vector = vector_labelled("identities.json", label);
        const auto expected = vector->getObject("expected");
        const auto name = vector->getValue<std::string>("destination_full_name");
        const Identity identity = vector_identity(label);
        EXPECT_EQ(identity.shown().bytes(), vector_bytes(expected, "public_key_hex"));
        EXPECT_EQ(identity.hash(), vector_bytes(expected, "identity_hash_hex"));
        EXPECT_EQ(name_hash(name), vector_bytes(expected, "name_hash_hex"));
        EXPECT_EQ(destination_of(name, identity.shown()),
                  vector_bytes(expected, "destination_hash_hex"));
        EXPECT_EQ(identity.reveal(), vector_bytes(vector->getObject("inputs"), "private_key_hex"));
    }
}

TEST(ReticulumIdentity, AnotherVersionOfItAgrees) {
    const auto all = vector_file("vectors.json");
    const auto one = all->getObject("identity");
    const auto identity = Identity::from_bytes(vector_bytes(one, "private_key_hex")).value();
    EXPECT_EQ(identity.shown().bytes(), vector_bytes(one, "public_key_hex"));
    EXPECT_EQ(identity.hash(), vector_bytes(one, "hash_hex"));
    const auto announced = all->getObject("announce");
    const auto other =
        Identity::from_bytes(vector_bytes(announced, "identity_private_key_hex")).value();
    EXPECT_EQ(other.hash(), vector_bytes(announced, "identity_hash_hex"));
    EXPECT_EQ(destination_of(announced->getValue<std::string>("name_for_hash"), other.shown()),
              vector_bytes(announced, "destination_hash_hex"));
}

std::string full_name(const VectorObject& destination) {
    std::string name = destination->getValue<std::string>("app_name");
    const auto aspects = destination->getArray("aspects");
    for (unsigned i = 0; i < aspects->size(); ++i)
        name += "." + aspects->getElement<std::string>(i);
    return name;
}

TEST(ReticulumIdentity, EveryDestinationHasItsHash) {
    const auto all = vector_file("vectors.json")->getObject("destinations")->getArray("cases");
    ASSERT_EQ(all->size(), 6u);
    for (unsigned i = 0; i < all->size(); ++i) {
        const auto one = all->getObject(i);
        const std::string hash = name_hash(full_name(one));
        EXPECT_EQ(hash, vector_bytes(one, "name_hash_hex")) << full_name(one);
        EXPECT_EQ(destination_hash(hash, vector_bytes(one, "identity_hash_hex")),
                  vector_bytes(one, "destination_hash_hex"))
            << full_name(one);
    }
}

TEST(ReticulumIdentity, ItSignsAsTheReferenceProgram) {
    const auto vector = vector_file("vectors.json")->getObject("signing");
    const auto identity = Identity::from_bytes(vector_bytes(vector, "private_key_hex")).value();
    const std::string message = vector_bytes(vector, "message_hex");
    const std::string signature = identity.sign(message);
    EXPECT_EQ(signature, vector_bytes(vector, "signature_hex"));
    EXPECT_TRUE(identity.shown().verify(message, signature));
    EXPECT_FALSE(identity.shown().verify(message + "x", signature));
    EXPECT_FALSE(identity.shown().verify(message, signature.substr(1)));
    EXPECT_FALSE(vector_identity("bob").shown().verify(message, signature));
}

TEST(ReticulumIdentity, ANewOneIsReadBackFromItsBytes) {
    const auto random = seeded_random(1);
    const Identity made = Identity::generate(*random);
    const Identity other = Identity::generate(*random);
    EXPECT_NE(made.hash(), other.hash());
    const Identity read = Identity::from_bytes(made.reveal()).value();
    EXPECT_EQ(read.shown().bytes(), made.shown().bytes());
    EXPECT_TRUE(made.shown().verify("text", read.sign("text")));
}

TEST(ReticulumIdentity, KeysOfAnotherLengthAreRefused) {
    for (std::size_t size : {0u, 32u, 63u, 65u, 128u}) {
        EXPECT_EQ(Identity::from_bytes(std::string(size, 'k')).error().code, Code::BadInput);
        EXPECT_EQ(PublicIdentity::from_bytes(std::string(size, 'k')).error().code, Code::BadInput);
    }
}

TEST(ReticulumCrypto, HkdfIsThatOfTheStandard) {
    // RFC 5869, appendix A.3: no salt, no info.
    const Secret keys = hkdf(std::string(22, '\x0b'), {}, 42);
    EXPECT_EQ(keys.reveal(), bytes_of_hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f"
                                          "3c738d2d9d201395faa4b61a96c8"));
}

TEST(ReticulumCrypto, NoSecretIsSharedWithAPointOfSmallOrder) {
    const std::string own(kKey, 'k');
    EXPECT_FALSE(x25519(own, std::string(kKey, '\0')).ok());
    EXPECT_FALSE(x25519(own, "\x01" + std::string(kKey - 1, '\0')).ok());
    EXPECT_FALSE(x25519(own, "short").ok());
}

}  // namespace
}  // namespace waypost::reticulum
