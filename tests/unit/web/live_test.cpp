// SPDX-License-Identifier: Apache-2.0
// The log and the packets, live.
#include <thread>

#include "gateway/base/log.h"
#include "tests/unit/web/api_village.h"

namespace waypost::api {
namespace {

class LiveTest : public ApiVillage {
  protected:
    LiveTest() { tools_.live = std::make_shared<LiveFeed>(); }
    LiveFeed& feed() { return *tools_.live; }
    // What comes over such a stream until the feed is closed, which `meanwhile` is before.
    std::string watch(
        const std::string& uri, const std::function<void()>& meanwhile = [] {}) {
        Desk desk(*office_, tools_);
        const Reply reply = answer(desk, on_the_box("GET", uri));
        EXPECT_EQ(reply.status, 200);
        EXPECT_TRUE(reply.endless);
        EXPECT_EQ(reply.content_type, "text/event-stream");
        std::ostringstream out;
        std::thread watching([&] { (void)reply.content(out); });
        meanwhile();
        feed().close();
        watching.join();
        return out.str();
    }
    DeskTools tools_;
};

TEST_F(LiveTest, WhatWasKeptComesFirst) {
    feed().packets().note({0, 1000, "trunk.dale", true, 17, "single 4", {}, {}});
    feed().packets().note({0, 2000, "meshtastic.roof", false, 9, "text \xff", 6.25f, -91});
    log(Level::Warning, "live-test", "seen", {{"why", "it \"is\""}});
    const std::string both = watch("/live?log=1&packets=1");
    EXPECT_EQ(both.rfind(": live\n\nid: ", 0), 0u);
    EXPECT_NE(both.find("\nevent: log\ndata: {\"at_ms\":"), std::string::npos) << both;
    EXPECT_NE(both.find("\"component\":\"live-test\",\"event\":\"seen\","
                        "\"fields\":{\"why\":\"it \\\"is\\\"\"},\"level\":\"warning\"}\n\n"),
              std::string::npos)
        << both;
    EXPECT_NE(both.find("id: 1\nevent: packet\ndata: {\"at_ms\":1000,\"bytes\":17,"
                        "\"direction\":\"out\",\"text\":\"single 4\","
                        "\"transport\":\"trunk.dale\"}\n\n"),
              std::string::npos)
        << both;
    EXPECT_NE(both.find("\"direction\":\"in\",\"rssi_dbm\":-91,\"snr_db\":6.25,\"text\":\"text "),
              std::string::npos)
        << both;
}

TEST_F(LiveTest, WhatWasAskedForAndNothingElse) {
    feed().packets().note({0, 1000, "trunk.dale", true, 17, "single 4", {}, {}});
    log(Level::Info, "live-test", "asked");
    const std::string packets = watch("/live?packets=1");
    EXPECT_EQ(packets.find("event: log"), std::string::npos);
    EXPECT_NE(packets.find("event: packet"), std::string::npos);
    const std::string lines = watch("/live?log=1&packets=0");
    EXPECT_NE(lines.find("event: log"), std::string::npos);
    EXPECT_EQ(lines.find("event: packet"), std::string::npos);
    EXPECT_EQ(call("GET", "/live").status, 400);
}

TEST_F(LiveTest, ThatOfAFrameThatCannotBeANumberIsLeftOut) {
    feed().packets().note({0, 1, "x", false, 1, "y", std::numeric_limits<float>::quiet_NaN(), {}});
    EXPECT_EQ(watch("/live?packets=1").find("snr_db"), std::string::npos);
}

TEST_F(LiveTest, IsForOperatorsAndForFewAtOnce) {
    Desk desk(*office_, tools_);
    Asked asked = on_the_box("GET", "/live?log=1");
    asked.visitor.role = Role::Villager;
    EXPECT_EQ(answer(desk, asked).status, 403);
    std::vector<Reply> watching;
    for (int i = 0; i < LiveFeed::kMostOnTheBox; ++i)
        watching.push_back(answer(desk, on_the_box("GET", "/live?log=1")));
    EXPECT_EQ(answer(desk, on_the_box("GET", "/live?log=1")).status, 503);
    EXPECT_EQ(answer(desk, on_the_box("GET", "/events")).status, 503) << "the same places";
    Desk without(*office_);
    EXPECT_EQ(answer(without, on_the_box("GET", "/live?log=1")).status, 404);
}

}  // namespace
}  // namespace waypost::api
