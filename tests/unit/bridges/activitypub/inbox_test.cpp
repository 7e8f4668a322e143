// SPDX-License-Identifier: Apache-2.0
// When other servers are told yes. Their keys and names are fetched from a server on loopback.
#include "bridges/activitypub/inbox.h"

#include <gtest/gtest.h>

#include "social_server.h"
#include "tests/fakes/fake_office.h"
#include "tests/fakes/fake_people.h"

namespace waypost::activitypub {
namespace {

class InboxTest : public ::testing::Test {
  protected:
    InboxTest() {
        server.document("/users/bob", server.actor_json("bob", escaped(bobs_key.public_pem())));
        server.webfinger("bob", server.bob());
        people.add("ana");
        office.people_view = &people;
    }
    static std::string escaped(const std::string& pem) {
        std::string out;
        for (const char c : pem) out += c == '\n' ? std::string("\\n") : std::string(1, c);
        return out;
    }
    std::int64_t now() { return to_ms(office.clock().wall()) / 1000; }
    // As bob's server posts it, signed by him.
    int bob_posts(const std::string& rest) {
        Request request;
        request.method = "POST";
        request.path = request.target = "/ap/inbox";
        request.body = R"({"@context":"https://www.w3.org/ns/activitystreams","actor":")" +
                       server.bob() + "\"," + rest + "}";
        request.headers = {{"host", "hill.example"}, {"content-type", "application/activity+json"}};
        const SignedMessage message{request.method, request.target, "https", request.headers,
                                    request.body};
        for (const auto& [name, value] :
             bobs_key.sign(message, Flavour::Cavage, server.key_of("bob"), now())) {
            std::string small = name;
            for (char& c : small)
                c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            request.headers.emplace(small, value);
        }
        return inbox.post(request).status;
    }
    std::string note(const std::string& id) const {
        return R"({"type":"Note","id":")" + id + R"(","attributedTo":")" + server.bob() +
               R"(","content":"<p>Hi</p>","to":["https://hill.example/ap/ana"]})";
    }
    int create(const std::string& id) {
        return bob_posts(R"("type":"Create","id":")" + id + R"(#create","object":)" + note(id));
    }
    int update(const std::string& id) {
        return bob_posts(R"("type":"Update","id":")" + id + R"(#u1","object":)" +
                         R"({"updated":"2026-11-27T10:00:00Z",)" + note(id).substr(1));
    }
    int erase(const std::string& id) {
        return bob_posts(R"("type":"Delete","id":")" + id + R"(#d","object":")" + id + '"');
    }
    int follow() {
        return bob_posts(R"("type":"Follow","id":")" + server.url("/f/1") +
                         R"(","object":"https://hill.example/ap/news")");
    }

    SocialServer server;
    SigningKey bobs_key = *SigningKey::make();
    FakeOffice office;
    FakePeople people;
    const TransportId transport = "activitypub.home";
    TransportState& state = office.state(transport);
    const Site site{"hill.example", "hill.example"};
    const Policy policy;
    Keys keys{state, office.clock(), std::chrono::hours(0)};
    FetchOptions fetch = [this] {
        FetchOptions options;
        options.ca_file = server.peer.ca_file();
        options.near = {"localhost"};
        return options;
    }();
    std::shared_ptr<const SigningKey> box_key = keys.of("hill.example");
    Remote remote{state, office.clock(), fetch, Signer{box_key.get(), site.box().key_id()}};
    Followers followers{state};
    Posts posts{state, office.clock()};
    SendQueue queue{state, office.clock(), 0, {}, {}};
    Gate gate{office, people, state,     site,  transport, policy,
              keys,   remote, followers, posts, queue};
    Follows follows{gate};
    Inbox inbox{gate, follows};
};

TEST_F(InboxTest, SaysYesToALetterOnceItIsInCustodyAndCountsItOnce) {
    const std::string id = server.url("/notes/1");
    EXPECT_EQ(create(id), 202);
    ASSERT_EQ(office.accepted.size(), 1u);
    EXPECT_EQ(office.accepted[0].origin_id, id);
    EXPECT_TRUE(office.accepted[0].verified_sender);
    EXPECT_EQ(inbox.counters().taken, 1u);
}

TEST_F(InboxTest, SaysYesToNothingThatIsNotOnDisk) {
    people.add_group("news");
    people.group_members["news"] = {{public_address("hill.example"), {}, false}};
    office.disk().full = true;
    EXPECT_EQ(follow(), 503);
    EXPECT_EQ(create(server.url("/notes/1")), 503) << "nothing says yet which message it became";
    office.disk().full = false;
    EXPECT_EQ(follow(), 202);
    EXPECT_EQ(followers.count("news"), 1u);
}

TEST_F(InboxTest, WhatIsOfNoConcernWaitsForNoDisk) {
    office.disk().full = true;
    EXPECT_EQ(bob_posts(R"("type":"Listen","id":"https://x.org/1","object":"https://x.org/2")"),
              202);
    EXPECT_EQ(inbox.counters().passed, 1u);
}

TEST_F(InboxTest, ADeletionReachesTheNoteAndItsEditsAndNoOther) {
    const std::string one = server.url("/notes/1"), ten = server.url("/notes/10");
    EXPECT_EQ(create(one), 202);
    EXPECT_EQ(update(one), 202);
    EXPECT_EQ(create(ten), 202);
    ASSERT_EQ(office.accepted.size(), 3u);
    EXPECT_EQ(erase(one), 202);
    EXPECT_EQ(office.retracted.size(), 2u);
    EXPECT_EQ(erase(one), 202);
    EXPECT_EQ(office.retracted.size(), 2u) << "once";
    EXPECT_EQ(erase(ten), 202);
    EXPECT_EQ(office.retracted.size(), 3u);
}

TEST_F(InboxTest, WhatCameLongAgoIsForgotten) {
    const std::string id = server.url("/notes/1");
    EXPECT_EQ(create(id), 202);
    inbox.forget_old();
    EXPECT_EQ(state.with_prefix("taken/").size(), 1u);
    office.time().advance(std::chrono::hours(24 * 61));
    inbox.forget_old();
    EXPECT_TRUE(state.with_prefix("taken/").empty());
}

TEST_F(InboxTest, WhatHisKeyDidNotSignIsForged) {
    bobs_key = *SigningKey::make();  // not the one that his server shows
    EXPECT_EQ(create(server.url("/notes/1")), 401);
    EXPECT_EQ(inbox.counters().forged, 1u);
    EXPECT_TRUE(office.accepted.empty());
}

}  // namespace
}  // namespace waypost::activitypub
