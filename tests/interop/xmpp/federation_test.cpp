// SPDX-License-Identifier: Apache-2.0
// Somebody at another server and a radio, over servers that know each other by certificate only.
#include "tests/interop/xmpp/federation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/interop/xmpp/talk_village.h"

namespace waypost::interop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kReceipt = kWantsReceipt;

class FederationTest : public testing::Test {
  protected:
    FederationTest() { net.far().add_user("bob"); }
    std::unique_ptr<ChatClient> bob() {
        return std::make_unique<ChatClient>(village.folder(), net.far(), "bob");
    }
    // Bob has written, and Ana has let him in.
    std::unique_ptr<ChatClient> acquainted_bob() {
        auto one = bob();
        one->say(ana, "letter-0001", "<body>greetings from afar</body>" + kReceipt);
        EXPECT_TRUE(village.shows("ana", "Mail held from bob@far.test. @+1 takes it, @-1 blocks"))
            << village.seen() << net.far().log();
        village.radio("ana", "@+1");
        EXPECT_TRUE(village.shows_some("ana", "1 bob: greetings from afar")) << village.seen();
        EXPECT_TRUE(one->sees("receipt " + ana + " letter-0001")) << village.seen();
        return one;
    }

    Federation net;
    TalkVillage village{net.hill()};
    const std::string ana = village.at_box("ana");
};

TEST_F(FederationTest, SomebodyFarAwayAndARadioTalk) {
    const auto far = acquainted_bob();
    village.radio("ana", "*1 and from the hill");
    ASSERT_TRUE(eventually([&] { return !texts_from(*far, ana).empty(); })) << village.seen();
    EXPECT_THAT(texts_from(*far, ana), ElementsAre(StartsWith("and from the hill")));
    // His program has it, which is what Ana is told.
    EXPECT_TRUE(eventually([&] {
        village.radio("ana", "?2");
        return village.shows_some("ana", "2 bob: delivered");
    })) << village.seen();
    EXPECT_THAT(net.far().log(), HasSubstr("Stream encrypted (TLS"));
}

// Ana's letter waits in the box, not in her server, and Bob gets it when his is back. The box tries
// again after a minute: of `./dev soak`.
TEST_F(FederationTest, DISABLED_AServerFarAwayThatIsDownGetsTheLetterLater) {
    auto far = acquainted_bob();
    far.reset();
    net.far().stop();
    village.radio("ana", "*1 are you there?");
    ASSERT_TRUE(village.shows_some("ana", "2 kept")) << village.seen();
    ASSERT_TRUE(eventually([&] {
        return village.traces().find("far.test is not reached") != std::string::npos;
    })) << village.seen();
    net.far().start();
    far = bob();
    ASSERT_TRUE(
        eventually([&] { return !texts_from(*far, ana).empty(); }, std::chrono::seconds(180)))
        << village.seen();
    EXPECT_THAT(texts_from(*far, ana), ElementsAre(StartsWith("are you there?")));
    EXPECT_EQ(far->lines("late " + ana).size(), 1u) << "it says when it was written";
}

}  // namespace
}  // namespace waypost::interop
