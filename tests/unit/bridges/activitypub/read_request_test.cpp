// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/server/read_request.h"

#include <gtest/gtest.h>

namespace waypost::activitypub {
namespace {

TEST(ReadTarget, PathAndQueryAreDecoded) {
    Request request;
    ASSERT_TRUE(
        read_target("/.well-known/webfinger?resource=acct%3Aana%40hill.example&rel=a+b", request)
            .ok());
    EXPECT_EQ(request.path, "/.well-known/webfinger");
    EXPECT_EQ(request.query.at("resource"), "acct:ana@hill.example");
    EXPECT_EQ(request.query.at("rel"), "a+b");
    EXPECT_EQ(request.target, "/.well-known/webfinger?resource=acct%3Aana%40hill.example&rel=a+b");
    Request other;
    ASSERT_TRUE(read_target("/ap/an%61?page=&&a=1&a=2&b", other).ok());
    EXPECT_EQ(other.path, "/ap/ana");
    EXPECT_EQ(other.query,
              (std::map<std::string, std::string>{{"page", ""}, {"a", "1"}, {"b", ""}}));
}

TEST(ReadTarget, AProxyMayWriteTheWholeAddress) {
    Request request;
    ASSERT_TRUE(read_target("HTTPS://hill.example/ap/ana?page=1", request).ok());
    EXPECT_EQ(request.path, "/ap/ana");
    EXPECT_EQ(request.query.at("page"), "1");
    Request bare;
    ASSERT_TRUE(read_target("http://hill.example?a=b", bare).ok());
    EXPECT_EQ(bare.path, "/");
    EXPECT_EQ(bare.query.at("a"), "b");
}

TEST(ReadTarget, WhatIsNoAddressIsRefused) {
    for (const std::string target : {"", "*", "ap/ana", "hill.example:443", "/a%", "/a%2", "/a%zz",
                                     "/a%00b", "/a%0d%0ab", "/?a=%", "/?%0a=b"}) {
        Request request;
        EXPECT_FALSE(read_target(target, request).ok()) << target;
    }
    std::string many = "/?";
    for (int i = 0; i < 51; ++i) many += 'a' + std::to_string(i) + "=1&";
    Request request;
    EXPECT_FALSE(read_target(many, request).ok());
}

TEST(LastForwarded, OnlyWhomTheProxyItselfSaw) {
    EXPECT_EQ(last_forwarded("203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(last_forwarded("10.0.0.1, 203.0.113.9 "), "203.0.113.9");
    EXPECT_EQ(last_forwarded("10.0.0.1,2001:db8::1"), "2001:db8::1");
    for (const char* bad : {"", ",", "203.0.113.9,", "unknown", "203.0.113.9:80", "300.1.1.1"})
        EXPECT_EQ(last_forwarded(bad), "") << bad;
}

}  // namespace
}  // namespace waypost::activitypub
