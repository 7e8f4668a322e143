// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/account/for_whom.h"

#include <gtest/gtest.h>

#include "tests/fakes/memory_state.h"

namespace waypost::xmpp {
namespace {

using std::chrono::hours;

TEST(NamedFirst, ANameIsWhatStandsFirstBehindAnAt) {
    const struct {
        const char *text, *handle, *rest;
    } cases[] = {
        {"@ana how are you", "ana", "how are you"},
        {"@Ana, how are you", "ana", "how are you"},
        {"@ana: a: b", "ana", "a: b"},
        {"@ana\n\nlong", "ana", "long"},
        {"@ana", "ana", ""},
        {"how is @ana", "", "how is @ana"},
        {"@", "", "@"},
        {"@ ana", "", "@ ana"},
        {"@: hm", "", "@: hm"},
        {"@bob@social.example hi", "", "@bob@social.example hi"},
        {"", "", ""},
    };
    for (const auto& each : cases) {
        const Named named = named_first(each.text);
        EXPECT_EQ(named.handle, each.handle) << each.text;
        EXPECT_EQ(named.rest, each.rest) << each.text;
    }
    EXPECT_EQ(named_first('@' + std::string(65, 'a')).handle, "");
}

class ForWhomTest : public testing::Test {
  protected:
    std::string whom(Chat chat) { return for_whom(chat, bob, talks, now); }
    static Chat said(const std::string& body) {
        Chat chat;
        chat.body = body;
        return chat;
    }

    MemoryState state;
    const Jid bob = *parse_jid("bob@x.org/phone");
    const Jid eve = *parse_jid("eve@x.org/phone");
    WallTime now = WallTime(hours(500'000));
    Talks talks{state, hours(24 * 7)};
};

TEST_F(ForWhomTest, ANameGoesBeforeAnAnswerAndAnAnswerBeforeTheLastTalk) {
    talks.sent("id-of-ana", "ana", bob, now);
    talks.sent("id-of-ben", "ben", bob, now);
    EXPECT_EQ(whom(said("good")), "ben");
    Chat answer = said("good");
    answer.replies_to = "id-of-ana";
    EXPECT_EQ(whom(answer), "ana");
    Chat reaction;
    reaction.reacts_to = "id-of-ana";
    EXPECT_EQ(whom(reaction), "ana");
    Chat named = said("@cleo good");
    named.replies_to = "id-of-ana";
    EXPECT_EQ(for_whom(named, bob, talks, now), "cleo");
    EXPECT_EQ(named.body, "good");
}

TEST_F(ForWhomTest, ATalkIsOfOneCorrespondentAndHasAnEnd) {
    EXPECT_EQ(whom(said("hello")), "");
    talks.heard(bob, "ana", now);
    EXPECT_EQ(whom(said("hello")), "ana");
    EXPECT_EQ(talks.last_with(eve, now), "");
    now += hours(24 * 7);
    EXPECT_EQ(whom(said("hello")), "ana");
    now += hours(1);
    EXPECT_EQ(whom(said("hello")), "");
}

TEST_F(ForWhomTest, WhatIsRememberedOutlivesAProcess) {
    talks.sent("id-of-ana", "ana", bob, now);
    EXPECT_TRUE(talks.may_tell(eve, now));
    const Talks again(state, hours(24 * 7));
    EXPECT_EQ(again.who_sent("id-of-ana"), "ana");
    EXPECT_EQ(again.last_with(bob, now), "ana");
    EXPECT_TRUE(again.knows(bob));
    EXPECT_FALSE(again.knows(eve)) << "who was only told how it goes talked with nobody";
}

TEST_F(ForWhomTest, HeIsToldOnceADay) {
    EXPECT_TRUE(talks.may_tell(bob, now));
    EXPECT_FALSE(talks.may_tell(bob, now + hours(23)));
    EXPECT_TRUE(talks.may_tell(eve, now));
    Talks again(state, hours(1));
    EXPECT_FALSE(again.may_tell(bob, now + hours(23)));
    EXPECT_TRUE(again.may_tell(bob, now + hours(24)));
}

TEST_F(ForWhomTest, TheNewestThousandAreRemembered) {
    for (std::size_t i = 0; i <= Talks::kMost; ++i) {
        const Jid one = *parse_jid("u" + std::to_string(i) + "@x.org");
        talks.sent("id-" + std::to_string(i), "ana", one, now + std::chrono::seconds(i));
        talks.sent("id-" + std::to_string(i), "ana", one, now + std::chrono::seconds(i));
    }
    const Talks again(state, hours(1));
    for (const Talks* each : std::initializer_list<const Talks*>{&talks, &again}) {
        EXPECT_EQ(each->who_sent("id-0"), "");
        EXPECT_EQ(each->who_sent("id-1"), "ana");
        EXPECT_FALSE(each->knows(*parse_jid("u0@x.org")));
        EXPECT_TRUE(each->knows(*parse_jid("u1@x.org")));
    }
    EXPECT_LE(state.values.size(), 2 * Talks::kMost + 1);
}

TEST_F(ForWhomTest, WhatCannotBeReadIsNobodys) {
    state.put("talk/x", "");
    state.put("sent/99999999999", "id ana");
    state.put("sent/7", "only-an-id");
    const Talks again(state, hours(1));
    EXPECT_EQ(again.who_sent("id"), "");
    EXPECT_EQ(again.who_sent("only-an-id"), "");
}

}  // namespace
}  // namespace waypost::xmpp
