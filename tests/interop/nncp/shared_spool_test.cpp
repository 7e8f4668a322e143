// SPDX-License-Identifier: Apache-2.0
// `waypost nncp` and the tools of nncp, in turns, on the same spools: what one begins the other
// ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/interop/nncp/both_tools.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Files = std::map<std::string, std::string>;

constexpr By kBoth[] = {By::Ours, By::Theirs};

const char* name_of(By by) { return by == By::Ours ? "ours" : "theirs"; }

class SharedSpoolTest : public ::testing::Test {
  protected:
    SharedSpoolTest() { fs::create_directories(stick_); }
    std::size_t on_stick() const {
        std::size_t files = 0;
        for (const auto& each : fs::recursive_directory_iterator(stick_))
            files += each.is_regular_file() ? 1 : 0;
        return files;
    }
    // By the stick, to one and back.
    void carry(By by, const RxStage& from, By then, const RxStage& to) const {
        exchange(by, from, stick_);
        exchange(then, to, stick_);
    }

    RxStage village_{"village"}, relay_{"relay"}, city_{"city"};
    const fs::path stick_ = village_ / "stick";
    const std::string file_ = (village_ / "large.bin").string();
};

TEST_F(SharedSpoolTest, OneQueueIsFilledByBoth) {
    queue_mail(By::Ours, village_, "relay", "ana@hill.example", "one");
    queue_mail(By::Theirs, village_, "relay", "ana@hill.example", "two");
    EXPECT_EQ(waiting(village_, "relay", Way::Tx), 2u);
    const auto listed =
        run_tool({"nncp-stat", "-cfg", village_.config_file(), "-node", "relay", "-pkt"}).output;
    const auto packets = village_.spool().list(test_keys().at("relay").id, Way::Tx);
    for (const SpoolPacket& each : *packets) EXPECT_THAT(listed, HasSubstr(to_base32(each.name)));
}

TEST_F(SharedSpoolTest, APacketIsAsNiceAsItIsToBe) {
    village_.write("large.bin", "text");
    const std::string none = to_base32(Mth{});
    for (const Words& words :
         {Words{"file", "--nice", "33", file_, "relay:x"},
          Words{"exec", "--nice", "44", "--reply-nice", "55", "relay", "sendmail"},
          Words{"freq", "--nice", "66", "--reply-nice", "77", "relay:list.txt"},
          Words{"ack", "--nice", "88", "relay", none}, Words{"ack", "relay", none}}) {
        Words all{"pack"};
        all.insert(all.end(), words.begin(), words.end());
        EXPECT_EQ(waypost_nncp(village_, all).status, 0) << words[0];
    }
    std::vector<int> nice;
    std::string shown;
    const auto queued = village_.spool().list(test_keys().at("relay").id, Way::Tx);
    ASSERT_TRUE(queued.ok());
    for (const auto& each : *queued) {
        nice.push_back(each.nice);
        shown += waypost_nncp(relay_, {"--json", "inspect", village_.spool().path(each).string()})
                     .output;
    }
    EXPECT_THAT(nice, ::testing::ElementsAre(33, 44, 66, 88, int{kNiceAck}));
    // What the other side is to answer with.
    EXPECT_THAT(shown, HasSubstr("\"plain_nice\":55"));
    EXPECT_THAT(shown, HasSubstr("\"plain_nice\":77"));
}

// village -> relay -> city by a stick. The bits: who makes, who carries, who tosses at the relay,
// who tosses in the city.
TEST_F(SharedSpoolTest, MailAndFilesPassARelay) {
    village_.write("large.bin", mth_pattern(700'000));
    for (const int mask : {0b0000, 0b0110, 0b1011, 0b1101, 0b1111}) {
        const auto by = [mask](int bit) { return (mask >> bit) & 1 ? By::Theirs : By::Ours; };
        const std::string name = "file" + std::to_string(mask);
        queue_mail(by(0), village_, "city", name + "@city.example", "mail " + name);
        queue_file(by(0), village_, file_, "city", name);
        carry(by(1), village_, by(0), relay_);
        toss(by(2), relay_);
        carry(by(0), relay_, by(1), city_);
        toss(by(3), city_);
        EXPECT_EQ(city_.files("incoming")[name], mth_pattern(700'000)) << mask;
        const auto runs = city_.runs();
        ASSERT_FALSE(runs.empty()) << mask;
        EXPECT_EQ(runs.back().input, "mail " + name);
        EXPECT_EQ(runs.back().arguments, name + "@city.example\n");
        EXPECT_EQ(on_stick(), 0u) << mask;
    }
    EXPECT_EQ(city_.runs().size(), 5u) << "each once";
}

TEST_F(SharedSpoolTest, RequestsAreAnswered) {
    relay_.write("freq/list.txt", "what there is");
    for (const By asks : kBoth) {
        for (const By answers : kBoth) {
            const std::string name = std::string(name_of(asks)) + '-' + name_of(answers);
            ask_for(asks, village_, "relay", "list.txt", name);
            carry(asks, village_, answers, relay_);
            toss(answers, relay_);
            carry(answers, relay_, asks, village_);
            toss(asks, village_);
            EXPECT_EQ(village_.files("incoming")[name], "what there is") << name;
        }
    }
}

TEST_F(SharedSpoolTest, APostReachesTheArea) {
    for (const By posts : kBoth) {
        const std::string news = std::string("news of ") + name_of(posts);
        if (posts == By::Ours) {
            EXPECT_EQ(
                waypost_nncp(village_, {"pack", "exec", "area:news", "sendmail"}, news).status, 0);
        } else {
            EXPECT_EQ(real_nncp(village_, "exec", {"area:news", "sendmail"}, news).status, 0);
            toss(By::Theirs, village_);  // its first copy is for itself
        }
        carry(posts, village_, By::Ours, relay_);
        toss(posts == By::Ours ? By::Theirs : By::Ours, relay_);
        exchange(By::Theirs, relay_, stick_);
        exchange(By::Ours, city_, stick_);
        toss(posts, city_);
        ASSERT_FALSE(city_.runs().empty());
        EXPECT_EQ(city_.runs().back().input, news);
        // What the relay sends back to the village is not news there.
        exchange(By::Ours, village_, stick_);
        toss(By::Ours, village_);
        EXPECT_TRUE(village_.runs().empty());
    }
    EXPECT_EQ(city_.runs().size(), 2u);
}

// One-way media: what was sent is kept until a receipt comes.
TEST_F(SharedSpoolTest, AReceiptEndsTheKeeping) {
    for (const By keeps : kBoth) {
        const By other = keeps == By::Ours ? By::Theirs : By::Ours;
        queue_mail(keeps, village_, "relay", "x@y.example", name_of(keeps));
        exchange(keeps, village_, stick_, {"keep", "tx"});
        EXPECT_EQ(waiting(village_, "relay", Way::Tx), 1u);
        exchange(other, relay_, stick_, {"rx"});
        EXPECT_EQ(waiting(relay_, "village", Way::Rx), 1u);
        if (other == By::Ours)
            EXPECT_EQ(waypost_nncp(relay_, {"pack", "ack", "village"}).status, 0);
        else
            EXPECT_EQ(
                run_tool({"sh", "-c", "exec nncp-ack -quiet -cfg \"$0\" -node village 4>/dev/null",
                          relay_.config_file()})
                    .status,
                0);
        exchange(other, relay_, stick_, {"tx"});
        exchange(keeps, village_, stick_, {"rx"});
        toss(keeps, village_);
        EXPECT_EQ(waiting(village_, "relay", Way::Tx), 0u) << name_of(keeps);
        toss(other, relay_);
    }
    EXPECT_EQ(relay_.runs().size(), 2u);
}

TEST_F(SharedSpoolTest, ABundleIsReadByTheOther) {
    village_.write("large.bin", mth_pattern(300'000));
    const std::string bundle = (village_ / "bundle.tar").string();
    for (const By writes : kBoth) {
        const std::string name = std::string("bundle-") + name_of(writes);
        queue_file(writes, village_, file_, "relay", name);
        queue_mail(writes, village_, "relay", "x@y.example", name);
        fs::remove(bundle);
        if (writes == By::Ours)
            EXPECT_EQ(waypost_nncp(village_, {"bundle", "--tx", "--file", bundle, "relay"}).status,
                      0);
        else
            EXPECT_EQ(run_tool({"sh", "-c", "exec nncp-bundle -quiet -cfg \"$0\" -tx relay >\"$1\"",
                                village_.config_file(), bundle})
                          .status,
                      0);
        const std::string stream = slurp(bundle);
        EXPECT_GT(stream.size(), 300'000u);
        const Ended taken = writes == By::Ours
                                ? real_nncp(relay_, "bundle", {"-rx", "-check"}, stream)
                                : waypost_nncp(relay_, {"bundle", "--rx"}, "junk" + stream);
        EXPECT_EQ(taken.status, 0) << taken.output;
        EXPECT_EQ(waiting(relay_, "village", Way::Rx), 2u) << taken.output;
        // The other one proves from the bundle what may go.
        const Ended deleted =
            writes == By::Ours
                ? real_nncp(village_, "bundle", {"-rx", "-delete"}, stream)
                : waypost_nncp(village_, {"bundle", "--rx", "--delete", "--file", bundle});
        EXPECT_EQ(deleted.status, 0) << deleted.output;
        EXPECT_EQ(waiting(village_, "relay", Way::Tx), 0u) << deleted.output;
        toss(writes, relay_);
        EXPECT_EQ(relay_.files("incoming")[name], mth_pattern(300'000));
    }
    EXPECT_EQ(relay_.runs().size(), 2u);
}

// The same packet by two ways is delivered once.
TEST_F(SharedSpoolTest, WhatOneHasSeenTheOtherDoesNotTake) {
    for (const By tosses : kBoth) {
        const By other = tosses == By::Ours ? By::Theirs : By::Ours;
        queue_mail(tosses, village_, "relay", "x@y.example", name_of(tosses));
        exchange(tosses, village_, stick_, {"keep", "tx"});
        exchange(tosses, relay_, stick_, {"keep", "rx"});
        if (tosses == By::Ours)
            toss(By::Ours, relay_);
        else
            EXPECT_EQ(real_nncp(relay_, "toss", {"-seen"}).status, 0);
        exchange(other, relay_, stick_, {"rx"});
        EXPECT_EQ(waiting(relay_, "village", Way::Rx), 0u);
        exchange(tosses, village_, stick_, {"tx"});
        fs::remove_all(stick_);
        fs::create_directories(stick_);
    }
    EXPECT_EQ(relay_.runs().size(), 2u);
}

TEST_F(SharedSpoolTest, OurLockHoldsTheirs) {
    queue_mail(By::Ours, village_, "relay", "x@y.example", "text");
    {
        const auto lock = village_.spool().lock(test_keys().at("relay").id, SpoolLock::Kind::Tx);
        ASSERT_TRUE(lock.ok());
        (void)real_nncp(village_, "xfer", {"-mkdir", "-tx", stick_.string()});
        EXPECT_EQ(on_stick(), 0u);
    }
    exchange(By::Theirs, village_, stick_);
    EXPECT_EQ(on_stick(), 1u);
}

// What nncp writes half, or what is no packet, is neither taken nor removed.
TEST_F(SharedSpoolTest, OursVerifiesWhatTheirsLeftOnTheStick) {
    queue_mail(By::Theirs, village_, "relay", "x@y.example", "text");
    exchange(By::Theirs, village_, stick_);
    fs::path packet;
    for (const auto& each : fs::recursive_directory_iterator(stick_))
        if (each.is_regular_file()) packet = each.path();
    fs::resize_file(packet, fs::file_size(packet) - 1);
    const Ended ended = waypost_nncp(relay_, {"xfer", stick_.string()});
    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.output, HasSubstr("damaged"));
    EXPECT_EQ(on_stick(), 1u);
    EXPECT_EQ(waiting(relay_, "village", Way::Rx), 0u);
}

}  // namespace
}  // namespace waypost::nncp
