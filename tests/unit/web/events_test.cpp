// SPDX-License-Identifier: Apache-2.0
// Live events, and the server that gives them.
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "gateway/delivery/live_news.h"
#include "tests/unit/web/api_village.h"
#include "web/api/server.h"

namespace waypost::api {
namespace {

class EventsTest : public ApiVillage {
  protected:
    EventsTest() { tools_.live = std::make_shared<LiveFeed>(); }
    LiveFeed& feed() { return *tools_.live; }
    void tell(std::int64_t packets) {
        feed().tell(
            {"stick",
             {{"what", std::string("progress")}, {"packets", packets}, {"directory", false}},
             0});
    }
    DeskTools tools_;
};

TEST_F(EventsTest, AreWrittenWithTheirNumbers) {
    Desk desk(*office_, tools_);
    tell(1);
    tell(2);
    const Reply reply = answer(desk, on_the_box("GET", "/events?after=1"));
    ASSERT_TRUE(reply.content);
    EXPECT_TRUE(reply.endless);
    EXPECT_EQ(reply.content_type, "text/event-stream");
    std::ostringstream out;
    std::thread watching([&] { (void)reply.content(out); });
    tell(3);
    while (feed().last() < 3) std::this_thread::yield();
    feed().close();
    watching.join();
    EXPECT_EQ(out.str().rfind(": live\n\nid: 2\nevent: stick\n"
                              "data: {\"directory\":false,\"packets\":2,\"what\":\"progress\"}\n\n",
                              0),
              0u)
        << out.str();
}

TEST_F(EventsTest, FewWatchAtOnce) {
    Desk desk(*office_, tools_);
    std::vector<Reply> watching;
    for (int i = 0; i < LiveFeed::kMostOnTheBox; ++i) {
        watching.push_back(answer(desk, on_the_box("GET", "/events")));
        EXPECT_EQ(watching.back().status, 200);
    }
    EXPECT_EQ(answer(desk, on_the_box("GET", "/events")).status, 503);
    watching.pop_back();
    EXPECT_EQ(answer(desk, on_the_box("GET", "/events")).status, 200);
    EXPECT_EQ(answer(desk, on_the_box("GET", "/events?after=x")).status, 400);
    Desk without(*office_);
    EXPECT_EQ(answer(without, on_the_box("GET", "/events")).status, 404);
}

TEST_F(EventsTest, ComeOverTheSocketAsTheyHappen) {
    Desk desk(*office_, tools_);
    const std::string path = testing::TempDir() + "events-" + std::to_string(::getpid());
    auto server = std::make_unique<Server>(desk, path);
    Poco::Net::StreamSocket socket(
        Poco::Net::SocketAddress(Poco::Net::AddressFamily::UNIX_LOCAL, path));
    Poco::Net::HTTPClientSession session(socket);
    Poco::Net::HTTPRequest request("GET", "/events", "HTTP/1.1");
    request.setHost("box");
    session.sendRequest(request);
    Poco::Net::HTTPResponse response;
    std::istream& in = session.receiveResponse(response);
    EXPECT_EQ(response.getStatus(), 200);
    EXPECT_EQ(response.getContentType(), "text/event-stream");
    std::string line;
    std::getline(in, line);
    EXPECT_EQ(line, ": live");
    tell(7);
    while (std::getline(in, line) && line.rfind("data: ", 0) != 0) {
    }
    EXPECT_NE(line.find("\"packets\":7"), std::string::npos) << line;
    feed().close();
    server.reset();  // nobody keeps it waiting
    while (std::getline(in, line)) EXPECT_EQ(line, "");
}

// Streams are made while the feed is open, and read when it is closed: what they were to hear by
// then comes at once.
class OwnEventsTest : public EventsTest {
  protected:
    OwnEventsTest() : desk_(*office_, tools_) {
        office_->on_moved([this](const std::vector<Moved>& moved) { tell_moved(feed(), moved); });
        for (const std::string handle : {"ana", "ben", "cid"})
            call("PUT", "/people/" + handle, R"({"name": "X"})");
    }
    Visitor come_in(const std::string& handle) {
        const auto code = call("POST", "/people/" + handle + "/sign-in-code");
        Visitor visitor;
        (void)ask([&](Desk&) -> Result<void> {
            const auto in =
                desk_.console().by_code(handle, code.body->getValue<std::string>("code"), {});
            EXPECT_TRUE(in.ok());
            if (in.ok()) visitor = in->visitor;
            return {};
        });
        return visitor;
    }
    Reply listen(const Visitor& visitor) {
        Asked asked = on_the_box("GET", "/events");
        asked.visitor = visitor;
        Reply reply = answer(desk_, asked);
        EXPECT_EQ(reply.status, 200);
        return reply;
    }
    std::int64_t write(const Visitor& from, const std::string& to) {
        Reply reply;
        (void)ask([&](Desk& desk) -> Result<void> {
            Asked asked{"POST", "/me/messages", R"({"to": [")" + to + R"("], "text": "x"})", from,
                        {},     from.csrf};
            reply = answer(desk, asked);
            return {};
        });
        EXPECT_EQ(reply.status, 200) << json_of(reply);
        return reply.body->optValue<std::int64_t>("id", 0);
    }
    static std::string heard(const Reply& stream) {
        std::ostringstream out;
        EXPECT_TRUE(stream.content(out).ok());
        return out.str();
    }
    static std::string letter(std::int64_t id) {
        return "event: letter\ndata: {\"id\":" + std::to_string(id) + "}\n\n";
    }
    static bool has(const std::string& text, const std::string& part) {
        return text.find(part) != std::string::npos;
    }
    Desk desk_;
};

TEST_F(OwnEventsTest, AVillagerHearsOfHisOwnAlone) {
    const Visitor ana = come_in("ana"), ben = come_in("ben"), cid = come_in("cid");
    const Reply to_ana = listen(ana), to_ben = listen(ben), to_cid = listen(cid);
    const auto for_ben = write(ana, "ben");
    const auto outside = write(ben, "bob@example.org");
    tell(7);
    feed().close();
    const std::string ana_heard = heard(to_ana), ben_heard = heard(to_ben);
    EXPECT_TRUE(has(ana_heard, letter(for_ben))) << ana_heard;
    EXPECT_TRUE(has(ben_heard, letter(for_ben))) << ben_heard;
    EXPECT_TRUE(has(ben_heard, letter(outside))) << ben_heard;
    EXPECT_FALSE(has(ana_heard, letter(outside))) << ana_heard;
    EXPECT_EQ(heard(to_cid), ": live\n\n");
    for (const std::string& each : {ana_heard, ben_heard}) {
        EXPECT_FALSE(has(each, "event: delivery"));
        EXPECT_FALSE(has(each, "event: stick"));
    }
}

TEST_F(OwnEventsTest, WhatBecomesOfHisLetterIsTold) {
    const Visitor ana = come_in("ana"), ben = come_in("ben");
    const auto id = write(ana, "ben");
    const Reply to_ana = listen(ana);
    (void)ask([&](Desk& desk) -> Result<void> {  // which is read by it
        Asked asked{"GET", "/me/messages/" + std::to_string(id), {}, ben, {}, ben.csrf};
        EXPECT_EQ(answer(desk, asked).status, 200);
        return {};
    });
    EXPECT_EQ(state_of(id), State::Read);
    feed().close();
    const std::string all = heard(to_ana);
    EXPECT_TRUE(has(all, letter(id))) << all;
}

TEST_F(OwnEventsTest, WhoeverGetsAUsedNameHearsNothingOfItsBearerBefore) {
    const auto id = write(come_in("ana"), "bob@example.org");
    call("DELETE", "/people/ana");
    clock_.advance(std::chrono::minutes(1));
    call("PUT", "/people/ana", R"({"name": "Ana the second"})");
    const Reply to_ana = listen(come_in("ana"));
    tell_moved(feed(), {{id, 1, "email", State::Sent, "ana", "ana"}});
    feed().close();
    EXPECT_EQ(heard(to_ana), ": live\n\n");
}

TEST_F(OwnEventsTest, ASessionThatHasEndedHearsNothingMore) {
    const Visitor ana = come_in("ana"), other = come_in("ana");
    const Reply ended = listen(ana), kept = listen(other);
    EXPECT_EQ(call("DELETE", "/sessions/" + ana.session).status, 200);
    const auto id = write(come_in("ben"), "ana");
    std::ostringstream out;
    // It ends by itself: the feed is open.
    EXPECT_TRUE(ended.content(out).ok());
    EXPECT_EQ(out.str(), ": live\n\n");
    feed().close();
    EXPECT_TRUE(has(heard(kept), letter(id)));
}

TEST_F(OwnEventsTest, WhoIsRemovedHearsNothingMore) {
    const Reply to_ana = listen(come_in("ana"));
    write(come_in("ben"), "ana");
    call("DELETE", "/people/ana");
    std::ostringstream out;
    EXPECT_TRUE(to_ana.content(out).ok());
    EXPECT_EQ(out.str(), ": live\n\n");
}

TEST_F(OwnEventsTest, WhoWasOperatorIsToldNoLongerThanASecond) {
    call("PUT", "/people/olga", R"({"name": "Olga", "role": "operator"})");
    const Visitor olga = come_in("olga");
    EXPECT_EQ(olga.role, Role::Operator);
    const Reply stream = listen(olga);
    call("PUT", "/people/olga", R"({"name": "Olga", "role": "none"})");
    std::ostringstream out;
    std::thread telling([&] {
        while (!feed().closed()) {
            tell(1);
            feed().rest(std::chrono::milliseconds(20));
        }
    });
    EXPECT_TRUE(stream.content(out).ok());  // it ends by itself
    feed().close();
    telling.join();
    const std::string told = out.str();
    EXPECT_LE(std::count(told.begin(), told.end(), '{'), 60);
}

TEST_F(OwnEventsTest, OperatorsAndTheBoxHearOfAll) {
    const Visitor ana = come_in("ana");
    const Reply stream = listen(waypost::on_the_box());
    write(ana, "ben");
    feed().close();
    EXPECT_TRUE(has(heard(stream), "event: delivery\ndata: {\"id\":1,\"message\":1,"));
}

}  // namespace
}  // namespace waypost::api
