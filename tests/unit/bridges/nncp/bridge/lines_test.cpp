// SPDX-License-Identifier: Apache-2.0
// The gateway's sessions on lines that are not TCP, and how fast they may be.
#include <thread>

#include "bridges/nncp/exchange.h"
#include "tests/interop/nncp/cable.h"
#include "two_boxes.h"

namespace waypost::nncp {
namespace {

using namespace std::chrono_literals;

// Stands still, and counts who looks at it.
struct WatchedClock final : Clock {
    WallTime wall() const override { return shown.wall(); }
    BoxTime box() const override {
        ++asked;
        return shown.box();
    }
    bool synchronised() const override { return false; }
    FakeClock shown;
    mutable std::atomic<int> asked{0};
};

class Lines : public TwoBoxes {
  protected:
    Lines() {  // a serial line says nothing of a caller who went
        for (auto& [name, node] : hill_.config.nodes) node.online_deadline = 1s;
    }
    // Of dale, to hill.
    Result<OnlineReport> call_hill(const std::string& address) {
        OnlineOptions options;
        options.once = true;
        options.sync = false;
        const OnlineHome home{dale_.config, *dale_.spool, stop_};
        const Node* node = dale_.config.by_id(hill_.config.self->id);
        Result<OnlineReport> report = Error{Code::Internal, "not tried", true};
        options.line_deadline = 2s;
        for (int i = 0; i < 10; ++i) {  // it may only be about to listen
            report = call(home, *node, address, options, {});
            if (report.ok()) break;
        }
        return report;
    }
    void queue(TestBox& from, const TestBox& to, std::size_t bytes) {
        std::string noise(bytes, '\0');  // does not get smaller by packing
        for (char& each : noise) each = static_cast<char>(office_.random().next() & 0xFF);
        exec(from, to, {"sendmail", "x@y.example"}, noise);
    }
    std::size_t came(const TestBox& at, const TestBox& from) const {
        return at.spool->list(from.config.self->id, Way::Rx)->size();
    }
    std::unique_ptr<Exchange> hill() { return gateway(hill_); }
    static std::unique_ptr<Exchange> gateway(TestBox& box) {
        auto exchange = std::make_unique<Exchange>(box.config, *box.spool, box.options,
                                                   box.office.clock(), [] {});
        exchange->start();
        return exchange;
    }
    // Dale listens, and hill calls it as soon as something waits.
    std::unique_ptr<Exchange> dale_is_called_at_once() {
        dale_.options.listen = "127.0.0.1:0";
        auto listening = gateway(dale_);
        Node& node = hill_.config.nodes.at("relay");
        node.addresses = {{"main", "127.0.0.1:" + std::to_string(listening->port())}};
        hill_.options.at_once = {"relay"};
        return listening;
    }
    // As time goes by.
    bool dale_gets(std::size_t packets) {
        return eventually([&] {
            hill_.office.time().advance(1s);
            std::this_thread::yield();
            return came(dale_, hill_) == packets;
        });
    }
    void expect_exchange(const std::string& address) {
        queue(dale_, hill_, 1000);
        queue(hill_, dale_, 1000);
        const auto report = call_hill(address);
        ASSERT_TRUE(report.ok()) << report.error().text;
        EXPECT_TRUE(report->well) << report->why.text;
        EXPECT_EQ(came(hill_, dale_), 1u);
        EXPECT_EQ(came(dale_, hill_), 1u);
    }
    static bool eventually(const std::function<bool()>& is) {
        const auto until = std::chrono::steady_clock::now() + 10s;
        while (!is() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
        return is();
    }
    std::atomic<bool> stop_{false};
    FakeOffice office_;
    WatchedClock clock_;
    Cable cable_;
};

TEST_F(Lines, ASerialLineIsAnswered) {
    const std::string line = "serial:" + cable_.one();
    hill_.options.answer_on = {line};
    const auto exchange = hill();
    EXPECT_EQ(exchange->answering().at(line).problem, "");
    expect_exchange("serial:" + cable_.other());
    EXPECT_TRUE(eventually([&] { return exchange->answering()[line].last > 0; }));
    const auto report = call_hill("serial:" + cable_.other());
    ASSERT_TRUE(report.ok()) << "once more, on the same line: " << report.error().text;
}

TEST_F(Lines, AProgramIsAnswered) {
    hill_.options.answer_on = {"|cat " + cable_.one() + " & exec cat >" + cable_.one()};
    const auto exchange = hill();
    expect_exchange("serial:" + cable_.other());
}

TEST_F(Lines, ALineThatIsNotThereIsToldOf) {
    const std::string line = "serial:/dev/none-at-all";
    hill_.options.answer_on = {line};
    const auto exchange = hill();
    EXPECT_TRUE(eventually([&] { return !exchange->answering()[line].problem.empty(); }));
}

TEST_F(Lines, AProgramThatTalksNonsenseIsToldOfAndLeftForAWhile) {
    const auto calls = folder_ / "calls";
    const std::string line = "|echo x >>" + calls.string() + "; head -c 1000 /dev/zero";
    hill_.options.answer_on = {line};
    const auto exchange = hill();
    EXPECT_TRUE(eventually([&] { return !exchange->answering()[line].problem.empty(); }));
    EXPECT_EQ(std::filesystem::file_size(calls), 2u) << "called once";
}

TEST_F(Lines, WhatWaitedBeforeTheStartIsCalledForAtOnce) {
    const auto dale = dale_is_called_at_once();
    queue(hill_, dale_, 1000);
    const auto exchange = hill();
    EXPECT_TRUE(dale_gets(1));
}

TEST_F(Lines, WhatIsQueuedWithoutANudgeIsSeen) {
    const auto dale = dale_is_called_at_once();
    const auto exchange = hill();
    queue(hill_, dale_, 1000);  // as an ACK, a resent or a relayed packet is
    EXPECT_TRUE(dale_gets(1));
}

TEST_F(Lines, WhatIsBusyIsTriedAgain) {
    const auto dale = dale_is_called_at_once();
    queue(hill_, dale_, 1000);
    auto lock = std::make_optional(hill_.spool->lock(dale_.config.self->id, SpoolLock::Kind::Tx));
    Exchange exchange(hill_.config, *hill_.spool, hill_.options, clock_, [] {});
    exchange.start();
    // By a call that it has made: the clock is asked before, and after it.
    EXPECT_TRUE(eventually([&] { return clock_.asked > 1; }));
    EXPECT_EQ(exchange.lines()["relay"].problem, "") << "nothing is wrong with the node";
    lock.reset();
    clock_.shown.advance(5s);
    EXPECT_TRUE(dale_gets(1));
}

TEST_F(Lines, ASessionThatEndedBeforeItsEndIsGoneOnWith) {
    const auto dale = dale_is_called_at_once();
    hill_.config.nodes.at("relay").max_online = 1s;
    hill_.options.send_limit = 100'000;
    queue(hill_, dale_, 150'000);
    const auto exchange = hill();
    EXPECT_TRUE(dale_gets(1));
}

TEST_F(Lines, SoManyBytesASecond) {
    hill_.options.listen = "127.0.0.1:0";
    hill_.options.send_limit = 200'000;
    hill_.options.receive_limit = 200'000;
    const auto exchange = hill();
    const std::string address = "127.0.0.1:" + std::to_string(exchange->port());
    for (const bool sends : {true, false}) {
        sends ? queue(hill_, dale_, 300'000) : queue(dale_, hill_, 300'000);
        const auto report = call_hill(address);
        ASSERT_TRUE(report.ok()) << report.error().text;
        EXPECT_GE(report->seconds, 1.0) << (sends ? "sent" : "received");
    }
    EXPECT_EQ(came(hill_, dale_), 1u);
    EXPECT_EQ(came(dale_, hill_), 1u);
}

}  // namespace
}  // namespace waypost::nncp
