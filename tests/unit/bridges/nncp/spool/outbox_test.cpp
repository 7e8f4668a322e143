// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/spool/outbox.h"

#include "bridges/nncp/packet/zstd.h"
#include "tests/unit/bridges/nncp/spool/spool_folder.h"
#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::nncp {
namespace {

class OutboxTest : public SpoolFolder {
  protected:
    struct Opened {
        PlainHeader plain;
        NodeId sender{};
        Nice nice = 0;
        std::string payload;
    };
    static Opened open(const std::string& node, const std::string& packet) {
        MemorySource source(packet);
        MemorySink sink(10'000'000);
        const auto read = unseal(test_unsealing(node), source, sink);
        EXPECT_TRUE(read.ok()) << read.error().text;
        if (!read.ok()) return {};
        return {read->plain, read->header.sender, read->header.nice, sink.take()};
    }
    static std::string unpacked(const std::string& zstd) {
        MemorySink sink(10'000'000);
        UnzstdSink unzstd(sink, 10'000'000);
        EXPECT_TRUE(unzstd.write(bytes_of(zstd)).ok() && unzstd.finish().ok());
        return sink.take();
    }
    std::string queued_text(const Queued& queued) const {
        return text_of(spool_.path({queued.first_hop, Way::Tx, queued.name}));
    }
    const Node& node(const std::string& name) const { return *config_.find(name); }

    const NodeConfig config_ = parse_node_config(vector_file("village.hjson")).value();
    const Outbox outbox_{config_, spool_};
    const NodeId relay_ = config_.find("relay")->id;
};

TEST_F(OutboxTest, AMailForTheNextNode) {
    MemorySource mail("Subject: hello\n");
    const auto queued = outbox_.exec(node("relay"), {"sendmail", "bob@hill.example"}, mail);
    ASSERT_TRUE(queued.ok()) << queued.error().text;
    EXPECT_EQ(queued->first_hop, relay_);
    EXPECT_EQ(queued->inner, queued->name);
    const Opened opened = open("relay", queued_text(*queued));
    EXPECT_EQ(opened.plain.type, PacketType::Exec);
    EXPECT_EQ(*words_of(opened.plain), (std::vector<std::string>{"sendmail", "bob@hill.example"}));
    EXPECT_EQ(opened.sender, config_.self->id);
    EXPECT_EQ(opened.nice, kNiceExec);
    EXPECT_EQ(unpacked(opened.payload), "Subject: hello\n");
}

// village -> relay -> city, small in memory and large by way of a file.
TEST_F(OutboxTest, ARelayGetsAPacketForTheNext) {
    for (const std::size_t size : {10u, 1'000'000u}) {
        const std::string text(size, 'x');
        MemorySource source(text);
        const auto queued = outbox_.file(node("city"), "a/b", source, 100);
        ASSERT_TRUE(queued.ok()) << queued.error().text;
        EXPECT_EQ(queued->first_hop, relay_);
        const Opened outer = open("relay", queued_text(*queued));
        EXPECT_EQ(outer.plain.type, PacketType::Trns);
        EXPECT_EQ(outer.nice, 100);
        const NodeId& city = node("city").id;
        EXPECT_EQ(outer.plain.path, std::string(city.begin(), city.end()));
        EXPECT_EQ(hash_of(outer.payload), queued->inner);
        const Opened inner = open("city", outer.payload);
        EXPECT_EQ(inner.plain.path, "a/b");
        EXPECT_EQ(inner.payload, text);
        EXPECT_EQ(inner.sender, config_.self->id);
    }
    EXPECT_EQ(files_in(spool_.directory() / "tmp"), 0u);
}

TEST_F(OutboxTest, SmallOnesGoTogetherThroughTheRelay) {
    std::vector<Parcel> parcels;
    for (int i = 0; i < 20; ++i)
        parcels.push_back(exec_parcel(node("city"), {"rmail"}, std::to_string(i)));
    const auto queued = outbox_.send(parcels);
    ASSERT_TRUE(queued.ok());
    EXPECT_EQ(spool_.list(relay_, Way::Tx)->size(), 20u);
    const Opened inner = open("city", open("relay", queued_text(queued->at(7))).payload);
    EXPECT_EQ(unpacked(inner.payload), "7");
    EXPECT_EQ(inner.plain.nice, kNiceFile);
}

TEST_F(OutboxTest, OneThatCannotBeStopsAll) {
    std::vector<Parcel> parcels{exec_parcel(node("relay"), {"rmail"}, "good"),
                                exec_parcel(node("relay"), {std::string(300, 'x')}, "bad")};
    EXPECT_FALSE(outbox_.send(parcels).ok());
    EXPECT_TRUE(spool_.list(relay_, Way::Tx)->empty());
    EXPECT_EQ(files_in(spool_.directory() / "tmp"), 0u);
}

TEST_F(OutboxTest, AtLeastSoLong) {
    for (const char* to : {"relay", "city"}) {
        Parcel parcel = exec_parcel(node(to), {"rmail"}, "short");
        parcel.minsize = 5'000;
        const auto queued = outbox_.send(parcel);
        ASSERT_TRUE(queued.ok());
        EXPECT_GE(queued_text(*queued).size(), 5'000u) << to;
        EXPECT_LT(queued_text(*queued).size(), 6'000u) << to;
        EXPECT_EQ(open("relay", queued_text(*queued)).sender, config_.self->id);
    }
}

TEST_F(OutboxTest, RequestsAndReceipts) {
    const auto asked = outbox_.send(freq_parcel(node("relay"), "pub/list", "list", 99));
    const Opened request = open("relay", queued_text(*asked));
    EXPECT_EQ(request.plain.type, PacketType::Freq);
    EXPECT_EQ(request.plain.path, "pub/list");
    EXPECT_EQ(request.plain.nice, 99);
    EXPECT_EQ(request.payload, "list");
    const auto said = outbox_.send(ack_parcel(node("relay"), asked->inner));
    const Opened receipt = open("relay", queued_text(*said));
    EXPECT_EQ(receipt.plain.type, PacketType::Ack);
    EXPECT_EQ(receipt.plain.path, std::string(asked->inner.begin(), asked->inner.end()));
}

TEST_F(OutboxTest, WhatIsPassedOnStaysAsItIs) {
    const std::string text = packet(50);
    MemorySource direct(text);
    const auto queued = outbox_.pass_on(node("relay"), direct, 50);
    ASSERT_TRUE(queued.ok());
    EXPECT_EQ(queued_text(*queued), text);
    MemorySource by_relay(text);
    const auto wrapped = outbox_.pass_on(node("city"), by_relay, 50);
    ASSERT_TRUE(wrapped.ok());
    EXPECT_EQ(open("relay", queued_text(*wrapped)).payload, text);
}

TEST_F(OutboxTest, AnAreaReachesItsSubscribersOnce) {
    Area area;
    area.name = "news";
    area.id = test_keys().at("area:news").id;
    area.exchange_public = test_keys().at("area:news").exchange_public;
    area.subscribers = {"relay", "city", "self"};
    Parcel parcel = exec_parcel(node("relay"), {"sendmail"}, "news");
    const auto queued = outbox_.post(area, parcel);
    ASSERT_TRUE(queued.ok()) << queued.error().text;
    ASSERT_EQ(queued->size(), 2u) << "not to ourselves";
    const Opened outer = open("relay", queued_text(queued->front()));
    EXPECT_EQ(outer.plain.type, PacketType::Area);
    const Opened inner = open("relay", outer.payload);
    EXPECT_EQ(unpacked(inner.payload), "news");
    const Mth message = area_message(outer.payload.substr(0, kPacketHeaderBytes));
    for (const char* name : {"relay", "city", "self"})
        EXPECT_TRUE(spool_.area_seen(node(name).id, area.id, message)) << name;
}

TEST_F(OutboxTest, SaysWhatIsMissing) {
    NodeConfig carrier = parse_node_config(vector_file("village.hjson")).value();
    carrier.self.reset();
    const Outbox outbox(carrier, spool_);
    EXPECT_EQ(outbox.send(exec_parcel(*carrier.find("relay"), {"x"}, "")).error().code,
              Code::Refused);
    Node lost = node("city");
    lost.via = {"nowhere"};
    EXPECT_EQ(outbox_.send(exec_parcel(lost, {"x"}, "")).error().code, Code::NotFound);
}

}  // namespace
}  // namespace waypost::nncp
