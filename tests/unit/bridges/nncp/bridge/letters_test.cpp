// SPDX-License-Identifier: Apache-2.0
// Between two Waypost boxes: letters in batches, and what became of them back.
#include "bridges/post/post.h"
#include "two_boxes.h"

namespace waypost::nncp {
namespace {

class Letters : public TwoBoxes {
  protected:
    Letters() { compact(); }
};

TEST_F(Letters, GoInOnePacketAndArriveWhole) {
    Delivery reply = letter(hill_, "ben@dale.example", "Hello", 2);
    reply.subject = "Ford";
    reply.references = {"<9.9@dale.example>"};
    hill_.sender->carry({letter(hill_, "ben@dale.example", "Is the ford open?"),
                         letter(hill_, "cleo@dale.example", "Is the ford open?"), reply});
    ASSERT_EQ(hill_.office.reports.size(), 3u);
    for (const auto& [attempt, outcome] : hill_.office.reports) {
        EXPECT_EQ(outcome.kind, Outcome::Kind::Sent);
        EXPECT_TRUE(outcome.wish_taken);
        EXPECT_EQ(outcome.detail, "waits for the next call or courier to relay");
    }
    EXPECT_EQ(hill_.office.begun.size(), 3u);
    EXPECT_EQ(carry(hill_, dale_), 1u) << "one batch";
    dale_.round();
    const auto& came = dale_.office.accepted;
    ASSERT_EQ(came.size(), 3u);
    EXPECT_EQ(came[0].text, "Is the ford open?");
    EXPECT_EQ(came[0].to, std::vector<Address>{mailto("ben", "dale.example")});
    EXPECT_EQ(came[1].to, std::vector<Address>{mailto("cleo", "dale.example")});
    EXPECT_EQ(came[1].return_path, mailto("bounce+3", "hill.example"));
    EXPECT_EQ(came[0].origin_id, "<1.1@hill.example>");
    EXPECT_EQ(came[0].from, mailto("ana", "hill.example"));
    EXPECT_EQ(came[0].peer, "nncp:village") << "proven by its key";
    EXPECT_EQ(came[0].written, 1'795'000'000);
    EXPECT_TRUE(came[0].wishes.at(0).delivered);
    EXPECT_EQ(came[2].subject, "Ford");
    EXPECT_EQ(came[2].references, std::vector<std::string>{"<9.9@dale.example>"});
    EXPECT_EQ(dale_.house->nodes().at("village").came, 0u);
}

TEST_F(Letters, AreWrittenWithinWhatIsRead) {
    Delivery wide = letter(hill_, "ben@dale.example", "Hello", 2);
    wide.subject = wide.from_name = std::string(3000, 's');
    wide.references.assign(70, "<9.9@dale.example>");
    Delivery large = letter(hill_, "ben@dale.example", std::string(1'200'000, 'x'), 3);
    hill_.sender->carry({letter(hill_, "ben@dale.example", "Hello"), wide, large});
    EXPECT_EQ(carry(hill_, dale_), 2u) << "the large one as a mail";
    dale_.round();
    EXPECT_EQ(put_aside(dale_, hill_), 0u);
    EXPECT_EQ(dale_.office.accepted.size(), 3u);
}

TEST_F(Letters, ASpoiledOneIsToldAndTheOthersTaken) {
    post::Batch batch;
    batch.origin = "hill.example";
    for (const char* id : {"<1@hill.example>", "<2@hill.example>"}) {
        post::Letter each;
        each.id = id;
        each.from = mailto("ana", "hill.example");
        each.text = "Hello";
        post::Copy copy;
        copy.to = mailto("ben", "dale.example");
        copy.return_path = mailto("bounce+1", "hill.example");
        each.copies = {copy};
        batch.letters.push_back(each);
    }
    batch.letters[0].subject = std::string(3000, 's');
    exec(hill_, dale_, {kPostHandle}, encode(batch));
    carry(hill_, dale_);
    dale_.round();
    ASSERT_EQ(dale_.office.accepted.size(), 1u);
    EXPECT_EQ(dale_.office.accepted[0].origin_id, "<2@hill.example>");
    EXPECT_EQ(carry(dale_, hill_), 1u);
    hill_.round();
    ASSERT_EQ(hill_.office.accepted.size(), 1u);
    ASSERT_TRUE(hill_.office.accepted[0].fate);
    EXPECT_EQ(hill_.office.accepted[0].fate->wire_id, "<1@hill.example>");
    EXPECT_EQ(hill_.office.accepted[0].fate->code, "5.6.0");
}

TEST_F(Letters, WhatBecameOfThemComesBackAsAnEvent) {
    Delivery report = letter(dale_, "bounce+7@hill.example", "It arrived.");
    report.return_path = {};
    report.automatic = true;
    report.report.emplace();
    report.report->action = Report::Action::Delivered;
    report.report->recipient = mailto("ben", "dale.example");
    report.report->status = "2.0.0";
    report.report->original_id = "<1.1@hill.example>";
    dale_.sender->carry({report});
    carry(dale_, hill_);
    hill_.round();
    ASSERT_EQ(hill_.office.accepted.size(), 1u);
    const Message& event = hill_.office.accepted[0];
    ASSERT_TRUE(event.fate);
    EXPECT_EQ(event.fate->kind, waypost::Fate::Kind::Delivered);
    EXPECT_EQ(event.fate->wire_id, "<1.1@hill.example>");
    EXPECT_EQ(event.fate->recipient, mailto("ben", "dale.example"));
    EXPECT_EQ(event.to, std::vector<Address>{mailto("bounce+7", "hill.example")});
    EXPECT_EQ(event.from.domain(), "dale.example");
}

TEST_F(Letters, ARefusedRecipientIsAnEventToo) {
    dale_.office.verdict = [](const Address& to) {
        return to.local_part() == "nobody"
                   ? Verdict{Verdict::Kind::Refused, Verdict::Reason::UnknownRecipient,
                             "nobody here is called nobody", 0}
                   : Verdict{};
    };
    hill_.sender->carry({letter(hill_, "nobody@dale.example", "Hello"),
                         letter(hill_, "ben@dale.example", "Hello")});
    carry(hill_, dale_);
    dale_.round();
    EXPECT_EQ(dale_.house->messages(), 1u);
    ASSERT_EQ(carry(dale_, hill_), 1u);
    hill_.round();
    ASSERT_EQ(hill_.office.accepted.size(), 1u);
    const Message& event = hill_.office.accepted[0];
    ASSERT_TRUE(event.fate);
    EXPECT_EQ(event.fate->kind, waypost::Fate::Kind::Failed);
    EXPECT_EQ(event.fate->code, "5.1.1");
    EXPECT_EQ(event.to[0], mailto("bounce+1", "hill.example"));
}

TEST_F(Letters, OneThatIsPutOffKeepsNoOthers) {
    const auto busy = [](const Address& to) {
        return to.local_part() == "slow"
                   ? Verdict{Verdict::Kind::Later, Verdict::Reason::QuotaFull, "tomorrow", 0}
                   : Verdict{};
    };
    dale_.office.verdict = busy;
    hill_.sender->carry({letter(hill_, "slow@dale.example", "Hello")});
    hill_.sender->carry({letter(hill_, "ben@dale.example", "Hello", 2)});
    EXPECT_EQ(carry(hill_, dale_), 2u);
    dale_.round();
    EXPECT_EQ(dale_.house->messages(), 1u);
    EXPECT_EQ(dale_.house->nodes().at("village").came, 1u) << "it waits";
    dale_.office.verdict = nullptr;
    dale_.office.time().advance(std::chrono::minutes(1));
    dale_.round();
    EXPECT_EQ(dale_.house->messages(), 2u);
    EXPECT_EQ(dale_.house->nodes().at("village").came, 0u);
}

TEST_F(Letters, OfAnUnknownVersionArePutAsideAndTheirPostMasterTold) {
    std::string batch = encode(post::Batch{"hill.example", {}, {}});
    batch[3] = 9;
    exec(hill_, dale_, {kPostHandle}, batch);
    carry(hill_, dale_);
    dale_.round();
    EXPECT_TRUE(dale_.office.accepted.empty());
    EXPECT_EQ(put_aside(dale_, hill_), 1u);
    ASSERT_EQ(carry(dale_, hill_), 1u);
    hill_.round();
    ASSERT_EQ(hill_.office.accepted.size(), 1u);
    EXPECT_EQ(hill_.office.accepted[0].to[0], mailto("postmaster", "hill.example"));
    EXPECT_NE(hill_.office.accepted[0].text.find("version 9"), std::string::npos);
}

TEST_F(Letters, AreTakenOfWaypostBoxesOnly) {
    dale_.options.compact.clear();
    dale_.open();
    hill_.sender->carry({letter(hill_, "ben@dale.example", "Hello")});
    carry(hill_, dale_);
    dale_.round();
    EXPECT_TRUE(dale_.office.accepted.empty());
    EXPECT_EQ(put_aside(dale_, hill_), 1u);
}

TEST_F(Letters, APostOfAGroupStaysTheMailThatItIs) {
    Delivery post = letter(hill_, "ben@dale.example", "Market on Friday");
    post.list = ListPost{mailto("news", "hill.example"), "News", {}, false};
    hill_.sender->carry({post});
    carry(hill_, dale_);
    dale_.round();
    ASSERT_EQ(dale_.office.accepted.size(), 1u);
    ASSERT_TRUE(dale_.office.accepted[0].lists);
    EXPECT_FALSE(dale_.office.accepted[0].program);
    EXPECT_GT(dale_.office.accepted[0].body.size, 0u);
}

TEST_F(Letters, AnOptionIsNoRecipient) {
    hill_.sender->carry({letter(hill_, "mailto:-oQ/tmp@dale.example", "Hello")});
    ASSERT_EQ(hill_.office.reports.size(), 1u);
    EXPECT_EQ(hill_.office.reports[0].second.kind, Outcome::Kind::Failed);
    EXPECT_EQ(carry(hill_, dale_), 0u);
}

}  // namespace
}  // namespace waypost::nncp
