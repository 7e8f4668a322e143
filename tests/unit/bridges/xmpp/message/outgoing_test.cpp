// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/outgoing.h"

#include "bridges/xmpp/message/wire_id.h"
#include "tests/unit/bridges/xmpp/message/outgoing_fixture.h"

namespace waypost::xmpp {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST_F(OutgoingTest, ALetterIsSentWhenTheServerAnswersBehindIt) {
    outgoing.deliver(letter(1, "hello"));
    ASSERT_EQ(line.written.size(), 1u);
    const Element& one = line.written[0];
    EXPECT_EQ(one.get("from"), "ana@gw.example");
    EXPECT_EQ(one.get("to"), "ben@hill.example");
    EXPECT_EQ(one.get("type"), "chat");
    EXPECT_EQ(one.get("id"), office.begun.at(0));
    EXPECT_EQ(one.find("origin-id", "urn:xmpp:sid:0")->get("id"), office.begun.at(0));
    EXPECT_TRUE(one.find("request", "urn:xmpp:receipts"));
    EXPECT_TRUE(one.find("markable", "urn:xmpp:chat-markers:0"));
    EXPECT_FALSE(one.find("store", "urn:xmpp:hints")) << "what has a text is kept anyhow";
    EXPECT_FALSE(one.find("delay", "urn:xmpp:delay"));
    EXPECT_EQ(one.child_text("nick", "http://jabber.org/protocol/nick"), "Ana Mwangi");
    EXPECT_EQ(reports(), "");
    line.answer();
    EXPECT_EQ(reports(), "1 sent");
    // He knows her by now.
    outgoing.deliver(letter(2, "again"));
    EXPECT_FALSE(line.written[1].find("nick", "http://jabber.org/protocol/nick"));
}

TEST_F(OutgoingTest, OneBarrierStandsForManyAndOneIsOnItsWay) {
    for (int i = 1; i <= 5; ++i) outgoing.deliver(letter(i, "x"));
    ASSERT_EQ(line.barriers.size(), 1u);  // behind the first
    line.answer(1);
    EXPECT_EQ(reports(), "1 sent");
    ASSERT_EQ(line.barriers.size(), 1u);  // behind the other four
    line.answer();
    EXPECT_EQ(reports(), "2 sent, 3 sent, 4 sent, 5 sent");
    EXPECT_TRUE(line.barriers.empty());
}

TEST_F(OutgoingTest, NothingIsWrittenBeforeItIsOnRecord) {
    std::vector<std::function<void(bool)>> asked;
    office.on_begin = [&](auto answer) { asked.push_back(std::move(answer)); };
    for (int i = 1; i <= 3; ++i) outgoing.deliver(letter(i, std::to_string(i)));
    EXPECT_TRUE(line.written.empty());
    asked.at(1)(true);
    EXPECT_TRUE(line.written.empty());  // the first is still to come
    asked.at(0)(false);                 // called off: no report
    EXPECT_EQ(bodies(line.take()), std::vector<std::string>{"2"});
    asked.at(2)(true);
    line.answer();
    line.answer();
    EXPECT_EQ(reports(), "2 sent, 3 sent");
}

TEST_F(OutgoingTest, AfterACutTheOldGoesFirstUnderItsOldId) {
    outgoing.deliver(letter(1, "1"));
    line.answer();
    for (int i = 2; i <= 4; ++i) outgoing.deliver(letter(i, std::to_string(i)));
    const auto before = line.take();
    cut();
    // While there is no stream nothing is put on record either.
    outgoing.deliver(letter(5, "5"));
    EXPECT_EQ(office.begun.size(), 4u);
    connect();
    const auto after = line.take();
    EXPECT_EQ(bodies(after), (std::vector<std::string>{"2", "3", "4", "5"}));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(after[i].get("id"), before[i + 1].get("id"));
    line.answer();
    line.answer();
    EXPECT_EQ(reports(), "1 sent, 2 sent, 3 sent, 4 sent, 5 sent");
    EXPECT_EQ(outgoing.counters().repeats, 3u);
    EXPECT_EQ(outgoing.counters().waiting, 0u);
}

// A line that swallows all behind the hundredth letter, and the answers with it.
TEST_F(OutgoingTest, AStreamBeginsWithAsFewAsItMayLose) {
    for (int i = 1; i <= 200; ++i) outgoing.deliver(letter(i, std::to_string(i)));
    EXPECT_EQ(line.written.size(), 32u);
    cut();
    line.take();
    connect();
    EXPECT_EQ(line.take().size(), 32u);
    line.answer();
    EXPECT_EQ(line.take().size(), 64u);
    line.answer();
    EXPECT_EQ(line.take().size(), 104u);
    cut();
    EXPECT_EQ(outgoing.counters().sent, 96u);
    connect();
    EXPECT_EQ(line.take().size(), 32u);
}

// As in the acceptance of the bridge: nothing lost, order kept, and what comes twice has its id.
TEST_F(OutgoingTest, TenThousandWithAStreamThatIsCutEveryHundred) {
    constexpr int kAll = 10'000, kWindow = 200;
    std::vector<std::string> seen;  // by the server, once each
    std::map<std::string, int> times;
    int next = 1, reported = 0, writes = 0;
    const auto serve = [&] {
        const std::vector<Element> all = line.written;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (++writes % 100 == 0) {  // it and what is behind it never arrive
                line.answer(i);
                cut();
                line.take();
                connect();
                return;
            }
            const std::string id(all[i].get("id"));
            if (++times[id] == 1) seen.emplace_back(all[i].child_text("body"));
        }
        line.answer(all.size());
        line.written.erase(line.written.begin(),
                           line.written.begin() + static_cast<std::ptrdiff_t>(all.size()));
        for (auto& each : line.barriers) each.behind -= all.size();
    };
    for (int round = 0; reported < kAll; ++round) {
        ASSERT_LT(round, kAll);
        while (next <= kAll && next - reported <= kWindow) {
            outgoing.deliver(letter(next, std::to_string(next)));
            ++next;
        }
        serve();
        for (const auto& [attempt, outcome] : std::exchange(office.reports, {})) {
            ASSERT_EQ(outcome.kind, Outcome::Kind::Sent);
            ASSERT_EQ(attempt.delivery, ++reported);
        }
    }
    ASSERT_EQ(seen.size(), static_cast<std::size_t>(kAll));
    for (int i = 0; i < kAll; ++i)
        ASSERT_EQ(seen[static_cast<std::size_t>(i)], std::to_string(i + 1));
    std::uint64_t twice = 0;
    for (const auto& [id, count] : times) twice += static_cast<std::uint64_t>(count - 1);
    EXPECT_GE(outgoing.counters().repeats, twice);
    EXPECT_GT(twice, 0u);
}

TEST_F(OutgoingTest, AFullLineGoesOnWhereItStopped) {
    line.room = 2;
    for (int i = 1; i <= 4; ++i) outgoing.deliver(letter(i, std::to_string(i)));
    EXPECT_EQ(bodies(line.take()), (std::vector<std::string>{"1", "2"}));
    line.room = 10;
    outgoing.room();
    EXPECT_EQ(bodies(line.take()), (std::vector<std::string>{"3", "4"}));
}

TEST_F(OutgoingTest, OfALetterThatIsHalfWrittenOnlyTheRestGoes) {
    line.room = 1;
    outgoing.deliver(letter(1, std::string(100'000, 'x')));
    const auto first = line.take();
    ASSERT_EQ(first.size(), 1u);
    const std::string id(first[0].get("id"));
    line.room = 100;
    outgoing.room();
    const auto rest = line.take();
    ASSERT_FALSE(rest.empty());
    EXPECT_EQ(rest[0].get("id"), id + "-2") << "the first page went already";
    EXPECT_EQ(outgoing.counters().repeats, 0u);
    // A stream that dies in between takes all of it again, and that counts.
    line.room = 1;
    outgoing.deliver(letter(2, std::string(100'000, 'y')));
    const std::string second(line.take().at(0).get("id"));
    cut();
    line.room = 100;
    connect();
    std::vector<std::string> ids;
    for (const Element& one : line.take()) ids.emplace_back(one.get("id"));
    EXPECT_THAT(ids, testing::IsSupersetOf({id, id + "-2", second, second + "-2"}));
    EXPECT_EQ(outgoing.counters().repeats, 2u);
}

TEST_F(OutgoingTest, WhatMayHaveLeftBeforeARestartKeepsItsId) {
    Delivery again = letter(1, "x");
    again.wire_id =
        new_wire_id(*parse_jid("ben@hill.example"), office.clock().wall(), office.random());
    outgoing.deliver(again);
    EXPECT_EQ(line.take().at(0).get("id"), *again.wire_id);
    EXPECT_EQ(outgoing.counters().repeats, 1u);
    // It went to another of his addresses: nobody there can have seen it.
    again.to = {"xmpp", "ben@x.org"};
    outgoing.deliver(again);
    EXPECT_NE(line.take().at(0).get("id"), *again.wire_id);
}

TEST_F(OutgoingTest, AReceiptCountsOnlyFromWhomItWentTo) {
    outgoing.deliver(letter(1, "x"));
    const std::string id = office.begun.at(0);
    line.answer();
    reports();
    outgoing.received(*parse_jid("eve@hill.example/x"), {id});
    outgoing.displayed(*parse_jid("ben@other.example"), {id});
    EXPECT_TRUE(office.proofs.empty());
    EXPECT_EQ(outgoing.counters().strange, 2u);
    outgoing.received(*parse_jid("ben@hill.example/phone"), {id});
    outgoing.displayed(*parse_jid("ben@hill.example/phone"), {id});
    ASSERT_EQ(office.proofs.size(), 2u);
    EXPECT_EQ(office.proofs[0].first, id);
    EXPECT_EQ(office.proofs[0].second.kind, Proof::Kind::Delivered);
    EXPECT_EQ(office.proofs[1].second.kind, Proof::Kind::Read);
}

TEST_F(OutgoingTest, AReceiptThatIsFasterThanTheServerSaysMore) {
    outgoing.deliver(letter(1, "x"));
    outgoing.displayed(*parse_jid("ben@hill.example/phone"), {office.begun.at(0)});
    EXPECT_EQ(reports(), "1 delivered");
    ASSERT_EQ(office.proofs.size(), 1u);
    EXPECT_EQ(office.proofs[0].second.kind, Proof::Kind::Read);
    line.answer();
    EXPECT_EQ(reports(), "");
}

TEST_F(OutgoingTest, AnErrorBeforeTheAnswerIsTheOutcome) {
    outgoing.deliver(letter(1, "x"));
    outgoing.deliver(letter(2, "y"));
    const Jid ben = *parse_jid("ben@hill.example");
    EXPECT_FALSE(outgoing.error(*parse_jid("eve@hill.example"), office.begun[0],
                                {"cancel", "service-unavailable", ""}));
    EXPECT_TRUE(outgoing.error(ben, office.begun[0], {"cancel", "service-unavailable", "no such"}));
    EXPECT_TRUE(outgoing.error(ben, office.begun[1], {"wait", "resource-constraint", "full"}));
    line.answer();
    line.answer();
    ASSERT_EQ(office.reports.size(), 2u);
    EXPECT_EQ(office.reports[0].second.code, "service-unavailable");
    EXPECT_EQ(office.reports[0].second.detail, "no such");
    EXPECT_EQ(reports(), "1 failed, 2 retry");
}

TEST_F(OutgoingTest, AnErrorAfterwardsIsAProof) {
    outgoing.deliver(letter(1, "x"));
    line.answer();
    reports();
    outgoing.error(*parse_jid("ben@hill.example"), office.begun[0],
                   {"cancel", "service-unavailable", "gone"});
    ASSERT_EQ(office.proofs.size(), 1u);
    EXPECT_EQ(office.proofs[0].second.kind, Proof::Kind::Bounced);
    EXPECT_EQ(office.proofs[0].second.code, "service-unavailable");
    EXPECT_EQ(office.proofs[0].second.detail, "gone");
}

TEST_F(OutgoingTest, ForAServerElsewhereItsOwnAnswerCounts) {
    outgoing.deliver(letter(1, "x", "bob@x.org"));
    outgoing.deliver(letter(2, "y", "bob@x.org"));
    auto written = line.take();
    ASSERT_EQ(written.size(), 3u);  // the letter, a ping behind it, the other letter
    const Element ping = written[1];
    EXPECT_EQ(ping.get("to"), "x.org");
    EXPECT_EQ(ping.get("from"), "gw.example");
    line.answer();
    line.answer();
    EXPECT_EQ(reports(), "");
    const auto answer = [](const Element& to, const std::string& from) {
        return stanza("<iq type='result' from='" + from + "' to='gw.example' id='" +
                      std::string(to.get("id")) + "'/>");
    };
    EXPECT_FALSE(outgoing.answer(answer(ping, "evil.example")));
    EXPECT_TRUE(outgoing.answer(answer(ping, "x.org")));
    EXPECT_EQ(reports(), "1 sent");
    written = line.take();
    ASSERT_EQ(written.size(), 1u);
    EXPECT_TRUE(outgoing.answer(answer(written[0], "x.org")));
    EXPECT_EQ(reports(), "2 sent");
}

// No link is up: the letters stay in custody, and the domain is left alone.
TEST_F(OutgoingTest, WhereAServerIsNotReachedLettersWait) {
    outgoing.deliver(letter(1, "x", "bob@x.org"));
    outgoing.deliver(letter(2, "x", "eve@x.org"));
    line.answer();
    outgoing.error(*parse_jid("bob@x.org"), office.begun[0],
                   {"cancel", "remote-server-not-found", ""});
    ASSERT_EQ(office.reports.size(), 1u);
    EXPECT_EQ(office.reports[0].second.retry_after, seconds(60));
    EXPECT_EQ(reports(), "1 retry");
    outgoing.deliver(letter(3, "x", "bob@x.org"));
    EXPECT_EQ(reports(), "3 not tried");
    outgoing.deliver(letter(4, "x", "bob@y.org"));
    EXPECT_EQ(reports(), "");  // another domain is another matter
    pass(minutes(2));
    outgoing.deliver(letter(5, "x", "bob@x.org"));
    EXPECT_EQ(reports(), "");
}

TEST_F(OutgoingTest, AServerThatNeverAnswersDoesNotHoldLettersForEver) {
    outgoing.deliver(letter(1, "x", "bob@x.org"));
    line.answer();
    outgoing.tick();
    EXPECT_EQ(reports(), "");
    pass(seconds(91));
    outgoing.tick();
    ASSERT_EQ(office.reports.size(), 1u);
    EXPECT_EQ(office.reports[0].second.detail, "his server has not answered");
    EXPECT_EQ(reports(), "1 sent");
}

TEST_F(OutgoingTest, ACutForgetsWhatWasAskedFar) {
    outgoing.deliver(letter(1, "x", "bob@x.org"));
    line.answer();
    line.take();
    cut();
    connect();
    const auto written = line.take();
    ASSERT_EQ(written.size(), 1u);  // our server has the letter: only the ping again
    EXPECT_EQ(written[0].name(), "iq");
    EXPECT_EQ(outgoing.counters().repeats, 0u);
}

TEST_F(OutgoingTest, WhatIsInHandAtTheEndIsGivenBack) {
    outgoing.deliver(letter(1, "x"));
    outgoing.deliver(letter(2, "x", "bob@x.org"));
    line.answer();
    line.answer();
    reports();
    outgoing.deliver(letter(3, "x"));
    cut();
    outgoing.deliver(letter(4, "x"));
    outgoing.give_back();
    EXPECT_EQ(reports(), "2 sent, 3 unknown, 4 not tried");
    outgoing.deliver(letter(5, "x"));
    EXPECT_EQ(reports(), "5 not tried");
}

TEST_F(OutgoingTest, AddressesThatAreNoneFailAtOnce) {
    outgoing.deliver(letter(1, "x", "bob@@x.org"));
    Delivery nobody = letter(2, "x");
    nobody.from = {"acct", " "};
    outgoing.deliver(nobody);
    EXPECT_EQ(reports(), "1 failed, 2 failed");
}

}  // namespace
}  // namespace waypost::xmpp
