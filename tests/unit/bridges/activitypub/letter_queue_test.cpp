// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/letter_queue.h"

#include <gtest/gtest.h>

#include <future>

#include "tests/fakes/fake_office.h"

namespace waypost::activitypub {
namespace {

Letter letter(DeliveryId id, const std::string& to = "bob@x.org") {
    Letter one;
    one.delivery.attempt = {id, 1};
    one.delivery.to = {"acct", to};
    one.wire = "wire-" + std::to_string(id);
    return one;
}

std::string domain(const Delivery& d) { return std::string(d.to.domain()); }

// The queue has threads of its own, so what a test wants to know it waits for.
TEST(LetterQueue, SendsToOneLaneInOrderAndReportsEachOnce) {
    FakeOffice office;
    std::promise<void> last;
    std::vector<WireId> sent;
    LetterQueue queue(office, 3, domain, [&](const Letter& each) {
        sent.push_back(each.wire);
        if (each.wire == "wire-3") last.set_value();
        return outcome(Outcome::Kind::Sent, "202");
    });
    for (int id = 1; id <= 3; ++id) queue.deliver(letter(id));
    queue.start();
    last.get_future().wait();
    queue.stop();
    EXPECT_EQ(sent, (std::vector<WireId>{"wire-1", "wire-2", "wire-3"}));
    ASSERT_EQ(office.reports.size(), 3u);
    EXPECT_EQ(office.reports[2].second.code, "202");
    EXPECT_EQ(queue.counters().sent, 3u);
    EXPECT_EQ(queue.counters().waiting, 0u);
    queue.give_back();
    EXPECT_EQ(office.reports.size(), 3u);
}

TEST(LetterQueue, WhatThrowsIsTriedAgain) {
    FakeOffice office;
    std::promise<void> reported;
    office.on_report = [&] { reported.set_value(); };
    LetterQueue queue(office, 1, domain,
                      [](const Letter&) -> Outcome { throw std::runtime_error("no key"); });
    queue.deliver(letter(1));
    queue.start();
    reported.get_future().wait();
    queue.stop();
    ASSERT_EQ(office.reports.size(), 1u);
    EXPECT_EQ(office.reports[0].second.kind, Outcome::Kind::Retry);
    EXPECT_EQ(office.reports[0].second.detail, "no key");
}

TEST(LetterQueue, GivesBackWhatWasNotSentAndNothingThatNeverBegan) {
    FakeOffice office;
    std::vector<std::function<void(bool)>> begins;
    office.on_begin = [&](std::function<void(bool)> begun) { begins.push_back(std::move(begun)); };
    LetterQueue queue(office, 1, domain,
                      [](const Letter&) { return outcome(Outcome::Kind::Sent, "202"); });
    queue.deliver(letter(1));
    queue.deliver(letter(2));
    ASSERT_EQ(begins.size(), 2u);
    begins[1](false);
    queue.stop();
    queue.give_back();
    ASSERT_EQ(office.reports.size(), 1u);
    EXPECT_EQ(office.reports[0].first.delivery, 1);
    EXPECT_EQ(office.reports[0].second.kind, Outcome::Kind::NotTried);
}

// The store answers when it can: the transport may be gone by then.
TEST(LetterQueue, MayBeGoneWhenTheOfficeAnswers) {
    FakeOffice office;
    std::function<void(bool)> begun;
    office.on_begin = [&](std::function<void(bool)> answer) { begun = std::move(answer); };
    {
        LetterQueue queue(office, 1, domain,
                          [](const Letter&) { return outcome(Outcome::Kind::Sent, "202"); });
        queue.start();
        queue.deliver(letter(1));
    }
    begun(true);
    EXPECT_TRUE(office.reports.empty()) << "it is offered again under its wire id";
}

}  // namespace
}  // namespace waypost::activitypub
