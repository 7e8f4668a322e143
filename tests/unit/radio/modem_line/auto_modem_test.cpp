// SPDX-License-Identifier: Apache-2.0
// Which modem is there is found by asking, and found again when it is another.
#include "radio/auto_modem.h"

#include <gmock/gmock.h>

namespace waypost {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// At the port: the name of the kind whose questions it answers.
struct Port {
    std::string modem;
    std::vector<std::string> asked;
    bool sets = true;  // it takes its settings
};

class Driver final : public FrameRadio {
  public:
    Driver(std::string name, Port& port) : name_(std::move(name)), port_(port) {}
    RadioActions opened(BoxTime now) override {
        port_.asked.push_back(name_);
        up_ = false;
        answer_at_ = now + seconds(1);
        RadioActions actions;
        actions.write = "are you " + name_ + "?";
        return actions;
    }
    RadioActions received(std::string_view, BoxTime) override { return {}; }
    RadioActions closed(BoxTime) override {
        RadioActions actions;
        if (up_) actions.reports.push_back({1, FrameFate::Failed, 0});
        up_ = false;
        return actions;
    }
    RadioActions send(FrameOut, BoxTime) override { return {}; }
    RadioActions tick(BoxTime) override {
        answer_at_ = BoxTime::max();
        known_ = port_.modem == name_;
        up_ = known_ && port_.sets;
        return {};
    }
    BoxTime next_tick() const override { return answer_at_; }
    bool ready() const override { return up_; }
    int room() const override { return 1; }
    FrameLimits limits() const override {
        FrameLimits limits;
        limits.payload = 200;
        return limits;
    }
    std::chrono::microseconds airtime(std::size_t) const override { return milliseconds(7); }
    std::string why_down() const override { return known_ ? "it refuses" : "no answer"; }
    std::map<std::string, std::string> details() const override {
        return known_ ? std::map<std::string, std::string>{{"model", name_}}
                      : std::map<std::string, std::string>{};
    }

  private:
    const std::string name_;
    Port& port_;
    bool known_ = false, up_ = false;
    BoxTime answer_at_ = BoxTime::max();
};

struct AutoModemTest : ::testing::Test {
    AutoModemTest() {
        for (const char* name : {"a", "b", "c"}) {
            kinds.push_back({name, "", "", 9600 * (name[0] - 'a' + 1), true, true, false,
                             [this, name](const ModemSettings& settings, Random&) {
                                 if (settings.power_dbm > 20 && name[0] != 'c')
                                     throw std::runtime_error("too strong");
                                 return std::make_unique<Driver>(name, port);
                             }});
        }
        kinds[0].identifies = false;  // it has to be named
    }
    AutoModem make(std::string_view first = {}, int power = 14) {
        ModemSettings settings;
        settings.power_dbm = power;
        return {kinds, settings, first, *random};
    }
    // Until it is ready or so long.
    RadioActions run(AutoModem& modem, milliseconds time = seconds(60)) {
        RadioActions all;
        for (const BoxTime until = now + time; now < until && !modem.ready();) {
            now = std::min(until, std::max(now, modem.next_tick()));
            RadioActions actions = modem.tick(now);
            if (actions.baud) all.baud = actions.baud;
            for (const auto& each : actions.reports) all.reports.push_back(each);
        }
        return all;
    }
    Port port;
    std::vector<ModemKind> kinds;
    std::unique_ptr<Random> random = seeded_random(1);
    BoxTime now{};
};

TEST_F(AutoModemTest, TheKindThatAnswersIsTakenAtItsRate) {
    port.modem = "c";
    AutoModem modem = make();
    EXPECT_EQ(modem.opened(now).baud, 19'200);
    EXPECT_EQ(modem.limits().payload, 0u) << "no modem yet";
    EXPECT_THAT(modem.why_down(), HasSubstr("is it b?"));
    EXPECT_EQ(run(modem).baud, 28'800);
    ASSERT_TRUE(modem.ready());
    EXPECT_EQ(modem.details().at(AutoModem::kFound), "c");
    EXPECT_EQ(modem.limits().payload, 200u);
    EXPECT_EQ(modem.airtime(10), milliseconds(7));
    EXPECT_EQ(port.asked, (std::vector<std::string>{"b", "c"})) << "what does not identify is not";
}

TEST_F(AutoModemTest, TheOneOfLastTimeIsAskedFirst) {
    port.modem = "c";
    AutoModem modem = make("c");
    modem.opened(now);
    run(modem);
    EXPECT_EQ(port.asked, (std::vector<std::string>{"c"}));
    EXPECT_LT(now, BoxTime(seconds(2)));
}

TEST_F(AutoModemTest, WhereNothingAnswersItIsSearchedAgain) {
    AutoModem modem = make();
    modem.opened(now);
    run(modem, seconds(12));
    EXPECT_EQ(modem.why_down(),
              "no modem was found, it is looked for again soon (b: no answer; c: no answer)");
    EXPECT_THAT(modem.send({5, "x", {}}, now).reports, SizeIs(1));
    port.modem = "b";
    run(modem);
    EXPECT_TRUE(modem.ready());
}

TEST_F(AutoModemTest, AnotherModemInItsPlaceIsFound) {
    port.modem = "b";
    AutoModem modem = make();
    modem.opened(now);
    run(modem);
    EXPECT_THAT(modem.closed(now).reports, SizeIs(1)) << "what was in hand";
    port.modem = "c";
    modem.opened(now);
    run(modem, seconds(120));
    ASSERT_TRUE(modem.ready());
    EXPECT_EQ(modem.details().at(AutoModem::kFound), "c");
}

TEST_F(AutoModemTest, OneThatRefusesItsSettingsSaysSoAndIsKept) {
    port.modem = "b";
    port.sets = false;
    AutoModem modem = make();
    modem.opened(now);
    run(modem, seconds(120));
    EXPECT_EQ(modem.why_down(), "it refuses");
    EXPECT_EQ(port.asked, (std::vector<std::string>{"b"}));
}

TEST_F(AutoModemTest, KindsThatRefuseTheSettingsArePassedOver) {
    port.modem = "b";
    AutoModem modem = make({}, 22);
    modem.opened(now);
    run(modem, seconds(20));
    EXPECT_THAT(port.asked, ::testing::Each("c"));
    kinds.pop_back();
    EXPECT_THROW(make({}, 22), std::runtime_error);
}

}  // namespace
}  // namespace waypost
