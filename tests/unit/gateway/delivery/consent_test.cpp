// SPDX-License-Identifier: Apache-2.0
// Mail of people outside that waits for consent: the daily line, accepting and blocking, and what
// bounds it.
#include <gmock/gmock.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "gateway/custody/held_line.h"
#include "village.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::HasSubstr;

constexpr char kTo[] = "ana@hill.example";

// It is eight in the morning, UTC.
class Consent : public Village {
  protected:
    Consent() {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
        name("ana", kAna);
    }
    ~Consent() override {
        ::unsetenv("TZ");
        ::tzset();
    }
    void write(const std::string& from, const std::string& text, bool verified = false) {
        EXPECT_TRUE(mail(from, kTo, text, '<' + std::to_string(++mails_) + "@x>", verified).kept());
    }
    // The same without a commit of its own.
    void pour(const std::string& from, int count) {
        for (int i = 0; i < count; ++i) {
            Message message = letter(from, kTo, {});
            message.return_path = message.from;
            message.text = "offer " + std::to_string(mails_) + std::string(2000, '.');
            office_->accept(message, [](const auto&) {});
            if (i % 100 == 99) settle();
        }
        settle();
    }
    void each_person(const std::function<void(store::PersonRow&)>& what) {
        change([&](store::Tables& t) {
            for (store::PersonRow row : t.people.persons()) {
                what(row);
                t.people.put_person(row);
            }
        });
    }
    std::int64_t unasked() {
        return *store_->read([](store::Tables& t) { return t.held.count_unasked("ana"); });
    }
    // How long the writer was busy with this line of hers, commit included.
    double writer_ms(const std::string& text) {
        office_->accept(spoken(kAna, text), [](const auto&) {});
        return step_ms();
    }
    // Of the processor, for what else the machine does is no fault of the writer's.
    double step_ms() {
        const double began = processor_ms();
        store_->writer().step();
        return processor_ms() - began;
    }
    static double processor_ms() {
        std::timespec time{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    }
};

TEST_F(Consent, TheNextDaysLineNamesAllThatCameSince) {
    write("eve@x.org", "buy now");
    EXPECT_EQ(screen(kAna),
              std::vector<std::string>{"Mail held from eve@x.org. @+1 takes it, @-1 blocks"});
    write("mal@y.org", "me too");
    write("eve@x.org", "buy more");
    write("zoe@z.org", "hello");
    pass(hours(2));
    EXPECT_TRUE(screen(kAna).empty()) << "one line a day";
    pass(hours(24));
    EXPECT_EQ(screen(kAna),
              std::vector<std::string>{"3 mails held: mal@y.org, eve@x.org, zoe@z.org. "
                                       "@+2 takes those of mal, @-2 blocks"});
    pass(hours(24));
    EXPECT_TRUE(screen(kAna).empty()) << "nothing else came";
    write("new@x.org", "hi");
    EXPECT_EQ(screen(kAna),
              std::vector<std::string>{"Mail held from new@x.org. @+5 takes it, @-5 blocks"});
}

TEST_F(Consent, TheLineFitsHoweverManyWrote) {
    write("eve@x.org", "one");
    screen(kAna);
    for (int i = 0; i < 60; ++i)
        write("sender-number-" + std::to_string(i) + "@a-very-long-domain-name.example.org", "hi");
    pass(hours(24));
    const auto lines = screen(kAna);
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_LE(lines[0].size(), 130u);
    EXPECT_THAT(lines[0], HasSubstr("60 mails held: sender-number-0@"));
    EXPECT_THAT(lines[0], HasSubstr(" +59. @+2 takes those of "));
}

TEST_F(Consent, InQuietHoursItWaitsForTheirEnd) {
    dm(kAna, "quiet 7-9");
    screen(kAna);
    write("eve@x.org", "one");
    write("mal@y.org", "two");
    pass(minutes(30));
    EXPECT_TRUE(screen(kAna).empty());
    pass(minutes(31));
    EXPECT_EQ(screen(kAna), std::vector<std::string>{"2 mails held: eve@x.org, mal@y.org. "
                                                     "@+1 takes those of eve, @-1 blocks"});
}

TEST_F(Consent, WhoHasPausedHearsOfItWhenHeTakesMailAgain) {
    each_person([](store::PersonRow& row) { row.paused = true; });
    write("eve@x.org", "one");
    pass(hours(30));
    EXPECT_TRUE(screen(kAna).empty());
    each_person([](store::PersonRow& row) { row.paused = false; });
    pass(minutes(1));
    EXPECT_EQ(screen(kAna),
              std::vector<std::string>{"Mail held from eve@x.org. @+1 takes it, @-1 blocks"});
}

TEST_F(Consent, AChildHearsNothing) {
    write("eve@x.org", "one");
    write("eve@x.org", "two");
    screen(kAna);
    each_person([](store::PersonRow& row) { row.minor = true; });
    pass(hours(30));
    EXPECT_TRUE(screen(kAna).empty());
}

TEST_F(Consent, TheListMarksWhatIsHeld) {
    write("eve@x.org", "buy now");
    write("mal@y.org", "me too");
    EXPECT_EQ(dm1(kAna, "*"), "2? mal: me too\n1? eve: buy now");
    dm(kAna, "@+1");
    EXPECT_EQ(dm1(kAna, "*"), "2? mal: me too\n1 eve: buy now");
    EXPECT_EQ(dm1(kAna, "@-2"), "mal@y.org is blocked");
    EXPECT_EQ(dm1(kAna, "*"), "1 eve: buy now");
}

TEST_F(Consent, SixtyBlockedMailsDoNotHideAnOlderOne) {
    write("eve@x.org", "buy now");
    pour("mal@y.org", 60);
    EXPECT_EQ(dm1(kAna, "@-2"), "mal@y.org is blocked");
    EXPECT_EQ(dm1(kAna, "*"), "1? eve: buy now");
}

TEST_F(Consent, AReplyToTheLineMeansItsFirstAndNumbersMeanTheOthers) {
    write("eve@x.org", "one");
    write("mal@y.org", "two");
    write("zoe@z.org", "three");
    pass(hours(24));
    ASSERT_THAT(radio_->sent.back().text, HasSubstr("2 mails held: mal@y.org, zoe@z.org."));
    screen(kAna);
    Message reply = spoken(kAna, "@-");
    reply.references = {radio_->wire_ids.back()};
    hand(reply);
    EXPECT_EQ(screen(kAna), std::vector<std::string>{"mal@y.org is blocked"});
    EXPECT_EQ(dm(kAna, "@+3"),
              (std::vector<std::string>{"zoe@z.org may write to you", "3 zoe: three"}));
}

TEST_F(Consent, AutomaticMailIsNotInTheLineAndComesWithItsSender) {
    Message news = letter("news@x.org", kTo, "our letter");
    news.automatic = true;
    hand(news);
    pass(hours(24));
    EXPECT_TRUE(screen(kAna).empty());
    EXPECT_EQ(dm1(kAna, "*"), "1? news: our letter");
    EXPECT_EQ(dm(kAna, "@+1"),
              (std::vector<std::string>{"news@x.org may write to you", "1 news: our letter"}));
}

// What the release before held has no sender beside it.
TEST_F(Consent, WhatAnOlderReleaseHeldIsTakenAndBlockedToo) {
    write("eve@x.org", "one");
    write("mal@y.org", "two");
    change([](store::Tables& t) {
        t.held.note(1, "", store::Asked::Yes);
        t.held.note(3, "", store::Asked::Yes);
    });
    EXPECT_EQ(dm(kAna, "@+1").back(), "1 eve: one");
    EXPECT_EQ(dm1(kAna, "@-2"), "mal@y.org is blocked");
    EXPECT_EQ(state_of(3), State::Cancelled);
}

TEST_F(Consent, OfMoreThanFiveHundredTheOldestGoesAndItsSenderHearsOfIt) {
    pour("bob@example.org", 1);
    pour("mal@y.org", 499);
    EXPECT_EQ(unasked(), 500);
    EXPECT_EQ(state_of(1), State::Held);
    relay_->sent.clear();
    pour("mal@y.org", 1);
    EXPECT_EQ(unasked(), 500);
    EXPECT_EQ(state_of(1), State::Cancelled);
    const auto events = store_->read([](store::Tables& t) { return t.events.of_message(1); });
    EXPECT_EQ(events->back().code, "5.2.2");
    EXPECT_EQ(events->back().detail, "more than 500 waited unasked");
    ASSERT_EQ(relay_->sent.size(), 1u);
    EXPECT_EQ(relay_->sent[0].to.value, "bob@example.org");
    EXPECT_THAT(relay_->sent[0].text, HasSubstr("was not delivered: mailbox full"));
    relay_->sent.clear();
    pour("mal@y.org", 100);
    EXPECT_LE(relay_->sent.size(), 20u) << "not as many as he sends";
}

TEST_F(Consent, TenThousandHeldMailsKeepTheWriterQuick) {
    pour("eve@x.org", 5000);
    pour("mal@y.org", 4750);
    pour("eve@x.org", 250);
    EXPECT_EQ(unasked(), 500);
    screen(kAna);
    const double list = writer_ms("*");
    settle();
    EXPECT_THAT(screen(kAna).back(), HasSubstr("10000? eve: offer 10000"));
    clock_.advance(hours(24));
    Effects effects;
    store_->writer().submit(
        [&](store::Tables& t) {
            Ledger ledger(t, *box_, effects);
            tell_what_waits(ledger, "ana");
        },
        {});
    const double line = step_ms();
    settle();
    EXPECT_THAT(screen(kAna).back(), HasSubstr("500 mails held: mal@y.org, eve@x.org. @+"));
    const double block = writer_ms("@-9750");
    EXPECT_EQ(unasked(), 250);
    const double accept = writer_ms("@+9760");
    EXPECT_EQ(unasked(), 0);
    for (const double each : {list, line, block, accept}) EXPECT_LT(each, 50);
    std::printf("list %.1f ms, line %.1f ms, block %.1f ms, accept %.1f ms\n", list, line, block,
                accept);
}

TEST_F(Consent, AcceptingFiveHundredOfOneSenderIsQuickToo) {
    pour("eve@x.org", 500);
    const double accept = writer_ms("@+7");
    EXPECT_LT(accept, 50);
    std::printf("accept 500: %.1f ms\n", accept);
    EXPECT_EQ(unasked(), 0);
}

}  // namespace
}  // namespace waypost
