// SPDX-License-Identifier: Apache-2.0
// Programs that end at once, say nothing, or rubbish, or too much, do not read, do not end: what
// the box does with them, and what becomes of what they had in hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <set>
#include <sstream>

#include "bridges/exec/exec_transport.h"
#include "tests/interop/exec/locked_office.h"
#include "tests/interop/mail/peers.h"

namespace waypost::exec {
namespace {

using interop::contents;
using interop::eventually;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

class Unruly : public ::testing::Test {
  protected:
    ~Unruly() override {
        if (transport_) transport_->stop();
    }

    ExecOptions options(const std::string& how) {
        ExecOptions options;
        options.command = {{"/usr/bin/python3", UNRULY, how, file_},
                           {"PATH=/usr/bin:/bin", "TOKEN=secret"},
                           folder_.path()};
        options.scheme = "sms";
        options.hello_within = milliseconds(3000);
        options.first_pause = milliseconds(50);
        options.most_pause = milliseconds(200);
        options.end_within = milliseconds(3000);
        options.term_within = milliseconds(300);
        options.read_within = milliseconds(700);
        return options;
    }
    void run(ExecOptions options) {
        transport_ = std::make_unique<ExecTransport>("exec.sms", std::move(options));
        transport_->start(office_);
    }
    void run(const std::string& how) { run(options(how)); }
    bool is_up() {
        return eventually([&] { return transport_->up(); });
    }
    bool status_says(const std::string& text) {
        return eventually([&] { return transport_->status().why.find(text) != std::string::npos; });
    }
    void deliver(DeliveryId id, const std::string& text, std::optional<WireId> wire = {}) {
        Delivery delivery;
        delivery.attempt = {id, wire ? 2 : 1};
        delivery.wire_id = std::move(wire);
        delivery.to = {"sms", "+1"};
        delivery.from = mailto("ana", "hill.example");
        delivery.text = text;
        transport_->deliver(std::move(delivery));
    }
    std::vector<Outcome::Kind> outcomes() {
        return office_.look([](FakeOffice& o) {
            std::vector<Outcome::Kind> all;
            for (const auto& [attempt, outcome] : o.reports) all.push_back(outcome.kind);
            return all;
        });
    }
    std::size_t accepted() {
        return office_.look([](FakeOffice& o) { return o.accepted.size(); });
    }

    interop::Folder folder_;
    const std::string file_ = folder_ / "told";
    LockedOffice office_;
    std::unique_ptr<ExecTransport> transport_;
};

TEST_F(Unruly, OneThatIsNotThereIsNamed) {
    ExecOptions none = options("");
    none.command.words = {"./no-such-program"};
    run(none);
    EXPECT_TRUE(status_says("cannot start ./no-such-program in " + folder_.path()));
    EXPECT_TRUE(status_says("No such file"));
    EXPECT_FALSE(transport_->up());
}

TEST_F(Unruly, OneThatEndsAtOnceIsStartedAgainWithPauses) {
    run("ends");
    EXPECT_TRUE(status_says("its program ended with 3; started again in"));
    EXPECT_TRUE(
        eventually([&] { return transport_->status().details.at("started") == "4 times"; }));
    EXPECT_FALSE(transport_->up());
}

TEST_F(Unruly, OneThatSaysNoHelloIsEnded) {
    ExecOptions hasty = options("silent");
    hasty.hello_within = milliseconds(200);
    run(hasty);
    EXPECT_TRUE(status_says("its program said no hello in time"));
}

TEST_F(Unruly, RubbishEndsIt) {
    run("rubbish");
    EXPECT_TRUE(status_says("said nothing that can be understood, 100 lines in a row"));
    EXPECT_EQ(accepted(), 0u);
}

TEST_F(Unruly, ALineThatIsTooLongIsPassedOver) {
    run("endless");
    EXPECT_TRUE(eventually([&] { return accepted() == 1; }));
    EXPECT_EQ(transport_->status().details.at("bad lines"), "1");
    EXPECT_EQ(transport_->status().details.at("started"), "1 times");
}

TEST_F(Unruly, OneThatDoesNotReadIsEndedAndWhatItHadIsOfferedAgain) {
    run("deaf");
    ASSERT_TRUE(is_up());
    for (int i = 1; i <= 20; ++i) deliver(i, std::string(40'000, 'x'));
    EXPECT_TRUE(status_says("does not read what is written to it"));
    EXPECT_EQ(outcomes(), std::vector<Outcome::Kind>(20, Outcome::Kind::Unknown));
}

// Its own writing is what waits: nothing piles up here.
TEST_F(Unruly, AFloodWaitsInItsOwnPipe) {
    std::vector<std::function<void()>> commits;
    office_.look([&](FakeOffice& o) {
        o.later = [&](std::function<void()> say) { commits.push_back(std::move(say)); };
    });
    ExecOptions patient = options("flood");
    patient.read_within = std::chrono::seconds(60);
    run(patient);
    ASSERT_TRUE(eventually([&] { return accepted() == kMostOpen; }));
    std::set<std::string> seen;
    const auto commit_all = [&] {
        const auto now = office_.look([&](FakeOffice&) { return std::exchange(commits, {}); });
        EXPECT_LE(now.size(), kMostOpen);
        for (const auto& commit : now) commit();
        return accepted() == 4000;
    };
    EXPECT_TRUE(eventually(commit_all));
    transport_->stop();
    EXPECT_EQ(transport_->status().details.at("bad lines"), "0");
    commit_all();
}

TEST_F(Unruly, AnAnswerThatComesWhenItIsGoneGoesNowhere) {
    std::vector<std::function<void()>> commits;
    office_.look([&](FakeOffice& o) {
        o.later = [&](std::function<void()> say) { commits.push_back(std::move(say)); };
    });
    run("endless");
    ASSERT_TRUE(eventually([&] { return accepted() == 1; }));
    transport_.reset();
    ASSERT_EQ(commits.size(), 1u);
    commits.front()();
}

TEST_F(Unruly, OneThatHearsNoSignalIsKilledWithAllItsChildren) {
    ExecOptions hasty = options("stubborn");
    hasty.end_within = milliseconds(300);
    run(hasty);
    ASSERT_TRUE(eventually([&] { return !contents(file_).empty(); }));
    pid_t program = 0, child = 0;
    std::istringstream(contents(file_)) >> program >> child;
    ASSERT_GT(child, 0);
    ASSERT_EQ(::kill(child, 0), 0);
    transport_->stop();
    EXPECT_NE(::kill(program, 0), 0);
    EXPECT_TRUE(eventually([&] {
        const std::string state = contents("/proc/" + std::to_string(child) + "/stat");
        return state.empty() || state.find(") Z ") != std::string::npos;
    }));
}

TEST_F(Unruly, WhatItDiedWithItIsAskedAboutAgain) {
    run("dies");
    ASSERT_TRUE(is_up());
    deliver(1, "hello");
    ASSERT_TRUE(eventually([&] { return outcomes().size() == 1; }));
    EXPECT_EQ(outcomes()[0], Outcome::Kind::Unknown);
    const WireId wire = office_.look([](FakeOffice& o) { return o.begun.at(0); });
    ASSERT_TRUE(
        eventually([&] { return transport_->status().details.at("started") == "2 times"; }));
    ASSERT_TRUE(is_up());
    deliver(1, "hello", wire);
    ASSERT_TRUE(eventually([&] { return outcomes().size() == 2; }));
    EXPECT_EQ(outcomes()[1], Outcome::Kind::Sent);
    EXPECT_EQ(contents(file_), wire + " False\n" + wire + " True\n");
}

TEST_F(Unruly, ItHasNothingOfTheBoxBesideWhatTheSettingsSay) {
    run("environment");
    ASSERT_TRUE(eventually([&] { return !contents(file_).empty(); }));
    EXPECT_EQ(contents(file_), "PATH TOKEN|" + folder_.path() + "|secret|0 1 2");
}

TEST_F(Unruly, ItsFiguresAreInTheStatusAndTakeNoOthersPlace) {
    run("figures");
    ASSERT_TRUE(eventually([&] { return transport_->status().details.count("signal_dbm") > 0; }));
    const Status status = transport_->status();
    EXPECT_EQ(status.details.at("signal_dbm"), "-71.5");
    EXPECT_EQ(status.details.at("sent"), "0");
    EXPECT_EQ(status.metrics.at("snr_db"), 4);
}

TEST_F(Unruly, AtTheEndItMayStillReportOnWhatItHas) {
    run("last words");
    ASSERT_TRUE(is_up());
    deliver(1, "hello");
    transport_->stop();
    EXPECT_EQ(outcomes(), std::vector<Outcome::Kind>{Outcome::Kind::Delivered});
}

}  // namespace
}  // namespace waypost::exec
