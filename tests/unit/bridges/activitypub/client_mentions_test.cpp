// SPDX-License-Identifier: Apache-2.0
// Mentions of an account, as they become messages.
#include <gtest/gtest.h>

#include "tests/unit/bridges/activitypub/client_server.h"

namespace waypost::activitypub::client {
namespace {

using std::chrono::seconds;

struct ClientMentions : testing::Test {
    std::vector<std::string> texts() const {
        std::vector<std::string> all;
        for (const Message& each : box.office.accepted) all.push_back(each.text);
        return all;
    }
    std::string position() { return box.office.kept()["position"]; }
    MastoServer server;
    ClientBox box{server};
};

TEST_F(ClientMentions, WhatIsNewComesOldestFirstAndOnce) {
    server.mention("zz", "<p>from before</p>");
    ASSERT_FALSE(box.look());
    EXPECT_TRUE(texts().empty()) << "what lay there is not taken";
    for (const char* id : {"y", "x", "w", "v", "u"}) server.mention(id, std::string("<p>") + id);
    server.mention("t", "<p>liked", {}, "favourite");
    ASSERT_FALSE(box.look());
    EXPECT_EQ(texts(), (std::vector<std::string>{"y", "x", "w", "v", "u"})) << "of three pages";
    EXPECT_EQ(position(), "t");
    box.start();
    ASSERT_FALSE(box.look());
    EXPECT_EQ(texts().size(), 5u);
}

TEST_F(ClientMentions, AMentionIsAMessageToItsPerson) {
    ASSERT_FALSE(box.look());
    box.went->put("n9", "waypost-1");
    server.mention("a",
                   R"(<p><span class=\"h-card\"><a href=\"https://social.example/@ana\" )"
                   R"(class=\"u-url mention\">@<span>ana</span></a></span> Is it <b>open</b>?</p>)",
                   R"(,"in_reply_to_id":"n9","spoiler_text":"fords")");
    server.mention("b", "<p>hi", R"(,"in_reply_to_id":"old","visibility":"public")");
    ASSERT_FALSE(box.look());
    ASSERT_EQ(box.office.accepted.size(), 2u);
    const Message& message = box.office.accepted[0];
    EXPECT_EQ(message.from, (Address{"acct", "bob@far.example"}));
    EXPECT_EQ(message.to, (std::vector<Address>{{"acct", "ana@hill.example"}}));
    EXPECT_EQ(message.origin_id, "https://far.example/notes/sa");
    EXPECT_EQ(message.text, "CW: fords. Is it open?");
    EXPECT_EQ(message.from_name, "Some bob@far.example");
    EXPECT_EQ(message.written, 1795788300);
    EXPECT_EQ(message.references, (std::vector<std::string>{"waypost-1"}));
    EXPECT_TRUE(message.verified_sender);
    EXPECT_EQ(message.privacy, Privacy::TlsVerified);
    EXPECT_EQ(message.network, "activitypub");
    EXPECT_EQ(box.came->value_of(message.origin_id), "sa");
    EXPECT_EQ(box.office.accepted[1].references,
              (std::vector<std::string>{"https://far.example/notes/old"}));
    EXPECT_EQ(box.office.accepted[1].privacy, Privacy::InClear) << "all the world reads it";
}

TEST_F(ClientMentions, ThePositionWaitsForTheDisk) {
    ASSERT_FALSE(box.look());
    server.mention("a", "<p>one");
    server.mention("b", "<p>two");
    box.office.verdict = [&](const Address&) {
        Verdict verdict;
        EXPECT_NE(position(), "b");
        if (box.office.accepted.size() == 1) verdict.kind = Verdict::Kind::Later;
        return verdict;
    };
    ASSERT_FALSE(box.look());
    EXPECT_EQ(position(), "a") << "the second could not be kept";
    ASSERT_FALSE(box.look());
    EXPECT_EQ(position(), "b");
    EXPECT_EQ(texts(), (std::vector<std::string>{"one", "two", "two"}));
    box.office.verdict = [](const Address&) {
        Verdict no;
        no.kind = Verdict::Kind::Refused;
        return no;
    };
    server.mention("c", "<p>three");
    ASSERT_FALSE(box.look());
    EXPECT_EQ(position(), "c") << "what is refused is done with";
    EXPECT_EQ(box.mentions->counters().refused, 1u);
}

TEST_F(ClientMentions, NobodyOutsideIsOneOfOurs) {
    ASSERT_FALSE(box.look());
    server.mention("a", "<p>x", R"(,"account":{"id":"9","acct":"ben@hill.example"})");
    server.mention("b", "<p>x", R"(,"account":{"id":"9","acct":"no \" address@x"})");
    server.mention("c", "<p>me", R"(,"account":{"id":"1","acct":"ana"})");
    server.mention("d", "");
    server.mention("e", "<p>of here", R"(,"account":{"id":"9","acct":"carol"})");
    ASSERT_FALSE(box.look());
    ASSERT_EQ(texts(), (std::vector<std::string>{"of here"}));
    EXPECT_EQ(box.office.accepted[0].from.value, "carol@social.example");
    EXPECT_EQ(box.mentions->counters().passed, 4u);
}

TEST_F(ClientMentions, ARevokedTokenIsSaidAndANewOneIsTaken) {
    ASSERT_FALSE(box.look());
    box.session->went_well();
    EXPECT_TRUE(box.session->up());
    server.token = "another";
    const auto problem = box.look();
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->kind, Problem::Kind::NoToken);
    box.session->trouble(*problem);
    EXPECT_FALSE(box.session->up());
    EXPECT_NE(box.session->why().find("type something"), std::string::npos);
    const std::size_t asked = server.peer.asked().size();
    EXPECT_EQ(box.session->sign_in(), nullptr);
    EXPECT_EQ(server.peer.asked().size(), asked) << "it is not shown again and again";
    box.write_token("another");
    EXPECT_NE(box.session->sign_in(), nullptr);
}

// As snac says it.
TEST_F(ClientMentions, ATokenThatIsRefusedOtherwiseIsOneTooMany) {
    server.instead = PeerAnswer{422, "application/json", R"({"error":"Unknown"})", {}};
    EXPECT_EQ(box.session->sign_in(), nullptr);
    EXPECT_EQ(box.session->why(), "the server says 422: Unknown: type something");
    server.instead.reset();
    EXPECT_EQ(box.session->sign_in(), nullptr) << "for an hour";
    box.office.time().advance(std::chrono::hours(1));
    EXPECT_NE(box.session->sign_in(), nullptr);
}

TEST_F(ClientMentions, WithoutATokenItSaysWhatToDo) {
    ::unlink(box.token_file.c_str());
    EXPECT_EQ(box.session->sign_in(), nullptr);
    EXPECT_EQ(box.session->why(), "not authorised yet: type something");
    box.write_token("two words");
    EXPECT_EQ(box.session->sign_in(), nullptr);
    EXPECT_TRUE(server.peer.asked().empty());
}

TEST_F(ClientMentions, APauseIsKept) {
    ASSERT_FALSE(box.look());
    server.instead = PeerAnswer{429, "application/json", R"({"error":"Too many"})", {}};
    auto problem = box.look();
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->retry_after, seconds(300)) << "it does not say for how long";
    server.instead->headers["Retry-After"] = "40";
    problem = box.look();
    box.session->trouble(*problem);
    EXPECT_EQ(box.session->pause(), seconds(40));
    EXPECT_FALSE(box.session->up());
    box.office.time().advance(seconds(41));
    EXPECT_EQ(box.session->pause(), seconds(0));
}

TEST_F(ClientMentions, TheFirstVersionOfTheInstanceIsEnough) {
    server.has_second_version = false;
    const SignedIn in = box.in();
    EXPECT_EQ(in.domain, "social.example");
    EXPECT_EQ(in.most_letters, 500u);
}

TEST_F(ClientMentions, AnotherAccountBeginsAnew) {
    ASSERT_FALSE(box.look());
    box.came->put("https://x.test/1", "1");
    box.office.kept()["account"] = "eva@social.example 5";
    server.mention("a", "<p>to ana, before");
    ASSERT_FALSE(box.look());
    EXPECT_TRUE(texts().empty());
    EXPECT_EQ(position(), "a");
    EXPECT_EQ(box.came->value_of("https://x.test/1"), "");
}

TEST(ClientIds, TheNewestThousandAreKeptOnDisk) {
    MemoryState state;
    {
        IdMemory ids(state, "came");
        for (int i = 0; i < 1005; ++i) ids.put("k" + std::to_string(i), "v" + std::to_string(i));
        ids.put("k1004", "other");
    }
    IdMemory ids(state, "came");
    EXPECT_EQ(state.values.size(), IdMemory::kMost);
    EXPECT_EQ(ids.value_of("k4"), "");
    EXPECT_EQ(ids.value_of("k5"), "v5");
    EXPECT_EQ(ids.value_of("k1004"), "v1004");
    EXPECT_EQ(ids.key_of("v1004"), "k1004");
    ids.put("next", "one");
    EXPECT_EQ(ids.value_of("k5"), "");
    EXPECT_EQ(ids.key_of("v5"), "");
}

}  // namespace
}  // namespace waypost::activitypub::client
