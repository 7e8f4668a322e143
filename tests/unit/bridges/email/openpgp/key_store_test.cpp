// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/openpgp/key_store.h"

#include <gtest/gtest.h>

#include "bridges/email/openpgp/secure_join.h"
#include "tests/fakes/fake_office.h"

namespace waypost::email::openpgp {
namespace {

const Address kAna = mailto("ana", "hill.example");

Peer peer(int number, bool encrypts = false, bool pinned = false) {
    Peer p;
    p.address = mailto("p" + std::to_string(number), "x.org");
    p.certificate = {"key " + std::to_string(number), "F" + std::to_string(number)};
    p.seen = number;
    p.encrypts = encrypts;
    p.pinned = pinned;
    return p;
}

TEST(OwnKeys, OneOfEachAddressThatLasts) {
    FakeOffice office;
    std::string fingerprint;
    {
        OwnKeys keys(office.state("email"));
        EXPECT_EQ(keys.find(kAna), nullptr);
        const auto made = keys.find_or_make(kAna);
        ASSERT_TRUE(made.ok());
        fingerprint = (*made)->certificate.fingerprint;
    }
    OwnKeys again(office.state("email"));
    const auto found = again.find(mailto("Ana+k3f9", "hill.example"));
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->certificate.fingerprint, fingerprint);
    EXPECT_NE(again.find_or_make(mailto("ben", "hill.example")).value()->certificate.fingerprint,
              fingerprint);
}

TEST(OwnKeys, OneThatIsUnreadableIsNotReplaced) {
    FakeOffice office;
    office.kept()["openpgp-key ana@hill.example"] = "AAAA";
    OwnKeys keys(office.state("email"));
    EXPECT_EQ(keys.find(kAna), nullptr);
    EXPECT_FALSE(keys.find_or_make(kAna).ok());
    EXPECT_EQ(office.kept()["openpgp-key ana@hill.example"], "AAAA");
}

TEST(OwnKeys, AreBounded) {
    FakeOffice office;
    office.kept()["openpgp-keys"] = std::to_string(kMostOwnKeys);
    OwnKeys keys(office.state("email"));
    EXPECT_FALSE(keys.find_or_make(kAna).ok());
}

TEST(Peers, AreThereAfterARestart) {
    FakeOffice office;
    Peers(office.state("email")).put(peer(7, true, true));
    const Peers again(office.state("email"));
    const Peer* found = again.find(mailto("P7", "X.org"));
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->certificate.bytes, "key 7");
    EXPECT_EQ(found->certificate.fingerprint, "F7");
    EXPECT_TRUE(found->encrypts && found->pinned && !found->chat);
    EXPECT_EQ(found->seen, 7);
}

TEST(Peers, ManyNewOnesPushOutNobodyWhoJoined) {
    FakeOffice office;
    Peers peers(office.state("email"));
    peers.put(peer(1, true, true));
    peers.put(peer(2, true));
    for (int i = 3; i < 3000; ++i) peers.put(peer(i));
    EXPECT_EQ(peers.size(), kMostPeers);
    EXPECT_LE(office.kept().size(), kMostPeers + 1);
    EXPECT_NE(peers.find(peer(1).address), nullptr);
    EXPECT_NE(peers.find(peer(2).address), nullptr);
    EXPECT_EQ(peers.find(peer(3).address), nullptr);
    EXPECT_NE(peers.find(peer(2999).address), nullptr);
    const Peers again(office.state("email"));
    EXPECT_EQ(again.size(), kMostPeers);
    EXPECT_NE(again.find(peer(1).address), nullptr);
}

TEST(Peers, ABrokenRecordIsNobody) {
    EXPECT_FALSE(parse_peer("").ok());
    EXPECT_FALSE(parse_peer("address x\nkey AAAA").ok());
    EXPECT_FALSE(parse_peer("address a@x.org\nkey !").ok());
}

TEST(Invitations, EndAndAreBounded) {
    FakeOffice office;
    Invitations all(office.state("email"), office.random());
    const Invitation first = all.make(kAna, 1000);
    EXPECT_TRUE(all.use_number(mailto("ANA+x", "hill.example"), first.number, 2000));
    EXPECT_FALSE(all.use_number(mailto("ben", "hill.example"), first.number, 2000));
    EXPECT_FALSE(all.use_number(kAna, first.auth, 2000));
    EXPECT_FALSE(all.use_number(kAna, "", 2000));
    EXPECT_TRUE(all.find_auth(kAna, first.auth, first.ends - 1));
    EXPECT_FALSE(all.find_auth(kAna, first.auth, first.ends)) << "it has ended";
    EXPECT_EQ(first.made(), 1000);
    for (int i = 1; i < kMostUses; ++i) (void)all.use_number(kAna, first.number, 2000);
    EXPECT_FALSE(all.use_number(kAna, first.number, 2000)) << "used up";
    const Invitation second = all.make(kAna, 3000);
    for (std::size_t i = 1; i < kMostInvitations; ++i) (void)all.make(kAna, 3000);
    EXPECT_FALSE(all.find_auth(kAna, first.auth, 4000)) << "the oldest of nine";
    EXPECT_TRUE(all.find_auth(kAna, second.auth, 4000));
}

TEST(Invitations, TheLinkIsWhatTheCoreReads) {
    const Invitation invitation{"n123", "a456", 0, 1};
    EXPECT_EQ(invitation_link("ABCD", invitation, kAna, "Ana \u00c9&x"),
              "https://i.delta.chat/#ABCD&i=n123&s=a456&a=ana%40hill.example&n=Ana+%C3%89%26x");
}

TEST(Handshake, IsReadFromWhereItMayStand) {
    const auto read = [](const std::string& mail, bool encrypted) {
        return read_handshake(split_mail(mail), encrypted);
    };
    EXPECT_FALSE(read("Subject: x\n\n", true));
    const auto request = read("Secure-Join: vc-request\nSecure-Join-Invitenumber: 12\n\n", false);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->step, Handshake::Step::Request);
    EXPECT_EQ(request->invite_number, "12");
    const std::string auth =
        "Secure-Join: vc-request-with-auth\nSecure-Join-Auth: s\n"
        "Secure-Join-Fingerprint: ab cd\n\n";
    ASSERT_TRUE(read(auth, true));
    EXPECT_EQ(read(auth, true)->step, Handshake::Step::RequestWithAuth);
    EXPECT_EQ(read(auth, true)->fingerprint, "ABCD");
    EXPECT_EQ(read(auth, false)->step, Handshake::Step::Other) << "in clear it counts for nothing";
    EXPECT_EQ(read("Secure-Join: vg-request-with-auth\n\n", true)->step, Handshake::Step::Other);
}

}  // namespace
}  // namespace waypost::email::openpgp
