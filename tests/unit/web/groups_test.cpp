// SPDX-License-Identifier: Apache-2.0
// /groups, as the command line and the console ask for them.
#include <gtest/gtest.h>

#include "api_village.h"

namespace waypost::api {
namespace {

class GroupsApi : public ApiVillage {
  protected:
    GroupsApi() {
        name("ana", "!0000000a");
        name("carl", "!0000000c");
    }
    int status(const std::string& method, const std::string& path, const std::string& body = {}) {
        return call(method, path, body).status;
    }
    std::string json(const std::string& path) { return json_of(call("GET", path)); }
};

TEST_F(GroupsApi, AGroupIsMadeChangedFilledAndEnded) {
    EXPECT_EQ(status("POST", "/groups",
                     R"({"name":"news","title":"News","mode":"moderated","moderators":["carl"]})"),
              200);
    EXPECT_EQ(json("/groups"),
              R"({"groups":[{"members":1,"mode":"moderated","moderators":["carl"],)"
              R"("name":"news","post":"members","title":"News"}]})");
    EXPECT_EQ(status("PUT", "/groups/news", R"({"post":"anyone"})"), 200);
    EXPECT_NE(json("/groups").find(R"("mode":"moderated","moderators":["carl"])"),
              std::string::npos)
        << "what is not said stays";
    EXPECT_EQ(status("POST", "/groups/news/members", R"({"who":"bob@example.org"})"), 200);
    EXPECT_EQ(status("POST", "/groups/news/members", R"({"who":"ana","digest":true})"), 200);
    const std::string members = json("/groups/news/members");
    EXPECT_NE(members.find("mailto:bob@example.org"), std::string::npos);
    EXPECT_NE(members.find(R"("address":"person:ana","digest":true)"), std::string::npos);
    EXPECT_EQ(json("/groups/news/members?after=person:ana").find("person:ana"), std::string::npos);
    EXPECT_EQ(status("DELETE", "/groups/news/members", R"({"who":"bob@example.org"})"), 200);
    EXPECT_EQ(status("DELETE", "/groups/news/members", R"({"who":"bob@example.org"})"), 404);

    dm("!0000000a", "#news Water is on");
    const std::string posts = json("/groups/news/posts");
    ASSERT_NE(posts.find("Water is on"), std::string::npos) << posts;
    const std::size_t at = posts.find("\"id\":") + 5;
    const std::string id = posts.substr(at, posts.find_first_of(",}", at) - at);
    EXPECT_EQ(status("POST", "/groups/news/posts/" + id + "/pass"), 200);
    EXPECT_EQ(status("POST", "/groups/news/posts/" + id + "/drop"), 409);
    EXPECT_EQ(json("/groups/news/posts"), R"({"posts":[]})");
    EXPECT_EQ(status("DELETE", "/groups/news"), 200);
    EXPECT_EQ(status("DELETE", "/groups/news"), 404);
}

TEST_F(GroupsApi, WhatMakesNoSenseIsRefused) {
    EXPECT_EQ(status("POST", "/groups", R"({"name":"news"})"), 200);
    EXPECT_EQ(status("POST", "/groups", R"({"name":"news"})"), 409);
    EXPECT_EQ(status("POST", "/groups", R"({"name":"ana"})"), 409);
    EXPECT_EQ(status("POST", "/groups", R"({"name":"No Way"})"), 400);
    EXPECT_EQ(status("POST", "/groups", R"({"name":"sport","mode":"secret"})"), 400);
    EXPECT_EQ(status("POST", "/groups", R"({"name":"sport","post":"nobody"})"), 400);
    EXPECT_EQ(status("POST", "/groups", R"({"name":"sport","moderators":["eve"]})"), 400);
    EXPECT_EQ(status("POST", "/groups", R"({"name":"sport","moderators":"carl"})"), 400);
    EXPECT_EQ(status("PUT", "/groups/sport", R"({"title":"x"})"), 404);
    EXPECT_EQ(status("GET", "/groups/sport/members"), 404);
    EXPECT_EQ(status("GET", "/groups/sport/posts"), 404);
    EXPECT_EQ(status("POST", "/groups/news/members", R"({"who":"nobody"})"), 400);
    EXPECT_EQ(status("POST", "/groups/news/members", R"({"who":""})"), 400);
    EXPECT_EQ(status("POST", "/groups/news/posts/x/pass"), 400);
    EXPECT_EQ(status("POST", "/groups/news/posts/99999999999999999999/pass"), 400);
    EXPECT_EQ(status("POST", "/groups/news/posts/7/pass"), 404);
}

}  // namespace
}  // namespace waypost::api
