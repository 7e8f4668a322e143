// SPDX-License-Identifier: Apache-2.0
// Two modules on pseudo terminals, each at the end of a ModemLine: the whole way of a frame.
#include <gtest/gtest.h>

#include "radio/modem_line.h"
#include "radio/simulator/modem_pty.h"
#include "tests/fakes/fake_clock.h"
#include "two_sides.h"

namespace waypost::xbee {
namespace {

class End {
  public:
    End(FrameAir& air, Random& random, XbeeOptions options, const ModemKind& kind,
        const ModemSettings& settings, const Clock& clock)
        : module_(air, random, std::move(options)),
          line_("serial:" + pty_.path(), kind.baud, kind.make(settings, random), clock),
          clock_(clock) {}

    // `patient`: gives the terminal a millisecond of real time to bring what was written.
    void step(bool patient) {
        keep(line_.step(clock_.box() + milliseconds(patient ? 1 : 0)));
        const BoxTime now = clock_.box();
        if (const std::string bytes = pty_.read(); !bytes.empty()) module_.from_host(bytes, now);
        module_.step(now);
        if (const std::string bytes = module_.to_host(); !bytes.empty()) pty_.write(bytes);
    }
    void keep(RadioActions done) {
        std::ranges::move(done.heard, std::back_inserter(heard));
        std::ranges::move(done.reports, std::back_inserter(reports));
    }
    ModemLine& line() { return line_; }
    XbeeModule& module() { return module_; }

    std::vector<FrameIn> heard;
    std::vector<FrameReport> reports;

  private:
    simulator::ModemPty pty_;
    XbeeModule module_;
    ModemLine line_;
    const Clock& clock_;
};

class OnPtys : public ::testing::Test {
  protected:
    void join(const ModemKind& kind, const ModemSettings& settings, simulator::FrameLoss loss) {
        a_.reset();
        b_.reset();
        air_.emplace(*random_, simulator::FrameAirOptions{.loss = loss});
        XbeeOptions options;
        a_ = std::make_unique<End>(*air_, *random_, options, kind, settings, clock_);
        options.address = 0x0013A200000000B2;
        b_ = std::make_unique<End>(*air_, *random_, options, kind, settings, clock_);
    }
    bool until(const std::function<bool()>& done, bool patient = false) {
        for (int ms = 0; ms < 120'000; ++ms) {
            clock_.advance(milliseconds(1));
            air_->step(clock_.box());
            a_->step(patient);
            b_->step(patient);
            if (done()) return true;
        }
        return false;
    }
    bool both_ready() {
        return until([this] { return a_->line().ready() && b_->line().ready(); });
    }
    // So many frames each way, one after the other; how many were reported.
    void exchange(std::size_t count, const std::string& to_a, const std::string& to_b) {
        std::size_t sent = 0;
        const bool all = until(
            [&] {
                const bool room = a_->line().radio().room() > 0 && b_->line().radio().room() > 0;
                if (sent < count && room) {
                    const auto id = static_cast<std::uint32_t>(++sent);
                    a_->keep(a_->line().send({id, "from a " + std::to_string(id), to_b}));
                    b_->keep(b_->line().send({id, "from b " + std::to_string(id), to_a}));
                }
                return a_->reports.size() == count && b_->reports.size() == count;
            },
            true);
        EXPECT_TRUE(all) << a_->reports.size() << ' ' << b_->reports.size();
    }

    std::unique_ptr<Random> random_ = seeded_random(21);
    FakeClock clock_;
    std::optional<FrameAir> air_;
    std::unique_ptr<End> a_, b_;
};

TEST_F(OnPtys, FramesGoBothWaysInBothApiModes) {
    for (const char* api : {"1", "2"}) {
        ModemSettings settings;
        settings.more = {{"api", api}, {"direct", "yes"}};
        join(xbee_kind(), settings, {.rate = 0.2});
        ASSERT_TRUE(both_ready()) << a_->line().why_down() << b_->line().why_down();
        const auto address = [](End& end) { return end.line().radio().details().at("address"); };
        EXPECT_EQ(address(*b_), "0013a200000000b2");
        exchange(8, address(*a_), address(*b_));
        for (End* end : {a_.get(), b_.get()}) {
            for (const FrameReport& report : end->reports) EXPECT_EQ(report.fate, FrameFate::Acked);
            EXPECT_EQ(end->heard.size(), 8u);
        }
        ASSERT_FALSE(b_->heard.empty());
        EXPECT_EQ(b_->heard[0].bytes, "from a 1");
        EXPECT_EQ(b_->heard[0].from, address(*a_));
    }
}

TEST_F(OnPtys, TransparentModules) {
    join(xbee_transparent_kind(), {}, {});
    ASSERT_TRUE(both_ready()) << a_->line().why_down() << b_->line().why_down();
    exchange(3, "", "");
    EXPECT_FALSE(a_->heard.empty() && b_->heard.empty()) << "whoever spoke first was heard";
    for (const FrameReport& report : a_->reports) EXPECT_EQ(report.fate, FrameFate::Sent);
}

TEST_F(OnPtys, AModuleThatFallsSilentIsLostAndFoundAgain) {
    ModemSettings settings;
    settings.more["direct"] = "yes";
    join(xbee_kind(), settings, {});
    ASSERT_TRUE(both_ready());
    a_->module().trouble().deaf_to_host = true;
    std::uint32_t id = 0;
    EXPECT_TRUE(until([&] {
        if (a_->line().radio().room() > 0) a_->keep(a_->line().send({++id, "hi", ""}));
        return !a_->line().ready();
    }));
    for (const FrameReport& report : a_->reports) EXPECT_EQ(report.fate, FrameFate::Failed);
    EXPECT_EQ(a_->reports.size(), id) << "each has its report";
    EXPECT_TRUE(until([this] { return a_->line().why_down() == "no XBee answers at any speed"; }));
    a_->module().trouble().deaf_to_host = false;
    EXPECT_TRUE(both_ready()) << a_->line().why_down();
}

}  // namespace
}  // namespace waypost::xbee
