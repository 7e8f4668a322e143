// SPDX-License-Identifier: Apache-2.0
// Two amateur stations: two gateways as they are run, each with a real Dire Wolf for its modem, and
// the audio between them. Whoever listens can read what goes.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <mutex>
#include <thread>

#include "direwolf.h"
#include "radio/trunk/pairing.h"
#include "two_villages.h"

namespace waypost::interop {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kAtOnce = 2 * 44'100 / 5;  // bytes of samples; more overflow the socket

// What one modem sends the other hears.
class Audio {
  public:
    explicit Audio(const std::filesystem::path& folder)
        : folder_(folder),
          modems_{kiss::Direwolf(folder / "a"), kiss::Direwolf(folder / "b")},
          thread_([this] { run(); }) {}
    ~Audio() {
        stopping_ = true;
        thread_.join();
    }
    std::string port(int station) const { return modems_[station].line(); }
    std::string log(int station) const { return modems_[station].log(); }
    // All that station 0 has sent, as another program reads it.
    std::string decoded() const {
        const std::filesystem::path file = folder_ / "sent.wav";
        {
            const std::lock_guard lock(mutex_);
            std::ofstream(file, std::ios::binary) << kiss::wav(recorded_);
        }
        return kiss::output_of("atest '" + file.string() + "'");
    }

  private:
    void run() {
        std::string waiting[2];
        const std::string silence(kAtOnce / 2, '\0');
        while (!stopping_) {
            for (int from = 0; from < 2; ++from) {
                const std::string fresh = modems_[from].sent();
                if (from == 0) {
                    const std::lock_guard lock(mutex_);
                    recorded_ += fresh;
                }
                std::string& samples = waiting[from];
                samples += fresh;
                modems_[1 - from].hear(
                    samples.empty() ? silence : std::string_view(samples).substr(0, kAtOnce));
                samples.erase(0, kAtOnce);
            }
            std::this_thread::sleep_for(milliseconds(100));
        }
    }

    const std::filesystem::path folder_;
    kiss::Direwolf modems_[2];
    mutable std::mutex mutex_;
    std::string recorded_;  // under mutex_
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

std::string station(const std::string& other, const std::string& port, const std::string& code,
                    bool typed, const std::string& call_sign, const std::string& licensed) {
    return "[trunk." + other + "]\nneighbour = \"" + other + ".example\"\nport = \"" + port +
           "\"\nmodem = \"kiss\"\nmodem_options = [\"persist=255\", \"txdelay=200\"]\n"
           "service = \"amateur\"\ncall_sign = \"" +
           call_sign + "\"\nlicensed = [\"" + licensed + "\"]\nregion = \"R1\"\n" +
           "frequency = 144800000\nbandwidth = 16000\nmodels = \"\"\ncode_file = \"" + code +
           "\"\ntyped = " + (typed ? "true" : "false") + "\n[neighbour." + other +
           "]\ndomain = [\"" + other + ".example\"]\ntrunk = \"" + other + "\"\n";
}

TEST(AmateurTrunk, LicensedPersonsWriteInClearAndOthersWaitForTheOperator) {
    const Folder folder;
    const std::string code = folder / "code";
    std::ofstream(code) << trunk::pairing_code(trunk::new_pairing(*system_random(), 1)) << '\n';
    ::chmod(code.c_str(), 0600);
    Audio audio(folder / "audio");
    OneVillage hill("hill", "ana", station("dale", audio.port(0), code, false, "DB0ABC", "ana"));
    OneVillage dale("dale", "ben", station("hill", audio.port(1), code, true, "DL1XYZ", "ben"));
    const auto all = [&] {
        return seen(hill, dale) + hill.box().waypost("status") + audio.log(0) + audio.log(1);
    };
    ASSERT_TRUE(says(hill.box(), "status", "trunk.dale: works") &&
                says(dale.box(), "status", "trunk.hill: works"))
        << all();
    hill.type("@ben.dale Is the ford open?");
    ASSERT_TRUE(dale.shows("1 ana.hill: Is the ford open?")) << all();
    ASSERT_TRUE(says(hill.box(), "trace 1", "delivered [reported]")) << all();
    const std::string decoded = audio.decoded();
    EXPECT_THAT(decoded, HasSubstr("DB0ABC>QST:")) << "each frame says whose it is";
    EXPECT_THAT(decoded, HasSubstr("Is the ford open?"));

    const std::string letter = folder / "letter";
    std::ofstream(letter) << "From eva, without a licence";
    hill.box().waypost("people add eva");
    hill.box().waypost("send --from eva --to ben@dale.example < " + letter);
    ASSERT_TRUE(says(hill.box(), "queue list held", "47 CFR 97.219"))
        << hill.box().waypost("queue list") << all();
    const int id = std::stoi(hill.box().waypost("queue list held"));
    hill.box().waypost("queue release " + std::to_string(id));
    ASSERT_TRUE(dale.shows("2 eva.hill: From eva, without a licence")) << all();
}

}  // namespace
}  // namespace waypost::interop
