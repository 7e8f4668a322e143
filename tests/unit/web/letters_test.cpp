// SPDX-License-Identifier: Apache-2.0
// Lists of letters, whose they are, and who may read one.
#include "tests/unit/web/api_village.h"

namespace waypost::api {
namespace {

class LettersTest : public ApiVillage {
  protected:
    LettersTest() {
        call("PUT", "/people/ana", R"({"name": "Ana"})");
        call("PUT", "/people/ben", R"({"name": "Ben"})");
    }
    Reply as(const std::string& handle, const std::string& method, const std::string& path,
             const std::string& body = {}) {
        Reply reply;
        (void)ask([&](Desk& desk) -> Result<void> {
            const Role role = handle == "mia" ? Role::Operator : Role::Villager;
            reply = answer(desk, {method, path, body, {handle, role, "s", "c"}, {}, "c"});
            return {};
        });
        return reply;
    }
    std::int64_t write(const std::string& from, const std::string& to, const std::string& text) {
        const Reply reply = as(from, "POST", "/me/messages",
                               R"({"to": [")" + to + R"("], "subject": "of )" + from +
                                   R"(", "text": ")" + text + "\"}");
        EXPECT_EQ(reply.status, 200) << json_of(reply);
        return reply.body->optValue<std::int64_t>("id", 0);
    }
    static std::vector<std::int64_t> ids(const Reply& reply) {
        std::vector<std::int64_t> all;
        const auto messages = reply.body->getArray("messages");
        for (unsigned i = 0; messages && i < messages->size(); ++i)
            all.push_back(messages->getObject(i)->getValue<std::int64_t>("id"));
        return all;
    }
};

TEST_F(LettersTest, EachSeesHisOwnNewestFirst) {
    const auto first = write("ana", "ben", "one");
    const auto second = write("ana", "ben", "two");
    const auto back = write("ben", "ana", "three");
    EXPECT_EQ(ids(as("ana", "GET", "/me/messages?box=out")), (std::vector{second, first}));
    EXPECT_EQ(ids(as("ana", "GET", "/me/messages?box=in")), (std::vector{back}));
    EXPECT_EQ(ids(as("ben", "GET", "/me/messages")), (std::vector{second, first}));
    EXPECT_NE(json_of(as("ben", "GET", "/me/messages")).find("\"text\":\"two\""),
              std::string::npos);
}

TEST_F(LettersTest, PagesGoOnWhereTheyEnded) {
    std::vector<std::int64_t> all;
    for (int i = 0; i < 7; ++i) all.insert(all.begin(), write("ana", "ben", std::to_string(i)));
    std::vector<std::int64_t> found;
    std::int64_t before = 0;
    do {
        const Reply page =
            as("ben", "GET", "/me/messages?limit=3&before=" + std::to_string(before));
        for (const auto id : ids(page)) found.push_back(id);
        before = page.body->getValue<std::int64_t>("next");
    } while (before != 0);
    EXPECT_EQ(found, all);
}

TEST_F(LettersTest, ASearchLooksAtSubjectTextAndPeople) {
    const auto goat = write("ana", "ben", "the goat is ill");
    const auto hay = write("ben", "ana", "hay is here");
    EXPECT_EQ(ids(as("ben", "GET", "/me/messages?search=GOAT")), (std::vector{goat}));
    EXPECT_EQ(ids(as("ana", "GET", "/me/messages?search=goat")), std::vector<std::int64_t>{});
    EXPECT_EQ(ids(as("ana", "GET", "/me/messages?search=of%20ben")), (std::vector{hay}));
}

TEST_F(LettersTest, AFullBoxTakesNoLetterSaysWhyAndKeepsThoseItHas) {
    const auto kept = write("ana", "ben", "before");
    close();
    settings_.keep_free_bytes = std::uint64_t{1} << 62;
    open();
    const Reply refused =
        as("ana", "POST", "/me/messages", R"({"to": ["ben", "ana"], "text": "later"})");
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(json_of(refused),
              R"({"verdicts":[{"reason":"full","text":"no room on this box","to":"ben",)"
              R"("verdict":"later"},{"reason":"full","text":"no room on this box","to":"ana",)"
              R"("verdict":"later"}]})");
    EXPECT_TRUE(call("GET", "/status").body->getValue<bool>("disk_full"));
    EXPECT_EQ(ids(as("ben", "GET", "/me/messages")), (std::vector{kept}));
    EXPECT_EQ(as("ben", "GET", "/me/messages/" + std::to_string(kept)).status, 200);
    close();
    settings_.keep_free_bytes = 0;
    open();
    write("ana", "ben", "later");
    EXPECT_FALSE(call("GET", "/status").body->getValue<bool>("disk_full"));
}

TEST_F(LettersTest, NobodyReadsAnothersLetter) {
    const auto id = std::to_string(write("ana", "ben", "for ben alone"));
    EXPECT_EQ(as("ben", "GET", "/me/messages/" + id).body->getValue<std::string>("text"),
              "for ben alone");
    EXPECT_EQ(as("ana", "GET", "/me/messages/" + id).status, 200) << "who wrote it";
    call("PUT", "/people/cid", R"({"name": "Cid"})");
    EXPECT_EQ(as("cid", "GET", "/me/messages/" + id).status, 404);
    EXPECT_EQ(as("cid", "GET", "/messages/" + id + "/trace").status, 403);
    EXPECT_EQ(as("ben", "GET", "/me/messages/x").status, 400);
    EXPECT_EQ(as("ben", "GET", "/me/messages/99999").status, 404);
}

TEST_F(LettersTest, WhoeverGetsAUsedNameReadsNothingOfItsBearerBefore) {
    const auto id = std::to_string(write("ana", "ben", "for the first ben"));
    EXPECT_EQ(call("DELETE", "/people/ben").status, 200);
    clock_.advance(std::chrono::minutes(1));
    EXPECT_EQ(call("PUT", "/people/ben", R"({"name": "Ben the second"})").status, 200);
    EXPECT_EQ(ids(as("ben", "GET", "/me/messages")), std::vector<std::int64_t>{});
    EXPECT_EQ(as("ben", "GET", "/me/messages/" + id).status, 404);
}

TEST_F(LettersTest, WhoHasOnlyTheConsoleReadsThere) {
    const auto id = write("ana", "ben", "read on the page");
    EXPECT_EQ(state_of(id), State::Held);
    EXPECT_EQ(as("ben", "GET", "/me/messages/" + std::to_string(id)).status, 200);
    EXPECT_EQ(state_of(id), State::Read);
}

TEST_F(LettersTest, AMessageHasFewRecipients) {
    std::string to = "\"ben\"";
    for (int i = 0; i < 100; ++i) to += ", \"x" + std::to_string(i) + "@example.org\"";
    EXPECT_EQ(as("ana", "POST", "/me/messages", R"({"text": "x", "to": [)" + to + "]}").status,
              400);
}

TEST_F(LettersTest, AnOperatorSeesEnvelopesAndOpensOnRecord) {
    const auto id = write("ana", "ben", "for ben alone");
    const Reply list = as("mia", "GET", "/messages");
    EXPECT_EQ(ids(list), (std::vector{id}));
    EXPECT_EQ(json_of(list).find("alone"), std::string::npos);
    EXPECT_EQ(ids(as("mia", "GET", "/messages?search=alone")), std::vector<std::int64_t>{})
        << "a search would tell what is in it";
    EXPECT_EQ(ids(as("mia", "GET", "/messages?person=ben")), (std::vector{id}));
    EXPECT_EQ(ids(as("mia", "GET", "/messages?person=cid")), std::vector<std::int64_t>{});
    const Reply open = as("mia", "POST", "/messages/" + std::to_string(id) + "/open");
    EXPECT_EQ(open.body->getValue<std::string>("text"), "for ben alone");
    const std::string seen = json_of(as("ana", "GET", "/me/messages/" + std::to_string(id)));
    EXPECT_NE(seen.find("text, by mia"), std::string::npos) << seen;
    EXPECT_NE(json_of(call("GET", "/audit")).find("\"what\":\"open\""), std::string::npos);
}

TEST_F(LettersTest, NobodyWritesInAnothersName) {
    const char* body = R"({"from": "ana", "to": ["ben"], "text": "hi"})";
    EXPECT_EQ(as("mia", "POST", "/messages", body).status, 403);
    EXPECT_EQ(as("ben", "POST", "/messages", body).status, 403);
    const Reply own =
        as("ben", "POST", "/me/messages", R"({"from": "ana", "to": ["ana"], "text": "hi"})");
    EXPECT_EQ(own.status, 200);
    EXPECT_NE(json_of(as("ana", "GET", "/me/messages")).find("\"owner\":\"ben\""),
              std::string::npos);
    EXPECT_EQ(
        as("ben", "POST", "/me/messages", R"({"to": ["ana"], "text": "x", "priority": 0})").status,
        400);
}

TEST_F(LettersTest, TheQueueOfOneNetworkSkipsTheOthers) {
    const auto queue = [&](const std::string& query) {
        const Reply reply = call("GET", "/queue?state=all" + query);
        std::vector<std::string> to;
        const auto rows = reply.body->getArray("deliveries");
        for (unsigned i = 0; rows && i < rows->size(); ++i)
            to.push_back(rows->getObject(i)->getValue<std::string>("network"));
        return to;
    };
    name("cy", kAna);
    for (int i = 0; i < 3; ++i) {
        write("ana", "ben", std::to_string(i));
        write("ana", "cy", std::to_string(i));
    }
    const auto all = queue("");
    ASSERT_GE(all.size(), 6u);
    const std::vector<std::string> radio(3, "meshtastic");
    EXPECT_EQ(queue("&network=meshtastic"), radio);
    EXPECT_EQ(queue("&network=meshtastic&limit=2").size(), 2u);
    EXPECT_EQ(queue("&network=").size(), all.size());
    EXPECT_TRUE(queue("&network=nobody").empty());
}

TEST_F(LettersTest, OwnAffairsAreChanged) {
    EXPECT_EQ(as("ana", "PUT", "/me", R"({"language": "sw", "quiet": "22-6"})").status, 200);
    const Reply me = as("ana", "GET", "/me");
    EXPECT_EQ(me.body->getValue<std::string>("language"), "sw");
    EXPECT_EQ(me.body->getValue<std::string>("quiet"), "22:00-06:00");
    EXPECT_EQ(as("ana", "PUT", "/me", R"({"language": "xx"})").status, 400);
    EXPECT_EQ(as("ana", "PUT", "/me", R"({"quiet": "noon"})").status, 400);
}

}  // namespace
}  // namespace waypost::api
