// SPDX-License-Identifier: Apache-2.0
// News that the account's server tells at once.
#include <gtest/gtest.h>

#include <future>

#include "bridges/activitypub/client/client_transport.h"
#include "bridges/activitypub/client/event_names.h"
#include "bridges/activitypub/client/news_stream.h"
#include "tests/unit/bridges/activitypub/client_server.h"

namespace waypost::activitypub::client {
namespace {

using std::chrono::seconds;
using Names = std::vector<std::string>;

constexpr char kStream[] = "/api/v1/streaming/user/notification";

TEST(ClientStream, EventsAreKnownByTheirNames) {
    const std::string text =
        ":)\n\n:thump\nevent: notification\ndata: {\"id\":\"1\"}\n\nevent:update\r\ndata:x\r\n"
        "data:y\r\n\r\ndata\r\revent: alone\n\nid: 5\nevent: cut\ndata: ";
    const Names names = {"notification", "update", "message"};
    EXPECT_EQ(EventNames().take(text), names);
    for (std::size_t at = 0; at <= text.size(); ++at) {
        EventNames reader;
        Names all = reader.take(std::string_view(text).substr(0, at));
        const Names rest = reader.take(std::string_view(text).substr(at));
        all.insert(all.end(), rest.begin(), rest.end());
        EXPECT_EQ(all, names) << "in two pieces at " << at;
    }
}

TEST(ClientStream, OfALongLineItsBeginningCounts) {
    EventNames reader;
    EXPECT_TRUE(reader.take("event: notification\ndata: " + std::string(1 << 20, 'x')).empty());
    EXPECT_EQ(reader.take("\n\n"), (Names{"notification"}));
}

TEST(ClientStream, WaitsLongerWhereItIsOfNoUse) {
    EXPECT_EQ(stream_pause({0, seconds(0)}, seconds(0)), seconds(5));
    EXPECT_EQ(stream_pause({0, seconds(2)}, seconds(5)), seconds(10));
    EXPECT_EQ(stream_pause({503, seconds(2)}, seconds(400)), seconds(600));
    EXPECT_EQ(stream_pause({200, seconds(61)}, seconds(600)), seconds(5)) << "it was held well";
    EXPECT_EQ(stream_pause({404, seconds(0)}, seconds(5)), seconds(6 * 3600)) << "it has none";
    EXPECT_EQ(stream_pause({401, seconds(0)}, seconds(0)), seconds(6 * 3600));
}

// A transport that would ask again after a day.
struct ClientNews : testing::Test {
    ClientNews() {
        options.server = box.server;
        options.person = "ana";
        options.token_file = box.token_file;
        options.poll = std::chrono::hours(24);
        options.fetch = box.fetch;
        box.office.kept()["position"] = "0";
        box.office.kept()["account"] = "ana@social.example 1";
        box.office.verdict = [this](const Address&) {
            came.set_value();
            return Verdict{};
        };
        server.mention("0", "<p>before");
    }
    bool comes(seconds within) {
        return came.get_future().wait_for(within) == std::future_status::ready;
    }
    MastoServer server;
    ClientBox box{server};
    ClientOptions options;
    std::promise<void> came;
};

TEST_F(ClientNews, WhatIsToldIsAskedForAtOnce) {
    server.streaming = "wss://" + server.peer.host();
    ClientTransport transport("fediverse_account.ana", options);
    transport.start(box.office);
    while (server.asked_for(kStream) == 0) std::this_thread::yield();
    server.mention("1", "<p>Is it open?");
    server.tell_news(":thump\n\nevent: notification\ndata: {\"id\":\"1\"}\n\n");
    EXPECT_TRUE(comes(seconds(20)));
    transport.stop();
    ASSERT_EQ(box.office.accepted.size(), 1u);
    EXPECT_EQ(box.office.accepted[0].text, "Is it open?");
    EXPECT_EQ(box.office.kept()["position"], "1");
}

// As snac does.
TEST_F(ClientNews, WhereNothingIsBehindTheOfferItIsAskedForAsEver) {
    server.streaming = "wss://" + server.peer.host();
    server.streams = false;
    options.poll = std::chrono::milliseconds(1200);
    ClientTransport transport("fediverse_account.ana", options);
    transport.start(box.office);
    while (server.asked_for(kStream) == 0) std::this_thread::yield();
    server.mention("1", "<p>Is it open?");
    EXPECT_TRUE(comes(seconds(20)));
    transport.stop();
    EXPECT_EQ(server.asked_for(kStream), 1) << "not again and again";
}

TEST_F(ClientNews, WhereNoneIsOfferedNoneIsHeld) {
    server.mention("1", "<p>Is it open?");
    ClientTransport transport("fediverse_account.ana", options);
    transport.start(box.office);
    EXPECT_TRUE(comes(seconds(20))) << "by the first look";
    while (!transport.up()) std::this_thread::yield();
    transport.stop();
    for (const PeerRequest& each : server.peer.asked())
        EXPECT_EQ(each.target.find("/streaming"), std::string::npos);
}

TEST_F(ClientNews, TheOperatorMaySayThatNoneIsHeld) {
    server.streaming = "wss://" + server.peer.host();
    options.stream = false;
    server.mention("1", "<p>Is it open?");
    ClientTransport transport("fediverse_account.ana", options);
    transport.start(box.office);
    EXPECT_TRUE(comes(seconds(20)));
    while (!transport.up()) std::this_thread::yield();
    transport.stop();
    EXPECT_EQ(server.asked_for(kStream), 0);
}

}  // namespace
}  // namespace waypost::activitypub::client
