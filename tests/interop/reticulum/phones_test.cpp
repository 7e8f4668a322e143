// SPDX-License-Identifier: Apache-2.0
// A whole box and phones with an LXMF program, over TCP.
#include <gtest/gtest.h>

#include "tests/interop/mail/peers.h"
#include "tests/interop/reticulum/phone.h"

namespace waypost::interop {
namespace {

std::string settings(int port) {
    return "[reticulum.phones]\nport = \"tcp-listen:127.0.0.1:" + std::to_string(port) + "\"\n";
}

// That compresses badly.
std::string long_text(std::size_t bytes) {
    const auto chance = seeded_random(11);
    std::string text;
    while (text.size() < bytes) text += chance->hex(4) + ' ';
    text.resize(bytes);
    return text;
}

// Ana and Ben are people of the box, each with a phone.
class PhonesTest : public testing::Test {
  protected:
    PhonesTest() {
        for (Phone* each : {&ana, &ben}) {
            join(*each);
            box.waypost("people add " + std::string(each == &ana ? "ana" : "ben") + " --radio " +
                        each->uri());
        }
    }
    void join(Phone& phone) {
        phone.connect(port);
        EXPECT_TRUE(phone.hears_of_box()) << box.log();
        phone.lxmf.announce();
    }
    bool both(const std::function<bool()>& is,
              std::chrono::seconds within = std::chrono::seconds(60)) {
        return phones_until({&ana, &ben}, is, within);
    }

    Folder folder;
    int port = free_port();
    BoxProcess box{folder, settings(port), "hill.test"};
    Phone ana{"Ana", 21}, ben{"Ben", 22};
};

TEST_F(PhonesTest, TwoPeopleWriteToOneAnotherThroughTheBox) {
    const std::string id = ana.lxmf.say("@ben come to the ford");
    EXPECT_TRUE(both([&] { return ana.lxmf.delivered(id); })) << box.log();
    EXPECT_TRUE(both([&] { return ben.times("1 ana: come to the ford") == 1; })) << box.traces(2);
    EXPECT_TRUE(both([&] { return ana.times("1 kept") == 1; })) << ana.texts() << box.traces(3);
    EXPECT_TRUE(both([&] { return box.traces(2).find("delivered") != std::string::npos; }))
        << box.traces(2);
    ben.lxmf.say("*1 on my way");
    EXPECT_TRUE(both([&] { return ana.times("on my way") == 1; })) << box.traces(5);
    EXPECT_NE(box.traces(1).find("to the gateway"), std::string::npos) << box.traces(1);
}

TEST_F(PhonesTest, LongMessagesPassBothWaysAsResources) {
    const std::string text = long_text(6'000);
    const std::string id = ana.lxmf.say_on_link("@ben " + text);
    EXPECT_TRUE(both([&] { return ana.lxmf.delivered(id); })) << box.log();
    EXPECT_TRUE(both([&] { return ben.times(text) == 1; })) << ben.texts() << box.traces(2);
    EXPECT_TRUE(both([&] { return box.traces(2).find("delivered") != std::string::npos; }))
        << box.traces(2);
}

TEST_F(PhonesTest, WhoIsNotOfTheVillageIsWrittenToByHisAddress) {
    Phone eve("Eve", 23);
    join(eve);
    ana.lxmf.say(eve.uri() + " are you coming?");
    EXPECT_TRUE(phones_until({&ana, &eve}, [&] { return eve.times("ana: are you coming?") == 1; }))
        << box.traces(3) << box.log();
    eve.lxmf.say("tomorrow");
    EXPECT_TRUE(phones_until({&ana, &eve}, [&] { return ana.times("tomorrow") == 1; }))
        << box.traces(5) << box.log();
}

TEST_F(PhonesTest, WhoIsAwayGetsItWhenHeComesBack) {
    ben.hang_up();
    const std::string id = ana.lxmf.say("@ben waiting for you");
    EXPECT_TRUE(ana.proved(id)) << box.log();
    join(ben);
    EXPECT_TRUE(both([&] { return ben.times("waiting for you") == 1; }))
        << box.traces(3) << box.log();
}

TEST_F(PhonesTest, ABoxThatIsKilledBringsEachMessageOnce) {
    for (const char* where :
         {"text-read:1", "committed:3", "text-queued:1", "text-written:1", "outcome-known:1"}) {
        box.stop();
        const std::string words = std::string("letter at ") + where;
        std::string id;
        try {
            box.start(where);
            for (Phone* each : {&ana, &ben}) join(*each);
            id = ana.lxmf.say("@ben " + words);
            EXPECT_TRUE(both([&] { return box.died(); })) << where << box.log();
        } catch (const std::runtime_error&) {
            // It died before it was up.
        }
        if (!box.died()) box.kill9();
        box.start();
        for (Phone* each : {&ana, &ben}) join(*each);
        // As her program does that sees no proof.
        if (id.empty()) id = ana.lxmf.say("@ben " + words);
        for (int tries = 0; tries < 5 && !ana.lxmf.delivered(id); ++tries) {
            both([&] { return ana.lxmf.delivered(id); }, std::chrono::seconds(5));
            if (!ana.lxmf.delivered(id)) ana.lxmf.say_again();
        }
        EXPECT_TRUE(ana.lxmf.delivered(id)) << where << box.log();
        EXPECT_TRUE(both([&] { return ben.times(words) == 1; })) << where << box.traces(9);
    }
    both([] { return false; }, std::chrono::seconds(5));
    for (const char* where :
         {"text-read:1", "committed:3", "text-queued:1", "text-written:1", "outcome-known:1"})
        EXPECT_EQ(ben.times(std::string("letter at ") + where), 1u) << ben.texts();
}

TEST_F(PhonesTest, ItsAddressStaysAndNoiseDoesNoHarm) {
    const std::string before = ana.lxmf.box();
    box.kill9();
    box.start();
    Phone eve("Eve", 24);
    join(eve);
    EXPECT_EQ(eve.lxmf.box(), before);
    for (int i = 0; i < 50; ++i) eve.lxmf.say_bytes(std::string(static_cast<std::size_t>(i), 'x'));
    eve.lxmf.forges = true;
    eve.lxmf.say("SOS somebody else's");
    eve.until([] { return false; }, std::chrono::seconds(2));
    EXPECT_TRUE(box.status_says("forged: 1")) << box.waypost("status");
    EXPECT_EQ(box.waypost("alarms").find("somebody"), std::string::npos);
    eve.lxmf.forges = false;
    EXPECT_TRUE(eve.proved(eve.lxmf.say("SOS at the ford"))) << box.log();
    EXPECT_TRUE(
        eventually([&] { return box.waypost("alarms").find("at the ford") != std::string::npos; }));
}

// The box connects to a machine with Reticulum; here that machine is the phone itself.
TEST(ReticulumClient, ConnectsAndComesBack) {
    Folder folder;
    Phone ana("Ana", 31);
    const int port = ana.listen();
    BoxProcess box(folder,
                   "[reticulum.net]\nport = \"tcp:127.0.0.1:" + std::to_string(port) + "\"\n",
                   "hill.test");
    for (int times = 0; times < 2; ++times) {
        ana.take_the_box();
        EXPECT_TRUE(ana.hears_of_box()) << box.log();
        ana.lxmf.announce();
        const std::string id = ana.lxmf.say("?");
        EXPECT_TRUE(ana.proved(id)) << box.log();
        const std::size_t before = ana.lxmf.texts().size();
        EXPECT_TRUE(ana.until([&] { return ana.lxmf.texts().size() > before; })) << box.traces(2);
        ana.hang_up();
    }
}

}  // namespace
}  // namespace waypost::interop
