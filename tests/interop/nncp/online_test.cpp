// SPDX-License-Identifier: Apache-2.0
// Sessions with the real nncp-daemon and nncp-call, in both directions.
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "bridges/nncp/online/server.h"
#include "tests/interop/nncp/two_nodes.h"
#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class NncpOnline : public ::testing::Test {
  protected:
    NncpOnline() {
        options_.once = true;
        options_.sync = false;
    }
    // Our answers to nncp-call.
    std::unique_ptr<Server> serve() {
        ServerOptions options;
        options.bind = nodes_.where();
        options.session = options_;
        options.session.once = false;  // the caller hangs up
        where_ = options.bind;
        auto server = Server::start(nodes_.home(), options, nodes_.watch);
        EXPECT_TRUE(server.ok());
        return std::move(server).value();
    }
    void queue_both_ways() {
        for (int i = 0; i < 20; ++i)
            nodes_.file(nodes_.village, "out" + std::to_string(i), mth_pattern(std::size_t(i)));
        nodes_.file(nodes_.village, "large", mth_pattern(700'000));
        for (int i = 0; i < 5; ++i)
            nodes_.file(nodes_.relay, "in" + std::to_string(i), mth_pattern(std::size_t(i)));
        nodes_.file(nodes_.relay, "great", mth_pattern(300'000));
    }
    // All of it is on the other side and is what it was, says nncp-toss.
    void expect_exchanged() {
        for (const auto* side : {&nodes_.village, &nodes_.relay}) {
            EXPECT_TRUE(nodes_.waiting(*side).empty()) << side->name;
            EXPECT_EQ(nodes_.toss(*side), "") << side->name;
        }
        EXPECT_EQ(nodes_.relay.incoming(), 21u);
        EXPECT_EQ(nodes_.village.incoming(), 6u);
        EXPECT_TRUE(nodes_.relay.incoming("large") == mth_pattern(700'000));
        EXPECT_TRUE(nodes_.village.incoming("great") == mth_pattern(300'000));
        EXPECT_EQ(nodes_.relay.incoming("out19"), mth_pattern(19));
    }
    void lay(const fs::path& file, const std::string& bytes) {
        std::ofstream(file, std::ios::binary) << bytes;
    }

    TwoNodes nodes_;
    OnlineOptions options_;
    std::string where_ = nodes_.where();
};

TEST_F(NncpOnline, WeCallItsDaemon) {
    queue_both_ways();
    const Daemon daemon(nodes_.daemon_words(where_), nodes_ / "daemon.log");
    const auto report = nodes_.call(where_, options_);
    ASSERT_TRUE(report.ok()) << report.error().text;
    EXPECT_TRUE(report->well) << report->why.text;
    EXPECT_EQ(report->stats.packets_out, 21u);
    EXPECT_EQ(report->stats.packets_in, 6u);
    expect_exchanged();
}

TEST_F(NncpOnline, ItCallsUs) {
    queue_both_ways();
    auto server = serve();
    const Ended ended = nodes_.nncp_call(where_);
    EXPECT_EQ(ended.status, 0) << ended.output;
    server.reset();
    expect_exchanged();
}

TEST_F(NncpOnline, ByAPipe) {
    queue_both_ways();
    const auto report =
        nodes_.call("|nncp-daemon -quiet -ucspi -cfg " + nodes_.relay.file(), options_);
    ASSERT_TRUE(report.ok()) << report.error().text;
    EXPECT_TRUE(report->well) << report->why.text;
    expect_exchanged();
}

TEST_F(NncpOnline, MoreOffersThanAGreetingHolds) {
    // nncp has room for 681 in its greeting. Copies of one packet are as good as different ones
    // until they are tossed: only their names count. What is appended is outside of what is signed.
    nodes_.file(nodes_.relay, "x", "x");
    const std::string text = nodes_.text_of(nodes_.waiting(nodes_.relay)[0], nodes_.relay);
    std::vector<Spool::Finished> many;
    for (int i = 0; i < 720; ++i) {
        auto packet = std::move(nodes_.relay.spool->begin()).value();
        const std::string bytes = text + std::to_string(i);
        ASSERT_TRUE(
            packet->write({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()})
                .ok());
        many.push_back({std::move(packet), nodes_.village.config->self->id, Way::Tx});
    }
    ASSERT_TRUE(nodes_.relay.spool->publish(std::move(many)).ok());
    auto server = serve();
    const Daemon calling({"nncp-call", "-quiet", "-cfg", nodes_.relay.file(), "village", where_},
                         nodes_ / "call.log");
    // It takes its time to delete what we acknowledged; that it begins to is enough.
    EXPECT_TRUE(eventually([this] {
        return nodes_.village.spool->list(nodes_.relay.config->self->id, Way::Rx)->size() == 721 &&
               nodes_.waiting(nodes_.relay).size() < 721;
    }));
}

TEST_F(NncpOnline, APartIsResumedHere) {
    nodes_.file(nodes_.relay, "great", mth_pattern(700'000));
    const auto packet = nodes_.waiting(nodes_.relay)[0];
    lay(nodes_.rx(nodes_.village) / (to_base32(packet.name) + ".part"),
        nodes_.text_of(packet, nodes_.relay).substr(0, 600'000));
    const Daemon daemon(nodes_.daemon_words(where_), nodes_ / "daemon.log");
    const auto report = nodes_.call(where_, options_);
    ASSERT_TRUE(report.ok()) << report.error().text;
    EXPECT_EQ(report->stats.bytes_in, packet.bytes - 600'000);
    EXPECT_EQ(nodes_.toss(nodes_.village), "");
    EXPECT_TRUE(nodes_.village.incoming("great") == mth_pattern(700'000));
}

TEST_F(NncpOnline, APartIsResumedThere) {
    nodes_.file(nodes_.village, "great", mth_pattern(700'000));
    const auto packet = nodes_.waiting(nodes_.village)[0];
    lay(nodes_.rx(nodes_.relay) / (to_base32(packet.name) + ".part"),
        nodes_.text_of(packet, nodes_.village).substr(0, 600'000));
    const Daemon daemon(nodes_.daemon_words(where_), nodes_ / "daemon.log");
    const auto report = nodes_.call(where_, options_);
    ASSERT_TRUE(report.ok()) << report.error().text;
    EXPECT_EQ(report->stats.bytes_out, packet.bytes - 600'000);
    EXPECT_EQ(nodes_.toss(nodes_.relay), "");
    EXPECT_TRUE(nodes_.relay.incoming("great") == mth_pattern(700'000));
}

// The daemon itself would never take it again.
TEST_F(NncpOnline, APoisonedPartIsFetchedAgain) {
    nodes_.file(nodes_.relay, "great", mth_pattern(200'000));
    const auto packet = nodes_.waiting(nodes_.relay)[0];
    const Daemon daemon(nodes_.daemon_words(where_), nodes_ / "daemon.log");
    for (const char* ending : {".part", ".nock"})
        lay(nodes_.rx(nodes_.village) / (to_base32(packet.name) + ending),
            std::string(packet.bytes, 'x'));
    const auto report = nodes_.call(where_, options_);
    ASSERT_TRUE(report.ok()) << report.error().text;
    EXPECT_EQ(report->stats.packets_in, 1u);
    EXPECT_EQ(nodes_.toss(nodes_.village), "");
    EXPECT_TRUE(nodes_.village.incoming("great") == mth_pattern(200'000));
}

TEST_F(NncpOnline, TheDaemonDiesInTheMiddle) {
    nodes_.file(nodes_.relay, "great", mth_pattern(24'000'000));
    OnlineOptions slow = options_;
    slow.receive_bytes = 5'000'000;
    {
        Daemon daemon(nodes_.daemon_words(where_), nodes_ / "daemon.log");
        nodes_.watch.progress = [&daemon](const Node&, const SessionStats& stats) {
            if (stats.bytes_in > 500'000) daemon.kill();
        };
        const auto report = nodes_.call(where_, slow);
        ASSERT_TRUE(report.ok()) << report.error().text;
        EXPECT_FALSE(report->well);
        nodes_.watch.progress = nullptr;
    }
    EXPECT_EQ(nodes_.waiting(nodes_.relay).size(), 1u);
    where_ = nodes_.where();
    const Daemon daemon(nodes_.daemon_words(where_), nodes_ / "daemon.log");
    const auto report = nodes_.call(where_, options_);
    ASSERT_TRUE(report.ok()) << report.error().text;
    EXPECT_LT(report->stats.bytes_in, 23'600'000u);
    EXPECT_EQ(nodes_.toss(nodes_.village), "");
    EXPECT_TRUE(nodes_.village.incoming("great") == mth_pattern(24'000'000));
}

TEST_F(NncpOnline, OneWayAndOnlyUrgent) {
    nodes_.file(nodes_.village, "urgent", "1", "P");
    nodes_.file(nodes_.village, "later", "2", "B");
    nodes_.file(nodes_.relay, "urgent", "3", "P");
    nodes_.file(nodes_.relay, "later", "4", "B");
    const Daemon daemon(nodes_.daemon_words(where_), nodes_ / "daemon.log");
    options_.nice = 96;
    options_.transmit = false;
    ASSERT_TRUE(nodes_.call(where_, options_).ok());
    EXPECT_EQ(nodes_.waiting(nodes_.village).size(), 2u);
    EXPECT_EQ(nodes_.waiting(nodes_.relay).size(), 1u);
    // The daemon lets its locks go a moment after we hung up.
    options_.transmit = true;
    options_.receive = false;
    EXPECT_TRUE(eventually([&] {
        (void)nodes_.call(where_, options_);
        return nodes_.waiting(nodes_.village).size() == 1;
    }));
    EXPECT_EQ(nodes_.waiting(nodes_.relay).size(), 1u);
}

TEST_F(NncpOnline, WhatComesLaterGoesInTheSameSession) {
    auto server = serve();
    std::thread later([this] {
        ASSERT_TRUE(eventually([this] {  // the session is on: its locks are held
            return !nodes_.village.spool->lock(nodes_.relay.config->self->id, SpoolLock::Kind::Rx)
                        .ok();
        }));
        nodes_.file(nodes_.village, "late", "from us");
        nodes_.file(nodes_.relay, "late", "from it");
    });
    const Ended ended = nodes_.nncp_call(where_, {"-maxonlinetime", "8"});
    later.join();
    server.reset();
    EXPECT_EQ(ended.status, 0) << ended.output;
    EXPECT_TRUE(nodes_.waiting(nodes_.village).empty());
    EXPECT_TRUE(nodes_.waiting(nodes_.relay).empty());
}

TEST_F(NncpOnline, StrangersAndNoiseAreSentAwayAndOthersServed) {
    auto server = serve();
    std::vector<std::unique_ptr<Line>> silent;
    for (int i = 0; i < 7; ++i) silent.push_back(std::move(dial(where_, 1s)).value());
    const std::string rubbish = "GET / HTTP/1.0\r\n\r\n";
    (void)silent[0]->send({reinterpret_cast<const std::uint8_t*>(rubbish.data()), rubbish.size()});
    nodes_.file(nodes_.relay, "x", "x");
    const Ended ended = nodes_.nncp_call(where_);
    EXPECT_EQ(ended.status, 0) << ended.output;
    EXPECT_TRUE(nodes_.waiting(nodes_.relay).empty());
}

TEST_F(NncpOnline, OneSessionPerNode) {
    const auto lock =
        nodes_.village.spool->lock(nodes_.relay.config->self->id, SpoolLock::Kind::Tx);
    nodes_.file(nodes_.relay, "x", "x");
    auto server = serve();
    EXPECT_NE(nodes_.nncp_call(where_).status, 0);
    EXPECT_EQ(nodes_.call(where_, options_).error().code, Code::Busy);
    EXPECT_EQ(nodes_.waiting(nodes_.relay).size(), 1u);
}

}  // namespace
}  // namespace waypost::nncp
