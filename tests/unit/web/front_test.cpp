// SPDX-License-Identifier: Apache-2.0
// Who only connects, or says what he wants byte by byte, keeps nobody else out.
#include "web/site/front.h"

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace waypost::site {
namespace {

using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;
using std::chrono::milliseconds;

class FrontTest : public ::testing::Test {
  protected:
    explicit FrontTest(milliseconds begin = milliseconds(30'000))
        : front_(new Front({"127.0.0.1:0", "", {}, begin, 2 * begin})) {}
    ~FrontTest() override { front_->end(); }
    StreamSocket connect() const {
        return StreamSocket(SocketAddress("127.0.0.1", static_cast<Poco::UInt16>(front_->port())));
    }
    static void say(StreamSocket& socket, const std::string& text) {
        socket.sendBytes(text.data(), static_cast<int>(text.size()));
    }
    bool comes(int ms = 20'000) { return front_->poll(Poco::Timespan(0, ms * 1000), 0); }
    StreamSocket next() {
        SocketAddress from;
        return StreamSocket(front_->acceptConnection(from));
    }
    static std::string all_of(StreamSocket& socket, std::size_t size) {
        std::string all(size, '\0');
        for (std::size_t at = 0; at < size;)
            at += static_cast<std::size_t>(
                socket.receiveBytes(all.data() + at, static_cast<int>(size - at)));
        return all;
    }
    // The other side closes it.
    static bool is_closed(StreamSocket& socket) {
        char byte = 0;
        socket.setReceiveTimeout(Poco::Timespan(20, 0));
        try {
            return socket.receiveBytes(&byte, 1) == 0;
        } catch (const Poco::TimeoutException&) {
            return false;
        } catch (const Poco::Exception&) {
            return true;
        }
    }
    Poco::AutoPtr<Front> front_;
};

const std::string kHead = "GET / HTTP/1.1\r\nHost: box\r\n\r\n";

TEST_F(FrontTest, ARequestIsHandedOnWhenItsHeadIsWhole) {
    StreamSocket client = connect();
    say(client, kHead.substr(0, 20));
    EXPECT_FALSE(comes(50));
    say(client, kHead.substr(20) + "body");
    ASSERT_TRUE(comes());
    StreamSocket server = next();
    EXPECT_EQ(all_of(server, kHead.size() + 4), kHead + "body");
    const std::string large(3'000'000, 'x');  // more than any buffer between takes at once
    std::thread answers([&] { say(server, large); });
    EXPECT_EQ(all_of(client, large.size()), large);
    answers.join();
}

// Whoever asks, the thread that answers waits for nothing more of his.
TEST_F(FrontTest, ARequestIsHandedOnWhenItsBodyIsWhole) {
    const std::string head = "POST / HTTP/1.1\r\nHost: box\r\ncontent-LENGTH:  6\r\n\r\n";
    StreamSocket client = connect();
    say(client, head + "bod");
    EXPECT_FALSE(comes(50));
    say(client, "ies");
    ASSERT_TRUE(comes());
    StreamSocket server = next();
    EXPECT_EQ(all_of(server, head.size() + 6), head + "bodies");
    char more = 0;
    EXPECT_EQ(server.receiveBytes(&more, 1), 0);
}

TEST_F(FrontTest, WhatNoHeadSaysClearlyIsNotWaitedFor) {
    for (const std::string length : {"", " ", "-5", "many", "99999999999999999999999"}) {
        StreamSocket client = connect();
        const std::string head = "POST / HTTP/1.1\r\nContent-Length:" + length + "\r\n\r\n";
        say(client, head);
        ASSERT_TRUE(comes()) << length;
        StreamSocket server = next();
        EXPECT_EQ(all_of(server, head.size()), head);
        char more = 0;
        EXPECT_EQ(server.receiveBytes(&more, 1), 0);
    }
}

TEST_F(FrontTest, OfABodyThatIsTooLargeThatMuchIsKeptAsShowsIt) {
    constexpr std::size_t kLength = 2'000'000;
    const std::string head =
        "POST / HTTP/1.1\r\nContent-Length: " + std::to_string(kLength) + "\r\n\r\n";
    StreamSocket client = connect();
    say(client, head + std::string(kLength, 'x'));
    ASSERT_TRUE(comes());
    StreamSocket server = next();
    std::size_t all = 0;
    std::string piece(4096, '\0');
    for (int n = 1; n > 0; all += static_cast<std::size_t>(n))
        n = server.receiveBytes(piece.data(), static_cast<int>(piece.size()));
    EXPECT_EQ(all, head.size() + 260 * 1024);
}

TEST_F(FrontTest, SilentOnesMakeRoomForThoseWhoSpeak) {
    std::vector<StreamSocket> silent;
    for (std::size_t i = 0; i < 3 * Front::kMostBeginningFrom; ++i) silent.push_back(connect());
    StreamSocket client = connect();
    say(client, kHead);
    ASSERT_TRUE(comes());
    EXPECT_TRUE(is_closed(silent.front()));
    StreamSocket server = next();
    EXPECT_EQ(all_of(server, kHead.size()), kHead);
}

TEST_F(FrontTest, AHeadWithoutEndIsNotWaitedFor) {
    StreamSocket client = connect();
    try {
        for (int i = 0; i < 100; ++i) say(client, std::string(1000, 'x'));
    } catch (const Poco::Exception&) {  // it was closed meanwhile
    }
    EXPECT_TRUE(is_closed(client));
    EXPECT_FALSE(comes(0));
}

class ImpatientFront : public FrontTest {
  protected:
    ImpatientFront() : FrontTest(milliseconds(100)) {}
};

TEST_F(ImpatientFront, WhoDoesNotFinishHisBodyIsSentAway) {
    StreamSocket slow = connect();
    say(slow, "POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\nx");
    EXPECT_TRUE(is_closed(slow));
    EXPECT_FALSE(comes(0));
}

TEST_F(ImpatientFront, WhoSaysNothingIsSentAway) {
    StreamSocket silent = connect(), slow = connect();
    say(slow, "GET / HTTP/1.1\r\n");
    EXPECT_TRUE(is_closed(silent));
    EXPECT_TRUE(is_closed(slow));
    EXPECT_FALSE(comes(0));
}

}  // namespace
}  // namespace waypost::site
