// SPDX-License-Identifier: Apache-2.0
// Who only connects, or says what he wants byte by byte, keeps nobody else out.
#include "gateway/io/http/front.h"

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <memory>
#include <thread>
#include <vector>

namespace waypost {
namespace {

using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;
using std::chrono::milliseconds;

class FrontTest : public ::testing::Test {
  protected:
    explicit FrontTest(HttpFrontOptions options = {})
        : front_(new HttpFront(on_loopback(options))) {}
    ~FrontTest() override { front_->end(); }
    static HttpFrontOptions on_loopback(HttpFrontOptions options) {
        options.listen = "127.0.0.1:0";
        return options;
    }
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
    Poco::AutoPtr<HttpFront> front_;
};

const std::string kHead = "GET / HTTP/1.1\r\nHost: box\r\n\r\n";

TEST_F(FrontTest, ARequestIsHandedOnWhenItsHeadIsWhole) {
    StreamSocket client = connect();
    say(client, kHead.substr(0, 20));
    EXPECT_FALSE(comes(50));
    say(client, kHead.substr(20));
    ASSERT_TRUE(comes());
    StreamSocket server = next();
    EXPECT_EQ(all_of(server, kHead.size()), kHead);
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
    for (std::size_t i = 0; i < 3 * HttpFront::kMostBeginningFrom; ++i) silent.push_back(connect());
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
    ImpatientFront() : FrontTest(impatient()) {}
    static HttpFrontOptions impatient() {
        HttpFrontOptions options;
        options.begin = milliseconds(100);
        options.body = milliseconds(200);
        return options;
    }
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

class KeepingFront : public FrontTest {
  protected:
    KeepingFront() : FrontTest(keeping()) {}
    static HttpFrontOptions keeping() {
        HttpFrontOptions options;
        options.idle = std::chrono::seconds(30);
        options.request = {16 * 1024, 1000, 0};
        options.most_bytes = 2000;
        return options;
    }
    static std::string post(std::size_t length) {
        return "POST / HTTP/1.1\r\nHost: box\r\nContent-Length: " + std::to_string(length) +
               "\r\n\r\n";
    }
    // As Poco's server does when it has answered: whether there is another request.
    static bool goes_on(StreamSocket& server) {
        return server.poll(Poco::Timespan(0), StreamSocket::SELECT_READ);
    }
};

TEST_F(KeepingFront, WaitsForTheNextRequestWithoutAThread) {
    StreamSocket client = connect();
    for (int i = 0; i < 3; ++i) {
        say(client, post(3) + "one");
        ASSERT_TRUE(comes());
        StreamSocket server = next();
        EXPECT_EQ(all_of(server, post(3).size() + 3), post(3) + "one");
        say(server, "answer");
        EXPECT_FALSE(goes_on(server));
        server.close();  // Poco's session does, which is over
        EXPECT_EQ(all_of(client, 6), "answer");
    }
}

TEST_F(KeepingFront, WhatCameWithTheLastOneIsNotForgotten) {
    StreamSocket client = connect();
    say(client, post(3) + "one" + post(3) + "two");
    for (const std::string body : {"one", "two"}) {
        ASSERT_TRUE(comes());
        StreamSocket server = next();
        EXPECT_EQ(all_of(server, post(3).size() + 3), post(3) + body);
        EXPECT_FALSE(goes_on(server));
    }
}

TEST_F(KeepingFront, WhoseServerDoesNotGoOnIsClosed) {
    StreamSocket client = connect();
    say(client, kHead);
    ASSERT_TRUE(comes());
    StreamSocket server = next();
    all_of(server, kHead.size());
    server.close();
    EXPECT_TRUE(is_closed(client));
}

TEST_F(KeepingFront, WhoSendsTooMuchReadsTheAnswerAllTheSame) {
    StreamSocket client = connect();
    say(client, post(1001) + std::string(500, 'x'));
    ASSERT_TRUE(comes());
    StreamSocket server = next();
    EXPECT_EQ(all_of(server, post(1001).size()), post(1001));
    char more = 0;
    EXPECT_EQ(server.receiveBytes(&more, 1), 0);
    say(server, "no");
    EXPECT_FALSE(goes_on(server));
    server.close();
    for (int i = 0; i < 100; ++i) say(client, std::string(10'000, 'x'));
    EXPECT_EQ(all_of(client, 2), "no");
    EXPECT_TRUE(is_closed(client));
}

TEST_F(KeepingFront, ManyLargeOnesTakeNoMoreMemoryThanAllowed) {
    std::vector<StreamSocket> many;
    for (int i = 0; i < 4; ++i) {
        many.push_back(connect());
        say(many.back(), post(1000) + std::string(900, 'x'));
    }
    // What is readable without an answer is closed.
    std::vector<pollfd> all;
    for (StreamSocket& each : many) all.push_back({each.impl()->sockfd(), POLLIN, 0});
    long closed = 0;
    while (closed < 2 && ::poll(all.data(), all.size(), 20'000) > 0)
        closed =
            std::count_if(all.begin(), all.end(), [](auto& each) { return each.revents != 0; });
    EXPECT_EQ(closed, 2);
}

class ImpatientKeepingFront : public FrontTest {
  protected:
    ImpatientKeepingFront() : FrontTest(impatient()) {}
    static HttpFrontOptions impatient() {
        HttpFrontOptions options;
        options.idle = milliseconds(100);
        return options;
    }
};

TEST_F(ImpatientKeepingFront, WhoDoesNotAskAgainIsSentAway) {
    StreamSocket client = connect();
    say(client, kHead);
    ASSERT_TRUE(comes());
    StreamSocket server = next();
    all_of(server, kHead.size());
    EXPECT_FALSE(server.poll(Poco::Timespan(0), StreamSocket::SELECT_READ));
    server.close();
    EXPECT_TRUE(is_closed(client));
}

TEST(HttpFront, LimitsCountHouseholds) {
    using Poco::Net::IPAddress;
    EXPECT_EQ(household_of(IPAddress("192.0.2.7")), "192.0.2.7");
    EXPECT_EQ(household_of(IPAddress("::ffff:192.0.2.7")), "192.0.2.7");
    EXPECT_EQ(household_of(IPAddress("2001:db8:1:2:3::4")),
              household_of(IPAddress("2001:db8:1:2:ffff::1")));
    EXPECT_NE(household_of(IPAddress("2001:db8:1:2::1")),
              household_of(IPAddress("2001:db8:1:3::1")));
}

}  // namespace
}  // namespace waypost
