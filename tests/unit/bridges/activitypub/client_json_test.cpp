// SPDX-License-Identifier: Apache-2.0
// What servers with Mastodon's API say, and what they could say.
#include <gtest/gtest.h>

#include "bridges/activitypub/client/mastodon_json.h"

namespace waypost::activitypub::client {
namespace {

TEST(ClientJson, KeysAndTokens) {
    const auto app = parse_app(R"({"id":"5","client_id":"a-b","client_secret":"c"})");
    ASSERT_TRUE(app.ok());
    EXPECT_EQ(app->id, "a-b");
    EXPECT_EQ(app->secret, "c");
    EXPECT_FALSE(parse_app(R"({"client_id":"a"})").ok());
    EXPECT_EQ(app->verifier, "");
    const std::string verifier(43, 'v');
    const auto with = [](const std::string& text) {
        return parse_app(R"({"client_id":"a","client_secret":"c","code_verifier":")" + text + "\"}")
            ->verifier;
    };
    EXPECT_EQ(with(verifier), verifier);
    EXPECT_EQ(with(verifier.substr(1)), "");
    EXPECT_EQ(with(verifier + " "), "");
    const auto token = parse_token(R"({"access_token":"t0","token_type":"Bearer"})");
    ASSERT_TRUE(token.ok());
    EXPECT_EQ(*token, "t0");
    EXPECT_FALSE(parse_token(R"({"access_token":"a\r\nX-Evil: 1"})").ok());
    EXPECT_FALSE(parse_token(R"({"access_token":""})").ok());
    EXPECT_FALSE(parse_token("<html>").ok());
}

TEST(ClientJson, Instances) {
    const auto mastodon = parse_instance(
        R"({"domain":"Social.Example","configuration":{"statuses":{"max_characters":5000}}})");
    ASSERT_TRUE(mastodon.ok());
    EXPECT_EQ(mastodon->domain, "social.example");
    EXPECT_EQ(mastodon->most_letters, 5000u);
    const auto pleroma = parse_instance(R"({"uri":"https://x.test/","max_toot_chars":1000})");
    ASSERT_TRUE(pleroma.ok());
    EXPECT_EQ(pleroma->domain, "x.test");
    EXPECT_EQ(pleroma->most_letters, 1000u);
    for (const char* odd : {"-1", "0", "\"many\"", "1e300", "99999999999999999999"}) {
        const auto read =
            parse_instance(R"({"uri":"x","max_toot_chars":)" + std::string(odd) + '}');
        if (!read.ok()) continue;
        EXPECT_GE(read->most_letters, 50u) << odd;
        EXPECT_LE(read->most_letters, 1000000u) << odd;
    }
    EXPECT_FALSE(parse_instance("{}").ok());
}

TEST(ClientJson, WhereNewsAreTold) {
    const auto streaming = [](const std::string& more) {
        return parse_instance(R"({"uri":"x.test",)" + more + '}')->streaming;
    };
    EXPECT_EQ(streaming(R"("urls":{"streaming_api":"wss://live.x.test/"})"), "https://live.x.test");
    EXPECT_EQ(streaming(R"("configuration":{"urls":{"streaming":"wss://x.test:8443"}})"),
              "https://x.test:8443");
    EXPECT_EQ(streaming(R"("urls":{"streaming_api":"ws://x.test"})"), "http://x.test");
    for (const char* none : {R"("urls":{})", R"("urls":{"streaming_api":null})",
                             R"("urls":{"streaming_api":"file:///etc/passwd"})",
                             R"("urls":{"streaming_api":"wss://x.test\r\nX-Evil: 1"})",
                             R"("urls":{"streaming_api":7})", R"("urls":"wss://x.test")"})
        EXPECT_EQ(streaming(none), "") << none;
}

TEST(ClientJson, ProfilesSayWhetherTheyAreToBeBridged) {
    const auto no_bridge = [](const std::string& more) {
        const auto read = parse_profile(R"({"id":"7","acct":"bob@x.test",)" + more + '}');
        return read.ok() && read->no_bridge;
    };
    EXPECT_TRUE(no_bridge(R"("note":"<p>goats #nobridge</p>")"));
    EXPECT_TRUE(no_bridge(R"("display_name":"Bob #NoBridge")"));
    EXPECT_TRUE(no_bridge(R"("fields":[3,{"name":"#nobridge","value":""}])"));
    EXPECT_FALSE(no_bridge(R"("note":"nobridge #nobridges","fields":[{"name":"a"}],"url":7)"));
    EXPECT_FALSE(parse_profile(R"({"acct":"bob@x.test"})").ok());
    const auto found = parse_found(
        R"({"accounts":[7,{"id":"1"},{"id":"2","acct":"b@x.test","note":"#nobridge"}]})");
    ASSERT_TRUE(found.ok());
    ASSERT_EQ(found->size(), 1u);
    EXPECT_TRUE(found->front().no_bridge);
    for (const char* text : {"{}", "[]", R"({"accounts":7})", "<html>"})
        EXPECT_FALSE(parse_found(text).ok()) << text;
}

TEST(ClientJson, NotificationsThatMakeNoSenseArePassedOver) {
    const auto read = parse_notifications(
        R"([7,null,{"id":5},{"id":"a b"},{"id":"1","type":"follow"},)"
        R"({"id":"2","type":"mention","status":{"id":"3"}},)"
        R"({"id":"4","type":"mention","status":{"id":"5","uri":"https://x.test/5","content":"hi",)"
        R"("visibility":"direct","account":{"id":"6","acct":"bob"},"mentions":[{},{"id":"7",)"
        R"("acct":"ana"}],"media_attachments":[{"type":"image","description":"a goat"},3],)"
        R"("poll":{"multiple":true,"options":[{"title":"yes","votes_count":2}]}}}])");
    ASSERT_TRUE(read.ok()) << read.error().text;
    ASSERT_EQ(read->size(), 3u);
    EXPECT_EQ((*read)[0].type, "follow");
    EXPECT_FALSE((*read)[1].status) << "without an author";
    const auto& status = *(*read)[2].status;
    EXPECT_EQ(status.account.acct, "bob");
    ASSERT_EQ(status.mentions.size(), 1u);
    EXPECT_EQ(status.mentions[0].acct, "ana");
    ASSERT_EQ(status.note.media.size(), 1u);
    EXPECT_EQ(status.note.media[0].type, "image/*");
    EXPECT_TRUE(status.note.several);
    EXPECT_EQ(status.note.choices.at(0).votes, 2);
}

TEST(ClientJson, WhatIsNoList) {
    for (const char* text : {"{}", "", "[", "7", "[]]", "<html>", "null"})
        EXPECT_FALSE(parse_notifications(text).ok()) << text;
    EXPECT_TRUE(parse_statuses("[]").ok());
    EXPECT_FALSE(parse_statuses(std::string(kMostActivityBytes, ' ')).ok());
    EXPECT_FALSE(parse_statuses(std::string(1000, '[') + std::string(1000, ']')).ok());
}

TEST(ClientJson, RefusalsAreOneLine) {
    EXPECT_EQ(parse_refusal(R"({"error":"invalid_grant","error_description":"Too\n old"})"),
              "Too old");
    EXPECT_EQ(parse_refusal(R"({"error":"no"})"), "no");
    EXPECT_EQ(parse_refusal("<h1>no</h1>"), "");
    EXPECT_LE(parse_refusal(R"({"error":")" + std::string(5000, 'x') + "\"}").size(), 200u);
}

TEST(ClientJson, Ids) {
    EXPECT_TRUE(is_client_id("112233"));
    EXPECT_TRUE(is_client_id("01JB5WTR9Q4XSJG3E0PJ4QW6ZB"));
    EXPECT_FALSE(is_client_id(""));
    EXPECT_FALSE(is_client_id("a b"));
    EXPECT_FALSE(is_client_id("a\n"));
    EXPECT_FALSE(is_client_id(std::string(201, '1')));
}

}  // namespace
}  // namespace waypost::activitypub::client
