// SPDX-License-Identifier: Apache-2.0
// Sessions over a serial cable, at whose other end is nncp.
#include <gtest/gtest.h>

#include <thread>

#include "tests/interop/nncp/cable.h"
#include "tests/interop/nncp/two_nodes.h"
#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::nncp {
namespace {

using namespace std::chrono_literals;

class NncpSerial : public ::testing::Test {
  protected:
    NncpSerial() {
        nodes_.file(nodes_.village, "there", mth_pattern(100'000));
        nodes_.file(nodes_.relay, "back", mth_pattern(100'000));
        options_.sync = false;
    }
    void expect_exchanged() {
        EXPECT_EQ(nodes_.toss(nodes_.village), "");
        EXPECT_EQ(nodes_.toss(nodes_.relay), "");
        EXPECT_TRUE(nodes_.relay.incoming("there") == mth_pattern(100'000));
        EXPECT_TRUE(nodes_.village.incoming("back") == mth_pattern(100'000));
    }
    TwoNodes nodes_;
    Cable cable_;
    OnlineOptions options_;
};

TEST_F(NncpSerial, WeCall) {
    Daemon daemon({"sh", "-c",
                   "exec nncp-daemon -quiet -ucspi -cfg " + nodes_.relay.file() + " <" +
                       cable_.other() + " >" + cable_.other()},
                  nodes_ / "daemon.log");
    options_.once = true;
    const auto report = nodes_.call("serial:" + cable_.one(), options_);
    ASSERT_TRUE(report.ok()) << report.error().text;
    EXPECT_TRUE(report->well) << report->why.text;
    daemon.kill();
    expect_exchanged();
}

TEST_F(NncpSerial, WeAnswerOverTheNoise) {
    cable_.noise_at_one("login: NNCPNNCPS\r\n\x01\xff\xfe");
    options_.online_deadline = 2s;
    OnlineReport report;
    std::thread answering([&] {
        const auto line = std::move(dial("serial:" + cable_.one(), 1s)).value();
        report = answer(nodes_.home(), *line, options_, {});
    });
    const Ended ended =
        nodes_.nncp_call("|cat " + cable_.other() + " & exec cat >" + cable_.other());
    answering.join();
    EXPECT_EQ(ended.status, 0) << ended.output;
    EXPECT_TRUE(report.well) << report.why.text;
    expect_exchanged();
}

}  // namespace
}  // namespace waypost::nncp
