// SPDX-License-Identifier: Apache-2.0
// `waypost nncp call` and `waypost nncp serve` with nncp at the other end.
#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/demo/loopback.h"
#include "tests/interop/nncp/two_nodes.h"
#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::nncp {
namespace {

using ::testing::HasSubstr;
using Words = std::vector<std::string>;

class NncpOnlineCli : public ::testing::Test {
  protected:
    NncpOnlineCli() {
        nodes_.file(nodes_.village, "there", mth_pattern(100'000));
        nodes_.file(nodes_.relay, "back", mth_pattern(1000));
    }
    Words words(Words more) const {
        Words all{WAYPOST_BIN "/waypost", "--json", "nncp", "--nncp-config", nodes_.village.file()};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    static Ended run(Words words) {
        auto ended = run_program({std::move(words), {"PATH=/usr/bin:/bin"}});
        EXPECT_TRUE(ended.ok());
        return *ended;
    }
    void expect_exchanged() {
        EXPECT_EQ(nodes_.toss(nodes_.village), "");
        EXPECT_EQ(nodes_.toss(nodes_.relay), "");
        EXPECT_TRUE(nodes_.relay.incoming("there") == mth_pattern(100'000));
        EXPECT_TRUE(nodes_.village.incoming("back") == mth_pattern(1000));
    }
    TwoNodes nodes_;
    std::string where_ = nodes_.where();
};

TEST_F(NncpOnlineCli, Call) {
    const Daemon daemon(nodes_.daemon_words(where_), nodes_ / "daemon.log");
    ASSERT_TRUE(eventually([&] { return dial(where_, std::chrono::seconds(1)).ok(); }));
    const Ended ended = run(words({"call", "--once", "relay:" + where_}));
    EXPECT_EQ(ended.status, 0) << ended.output;
    const auto json = Poco::JSON::Parser().parse(ended.output).extract<Poco::JSON::Object::Ptr>();
    EXPECT_EQ(json->getValue<std::string>("node"), "relay");
    EXPECT_TRUE(json->getValue<bool>("ok"));
    EXPECT_EQ(json->getValue<int>("packets_sent"), 1);
    EXPECT_EQ(json->getValue<int>("packets_received"), 1);
    expect_exchanged();
}

TEST_F(NncpOnlineCli, Serve) {
    const Daemon daemon(words({"serve", "--bind", where_}), nodes_ / "serve.log");
    ASSERT_TRUE(eventually([&] { return dial(where_, std::chrono::seconds(1)).ok(); }));
    const Ended ended = nodes_.nncp_call(where_);
    EXPECT_EQ(ended.status, 0) << ended.output;
    expect_exchanged();
}

TEST_F(NncpOnlineCli, ServeOnStandardInputAndOutput) {
    std::string command = "|exec";
    for (const std::string& word : words({"serve", "--stdio", "--online-deadline", "2"}))
        command += ' ' + word;
    const Ended ended = nodes_.nncp_call(command);
    EXPECT_EQ(ended.status, 0) << ended.output;
    expect_exchanged();
}

TEST_F(NncpOnlineCli, FailuresSayWhy) {
    Ended ended = run(words({"call", "nobody"}));
    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.output, HasSubstr("nobody"));
    ended = run(words({"call", "relay:" + where_}));
    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.output, HasSubstr("does not answer"));
    EXPECT_EQ(run(words({"call", "relay", "--nice", "loud"})).status, 2);
    EXPECT_EQ(run(words({"call"})).status, 2);
    EXPECT_EQ(run(words({"serve", "--bind", "no such place"})).status, 1);
}

}  // namespace
}  // namespace waypost::nncp
