// SPDX-License-Identifier: Apache-2.0
// Frames of ours through Dire Wolf, a modem that nobody here wrote, over the audio that it makes:
// modem to modem both ways, and against its own generator and decoder of AX.25.
#include "direwolf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "radio/kiss/kiss_radio.h"

namespace waypost::kiss {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

constexpr std::size_t kSecond = 2 * 44'100;   // bytes of samples
constexpr std::size_t kAtOnce = kSecond / 5;  // more would overflow the modem's socket

// A modem with our driver at its line.
struct Station {
    Station(const std::filesystem::path& folder, const std::string& call, const Clock& clock)
        : modem(folder) {
        Options options;
        options.call = *ax25::parse_address(call);
        options.persistence = 255;  // alone on the channel: at once
        line = std::make_unique<ModemLine>(modem.line(), 9600, std::make_unique<KissRadio>(options),
                                           clock);
    }
    Direwolf modem;
    std::unique_ptr<ModemLine> line;
};

class DirewolfTest : public testing::Test {
  protected:
    DirewolfTest() {
        for (auto* station : {&a_, &b_}) {
            const BoxTime until = clock_.box() + seconds(30);
            while (!station->line->ready() && clock_.box() < until) step(*station);
            EXPECT_TRUE(station->line->ready()) << station->line->why_down();
        }
    }
    RadioActions step(Station& station) {
        return station.line->step(clock_.box() + milliseconds(50));
    }
    // The air: what one sends the other hears, until `count` frames were heard or it takes too
    // long.
    std::vector<FrameIn> carry(Station& from, Station& to, std::size_t count,
                               std::string samples = {}) {
        std::vector<FrameIn> heard;
        const BoxTime until = clock_.box() + seconds(40);
        while (heard.size() < count && clock_.box() < until) {
            for (const auto& report : step(from).reports) reports_.push_back(report);
            samples += from.modem.sent();
            const std::string silence(kAtOnce / 2, '\0');
            from.modem.hear(silence);  // or it would take the channel for busy, as it was last
            if (samples.empty()) samples = silence;
            to.modem.hear(std::string_view(samples).substr(0, kAtOnce));
            samples.erase(0, kAtOnce);
            for (auto& frame : step(to).heard) heard.push_back(std::move(frame));
        }
        return heard;
    }
    void expect_sent(Station& station, std::uint32_t id) {
        const BoxTime until = clock_.box() + seconds(20);
        while (reports_.empty() && clock_.box() < until) {
            for (const auto& report : step(station).reports) reports_.push_back(report);
        }
        ASSERT_EQ(reports_.size(), 1u);
        EXPECT_EQ(reports_[0].id, id);
        EXPECT_EQ(reports_[0].fate, FrameFate::Sent);
        reports_.clear();
    }
    static std::string all_values() {
        std::string bytes;
        for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
        return bytes;
    }

    std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("waypost-kiss-" + std::to_string(::getpid()));
    SystemClock clock_;
    Station a_{folder_ / "a", "DB0ABC-7", clock_};
    Station b_{folder_ / "b", "W1AW", clock_};
    std::vector<FrameReport> reports_;
};

TEST_F(DirewolfTest, EveryByteGoesFromModemToModemAndBack) {
    a_.line->send({1, all_values(), ""});
    auto heard = carry(a_, b_, 1);
    ASSERT_EQ(heard.size(), 1u) << a_.modem.log() << b_.modem.log();
    EXPECT_EQ(heard[0].bytes, all_values());
    EXPECT_EQ(heard[0].from, "DB0ABC-7");
    expect_sent(a_, 1);

    b_.line->send({2, std::string("\xC0\xDB\xDC\xDD\0 back", 10), "DB0ABC-7"});
    heard = carry(b_, a_, 1);
    ASSERT_EQ(heard.size(), 1u) << a_.modem.log() << b_.modem.log();
    EXPECT_EQ(heard[0].bytes, std::string("\xC0\xDB\xDC\xDD\0 back", 10));
    EXPECT_EQ(heard[0].from, "W1AW");
    expect_sent(b_, 2);
}

TEST_F(DirewolfTest, OurFramesAreReadByItsDecoderAndTakeNoLongerThanWeSay) {
    const std::string text = "Waypost, in clear";
    a_.line->send({1, text, ""});
    expect_sent(a_, 1);
    std::string samples;
    const BoxTime until = clock_.box() + seconds(10);
    while (clock_.box() < until && samples.size() < kSecond / 2) samples += a_.modem.sent();
    const std::filesystem::path file = folder_ / "ours.wav";
    std::ofstream(file, std::ios::binary) << wav(samples + std::string(kSecond / 10, '\0'));
    const std::string decoded = output_of("atest '" + file.string() + "'");
    EXPECT_THAT(decoded, HasSubstr("DB0ABC-7>QST:" + text));
    EXPECT_THAT(decoded, HasSubstr("1 packets decoded"));
    const double on_air = static_cast<double>(samples.size()) / kSecond;
    const double said = static_cast<double>(a_.line->radio().airtime(text.size()).count()) / 1e6;
    EXPECT_LE(on_air, said);
    EXPECT_GT(on_air, said * 0.7);
    RecordProperty("on_air_ms", static_cast<int>(on_air * 1000));
    RecordProperty("said_ms", static_cast<int>(said * 1000));
}

TEST_F(DirewolfTest, FramesOfItsGeneratorAreHeard) {
    std::ofstream(folder_ / "theirs.txt") << "W1AW-3>DB0ABC-7:to us\n"
                                          << "W1AW-3>APRS:a position\n"
                                          << "W1AW-4>QST,RELAY*:to all, repeated\n";
    const std::string wave = (folder_ / "theirs.wav").string();
    output_of("gen_packets -r 44100 -o '" + wave + "' '" + (folder_ / "theirs.txt").string() + "'");
    const auto heard = carry(b_, a_, 2, samples_of_wav(wave));
    ASSERT_EQ(heard.size(), 2u) << a_.modem.log();
    EXPECT_EQ(heard[0].bytes, "to us\n");
    EXPECT_EQ(heard[0].from, "W1AW-3");
    EXPECT_EQ(heard[1].bytes, "to all, repeated\n");
    EXPECT_EQ(heard[1].from, "W1AW-4");
}

}  // namespace
}  // namespace waypost::kiss
