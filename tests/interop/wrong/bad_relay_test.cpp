// SPDX-License-Identifier: Apache-2.0
// Relays that misbehave: nothing is lost, a repeat has the same Message-ID, and what is slow or
// away holds up its own mails only.
#include "bad_relay.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/interop/mail/peers.h"

namespace waypost::interop {
namespace {

using std::chrono::seconds;
using Mood = BadRelay::Mood;

std::string message_id(const std::string& mail) {
    const std::size_t at = mail.find("\r\nMessage-I");
    const std::size_t open = mail.find('<', at);
    return mail.substr(open, mail.find('>', open) - open);
}

class BadRelayTest : public ::testing::Test {
  protected:
    BadRelayTest()
        : box_(folder_,
               "[email.relay]\nsecurity = \"plain\"\nconnections = 2\nsmarthost = "
               "\"smtp:127.0.0.1:" +
                   std::to_string(smarthost_.port()) + "\"\nrelay = [\"near.test=smtp:127.0.0.1:" +
                   std::to_string(near_.port()) + "\"]\n") {
        box_.waypost("people add ana");
    }
    void send(const std::string& to) {
        shell("printf 'a line' | " WAYPOST_BIN "/waypost --config " + folder_ / "waypost.toml" +
              " send --from ana --subject s --to " + to);
    }
    static bool takes(const BadRelay& relay, std::size_t mails, seconds within = seconds(20)) {
        return eventually([&] { return relay.mails().size() >= mails; }, within);
    }

    Folder folder_;
    BadRelay smarthost_;
    BadRelay near_;
    BoxProcess box_;
};

TEST_F(BadRelayTest, ALostAnswerMeansTheSameMailAgain) {
    smarthost_.feels(Mood::DropAfterDot);
    send("bob@far.test");
    ASSERT_TRUE(takes(smarthost_, 1));
    EXPECT_TRUE(eventually([&] {
        return box_.waypost("trace 1").find("ambiguous") != std::string::npos;
    })) << box_.waypost("trace 1");
    smarthost_.feels(Mood::Good);
    box_.waypost("queue retry 1");
    ASSERT_TRUE(takes(smarthost_, 2));
    EXPECT_EQ(message_id(smarthost_.mails()[0]), message_id(smarthost_.mails()[1]));
    EXPECT_TRUE(eventually(
        [&] { return box_.waypost("trace 1").find("sent [reported]") != std::string::npos; }));
    EXPECT_EQ(smarthost_.mails().size(), 2u);
}

TEST_F(BadRelayTest, HungUpAtDataItIsTriedOnceMoreAndThenLater) {
    smarthost_.feels(Mood::DropAfterData);
    send("bob@far.test");
    EXPECT_TRUE(eventually([&] {
        return box_.waypost("queue").find("deferred") != std::string::npos;
    })) << box_.waypost("queue");
    EXPECT_EQ(smarthost_.connections(), 2);
    smarthost_.feels(Mood::Good);
    box_.waypost("queue retry 1");
    EXPECT_TRUE(takes(smarthost_, 1));
}

TEST_F(BadRelayTest, AStuckRelayHoldsUpItsOwnMailsOnly) {
    smarthost_.feels(Mood::Stuck);
    for (int i = 0; i < 40; ++i) send("bob@far.test");  // more than its share
    ASSERT_TRUE(takes(smarthost_, 2));
    for (int i = 0; i < 5; ++i) send("cara@near.test");
    EXPECT_TRUE(takes(near_, 5, seconds(5))) << box_.waypost("status") << box_.waypost("queue");
    box_.waypost("people add ben");  // the store takes what it is given
    const auto began = std::chrono::steady_clock::now();
    box_.stop();
    EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(5))
        << "nor does it hold up the end";
    smarthost_.feels(Mood::Good);
    box_.start();
    EXPECT_TRUE(takes(smarthost_, 2 + 16));
    const auto mails = smarthost_.mails();
    for (int i = 0; i < 2; ++i) {  // what it had taken without a word came under the same ids again
        EXPECT_GT(std::count_if(mails.begin() + 2, mails.end(),
                                [&](const auto& m) {
                                    return message_id(m) ==
                                           message_id(mails[static_cast<std::size_t>(i)]);
                                }),
                  0);
    }
}

TEST_F(BadRelayTest, AClosedRelayIsLeftAloneAndTheOperatorSeesWhy) {
    smarthost_.feels(Mood::Closed);
    for (int i = 0; i < 10; ++i) send("bob@far.test");
    EXPECT_TRUE(eventually([&] {
        return box_.waypost("status").find("the relay is closed") != std::string::npos;
    })) << box_.waypost("status");
    send("cara@near.test");
    EXPECT_TRUE(takes(near_, 1));
    EXPECT_LE(smarthost_.connections(), 2) << "not once for each mail";
}

TEST_F(BadRelayTest, AGreylistIsWaitedOut) {
    smarthost_.feels(Mood::Greylist);
    send("bob@far.test");
    EXPECT_TRUE(eventually([&] {
        return box_.waypost("trace 1").find("450 4.7.1") != std::string::npos;
    })) << box_.waypost("trace 1");
    smarthost_.feels(Mood::Good);
    EXPECT_TRUE(takes(smarthost_, 1, seconds(60))) << "by itself, after the first back-off";
}

}  // namespace
}  // namespace waypost::interop
