// SPDX-License-Identifier: Apache-2.0
// What the real nncp-toss does not: order, each once, nothing before the end, nothing in the way.
#include "bridges/nncp/toss/toss.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "tests/unit/bridges/nncp/toss/rx_stage.h"

namespace waypost::nncp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Files = std::map<std::string, std::string>;

// Writes down what it is given and says what it is told to.
class Notes : public Handlers {
  public:
    Result<void> exec(const Arrival& arrival, const std::vector<std::string>& words,
                      Content& input) override {
        taken.push_back(words.front() + ":" + std::string(input.text().value_or("large")));
        last = arrival;
        return answer;
    }
    Result<void> file(const Arrival& arrival, Content& content) override {
        taken.push_back(arrival.plain.path + "=" + std::string(content.text().value_or("large")));
        last = arrival;
        if (throws) throw std::runtime_error("a bug");
        return answer;
    }
    Result<void> freq(const Arrival&, const std::string&) override { return answer; }
    Result<void> ack(const Arrival&, const Mth&) override { return answer; }

    std::vector<std::string> taken;
    Result<void> answer;
    bool throws = false;
    Arrival last;
};

PlainHeader file(const std::string& name) { return {PacketType::File, 96, name}; }

TEST(NncpToss, SmallerNicenessGoesFirstAcrossNodes) {
    RxStage relay("relay");
    Notes notes;
    relay.put(file("c"), "", "village", 224);
    relay.put(file("a"), "", "city", 32);
    relay.put(file("b"), "", "village", 96);
    relay.put(file("d"), "", "city", 255);
    EXPECT_EQ(relay.toss(notes).done, 4u);
    EXPECT_THAT(notes.taken, ElementsAre("a=", "b=", "c=", "d="));
}

TEST(NncpToss, NicerOnesThanTheLimitAndUnwantedTypesAreLeft) {
    RxStage relay("relay");
    Notes notes;
    const auto bulk = relay.put(file("bulk"), "", "village", 224);
    const auto left = relay.put({PacketType::ExecFat, 1, "rmail"}, "", "village", 1);
    TossOptions options;
    options.limit = 100;
    options.leave = {PacketType::Exec, PacketType::ExecFat};
    EXPECT_EQ(relay.toss(notes, options).left, 1u);
    EXPECT_THAT(notes.taken, IsEmpty());
    EXPECT_TRUE(relay.in_rx(bulk) && relay.in_rx(left));
    EXPECT_EQ(relay.toss(notes).done, 2u);
}

TEST(NncpToss, TheSamePacketByTwoWaysIsTakenOnce) {
    RxStage relay("relay");
    Notes notes;
    const std::string bytes = sealed("village", "relay", file("a"), "once");
    relay.put(bytes, "village");
    const auto second = relay.put(bytes, "city");  // through another node
    const TossCounts counts = relay.toss(notes);
    EXPECT_EQ(counts.done, 1u);
    EXPECT_EQ(counts.duplicates, 1u);
    EXPECT_FALSE(relay.in_rx(second));
    relay.put(bytes, "village");
    EXPECT_EQ(relay.toss(notes).duplicates, 1u) << "and later";
    EXPECT_EQ(notes.taken.size(), 1u);
}

TEST(NncpToss, AHandlerThatFailedIsAskedAgain) {
    RxStage relay("relay");
    Notes notes;
    notes.answer = Error{Code::Refused, "not now", true};
    const auto packet = relay.put(file("a"), "text");
    for (const int failures : {1, 2}) {
        EXPECT_EQ(relay.toss(notes).kept, 1u);
        EXPECT_EQ(relay.told()[0].failures, failures);
        EXPECT_EQ(relay.told()[0].why, "not now");
    }
    EXPECT_FALSE(relay.spool().seen(packet.node, packet.name));
    notes.answer = {};
    EXPECT_EQ(relay.toss(notes).done, 1u);
    EXPECT_FALSE(relay.in_rx(packet));
    EXPECT_EQ(notes.taken.size(), 3u);
}

TEST(NncpToss, WhatIsNotOnTheDiskIsNotSeen) {
    RxStage relay("relay");
    struct Full : Notes {
        Result<void> settle(std::vector<Failure>&) override {
            ++settled;
            return full ? Result<void>(Error{Code::Full, "the disk is full", true})
                        : Result<void>();
        }
        bool full = true;
        int settled = 0;
    } notes;
    const auto first = relay.put(file("a"), "text");
    relay.put({PacketType::Trns, 0, path_of_id("city")}, "a packet");
    EXPECT_EQ(relay.toss(notes).kept, 2u);
    EXPECT_EQ(notes.settled, 1) << "once for both";
    EXPECT_TRUE(relay.in_rx(first));
    EXPECT_FALSE(relay.spool().seen(first.node, first.name));
    EXPECT_THAT(relay.queued_for("city"), IsEmpty());
    EXPECT_EQ(relay.told_of(first)->why, "the disk is full");
    notes.full = false;
    EXPECT_EQ(relay.toss(notes).done, 2u);
    EXPECT_EQ(relay.queued_for("city").size(), 1u);
}

TEST(NncpToss, TheSecondCopyIsKeptWhereTheFirstCameToNothing) {
    RxStage relay("relay");
    struct Failing : Notes {
        Result<void> settle(std::vector<Failure>& failed) override {
            if (bad != Mth{}) failed.push_back({bad, "not stored"});
            return {};
        }
        Mth bad{};
    } notes;
    const std::string bytes = sealed("village", "relay", file("a"), "once");
    const auto first = relay.put(bytes, "village");
    const auto second = relay.put(bytes, "city");
    notes.bad = first.name;
    EXPECT_EQ(relay.toss(notes).kept, 2u);
    for (const Tossed& each : relay.told()) EXPECT_EQ(each.why, "not stored");
    for (const auto& each : {first, second}) {
        EXPECT_TRUE(relay.in_rx(each));
        EXPECT_FALSE(relay.spool().seen(each.node, each.name));
    }
    notes.bad = {};
    const TossCounts counts = relay.toss(notes);
    EXPECT_EQ(counts.done, 1u);
    EXPECT_EQ(counts.duplicates, 1u);
    EXPECT_EQ(notes.taken.size(), 2u);
}

TEST(NncpToss, ACopyOfWhatCouldNotBePassedOnIsKept) {
    RxStage village("village");  // reaches the city through the relay
    const std::string inner = sealed("relay", "city", file("a"), "text");
    const std::string bytes =
        sealed("relay", "village", {PacketType::Trns, 0, path_of_id("city")}, inner);
    village.put(bytes, "relay");
    village.put(bytes, "city");
    const auto way = village.spool().folder(test_keys().at("relay").id, Way::Tx);
    std::ofstream(way) << "no folder";
    EXPECT_EQ(village.toss().kept, 2u);
    std::filesystem::remove(way);
    EXPECT_EQ(village.toss().done, 1u);
    EXPECT_EQ(village.queued_for("relay").size(), 1u);
}

TEST(NncpToss, WhatIsFinishedIsSeenBeforeTheRestIsSettled) {
    RxStage relay("relay");
    struct Early : Notes {
        explicit Early(const Spool& which) : spool(which) {}
        std::vector<Mth> finished() override { return std::exchange(done, {}); }
        Result<void> file(const Arrival& arrival, Content& content) override {
            if (arrival.plain.path == "a") done.push_back(arrival.packet.name);
            return Notes::file(arrival, content);
        }
        Result<void> settle(std::vector<Failure>&) override {
            for (const auto& each : packets) seen.push_back(spool.seen(each.node, each.name));
            return full ? Result<void>(Error{Code::Full, "the disk is full", true})
                        : Result<void>();
        }
        const Spool& spool;
        std::vector<Mth> done;
        std::vector<SpoolPacket> packets;
        std::vector<bool> seen;
        bool full = true;
    } notes(relay.spool());
    notes.packets = {relay.put(file("a"), "text"), relay.put(file("b"), "text")};
    EXPECT_EQ(relay.toss(notes).kept, 2u);
    EXPECT_THAT(notes.seen, ElementsAre(true, false));
    for (const auto& each : notes.packets)
        EXPECT_FALSE(relay.spool().seen(each.node, each.name)) << "it came to nothing";
    notes.full = false;
    EXPECT_EQ(relay.toss(notes).done, 2u);
    EXPECT_EQ(notes.taken.size(), 4u);
}

TEST(NncpToss, AHandlerMayPutAsideAndABugInOneIsNotTheEnd) {
    RxStage relay("relay");
    Notes notes;
    notes.answer = bad_input("never");
    const auto packet = relay.put(file("a"), "text");
    EXPECT_EQ(relay.toss(notes).put_aside, 1u);
    EXPECT_TRUE(relay.put_aside(packet));
    notes.answer = {};
    notes.throws = true;
    relay.put(file("b"), "text", "village", 1);
    relay.put({PacketType::ExecFat, 1, "rmail"}, "mail", "village", 2);
    const TossCounts counts = relay.toss(notes);
    EXPECT_EQ(counts.kept, 1u);
    EXPECT_EQ(counts.done, 1u);
}

TEST(NncpToss, ADamagedPacketIsSaidToBeDamaged) {
    RxStage relay("relay");
    Notes notes;
    auto packet = relay.put(file("a"), "text");
    std::string bytes = slurp(relay.spool().path(packet));
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    relay.write("spool/" + to_base32(packet.node) + "/rx/" + to_base32(packet.name), bytes);
    EXPECT_EQ(relay.toss(notes).put_aside, 1u);
    EXPECT_THAT(relay.why(packet), HasSubstr("damaged on the way"));
    // One that opens, under the name of another.
    const std::string good = sealed("village", "relay", file("b"), "text");
    packet = relay.put("x", "village");
    relay.write("spool/" + to_base32(packet.node) + "/rx/" + to_base32(packet.name), good);
    EXPECT_EQ(relay.toss(notes).put_aside, 1u);
    EXPECT_THAT(relay.why(packet), HasSubstr("its hash is not its name"));
    EXPECT_THAT(notes.taken, IsEmpty());
}

TEST(NncpToss, ALargePacketMustBearItsNameToo) {
    RxStage relay("relay");
    Notes notes;
    const std::string good = sealed("village", "relay", file("a"), mth_pattern(6'000'000));
    relay.put(good);
    EXPECT_EQ(relay.toss(notes).done, 1u);
    const auto other = relay.put("x", "village");
    relay.write("spool/" + to_base32(other.node) + "/rx/" + to_base32(other.name), good);
    EXPECT_EQ(relay.toss(notes).put_aside, 1u);
    EXPECT_THAT(relay.why(other), HasSubstr("its hash is not its name"));
    EXPECT_THAT(notes.taken, ElementsAre("a=large"));
}

TEST(NncpToss, ABombIsStoppedAndPutAside) {
    RxStage relay("relay");
    Notes notes;
    const std::string bomb = packed(std::string(20'000'000, '\0'));
    const auto packet = relay.put({PacketType::Exec, 1, "rmail"}, bomb);
    TossOptions options;
    options.most_unpacked = 1'000'000;
    EXPECT_EQ(relay.toss(notes, options).put_aside, 1u);
    EXPECT_THAT(relay.why(packet), HasSubstr("unpacks to more than 1000000 bytes"));
    EXPECT_THAT(notes.taken, IsEmpty());
    EXPECT_THAT(relay.files("spool/tmp"), IsEmpty());
}

TEST(NncpToss, LargeContentLiesInAFileWithoutAName) {
    RxStage relay("relay");
    struct Look : Notes {
        explicit Look(RxStage& stage) : stage_(stage) {}
        Result<void> exec(const Arrival&, const std::vector<std::string>&, Content& in) override {
            bytes = in.bytes();
            there = stage_.files("spool/tmp").size();
            large = !in.text();
            const auto source = in.source();
            MemorySink out(4'000'000);
            same = copy_all(*source, out).ok() && out.bytes() == mth_pattern(3'000'000);
            return {};
        }
        RxStage& stage_;
        std::uint64_t bytes = 0;
        std::size_t there = 1;
        bool large = false, same = false;
    } look(relay);
    relay.put({PacketType::Exec, 1, "rmail"}, packed(mth_pattern(3'000'000)));
    EXPECT_EQ(relay.toss(look).done, 1u);
    EXPECT_EQ(look.bytes, 3'000'000u);
    EXPECT_TRUE(look.large && look.same);
    EXPECT_EQ(look.there, 0u);
}

TEST(NncpToss, ANodeThatSomebodyElseTossesIsLeftAlone) {
    RxStage relay("relay");
    Notes notes;
    const auto busy = relay.put(file("a"), "text", "village");
    relay.put(file("b"), "text", "city");
    const auto lock = relay.spool().lock(busy.node, SpoolLock::Kind::Toss);
    ASSERT_TRUE(lock.ok());
    const TossCounts counts = relay.toss(notes);
    EXPECT_EQ(counts.done, 1u);
    EXPECT_THAT(counts.busy, ElementsAre(busy.node));
    const auto refused = Toss(relay.config(), relay.spool(), notes).node(busy.node);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, Code::Busy);
}

TEST(NncpToss, AFolderThatIsBrokenKeepsNoOtherNodeFromItsTurn) {
    RxStage relay("relay");
    Notes notes;
    const auto locked = relay.put(file("a"), "text", "village");
    const auto home = relay.spool().directory();
    std::filesystem::create_directory(home / to_base32(locked.node) / "toss.lock");
    const NodeId strange{1, 2, 3};
    std::filesystem::create_directory(home / to_base32(strange));
    std::ofstream(home / to_base32(strange) / "rx") << "no folder";
    relay.put(file("b"), "text", "city");
    const TossCounts counts = relay.toss(notes);
    EXPECT_EQ(counts.done, 1u);
    ASSERT_EQ(counts.troubled.size(), 2u);
    for (const NodeTrouble& each : counts.troubled) {
        EXPECT_TRUE(each.node == locked.node || each.node == strange);
        EXPECT_THAT(each.error.text, HasSubstr(to_base32(each.node)));
    }
    EXPECT_TRUE(relay.in_rx(locked));
    EXPECT_THAT(notes.taken, ElementsAre("b=text"));
    EXPECT_FALSE(Toss(relay.config(), relay.spool(), notes).node(locked.node).ok());
}

TEST(NncpToss, WhatCameUncheckedIsCheckedFirst) {
    RxStage relay("relay");
    Notes notes;
    const auto good = relay.put(file("a"), "text", "village");
    const auto bad = relay.put(file("b"), "text", "city");
    for (const auto& each : {good, bad}) {
        const auto path = relay.spool().path(each);
        std::filesystem::rename(path, path.string() + ".nock");
    }
    std::ofstream(relay.spool().path(bad).string() + ".nock", std::ios::app) << "more";
    {
        const auto call = relay.spool().lock(good.node, SpoolLock::Kind::Rx);
        EXPECT_EQ(relay.toss(notes).done, 0u) << "a call may be writing it";
    }
    EXPECT_EQ(relay.toss(notes).done, 1u);
    EXPECT_THAT(notes.taken, ElementsAre("a=text"));
    EXPECT_FALSE(std::filesystem::exists(relay.spool().path(bad).string() + ".nock"));
}

TEST(NncpToss, StopsBetweenPackets) {
    RxStage relay("relay");
    Notes notes;
    for (const char* name : {"a", "b", "c"}) relay.put(file(name), "text");
    TossOptions options;
    options.stop = [&] { return notes.taken.size() == 2; };
    EXPECT_EQ(relay.toss(notes, options).done, 2u);
    EXPECT_EQ(relay.toss(notes).done, 1u);
}

TEST(NncpToss, ARelayWrapsAgainWhereTheNextNodeHasRelaysOfItsOwn) {
    // The village reaches the city through the relay: what comes from there for the city is
    // wrapped for the relay once more.
    RxStage village("village");
    const std::string inner = sealed("relay", "city", file("a"), "text");
    village.put(sealed("relay", "village", {PacketType::Trns, 0, path_of_id("city")}, inner, 77),
                "relay");
    EXPECT_EQ(village.toss().done, 1u);
    EXPECT_THAT(village.queued_for("city"), IsEmpty());
    const auto queued = village.queued_for("relay");
    ASSERT_EQ(queued.size(), 1u);
    RxStage relay("relay");
    relay.put(queued[0], "village");
    EXPECT_EQ(relay.toss().done, 1u);
    EXPECT_EQ(relay.told()[0].packet.nice, 77);
    EXPECT_THAT(relay.queued_for("city"), ElementsAre(inner));
}

TEST(NncpToss, NothingGoesOnToANodeThatIsNotKnown) {
    RxStage relay("relay");
    const auto packet =
        relay.put({PacketType::Trns, 0, std::string(32, 'x')}, "a packet", "village");
    EXPECT_EQ(relay.toss().kept, 1u);
    EXPECT_TRUE(relay.in_rx(packet));
    EXPECT_THAT(relay.files("spool/tmp"), IsEmpty());
}

TEST(NncpToss, ACutPacketToBePassedOnGoesNowhere) {
    RxStage relay("relay");
    const std::string whole =
        sealed("village", "relay", {PacketType::Trns, 0, path_of_id("city")}, mth_pattern(400'000));
    relay.put(whole.substr(0, 172 + 2 * 131088));
    EXPECT_EQ(relay.toss().put_aside, 1u);
    EXPECT_THAT(relay.queued_for("city"), IsEmpty());
    EXPECT_THAT(relay.files("spool/tmp"), IsEmpty());
}

}  // namespace
}  // namespace waypost::nncp
