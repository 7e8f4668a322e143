// SPDX-License-Identifier: Apache-2.0
// A whole box with a simulated RNode, and Ana with another on the same channel, in real time.
#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <thread>

#include "gateway/base/clock.h"
#include "radio/modem_line.h"
#include "radio/reticulum/peers.h"
#include "radio/rnode/rnode_radio.h"
#include "radio/simulator/modem_pty.h"
#include "radio/simulator/rnode/rnode_device.h"
#include "tests/interop/mail/peers.h"
#include "tests/unit/radio/reticulum/node/lxmf_peer.h"

namespace waypost::interop {
namespace {

using reticulum::LxmfPeer;
using simulator::ModemPty;
using simulator::RnodeDevice;

// Two RNodes at the ends of two pseudo terminals, moved by a thread.
class Air {
  public:
    Air() : thread_([this] { run(); }) {}
    ~Air() {
        stopping_ = true;
        thread_.join();
    }
    const std::string& box_port() const { return box_.path(); }
    ModemPty& anas() { return ana_; }

  private:
    void run() {
        while (!stopping_) {
            const BoxTime now = clock_.box();
            air_.step(now);
            step(box_, one_, now);
            step(ana_, two_, now);
            pollfd lines[] = {{box_.fd(), POLLIN, 0}, {ana_.fd(), POLLIN, 0}};
            ::poll(lines, 2, 5);
        }
    }
    static void step(ModemPty& pty, RnodeDevice& device, BoxTime now) {
        device.from_host(pty.read(), now);
        device.step(now);
        pty.write(device.to_host(now));
    }

    SystemClock clock_;
    std::unique_ptr<Random> random_ = seeded_random(8);
    simulator::FrameAir air_{*random_};
    ModemPty box_, ana_;
    RnodeDevice one_{air_, *random_}, two_{air_, *random_};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

// Ana's program drives its RNode by the driver alone.
class RadioPhone {
  public:
    explicit RadioPhone(const std::string& port) {
        ModemSettings settings;
        settings.frequency_hz = 869'525'000;
        settings.lora.bandwidth_hz = 250'000;
        settings.lora.spreading_factor = 7;
        settings.power_dbm = 13;
        settings.more[rnode::kTwoFramesSetting] = "1";
        line_ = std::make_unique<ModemLine>("serial:" + port, 115'200,
                                            rnode::rnode_kind().make(settings, *random_), clock_);
    }
    bool until(const std::function<bool()>& is, std::chrono::seconds within) {
        const auto end = std::chrono::steady_clock::now() + within;
        while (!is()) {
            if (std::chrono::steady_clock::now() > end) return false;
            step();
        }
        return true;
    }
    bool ready() const { return line_->ready(); }

    LxmfPeer lxmf{"Ana", 41};

  private:
    void step() {
        lxmf.at(clock_.box());
        for (std::string& packet : lxmf.takes_out()) queue_.push_back(std::move(packet));
        if (line_->ready() && line_->radio().room() > 0 && !queue_.empty()) {
            take(line_->send({++last_, queue_.front(), {}}));
            queue_.pop_front();
        }
        take(line_->step(clock_.box() + std::chrono::milliseconds(20)));
    }
    void take(const RadioActions& actions) {
        for (const FrameIn& frame : actions.heard) lxmf.hears(frame.bytes);
    }

    SystemClock clock_;
    std::unique_ptr<Random> random_ = seeded_random(9);
    std::unique_ptr<ModemLine> line_;
    std::deque<std::string> queue_;
    std::uint32_t last_ = 0;
};

TEST(ReticulumRnode, MessagesPassBothWaysByRadio) {
    Air air;
    Folder folder;
    BoxProcess box(folder,
                   "[reticulum.air]\nport = \"rnode:" + air.box_port() +
                       "\"\nregion = \"EU868\"\nfrequency = 869525000\nbandwidth = 250000\n"
                       "spreading_factor = 7\npower = 13\n",
                   "hill.test");
    RadioPhone ana(air.anas().path());
    ASSERT_TRUE(ana.until([&] { return ana.ready(); }, std::chrono::seconds(30)));
    EXPECT_TRUE(box.status_says("reticulum.air: works")) << box.waypost("status");
    ana.lxmf.announce();
    const std::string status = box.waypost("status");
    const std::size_t at = status.find("address: ");
    ASSERT_NE(at, std::string::npos) << status;
    // It may have announced itself before her radio was on: she asks for it.
    ana.lxmf.ask_for(*reticulum::destination_in(status.substr(at + 9, 32)));
    EXPECT_TRUE(ana.until([&] { return !ana.lxmf.box().empty(); }, std::chrono::seconds(60)))
        << box.log();
    const std::string id = ana.lxmf.say("?");
    EXPECT_TRUE(ana.until([&] { return ana.lxmf.delivered(id); }, std::chrono::seconds(30)))
        << box.log();
    EXPECT_TRUE(ana.until([&] { return !ana.lxmf.texts().empty(); }, std::chrono::seconds(30)))
        << box.traces(2);
    std::string text = "bob@hill.test";
    while (text.size() < 1500) text += " word" + std::to_string(text.size());
    const std::string long_id = ana.lxmf.say_on_link(text);
    EXPECT_TRUE(ana.until([&] { return ana.lxmf.delivered(long_id); }, std::chrono::seconds(60)))
        << box.log();
    EXPECT_TRUE(box.status_says("airtime"));
    box.stop();
}

}  // namespace
}  // namespace waypost::interop
