// SPDX-License-Identifier: Apache-2.0
// Live events, and the server that gives them.
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <unistd.h>

#include <thread>

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

}  // namespace
}  // namespace waypost::api
