// SPDX-License-Identifier: Apache-2.0
#include "radio/modem_search.h"

#include "pair_bench.h"
#include "radio/lora_modem/e22/driver.h"
#include "radio/lora_modem/rn2483/driver.h"
#include "radio/lora_modem/rylr998/driver.h"
#include "radio/simulator/lora_modem/e22_device.h"
#include "radio/simulator/lora_modem/rn2483_device.h"
#include "radio/simulator/lora_modem/rylr998_device.h"

namespace waypost::lora_modem {
namespace {

using namespace simulator;

// What every kind takes, on the frequency that the modem is set to.
ModemSettings search_settings() {
    ModemSettings settings;
    settings.lora = {.spreading_factor = 9, .bandwidth_hz = 125'000, .preamble_symbols = 8};
    return settings;
}

// A port that takes everything and says what it is made to.
class Babbler final : public ModemDevice {
  public:
    explicit Babbler(std::string text) : ModemDevice(115'200), text_(std::move(text)) {}
    void step(BoxTime now) override {
        if (!in_.take(now).empty()) say(text_, now);
    }

  private:
    std::string text_;
};

class ModemSearchTest : public ::testing::Test {
  public:
    template <class Device, class... Options>
    std::unique_ptr<Device> make(Options... options) {
        return std::make_unique<Device>(air, *random, options...);
    }

    Result<FoundModem> search(ModemDevice& device, ModemSettings settings = search_settings()) {
        DevicePty pty(device);
        Count tap;
        std::vector<ModemKind> tapped = kinds;
        for (ModemKind& kind : tapped) {
            kind.make = [&tap, make = kind.make](const ModemSettings& s, Random& r) {
                return std::make_unique<Tapped>(make(s, r), tap);
            };
        }
        ModemSearch search("serial:" + pty.path(), tapped, settings, *random, clock,
                           {.ready = milliseconds(8'000)});
        began = clock.box();
        // Time stands still while a byte is inside the terminal; what one kind leaves unread there
        // is never taken out.
        int held = 0;
        do {
            air.step(clock.box());
            pty.pump(clock.box());
            const bool quiet = tap.written == pty.read() && tap.given == pty.written();
            if (!quiet && ++held < 200) {
                pollfd there{pty.fd(), POLLIN, 0};
                ::poll(&there, 1, tap.written != pty.read() ? 1 : 0);
                continue;
            }
            if (!quiet) tap = {pty.written(), pty.read()};
            held = 0;
            clock.advance(milliseconds(1));
        } while (search.step(clock.box()));
        return search.result();
    }
    milliseconds took() const { return clock.box() - began; }

    FakeClock clock;
    BoxTime began{};
    std::unique_ptr<Random> random = seeded_random(5);
    FrameAir air{*random};
    std::vector<ModemKind> kinds{rn2483::kind(), rylr998::kind(), e22::kind()};
};

TEST_F(ModemSearchTest, EachKindIsFoundByItself) {
    auto rn = make<Rn2483Device>();
    auto found = search(*rn);
    ASSERT_TRUE(found.ok()) << found.error().text;
    EXPECT_EQ(found->kind, "rn2483");
    EXPECT_EQ(found->details.at("model"), "RN2483");
    EXPECT_EQ(found->why_down, "");
    EXPECT_LT(took(), milliseconds(3'000));

    auto reyax = make<Rylr998Device>();
    found = search(*reyax);
    ASSERT_TRUE(found.ok()) << found.error().text;
    EXPECT_EQ(found->kind, "rylr998");
    EXPECT_EQ(found->details.at("model"), "RYLR998");

    auto ebyte = make<E22Device>(E22Options{.software_switch = true});
    found = search(*ebyte);
    ASSERT_TRUE(found.ok()) << found.error().text;
    EXPECT_EQ(found->kind, "e22");
    EXPECT_EQ(air.frames(), 0u) << "nothing was sent";
}

TEST_F(ModemSearchTest, InAnyOrderNoneTakesHarmOrAnother) {
    std::sort(kinds.begin(), kinds.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    do {
        auto rn = make<Rn2483Device>();
        auto reyax = make<Rylr998Device>();
        auto ebyte = make<E22Device>(E22Options{.software_switch = true});
        for (const auto& [device, name] : {std::pair<ModemDevice*, std::string>{rn.get(), "rn2483"},
                                           {reyax.get(), "rylr998"},
                                           {ebyte.get(), "e22"}}) {
            const auto found = search(*device);
            ASSERT_TRUE(found.ok()) << kinds[0].name << ' ' << found.error().text;
            EXPECT_EQ(found->kind, name) << kinds[0].name;
        }
    } while (std::next_permutation(kinds.begin(), kinds.end(),
                                   [](const auto& a, const auto& b) { return a.name < b.name; }));
}

TEST_F(ModemSearchTest, SilenceEchoAndBabbleAreNoModem) {
    for (const char* text : {"", "ok\r\n", "+OK\r\n", "+ERR=2\r\n", "\xff\xff\xff", "login: "}) {
        Babbler babbler(text);
        const auto found = search(babbler);
        ASSERT_FALSE(found.ok()) << text << ' ' << found->kind;
        EXPECT_EQ(found.error().code, Code::NotFound);
        for (const char* name : {"rn2483: ", "rylr998: ", "e22: "})
            EXPECT_NE(found.error().text.find(name), std::string::npos) << found.error().text;
        EXPECT_LE(took(), milliseconds(16'000));
    }
}

TEST_F(ModemSearchTest, AModemThatCannotGetReadyIsFoundWithItsReason) {
    auto old = make<Rn2483Device>(Rn2483Options{.has_rxstop = false});
    auto found = search(*old);
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->kind, "rn2483");
    EXPECT_NE(found->why_down.find("firmware 1.0.5"), std::string::npos);
    auto ebyte = make<E22Device>();
    found = search(*ebyte);
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->kind, "e22");
    EXPECT_NE(found->why_down.find("back to transmission"), std::string::npos);
}

TEST_F(ModemSearchTest, AnRylr89xIsNotTakenForOne) {
    auto older = make<Rylr998Device>(Rylr998Options{.version = "RYLR89C_V1.2.7"});
    const auto found = search(*older);
    ASSERT_FALSE(found.ok());
    EXPECT_NE(found.error().text.find("this is RYLR89C_V1.2.7"), std::string::npos);
}

TEST_F(ModemSearchTest, AKindThatRefusesTheSettingsIsPassedOverAndSaysSo) {
    ModemSettings settings = search_settings();
    settings.lora.spreading_factor = 12;
    auto reyax = make<Rylr998Device>();
    const auto found = search(*reyax, settings);
    ASSERT_FALSE(found.ok());
    EXPECT_NE(found.error().text.find("not SF12"), std::string::npos);
}

TEST_F(ModemSearchTest, KindsThatDoNotIdentifyAreNotTried) {
    for (ModemKind& kind : kinds) kind.identifies = false;
    auto rn = make<Rn2483Device>();
    const auto found = search(*rn);
    ASSERT_FALSE(found.ok());
    EXPECT_NE(found.error().text.find("no kind of modem"), std::string::npos);
}

TEST_F(ModemSearchTest, APortThatIsNotThereIsSaidAtOnce) {
    ModemSearch search("serial:/dev/no-such-port", kinds, search_settings(), *random, clock);
    EXPECT_FALSE(search.step(clock.box()));
    ASSERT_FALSE(search.result().ok());
    EXPECT_EQ(search.result().error().code, Code::Network);
    EXPECT_NE(search.result().error().text.find("cannot open"), std::string::npos);
}

}  // namespace
}  // namespace waypost::lora_modem
