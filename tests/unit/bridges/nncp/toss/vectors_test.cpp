// SPDX-License-Identifier: Apache-2.0
// What the real nncp made, tossed: the good with what must come of it, the bad without any effect
// and without harm to their neighbours.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/bridges/nncp/toss/rx_stage.h"

namespace waypost::nncp {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Files = std::map<std::string, std::string>;

TEST(NncpTossVectors, ExecRunsTheProgramWithNothingButThreeVariables) {
    for (const auto& [name, program, words, nice] :
         {std::tuple{"exec-zstd", "fakesendmail", "kofi@relay.test\n", "224"},
          std::tuple{"exec-fat", "fakermail", "a@b.test\n", "33"}}) {
        RxStage relay("relay");
        const auto packet = relay.put(vector_of(name));
        EXPECT_EQ(relay.toss().done, 1u);
        const auto runs = relay.runs(program);
        ASSERT_EQ(runs.size(), 1u) << name;
        EXPECT_EQ(runs[0].arguments, words);
        EXPECT_EQ(runs[0].input, vector_of(name).content);
        EXPECT_EQ(runs[0].environment,
                  "NNCP_NICE=" + std::string(nice) +
                      "\nNNCP_SELF=" + to_base32(test_keys().at("relay").id) +
                      "\nNNCP_SENDER=" + to_base32(test_keys().at("village").id) + "\n");
        EXPECT_FALSE(relay.in_rx(packet));
        EXPECT_TRUE(relay.spool().seen(packet.node, packet.name));
    }
}

TEST(NncpTossVectors, FilesArrive) {
    RxStage relay("relay");
    for (const char* name : {"file-small", "file-empty", "file-padded", "file-boundary"}) {
        relay.put(vector_of(name));
    }
    EXPECT_EQ(relay.toss().done, 4u);
    EXPECT_EQ(relay.files("incoming"), (Files{{"docs/notes.txt", vector_of("file-small").content},
                                              {"empty", ""},
                                              {"pad.txt", vector_of("file-padded").content},
                                              {"file-boundary.bin", std::string(131080, '\0')}}));
}

TEST(NncpTossVectors, ChunksInAnyOrderBecomeTheFile) {
    std::vector<std::string> names = {"file-chunked.chunk0", "file-chunked.chunk1",
                                      "file-chunked.chunk2", "file-chunked.meta"};
    const std::string whole =
        vector_of(names[0]).content + vector_of(names[1]).content + vector_of(names[2]).content;
    do {
        RxStage relay("relay");
        for (const std::string& each : names) {
            EXPECT_EQ(relay.files("incoming").count("chunky.bin"), 0u);
            relay.put(vector_of(each));
            EXPECT_EQ(relay.toss().done, 1u);
        }
        EXPECT_EQ(relay.files("incoming"), (Files{{"chunky.bin", whole}}));
    } while (std::next_permutation(names.begin(), names.end()));
}

TEST(NncpTossVectors, ARequestIsAnswered) {
    RxStage relay("relay");
    relay.write("freq/pub/index.txt", "what there is");
    relay.put(vector_of("freq"));
    EXPECT_EQ(relay.toss().done, 1u);
    const auto queued = relay.queued_for("village");
    ASSERT_EQ(queued.size(), 1u);
    RxStage village("village");
    village.put(queued[0], "relay");
    EXPECT_EQ(village.toss().done, 1u);
    EXPECT_EQ(village.told()[0].packet.nice, 77) << "the niceness that was asked for";
    EXPECT_EQ(village.files("incoming"), (Files{{vector_of("freq").content, "what there is"}}));
}

TEST(NncpTossVectors, ARelayPassesOnByteForByte) {
    RxStage relay("relay");
    relay.put(vector_of("trns-exec"));
    EXPECT_EQ(relay.toss().done, 1u);
    const auto queued = relay.queued_for("city");
    ASSERT_EQ(queued.size(), 1u);
    RxStage city("city");
    city.put(queued[0], "relay");
    EXPECT_EQ(city.toss().done, 1u);
    ASSERT_EQ(city.runs().size(), 1u);
    EXPECT_EQ(city.runs()[0].arguments, "clinic@city.test\npharmacy@city.test\n");
    EXPECT_EQ(city.runs()[0].input, vector_of("trns-exec").content);
}

TEST(NncpTossVectors, AnAckTakesAwayWhatWasKept) {
    RxStage village("village");
    const Vector& kept = vector_of("file-small");
    MemorySource source(kept.bytes);
    SpoolPacket packet{test_keys().at("relay").id, Way::Tx, *mth_of(source), 0, 255};
    village.write("spool/" + to_base32(packet.node) + "/tx/" + kept.spool, kept.bytes);
    ASSERT_TRUE(village.in_rx(packet));
    village.put(vector_of("ack"));
    EXPECT_EQ(village.toss().done, 1u);
    EXPECT_FALSE(village.in_rx(packet));
    village.put(sealed("relay", "village", {PacketType::Ack, 1, std::string(32, 'x')}, ""),
                "relay");
    EXPECT_EQ(village.toss().done, 1u) << "of a packet that is gone";
}

TEST(NncpTossVectors, AnAreaPostGoesToItsSubscribersAndReaders) {
    RxStage village("village");
    village.put(vector_of("area-file"));
    EXPECT_EQ(village.toss().done, 1u);
    EXPECT_THAT(village.files("area-in"), IsEmpty()) << "it wrote it itself";
    const auto to_relay = village.queued_for("relay");
    ASSERT_EQ(to_relay.size(), 1u);
    RxStage relay("relay");
    relay.put(to_relay[0], "village");
    EXPECT_EQ(relay.toss().done, 1u);
    const auto to_city = relay.queued_for("city");
    ASSERT_EQ(to_city.size(), 1u);
    EXPECT_THAT(relay.queued_for("village"), IsEmpty()) << "it came from there";
    RxStage city("city");
    city.put(to_city[0], "relay");
    EXPECT_EQ(city.toss().done, 1u);
    EXPECT_EQ(city.files("area-in"), (Files{{"bulletin.txt", vector_of("area-file").content}}));
    EXPECT_THAT(city.queued_for("village"), IsEmpty()) << "no echo to its author";
}

// Before and behind it two good ones.
TEST(NncpTossVectors, EachBadOneIsPutAsideAndItsNeighboursAreDone) {
    std::size_t tossed = 0;
    for (const auto& [name, reason] : bad_reasons()) {
        if (name == "bad-unknown-sender") continue;
        SCOPED_TRACE(name);
        ++tossed;
        RxStage relay("relay");
        const auto bad = relay.put(vector_of(name));
        relay.put({PacketType::ExecFat, 96, "rmail"}, "before", "village", 1);
        relay.put({PacketType::File, 96, "behind"}, "behind", "village", 255);
        const TossCounts counts = relay.toss();
        EXPECT_EQ(counts.done, 2u);
        EXPECT_EQ(counts.put_aside, 1u);
        EXPECT_TRUE(relay.put_aside(bad));
        EXPECT_THAT(relay.why(bad), HasSubstr(reason));
        ASSERT_NE(relay.told_of(bad), nullptr);
        EXPECT_EQ(relay.told_of(bad)->fate, Fate::PutAside);
        EXPECT_EQ(relay.runs("fakermail").size(), 1u);
        EXPECT_THAT(relay.runs(), IsEmpty());
        EXPECT_EQ(relay.files("incoming"), (Files{{"behind", "behind"}}));
        EXPECT_THAT(relay.files("spool/tmp"), IsEmpty());
        EXPECT_THAT(relay.queued_for("village"), IsEmpty());
        EXPECT_THAT(relay.queued_for("city"), IsEmpty());
        EXPECT_EQ(relay.toss().put_aside, 0u) << "once";
    }
    EXPECT_EQ(tossed + 1, bad_vectors().size()) << "and the unknown sender";
}

TEST(NncpTossVectors, AnUnknownSenderMayBecomeKnown) {
    RxStage relay("relay");
    const auto packet = relay.put(vector_of("bad-unknown-sender"));
    EXPECT_EQ(relay.toss().kept, 1u);
    EXPECT_EQ(relay.toss().kept, 1u);
    EXPECT_TRUE(relay.in_rx(packet));
    EXPECT_EQ(relay.told()[0].failures, 2);
    EXPECT_THAT(relay.told()[0].why, HasSubstr("its sender is not known"));
    EXPECT_THAT(relay.told()[0].why, HasSubstr(to_base32(relay.told()[0].sender)));
    EXPECT_THAT(relay.files("incoming"), IsEmpty());
}

TEST(NncpTossVectors, AllBadOnesTogetherHarmNoGoodOne) {
    RxStage relay("relay");
    for (const Vector& each : bad_vectors()) relay.put(each);
    std::size_t good = 0;
    for (const Vector& each : good_vectors()) {
        if (each.at != "relay") continue;
        relay.put(each);
        ++good;
    }
    relay.write("freq/pub/index.txt", "what there is");
    const TossCounts counts = relay.toss();
    EXPECT_EQ(counts.done, good);
    EXPECT_EQ(counts.put_aside, bad_vectors().size() - 1);
    EXPECT_EQ(counts.kept, 1u);
}

}  // namespace
}  // namespace waypost::nncp
