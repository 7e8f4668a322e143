// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/proof.h"

#include <gtest/gtest.h>

#include "tests/unit/radio/reticulum/vectors.h"

namespace waypost::reticulum {
namespace {

class ReticulumProof : public testing::Test {
  protected:
    ReticulumProof() {
        Packet packet;
        packet.destination = std::string(kHash, 'd');
        packet.data = "encrypted";
        hash_ = packet_hash(packet);
    }
    bool holds(const Packet& proof) const { return check_proof(proof, hash_, bob_.shown()).ok(); }

    Identity bob_ = vector_identity("bob");
    std::string hash_;
};

TEST_F(ReticulumProof, BothFormsHold) {
    const Packet implicit = prove_packet(bob_, hash_);
    EXPECT_EQ(packet_bytes(implicit).value(),
              std::string("\x03\0", 2) + hash_.substr(0, kHash) + '\0' + bob_.sign(hash_));
    EXPECT_TRUE(holds(implicit));
    const Packet explicit_one = prove_packet(bob_, hash_, ProofForm::Explicit);
    EXPECT_EQ(explicit_one.data, hash_ + bob_.sign(hash_));
    EXPECT_TRUE(holds(explicit_one));
}

TEST_F(ReticulumProof, CutOrLongerItIsRefused) {
    for (const auto form : {ProofForm::Implicit, ProofForm::Explicit}) {
        const Packet good = prove_packet(bob_, hash_, form);
        for (std::size_t size = 0; size < good.data.size(); ++size) {
            Packet cut = good;
            cut.data.resize(size);
            EXPECT_FALSE(holds(cut)) << size;
        }
        Packet longer = good;
        longer.data += 'x';
        EXPECT_FALSE(holds(longer));
    }
}

TEST_F(ReticulumProof, EveryChangedBitIsRefused) {
    for (const auto form : {ProofForm::Implicit, ProofForm::Explicit}) {
        const std::string good = packet_bytes(prove_packet(bob_, hash_, form)).value();
        for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
            // Hops, and how it is sent on.
            const bool free = bit / 8 == 1 || bit == 4 || bit == 5;
            std::string changed = good;
            changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
            const auto packet = parse_packet(changed);
            EXPECT_TRUE(free || !packet.ok() || !holds(*packet)) << bit;
        }
    }
}

TEST_F(ReticulumProof, OfAnotherPacketOrByAnotherItIsRefused) {
    const std::string other(kFullHash, 'o');
    EXPECT_FALSE(holds(prove_packet(bob_, other)));
    EXPECT_FALSE(holds(prove_packet(vector_identity("alice"), hash_)));
    Packet renamed = prove_packet(bob_, other, ProofForm::Explicit);
    renamed.destination = hash_.substr(0, kHash);
    EXPECT_FALSE(holds(renamed));
    EXPECT_FALSE(check_proof(prove_packet(bob_, "short"), "short", bob_.shown()).ok());
}

}  // namespace
}  // namespace waypost::reticulum
