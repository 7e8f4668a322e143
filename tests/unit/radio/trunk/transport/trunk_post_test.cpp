// SPDX-License-Identifier: Apache-2.0
// Messages between two boxes over a link, whatever happens to either.
#include "gateway/message/handed.h"
#include "tests/unit/radio/trunk/transport/two_posts.h"

namespace waypost::trunk {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;
using Kind = Outcome::Kind;

TEST_F(TwoPosts, ALetterArrivesAndIsInTheOthersCustody) {
    run();  // they meet
    hill_->post().deliver(letter("ben@dale.example", "Is the ford open?"));
    run();
    const auto& came = dale_->office.accepted;
    ASSERT_EQ(came.size(), 1u);
    EXPECT_EQ(came[0].text, "Is the ford open?");
    EXPECT_EQ(came[0].origin_id, "<mi3k9x1a.000000000001@hill.example>");
    EXPECT_EQ(came[0].from, mailto("ana", "hill.example"));
    EXPECT_EQ(came[0].to, std::vector<Address>{mailto("ben", "dale.example")});
    EXPECT_EQ(came[0].peer, "trunk:hill");
    EXPECT_EQ(came[0].privacy, Privacy::ToGateway);
    EXPECT_FALSE(came[0].trusted);
    ASSERT_THAT(outcomes(), ElementsAre(Kind::Sent));
    const Outcome& outcome = hill_->office.reports[0].second;
    EXPECT_EQ(outcome.detail, "in custody of dale");
    EXPECT_TRUE(handed_of(outcome.code, outcome.detail)) << "so `?1` can say it in any language";
    EXPECT_TRUE(outcome.wish_taken);
    EXPECT_THAT(hill_->office.begun, ElementsAre("<mi3k9x1a.000000000001@hill.example>"));
    EXPECT_EQ(hill_->post().waiting(), 0u);
}

TEST_F(TwoPosts, NamesCostTheirBytesOnce) {
    run();
    hill_->post().deliver(letter("ben@dale.example", "Is the ford open?", 1));
    run();
    const std::size_t first = channel_->bytes();
    hill_->post().deliver(letter("ben@dale.example", "Is the ford open?", 2));
    run();
    EXPECT_EQ(dale_->office.accepted.size(), 2u);
    EXPECT_EQ(dale_->office.accepted[1].to, std::vector<Address>{mailto("ben", "dale.example")});
    EXPECT_LT(channel_->bytes() - first, 17u + 16u + 25u) << "text, letter, frame and answer";
}

TEST_F(TwoPosts, NothingIsTakenBeforeTheyHaveMet) {
    dale_->close();
    hill_->post().deliver(letter("ben@dale.example", "Hello"));
    run();
    EXPECT_THAT(outcomes(), ElementsAre(Kind::NotTried));
    EXPECT_EQ(hill_->post().why_down(), "no answer from dale yet");
    dale_->open(now_);
    run();
    EXPECT_TRUE(hill_->post().up());
    dale_->close();
    hill_->post().deliver(letter("ben@dale.example", "Hello"));
    run();
    EXPECT_THAT(outcomes(), SizeIs(1)) << "it waits for dale";
    dale_->open(now_);
    run();
    EXPECT_THAT(outcomes(), ElementsAre(Kind::NotTried, Kind::Sent));
}

TEST_F(TwoPosts, AnotherBoxThanItShouldBeGetsNothing) {
    dale_->office.own_domain = "moor.example";
    dale_->open(now_);
    run();
    EXPECT_FALSE(hill_->post().up());
    EXPECT_EQ(hill_->post().why_down(), "the other box is moor.example");
    hill_->post().deliver(letter("ben@dale.example", "Hello"));
    run();
    EXPECT_THAT(outcomes(), ElementsAre(Kind::NotTried));
    EXPECT_THAT(dale_->office.accepted, IsEmpty());
}

TEST_F(TwoPosts, AModemOfTooSmallFramesIsSaidToBe) {
    hill_->payload = 100;
    hill_->open(now_);
    run();
    EXPECT_EQ(hill_->post().why_down(),
              "a frame of this modem carries 100 bytes, and the link needs 108");
}

TEST_F(TwoPosts, WhatWaitsIsNotExchangedWithAnotherBox) {
    run();
    dale_->close();
    hill_->post().deliver(letter("ben@dale.example", "Hello"));
    run();
    dale_->office.own_domain = "moor.example";
    dale_->open(now_);
    Delivery back = letter("ana@hill.example", "From the moor", 2);
    dale_->post().deliver(back);
    run();
    EXPECT_FALSE(hill_->post().up());
    EXPECT_THAT(hill_->office.accepted, IsEmpty());
    EXPECT_THAT(dale_->office.accepted, IsEmpty());
    EXPECT_THAT(outcomes(), IsEmpty());
    EXPECT_THAT(dale_->office.reports, IsEmpty());
    dale_->office.own_domain = "dale.example";
    dale_->open(now_);
    run();
    EXPECT_THAT(outcomes(), ElementsAre(Kind::Sent));
    EXPECT_THAT(dale_->office.accepted, SizeIs(1));
}

TEST_F(TwoPosts, WhoIsRefusedIsToldByAnEvent) {
    dale_->office.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Refused, Verdict::Reason::UnknownRecipient,
                       "nobody here is called ben", 0};
    };
    run();
    hill_->post().deliver(letter("ben@dale.example", "Hello"));
    run();
    EXPECT_THAT(outcomes(), ElementsAre(Kind::Sent)) << "dale had it";
    ASSERT_EQ(hill_->office.accepted.size(), 1u);
    const Message& event = hill_->office.accepted[0];
    ASSERT_TRUE(event.fate);
    EXPECT_EQ(event.fate->kind, Fate::Kind::Failed);
    EXPECT_EQ(event.fate->wire_id, "<mi3k9x1a.000000000001@hill.example>");
    EXPECT_EQ(event.fate->recipient, mailto("ben", "dale.example"));
    EXPECT_EQ(event.fate->code, "5.1.1");
    EXPECT_EQ(event.peer, "trunk:dale");
    EXPECT_EQ(event.to, std::vector<Address>{mailto("bounce+", "hill.example")});
}

TEST_F(TwoPosts, WhatIsPutOffIsNotHeldYet) {
    dale_->office.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Later, Verdict::Reason::StorageFull, "no room", 0};
    };
    run();
    hill_->post().deliver(letter("ben@dale.example", "Hello"));
    run(std::chrono::minutes(5));
    EXPECT_THAT(outcomes(), IsEmpty());
    EXPECT_GT(dale_->office.accepted.size(), 1u) << "the office is asked again";
    dale_->office.verdict = nullptr;
    run(std::chrono::minutes(5));
    EXPECT_THAT(outcomes(), ElementsAre(Kind::Sent));
}

TEST_F(TwoPosts, AFullDiskIsAskedNowAndThen) {
    run();
    hill_->post().deliver(letter("ben@dale.example", "Hello"));
    dale_->office.disk().full = true;
    dale_->office.disk().asked = 0;
    run(std::chrono::minutes(10));
    EXPECT_THAT(outcomes(), IsEmpty());
    EXPECT_GT(dale_->office.disk().asked, 10);
    EXPECT_LT(dale_->office.disk().asked, 400) << "two each 5 seconds, and what came meanwhile";
    dale_->office.disk().full = false;
    run();
    EXPECT_THAT(outcomes(), ElementsAre(Kind::Sent));
    EXPECT_THAT(dale_->office.accepted, SizeIs(1));
}

TEST_F(TwoPosts, AReceiptComesBackAsAnEvent) {
    run();
    Delivery receipt;
    receipt.attempt = {1, 1};
    receipt.to = mailto("bounce+", "hill.example");
    receipt.message_id = "<mi3k9x1a.000000000009@dale.example>";
    receipt.report = waypost::Report{};
    receipt.report->action = waypost::Report::Action::Delivered;
    receipt.report->status = "2.0.0";
    receipt.report->original_id = "<mi3k9x1a.000000000001@hill.example>";
    receipt.report->recipient = mailto("ben", "dale.example");
    dale_->post().deliver(receipt);
    run();
    ASSERT_EQ(hill_->office.accepted.size(), 1u);
    const Message& event = hill_->office.accepted[0];
    ASSERT_TRUE(event.fate);
    EXPECT_EQ(event.fate->kind, Fate::Kind::Delivered);
    EXPECT_EQ(event.fate->wire_id, "<mi3k9x1a.000000000001@hill.example>");
}

TEST_F(TwoPosts, OfALargeMailTheTextGoesAndItIsSaid) {
    run();
    Delivery mail = letter("ben@dale.example", "The pictures of the bridge.");
    mail.body.bytes = "From: ana@hill.example\r\n\r\n" + std::string(90'000, 'x');
    mail.body.size = mail.body.bytes.size();
    mail.body_network = "email";
    hill_->post().deliver(mail);
    run();
    ASSERT_EQ(dale_->office.accepted.size(), 1u);
    EXPECT_EQ(dale_->office.accepted[0].text,
              "The pictures of the bridge.\n[88 KB: attachments did not fit the radio link]");
}

TEST_F(TwoPosts, WhatIsTooLongForTheLinkFails) {
    run();
    hill_->post().deliver(letter("ben@dale.example", std::string(60'000, 'x')));
    run();
    ASSERT_THAT(outcomes(), ElementsAre(Kind::Failed));
    EXPECT_EQ(hill_->office.reports[0].second.code, "5.3.4");
}

TEST_F(TwoPosts, WhateverTheSizeOfWhatARestartLeavesItEnds) {
    run();
    hill_->close();
    Parcels parcels(hill_->office.disk());
    parcels.add(1 << 16 | 1, {{1, 1}, Priority::Mail, {}, std::string(40'000, 'x')});
    parcels.add(2 << 16 | 1, {{2, 1}, Priority::Mail, {}, std::string(90'000, 'x')});
    hill_->open(now_);
    run();
    EXPECT_THAT(outcomes(), UnorderedElementsAre(Kind::Failed, Kind::Sent));
    EXPECT_EQ(hill_->post().waiting(), 0u);
}

TEST_F(TwoPosts, AnObjectThatCannotBeReadIsPutAside) {
    dale_->unpack = [](std::string_view, std::size_t) -> Result<std::string> {
        return Error{Code::Conflict, "packed by a model that is not here", false};
    };
    dale_->open(now_);
    run();
    hill_->post().deliver(letter("ben@dale.example", "Hello", 1));
    run();
    EXPECT_THAT(dale_->office.accepted, IsEmpty());
    EXPECT_EQ(dale_->post().put_aside(), 1u);
    EXPECT_THAT(dale_->office.kept(), Contains(Pair(StartsWith("aside/"), HasSubstr("Hello"))));
}

TEST_F(TwoPosts, AGoneRadioGivesBackWhatWasBegunToo) {
    run();
    dale_->close();
    hill_->post().deliver(letter("ben@dale.example", "Not taken yet"));
    hill_->post().give_back();
    EXPECT_THAT(outcomes(), ElementsAre(Kind::Retry));
    hill_->post().deliver(letter("ben@dale.example", "Too late"));
    EXPECT_THAT(outcomes(), ElementsAre(Kind::Retry, Kind::Retry));
}

TEST_F(TwoPosts, AGoneRadioKeepsItsOwnWords) {
    run();
    dale_->office.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Refused, Verdict::Reason::UnknownRecipient,
                       "nobody here is called ben", 0};
    };
    hill_->post().deliver(letter("ben@dale.example", "Hello"));
    run(milliseconds(1500));  // it came, and hill does not know yet
    for (int i = 0; i < 200 && dale_->post().waiting() == 0; ++i) run(milliseconds(100));
    ASSERT_EQ(dale_->post().waiting(), 1u);
    dale_->post().give_back();
    dale_->open(now_);
    run();
    ASSERT_THAT(hill_->office.accepted, SizeIs(1));
    EXPECT_TRUE(hill_->office.accepted[0].fate);
}

TEST_F(TwoPosts, TwoUnreadableObjectsOfABundleAreBothPutAside) {
    dale_->unpack = [](std::string_view, std::size_t) -> Result<std::string> {
        return Error{Code::Conflict, "packed by a model that is not here", false};
    };
    dale_->open(now_);
    run();
    hill_->post().deliver(letter("ben@dale.example", "First", 1));
    hill_->post().deliver(letter("ben@dale.example", "Second", 2));
    run();
    EXPECT_THAT(outcomes(), ElementsAre(Kind::Sent, Kind::Sent));
    EXPECT_THAT(dale_->office.kept(), Contains(Pair(StartsWith("aside/"), HasSubstr("First"))));
    EXPECT_THAT(dale_->office.kept(), Contains(Pair(StartsWith("aside/"), HasSubstr("Second"))));
}

TEST_F(TwoPosts, WhatCannotBePutAsideStaysWithItsSender) {
    for (int i = 0; i < 50; ++i)
        dale_->office.kept()["aside/" + std::to_string(i) + "/9"] = "of other times";
    const post::Unpack good = dale_->unpack;
    dale_->unpack = [](std::string_view, std::size_t) -> Result<std::string> {
        return Error{Code::Conflict, "packed by a model that is not here", false};
    };
    dale_->open(now_);
    run();
    hill_->post().deliver(letter("ben@dale.example", "Hello", 1));
    run();
    EXPECT_THAT(outcomes(), IsEmpty());
    EXPECT_EQ(dale_->post().put_aside(), 50u);
    dale_->unpack = good;  // the model is there
    dale_->open(now_);
    run();
    EXPECT_THAT(outcomes(), ElementsAre(Kind::Sent));
    EXPECT_THAT(dale_->office.accepted, SizeIs(1));
}

TEST_F(TwoPosts, OfALetterThatMakesNoSenseItsSenderIsTold) {
    run();
    Delivery spoiled = letter("ben@dale.example", "Hello");
    spoiled.references = {"<not an id@hill.example>"};
    hill_->post().deliver(spoiled);
    run();
    EXPECT_THAT(dale_->office.accepted, IsEmpty());
    EXPECT_EQ(dale_->post().put_aside(), 0u);
    ASSERT_THAT(hill_->office.accepted, SizeIs(1));
    ASSERT_TRUE(hill_->office.accepted[0].fate);
    EXPECT_EQ(hill_->office.accepted[0].fate->kind, Fate::Kind::Failed);
    EXPECT_EQ(hill_->office.accepted[0].fate->code, "5.6.0");
    EXPECT_EQ(hill_->office.accepted[0].fate->wire_id, spoiled.message_id);
}

TEST_F(TwoPosts, NamesOfAnUnreadableObjectAreSaidAgain) {
    dale_->unpack = [](std::string_view packed, std::size_t) -> Result<std::string> {
        if (packed.find("First") == std::string_view::npos) return std::string(packed);
        return Error{Code::Conflict, "packed by a model that is not here", false};
    };
    dale_->open(now_);
    run();
    hill_->post().deliver(letter("ben@dale.example", "First", 1));
    run();
    hill_->post().deliver(letter("ben@dale.example", "Second", 2));
    run();
    EXPECT_THAT(outcomes(), ElementsAre(Kind::Sent, Kind::Sent));
    EXPECT_EQ(dale_->post().put_aside(), 1u);
    ASSERT_THAT(dale_->office.accepted, SizeIs(1));
    EXPECT_EQ(dale_->office.accepted[0].text, "Second");
}

TEST_F(TwoPosts, WhereATableOfNamesIsGoneTheyAreSaidAgain) {
    run();
    hill_->post().deliver(letter("ben@dale.example", "First", 1));
    run();
    dale_->close();
    std::erase_if(dale_->office.kept(),
                  [](const auto& row) { return row.first.starts_with("name/"); });
    dale_->open(now_);
    run();
    hill_->post().deliver(letter("ben@dale.example", "Second", 2));
    run();
    EXPECT_EQ(dale_->post().put_aside(), 0u);
    ASSERT_THAT(dale_->office.accepted, SizeIs(2));
    EXPECT_EQ(dale_->office.accepted[1].text, "Second");
}

TEST_F(TwoPosts, AnotherPairingBeginsWithNothing) {
    run();
    hill_->post().deliver(letter("ben@dale.example", "First", 1));
    run();
    dale_->close();
    hill_->post().deliver(letter("ben@dale.example", "Second", 2));
    run();
    hill_->psk = dale_->psk = 'n';
    hill_->open(now_);
    dale_->open(now_);
    run();
    EXPECT_THAT(outcomes(), ElementsAre(Kind::Sent, Kind::Retry));
    EXPECT_EQ(hill_->post().waiting(), 0u);
    hill_->post().deliver(letter("ben@dale.example", "Second", 2));
    run();
    EXPECT_THAT(outcomes(), ElementsAre(Kind::Sent, Kind::Retry, Kind::Sent));
    EXPECT_THAT(dale_->office.accepted, SizeIs(2));
}

TEST(LinkNames, AnotherNameUnderANumberIsKept) {
    MemoryState state;
    const auto random = seeded_random(1);
    LinkNames names(state, *random);
    names.heard({{1, "ana@hill.example"}});
    names.heard({{1, "eva@hill.example"}});
    EXPECT_EQ(LinkNames(state, *random).name_of()(1), "eva@hill.example");
}

TEST_F(TwoPosts, AGoneRadioGivesBackWhatWaits) {
    run();
    dale_->close();
    hill_->post().deliver(letter("ben@dale.example", "Hello"));
    run();
    hill_->post().give_back();
    EXPECT_THAT(outcomes(), ElementsAre(Kind::Retry));
    EXPECT_EQ(hill_->post().waiting(), 0u);
}

// Power fails at either side at any time; what was handed over arrives, each once but where the
// office could not say in time that it had it, which knows a repeat by its number.
class PowerCuts : public TwoPosts, public ::testing::WithParamInterface<int> {};

TEST_P(PowerCuts, LoseNothing) {
    ChannelOptions weather;
    weather.loss = 0.2;
    weather.seed = static_cast<std::uint64_t>(GetParam());
    open(weather);
    const auto random = seeded_random(static_cast<std::uint64_t>(GetParam()) + 100);
    run(std::chrono::hours(10));  // they meet
    std::map<DeliveryId, Delivery> open_ones;
    for (int i = 1; i <= 12; ++i) {
        Delivery each =
            letter("p" + std::to_string(i % 3) + "@dale.example",
                   "Letter " + std::to_string(i) + std::string(random->below(400), '.'), i);
        open_ones[each.attempt.delivery] = each;
        hill_->post().deliver(each);
        run(milliseconds(static_cast<std::int64_t>(random->below(4000))));
        PostBox& box = random->below(2) == 0 ? *hill_ : *dale_;
        box.close();
        run(milliseconds(static_cast<std::int64_t>(random->below(3000))));
        box.open(now_);
        if (&box != hill_.get()) continue;
        // As the office does: attempts without an outcome come again with their wire id.
        for (const auto& [attempt, outcome] : hill_->office.reports)
            open_ones.erase(attempt.delivery);
        for (auto& [id, delivery] : open_ones) {
            delivery.wire_id = delivery.message_id;
            hill_->post().deliver(delivery);
        }
    }
    run(std::chrono::hours(10));
    std::map<std::string, int> texts;
    for (const Message& each : dale_->office.accepted) ++texts[each.origin_id];
    EXPECT_EQ(texts.size(), 12u);
    std::map<DeliveryId, int> sent;
    for (const auto& [attempt, outcome] : hill_->office.reports) {
        EXPECT_EQ(outcome.kind, Kind::Sent);
        ++sent[attempt.delivery];
    }
    EXPECT_EQ(sent.size(), 12u);
    EXPECT_EQ(hill_->post().waiting(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, PowerCuts, ::testing::Range(1, 21));

}  // namespace
}  // namespace waypost::trunk
