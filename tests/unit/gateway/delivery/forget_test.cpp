// SPDX-License-Identifier: Apache-2.0
// Who wants to be forgotten is: here, at once, and again after an older backup.
#include <gmock/gmock.h>

#include "gateway/delivery/desk_persons.h"
#include "persons.h"

namespace waypost {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kGone[] =
    "Forgotten here. What you sent stays with others; backups made before keep it until they are "
    "replaced";

class Forget : public Persons {
  protected:
    Forget() {
        name("ana", kAna);
        name("ben", kBen);
        dm(kAna, "@bob=bob@example.org");
        dm(kAna, "@bob private letter to bob");
        dm(kAna, "@ben common letter");
        dm(kBen, "@ana answer of ben");
        mail("bob@example.org", "ana@hill.example", "private letter to ana", "<1@x>", true);
    }
    // Whatever of all messages, deliveries and events can be read.
    std::vector<std::string> texts() {
        auto found = store_->read([](store::Tables& t) {
            std::vector<std::string> all;
            for (MessageId id = 1; id < 200; ++id) {
                const auto row = t.messages.find(id);
                if (!row) continue;
                const Message& m = row->message;
                all.push_back(m.text + '|' + m.subject + '|' + m.from_name + '|' + row->owner);
                for (const auto& d : t.deliveries.of_message(id))
                    all.push_back(d.owner + '|' + d.detail + '|' + std::to_string(id));
            }
            return all;
        });
        return *found;
    }
    void forget() {
        dm(kAna, "forget me");
        EXPECT_EQ(answer(kAna, "1"), kGone);
    }
};

TEST_F(Forget, WhatIsOnlyHersGoesAndWhatOthersHaveStays) {
    forget();
    EXPECT_EQ(box_->directory.get()->find("ana"), nullptr);
    EXPECT_THAT(texts(), Not(Contains(HasSubstr("private letter"))));
    EXPECT_THAT(texts(), Contains(HasSubstr("common letter"))) << "Ben has it";
    EXPECT_THAT(texts(), Contains(HasSubstr("answer of ben"))) << "his own";
    EXPECT_EQ(answer(kBen, "1"), "1 ana: common letter");
    EXPECT_EQ(answer(kAna, "*"), "Nothing here yet. ? = help");
    EXPECT_EQ(answer(kAna, "@bob hi"), "Who is bob? Save: @bob=address");
    EXPECT_EQ(writes_as(kAna), "0000000a@hill.example");
    EXPECT_EQ(answer(kDora, "name ana"), "ana is taken. Another?") << "answers may still come";
    const auto left = store_->read([](store::Tables& t) {
        return std::pair(t.state.used("ana", 1'800'000'000'000 / 86'400'000, "mail"),
                         t.items.all("ana").size() + t.people.contacts("ana").size());
    });
    EXPECT_EQ(left->first, 0);
    EXPECT_EQ(left->second, 0u);
}

TEST_F(Forget, TheTraceKeepsThatItWas) {
    const MessageId letter = relay_->sent.at(0).message;
    forget();
    EXPECT_THAT(events_of(letter), Contains("sent"));
    const auto rows =
        store_->read([&](store::Tables& t) { return t.deliveries.of_message(letter); });
    ASSERT_EQ(rows->size(), 1u);
    EXPECT_TRUE(rows->at(0).recipient.empty());
    EXPECT_EQ(rows->at(0).owner, "");
}

TEST_F(Forget, WhatWaitsToLeaveIsCancelled) {
    relay_->up = false;
    dm(kAna, "@bob never to leave");
    radio_->up = false;
    dm(kAna, "@ben never to come");
    radio_->up = true;
    settle();
    dm(kAna, "@ben came");
    forget();
    relay_->up = true;
    settle();
    for (const Delivery& sent : relay_->sent) EXPECT_THAT(sent.text, Not(HasSubstr("never")));
    EXPECT_THAT(texts(), Not(Contains(HasSubstr("never to leave"))));
    EXPECT_EQ(last(kAna), kGone);
}

TEST_F(Forget, OnlyAHashIsLeftToForgetHerAgainAfterAnOlderBackup) {
    forget();
    const auto gone = store_->read([](store::Tables& t) { return t.forgotten.all(); });
    ASSERT_EQ(gone->size(), 1u);
    EXPECT_THAT(gone->at(0).hash, Not(HasSubstr("ana")));
    EXPECT_TRUE(gone->at(0).passed_on) << "there is no neighbour to tell";
    name("ana", kAna);  // as a backup of before has her: made long ago
    EXPECT_NE(box_->directory.get()->find("ana"), nullptr);
    reopen();
    EXPECT_EQ(box_->directory.get()->find("ana"), nullptr);
    // A new Ana, after the name was free again, is somebody else.
    pass(std::chrono::hours(24 * 61));
    dm(kDora, "name ana");
    EXPECT_EQ(answer(kDora, "1"), "You are ana@hill.example now");
    reopen();
    EXPECT_NE(box_->directory.get()->find("ana"), nullptr);
}

TEST_F(Forget, TheOperatorIsToldWhatWasRemoved) {
    Forgot forgot;
    const auto run = [&](const std::string& who) {
        return ask([&](Desk& d) -> Result<void> {
            auto done = forget_at_desk(d.office(), who);
            if (!done.ok()) return done.error();
            forgot = *done;
            return {};
        });
    };
    EXPECT_TRUE(run("ana").ok());
    EXPECT_EQ(forgot.contacts, 1u);
    EXPECT_EQ(forgot.items, 4u);
    EXPECT_EQ(forgot.radios, 1u);
    EXPECT_GE(forgot.texts, 2u);
    EXPECT_FALSE(forgot.mailbox);
    EXPECT_FALSE(run("ana").ok());
    EXPECT_FALSE(run("zoe").ok());
}

TEST_F(Forget, NothingBesideHerMessagesNamesHer) {
    dm(kAna, "SOS fire");  // nobody here is told: the alarm is hers alone
    store_->writer().submit(
        [](store::Tables& t) {
            t.state.put("language", "ana", "?es");
            t.state.put("group-share", "ana", "1");
            t.state.put("talk", "meshtastic:!0000000a?", "of who pretends to be her");
        },
        {});
    settle();
    const auto left = [&] {
        return *store_->read([](store::Tables& t) {
            std::vector<std::string> found;
            for (const auto& alarm : t.alarms.list(true, 10)) found.push_back(alarm.who);
            for (const char* what : {"language", "group-share"})
                if (t.state.get(what, "ana")) found.push_back(what);
            if (t.state.get("talk", "meshtastic:!0000000a?")) found.push_back("talk");
            return found;
        });
    };
    EXPECT_EQ(left().size(), 4u);
    EXPECT_TRUE(ask([](Desk& d) -> Result<void> {
                    const auto done = forget_at_desk(d.office(), "ana");
                    if (!done.ok()) return done.error();
                    return {};
                }).ok());
    EXPECT_THAT(left(), ::testing::IsEmpty());
}

TEST_F(Forget, OfAWipedCodeTheRestGoesWithRetention) {
    dm(kAna, "code");
    const auto code = *store_->read([](store::Tables& t) { return t.codes.find("ana"); });
    ASSERT_TRUE(code);
    const auto recipient = [&] {
        return store_
            ->read([&](store::Tables& t) {
                return t.deliveries.of_message(code->message).at(0).recipient;
            })
            .value();
    };
    pass(std::chrono::minutes(20));
    EXPECT_EQ(recipient().value, kAna);
    pass(std::chrono::hours(24 * 31));
    EXPECT_TRUE(recipient().empty());
}

TEST_F(Forget, WhatIsAskedInHerNameIsOver) {
    ask_to_move(kDora, "ana");
    dm(kAna, "code");
    forget();
    pass(std::chrono::hours(25));
    EXPECT_EQ(owner(kDora), "meshtastic:!0000000d");
    const auto left = store_->read(
        [](store::Tables& t) { return t.matters.all().size() + (t.codes.find("ana") ? 1u : 0u); });
    EXPECT_EQ(*left, 0u);
}

}  // namespace
}  // namespace waypost
