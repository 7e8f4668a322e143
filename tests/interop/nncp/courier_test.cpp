// SPDX-License-Identifier: Apache-2.0
// `waypost usb` at the village, nncp-xfer at the relay, one stick.
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "bridges/nncp/packet/mth.h"
#include "tests/interop/nncp/two_nodes.h"
#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

class CourierInterop : public ::testing::Test {
  protected:
    CourierInterop() { fs::create_directories(stick_); }

    Words usb_words(const Words& more) const {
        Words words{WAYPOST_BIN "/waypost-nncp", "--json", "usb", "--nncp-config",
                    nodes_.village.file()};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    Ended usb(const Words& more) const {
        const auto ended = run_program({usb_words(more), {"NNCPNOSYNC=1"}});
        EXPECT_TRUE(ended.ok());
        return ended.ok() ? *ended : Ended();
    }
    void ours() const {
        const Ended ended = usb({stick_.string()});
        EXPECT_EQ(ended.status, 0) << ended.output;
        EXPECT_NE(ended.output.find("\"state\":\"safe\""), std::string::npos) << ended.output;
    }
    void theirs() const {
        fs::create_directories(stick_ / "nncp");
        const auto ended = run_program({{"nncp-xfer", "-quiet", "-mkdir", "-cfg",
                                         nodes_.relay.file(), (stick_ / "nncp").string()},
                                        {"NNCPNOSYNC=1"}});
        ASSERT_TRUE(ended.ok());
        EXPECT_EQ(ended->status, 0) << ended->output;
    }
    // One large file and some letters.
    void queue(TwoNodes::Side& from) {
        nodes_.file(from, "large", large_);
        for (int i = 0; i < kSmall; ++i)
            nodes_.file(from, "small" + std::to_string(i), std::to_string(i));
    }
    void expect_all(const TwoNodes::Side& at) {
        EXPECT_EQ(nodes_.toss(at), "");
        EXPECT_EQ(at.incoming(), std::size_t{kSmall} + 1);
        EXPECT_TRUE(at.incoming("large") == large_);
        for (int i = 0; i < kSmall; ++i)
            EXPECT_EQ(at.incoming("small" + std::to_string(i)), std::to_string(i));
    }
    // What has the name of a packet is one.
    void expect_whole(const fs::path& folder) const {
        for (const auto& each : fs::recursive_directory_iterator(folder)) {
            const auto name = hash_from_base32(each.path().filename().string());
            if (!name.ok() || !each.is_regular_file() ||
                each.path().parent_path().filename() == "hdr")
                continue;
            const std::string bytes = text_of(each.path());
            MemorySource source(bytes);
            EXPECT_EQ(*mth_of(source), *name) << each.path();
        }
    }
    // Again and again, each time a little later.
    void kill_at_many_moments() const {
        for (int i = 0; i < 25; ++i) {
            Daemon program(usb_words({stick_.string()}), (nodes_ / "log").string());
            std::this_thread::sleep_for(std::chrono::milliseconds(4 * i));
            program.kill();
            expect_whole(stick_);
            expect_whole(nodes_.rx(nodes_.village));
        }
    }

    static constexpr int kSmall = 12;
    TwoNodes nodes_;
    const fs::path stick_ = nodes_ / "stick";
    const std::string large_ = mth_pattern(6'000'000);
};

TEST_F(CourierInterop, BothWays) {
    queue(nodes_.village);
    queue(nodes_.relay);
    ours();
    theirs();
    expect_all(nodes_.relay);
    ours();
    expect_all(nodes_.village);
    EXPECT_EQ(nodes_.waiting(nodes_.relay).size(), 0u) << "nncp-xfer deletes at once";
    EXPECT_EQ(nodes_.waiting(nodes_.village).size(), std::size_t{kSmall} + 1) << "no ACK yet";
    theirs();
    EXPECT_EQ(nodes_.toss(nodes_.relay), "");
    EXPECT_EQ(nodes_.relay.incoming(), std::size_t{kSmall} + 1) << "nothing rides the stick twice";
}

TEST_F(CourierInterop, WhatWasNotAcknowledgedRidesTheNextStickToo) {
    nodes_.file(nodes_.village, "letter", "text");
    for (int lost = 0; lost < 4; ++lost) {
        const fs::path stick = nodes_ / ("lost" + std::to_string(lost));
        fs::create_directories(stick);
        EXPECT_EQ(usb({stick.string()}).status, 0);
    }
    EXPECT_EQ(nodes_.waiting(nodes_.village).size(), 1u);
    ours();
    theirs();
    EXPECT_EQ(nodes_.toss(nodes_.relay), "");
    EXPECT_EQ(nodes_.relay.incoming("letter"), "text");
}

TEST_F(CourierInterop, KilledWhileItWrites) {
    queue(nodes_.village);
    kill_at_many_moments();
    ours();
    theirs();
    expect_all(nodes_.relay);
}

TEST_F(CourierInterop, KilledWhileItReads) {
    queue(nodes_.relay);
    theirs();
    kill_at_many_moments();
    ours();
    expect_all(nodes_.village);
}

TEST_F(CourierInterop, AnAckOfTheRealToolsEndsTheWaiting) {
    nodes_.file(nodes_.village, "letter", "text");
    ours();
    theirs();
    const auto ended = run_program(
        {{"sh", "-c", "nncp-ack -quiet -cfg \"$0\" -node village -minsize 0 4>/dev/null",
          nodes_.relay.file()},
         {"NNCPNOSYNC=1", "PATH=/usr/bin:/bin"}});
    ASSERT_TRUE(ended.ok());
    ASSERT_EQ(ended->status, 0) << ended->output;
    theirs();
    ours();
    EXPECT_EQ(nodes_.toss(nodes_.village), "");
    EXPECT_TRUE(nodes_.waiting(nodes_.village).empty());
}

TEST_F(CourierInterop, WatchedAcceptedAndServed) {
    fs::create_directories(nodes_ / "media");
    nodes_.file(nodes_.village, "letter", "text");
    const std::string log = (nodes_ / "log").string();
    const auto told = [&](const std::string& what) {
        return eventually([&] { return text_of(log).find(what) != std::string::npos; });
    };
    Daemon program(usb_words({"watch", "--root", (nodes_ / "media").string()}), log);
    // It may only be about to look.
    ASSERT_TRUE(
        eventually([&] { return fs::exists(nodes_.village.spool->directory() / "courier"); }));
    const fs::path stick = nodes_ / "media" / "blue";
    fs::create_directories(stick / "nncp");
    ASSERT_TRUE(told("\"event\":\"ask\"")) << text_of(log);
    EXPECT_TRUE(fs::is_empty(stick / "nncp"));
    const Ended accepted = usb({"accept", "dir:" + fs::canonical(stick).string()});
    EXPECT_EQ(accepted.status, 0) << accepted.output;
    ASSERT_TRUE(told("\"state\":\"safe\"")) << text_of(log);
    EXPECT_NE(usb({"list"}).output.find("accepted"), std::string::npos);
    fs::rename(stick / "nncp", stick_ / "nncp");
    theirs();
    EXPECT_EQ(nodes_.toss(nodes_.relay), "");
    EXPECT_EQ(nodes_.relay.incoming("letter"), "text");
}

}  // namespace
}  // namespace waypost::nncp
