// SPDX-License-Identifier: Apache-2.0
// Where a request ends, whatever pieces it comes in and whoever wrote it.
#include "gateway/io/http/request_reader.h"

#include <gtest/gtest.h>

namespace waypost {
namespace {

constexpr RequestLimits kLimits{1000, 100, 1000};

std::string taken(RequestReader& reader) {
    std::string all(10'000, '\0');
    all.resize(reader.take(all.data(), all.size()));
    return all;
}

std::string post(const std::string& headers) {
    return "POST / HTTP/1.1\r\nHost: box\r\n" + headers + "\r\n";
}

TEST(RequestReader, OneThatComesByteByByteIsTheSame) {
    const std::string all = post("content-LENGTH: \t6 \r\n") + "bodies";
    RequestReader reader(kLimits);
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_FALSE(reader.whole()) << i;
        ASSERT_TRUE(reader.add(all.substr(i, 1)).ok());
    }
    EXPECT_TRUE(reader.whole());
    EXPECT_TRUE(reader.may_go_on());
    EXPECT_EQ(taken(reader), all);
    EXPECT_TRUE(reader.used_up());
}

TEST(RequestReader, WhatComesBehindOneIsTheNext) {
    const std::string first = post("Content-Length: 3\r\n") + "one", second = post("");
    RequestReader reader(kLimits);
    ASSERT_TRUE(reader.add(first + second.substr(0, 9)).ok());
    EXPECT_EQ(taken(reader), first);
    ASSERT_TRUE(reader.next().ok());
    EXPECT_FALSE(reader.has_head());
    ASSERT_TRUE(reader.add(second.substr(9) + first).ok());
    EXPECT_EQ(taken(reader), second);
    ASSERT_TRUE(reader.next().ok());
    EXPECT_TRUE(reader.whole());
    EXPECT_EQ(taken(reader), first);
}

// Two readers that see two ends would take a part of one request for another one.
TEST(RequestReader, AfterOneWhoseEndIsDoubtfulThereIsNoNext) {
    for (const std::string headers :
         {"Content-Length: 3\r\nContent-Length: 3\r\n", "Content-Length: 3, 3\r\n",
          "Content-Length: +3\r\n", "Content-Length: 0x3\r\n", "Content-Length:\r\n",
          "Content-Length: 99999999999999999999999\r\n", "Transfer-Encoding: chunked\r\n",
          "Content-Length: 3\r\nTransfer-Encoding: identity\r\n"}) {
        RequestReader reader({1000, 100, 0});
        ASSERT_TRUE(reader.add(post(headers) + "one").ok());
        EXPECT_TRUE(reader.whole()) << headers;
        EXPECT_FALSE(reader.may_go_on()) << headers;
    }
}

TEST(RequestReader, LinesEndInOneWayOnly) {
    for (const char* head : {"POST / HTTP/1.1\nContent-Length: 3\n\r\n\r\n",
                             "POST / HTTP/1.1\r\nX: y\nContent-Length: 3\r\n\r\n", "\n\r\n\r\n"})
        EXPECT_FALSE(RequestReader(kLimits).add(head).ok()) << head;
}

TEST(RequestReader, OfWhatIsTooLongAPartIsKeptAndTheRestDroppedWithinALimit) {
    RequestReader reader(kLimits);
    ASSERT_TRUE(reader.add(post("Content-Length: 900\r\n")).ok());
    for (int i = 0; i < 9; ++i) {
        EXPECT_FALSE(reader.whole());
        ASSERT_TRUE(reader.add(std::string(100, 'x')).ok());
    }
    EXPECT_TRUE(reader.whole());
    EXPECT_FALSE(reader.may_go_on());
    EXPECT_EQ(taken(reader), post("Content-Length: 900\r\n") + std::string(100, 'x'));
    RequestReader endless(kLimits);
    ASSERT_TRUE(endless.add(post("Content-Length: 9000\r\n") + std::string(100, 'x')).ok());
    EXPECT_FALSE(endless.add(std::string(1001, 'x')).ok());
}

TEST(RequestReader, OrNothingOfItIsReadAndTheHeadIsAll) {
    for (const std::string headers : {"Content-Length: 101\r\n", "Transfer-Encoding: chunked\r\n",
                                      "Content-Length: 18446744073709551615\r\n"}) {
        RequestReader reader({1000, 100, 0});
        ASSERT_TRUE(reader.add(post(headers) + "5\r\nbodie").ok());
        EXPECT_TRUE(reader.whole());
        EXPECT_TRUE(reader.cut_short());
        EXPECT_FALSE(reader.may_go_on());
        EXPECT_EQ(taken(reader), post(headers));
    }
}

TEST(RequestReader, ChunksAreReadToTheirEnd) {
    RequestReader reader(kLimits);
    ASSERT_TRUE(reader.add(post("Transfer-Encoding: chunked\r\n") + "3\r\none\r\n").ok());
    EXPECT_FALSE(reader.whole());
    ASSERT_TRUE(reader.add("0\r\n\r\n").ok());
    EXPECT_TRUE(reader.whole());
    EXPECT_FALSE(reader.may_go_on());
}

TEST(RequestReader, AHeadWithoutEndIsRefused) {
    RequestReader reader(kLimits);
    ASSERT_TRUE(reader.add("GET / HTTP/1.1\r\nX: " + std::string(900, 'x')).ok());
    EXPECT_FALSE(reader.add(std::string(200, 'x')).ok());
    RequestReader late(kLimits);
    EXPECT_FALSE(late.add("GET / HTTP/1.1\r\nX: " + std::string(1200, 'x') + "\r\n\r\n").ok());
}

}  // namespace
}  // namespace waypost
