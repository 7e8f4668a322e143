// SPDX-License-Identifier: Apache-2.0
// What each hop of a message says of how it was protected, and that nobody claims more.
#include <gmock/gmock.h>

#include "persons.h"

namespace waypost {
namespace {

using ::testing::HasSubstr;

class Labels : public Persons {
  protected:
    Labels() { name("ana", kAna); }
    static Outcome sent(std::optional<Privacy> privacy) {
        Outcome outcome{Outcome::Kind::Sent, ProofClass::Reported, "250", "ok", {}, {}};
        outcome.privacy = privacy;
        return outcome;
    }
    std::vector<std::optional<Privacy>> hops(MessageId message) {
        std::vector<std::optional<Privacy>> all;
        auto events = store_->read([&](store::Tables& t) { return t.events.of_message(message); });
        for (const auto& event : *events) all.push_back(event.privacy);
        return all;
    }
};

TEST_F(Labels, TheWayOnIsLabelledAsItsTransportSays) {
    const std::vector<std::pair<Privacy, std::string>> all{
        {Privacy::EndToEnd, "end to end"}, {Privacy::InClear, "in clear"},
        {Privacy::Tls, "TLS unverified"},  {Privacy::TlsVerified, "TLS"},
        {Privacy::ToRecipient, "sealed"},  {Privacy::Channel, "in clear on the channel"},
        {Privacy::Here, "on the box"},     {Privacy::ToGateway, "sealed to the box"}};
    int item = 0;
    for (const auto& [privacy, label] : all) {
        relay_->outcomes = {sent(privacy)};
        dm(kAna, "bob@example.org hi");
        const std::string number = std::to_string(++item);
        EXPECT_EQ(answer(kAna, "?" + number), number + " bob: sent to mail relay 0s ago, " + label);
    }
    reopen();
    EXPECT_EQ(answer(kAna, "?3"), "3 bob: sent to mail relay 0s ago, TLS unverified");
}

TEST_F(Labels, NothingIsClaimedThatNobodySaid) {
    dm(kAna, "bob@example.org hi");
    EXPECT_EQ(answer(kAna, "?1"), "1 bob: sent to mail relay 0s ago");
    Outcome retry{Outcome::Kind::Retry, ProofClass::Reported, "451", "later", {}, {}};
    retry.privacy = Privacy::TlsVerified;
    relay_->outcomes = {retry};
    dm(kAna, "bob@example.org again");
    EXPECT_THAT(answer(kAna, "?2"), ::testing::MatchesRegex("2 bob: waits [0-9a-z]+"));
}

// What goes by courier has met no relay, and may wait for a week.
TEST_F(Labels, WhatACourierTakesIsSaidSo) {
    const auto handed = [](const char* detail) {
        Outcome outcome{Outcome::Kind::Sent, ProofClass::Observed, "courier", detail, {}, {}};
        outcome.privacy = Privacy::ToGateway;
        return outcome;
    };
    relay_->outcomes = {handed("waits for the next call or courier to relay, and on to dale"),
                        handed("waits for the next call or courier to dale")};
    dm(kAna, "bob@example.org hi");
    EXPECT_EQ(answer(kAna, "?1"),
              "1 bob: queued for a call or courier to dale 0s ago, sealed to the box");
    clock_.advance(std::chrono::minutes(5));
    Proof proof;
    proof.code = "courier";
    proof.detail = "in custody of dale";
    office_->proof(relay_->id(), relay_->wire_ids.back(), proof);
    settle();
    clock_.advance(std::chrono::minutes(3));
    EXPECT_EQ(answer(kAna, "?1"), "1 bob: dale has it, 3m ago, sealed to the box");
    proof.kind = Proof::Kind::Delivered;
    office_->proof(relay_->id(), relay_->wire_ids.back(), proof);
    settle();
    EXPECT_EQ(answer(kAna, "?1"), "1 bob: delivered 0s ago, sealed to the box");
}

// Another server's words are its own.
TEST_F(Labels, NoServerSaysWhatACourierTakes) {
    relay_->outcomes = {
        {Outcome::Kind::Sent, ProofClass::Reported, "250", "in custody of dale", {}, {}}};
    dm(kAna, "bob@example.org hi");
    EXPECT_EQ(answer(kAna, "?1"), "1 bob: sent to mail relay 0s ago");
}

TEST_F(Labels, TheTraceHasEveryHop) {
    Message message;
    message.from = {"meshtastic", kAna};
    message.to = {mailto("bob", "example.org")};
    message.network = "meshtastic";
    message.privacy = Privacy::ToGateway;
    message.text = "hi";
    message.trusted = true;
    relay_->outcomes = {sent(Privacy::InClear)};
    office_->accept(message, [](const std::vector<Verdict>&) {});
    settle();
    ASSERT_EQ(relay_->sent.size(), 1u);
    EXPECT_EQ(
        hops(relay_->sent[0].message),
        (std::vector<std::optional<Privacy>>{Privacy::ToGateway, std::nullopt, Privacy::InClear}));
}

TEST_F(Labels, OfWhatCameTheWayHereCounts) {
    dm(kAna, "bob@example.org hi");
    mail("bob@example.org", "ana@hill.example", "yes", "<1@x>");
    EXPECT_EQ(answer(kAna, "?2"), "2 is from bob, 0s ago, in clear");
    name("ben", kBen);
    ASSERT_TRUE(ask([](Desk& d) -> Result<void> {
                    const auto verdicts =
                        d.send("ben", {"ana"}, "", "by the console", Priority::Normal);
                    return verdicts.ok() ? Result<void>() : Result<void>(verdicts.error());
                }).ok());
    EXPECT_EQ(answer(kAna, "?3"), "3 is from ben, 0s ago, on the box");
}

TEST_F(Labels, TheLabelGoesFirstWhereTheAnswerDoesNotFit) {
    const auto say_to = [&](const std::string& whom) {
        relay_->outcomes = {sent(Privacy::Tls), sent(Privacy::Tls), sent(Privacy::Tls)};
        dm(kAna, whom + " hi");
    };
    say_to("bob@example.org, mama@example.org");
    EXPECT_EQ(answer(kAna, "?1"),
              "1 bob: sent to mail relay 0s ago, TLS unverified\n"
              "1 mama: sent to mail relay 0s ago, TLS unverified");
    say_to("bob@example.org, mama@example.org, papa@example.org");
    const std::string line = answer(kAna, "?2");
    EXPECT_EQ(line,
              "2 bob: sent to mail relay 0s ago\n2 mama: sent to mail relay 0s ago\n"
              "2 papa: sent to mail relay 0s ago");
    EXPECT_LE(line.size(), 130u);
}

}  // namespace
}  // namespace waypost
