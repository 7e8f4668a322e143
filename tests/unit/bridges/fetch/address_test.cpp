// SPDX-License-Identifier: Apache-2.0
// Links taken apart, and addresses that anybody may have.
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cstring>

#include "bridges/fetch/public_address.h"
#include "bridges/fetch/web_url.h"

namespace waypost {
namespace {

TEST(WebUrl, IsTakenApartAsItIsAskedFor) {
    const auto url = parse_web_url("HTTPS://Hill.Example/a/../b/./c?x=1&y#z");
    ASSERT_TRUE(url.ok());
    EXPECT_EQ(url->scheme, "https");
    EXPECT_EQ(url->text, "https://hill.example/b/c?x=1&y#z");
    EXPECT_EQ(url->authority(), "hill.example");
    EXPECT_EQ(url->target(), "/b/c?x=1&y");
    EXPECT_EQ(parse_web_url("https://hill.example")->target(), "/");
    EXPECT_EQ(parse_web_url("https://hill.example:443/")->authority(), "hill.example");
    EXPECT_EQ(parse_web_url("https://hill.example:8443/")->authority(), "hill.example:8443");
    EXPECT_EQ(parse_web_url("http://hill.example:80/")->authority(), "hill.example");
}

bool is_public(const char* text) {
    sockaddr_in v4{};
    if (::inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        sockaddr address{};
        std::memcpy(&address, &v4, sizeof address);
        return is_public_address(address);
    }
    sockaddr_in6 v6{};
    EXPECT_EQ(::inet_pton(AF_INET6, text, &v6.sin6_addr), 1) << text;
    v6.sin6_family = AF_INET6;
    return is_public_address(*reinterpret_cast<const sockaddr*>(&v6));
}

TEST(PublicAddress, IsOnlyWhatAnybodyMayHave) {
    for (const char* address :
         {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
          "126.255.255.255", "128.0.0.1", "169.253.0.1", "172.15.255.255", "172.32.0.0",
          "192.167.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.255", "2a01:4f8::1",
          "2606:4700::1111", "64:ff9b::101:101", "2001:200::1"})
        EXPECT_TRUE(is_public(address)) << address;
    for (const char* address : {"0.0.0.0",
                                "10.0.0.1",
                                "100.64.0.1",
                                "127.0.0.1",
                                "127.255.255.254",
                                "169.254.169.254",
                                "172.16.0.1",
                                "172.31.255.255",
                                "192.0.0.8",
                                "192.0.2.1",
                                "192.168.1.1",
                                "198.18.0.1",
                                "198.19.255.255",
                                "198.51.100.1",
                                "203.0.113.1",
                                "224.0.0.1",
                                "240.0.0.1",
                                "255.255.255.255",
                                "::",
                                "::1",
                                "::ffff:127.0.0.1",
                                "::ffff:10.0.0.1",
                                "::127.0.0.1",
                                "64:ff9b::a00:1",
                                "64:ff9b::7f00:1",
                                "64:ff9b:1::1",
                                "100::1",
                                "2001::1",
                                "2001:db8::1",
                                "2002:7f00:1::",
                                "2002:101:101::",
                                "fc00::1",
                                "fdff::1",
                                "fe80::1",
                                "fec0::1",
                                "ff02::1",
                                "3fff::1",
                                "4000::1"})
        EXPECT_FALSE(is_public(address)) << address;
    sockaddr other{};
    other.sa_family = AF_UNIX;
    EXPECT_FALSE(is_public_address(other));
}

}  // namespace
}  // namespace waypost
