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
        : front_(new Front({"127.0.0.1:0", "", {}, begin, std::chrono::seconds(60)})) {}
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

TEST_F(ImpatientFront, WhoSaysNothingIsSentAway) {
    StreamSocket silent = connect(), slow = connect();
    say(slow, "GET / HTTP/1.1\r\n");
    EXPECT_TRUE(is_closed(silent));
    EXPECT_TRUE(is_closed(slow));
    EXPECT_FALSE(comes(0));
}

}  // namespace
}  // namespace waypost::site
