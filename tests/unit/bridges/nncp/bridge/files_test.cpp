// SPDX-License-Identifier: Apache-2.0
// Files: for a person, and for nobody who lives here.
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <set>

#include "bridges/nncp/toss/chunks.h"
#include "two_boxes.h"

namespace waypost::nncp {
namespace {

class Files : public TwoBoxes {
  protected:
    Files() {
        std::filesystem::create_directories(incoming_);
        dale_.config.nodes.at("village").incoming = incoming_;
        dale_.office.verdict = [](const Address& to) {
            const bool known = to.local_part() == "ana" || to.local_part() == "postmaster";
            return known ? Verdict{}
                         : Verdict{Verdict::Kind::Refused, Verdict::Reason::UnknownRecipient,
                                   "nobody", 0};
        };
    }
    void send(const std::string& name, const std::string& bytes) {
        MemorySource source(bytes);
        const Node& node = *hill_.config.find("relay");
        ASSERT_TRUE(Outbox(hill_.config, *hill_.spool).file(node, name, source).ok());
        carry(hill_, dale_);
    }
    void expect_told(const std::string& text) {
        ASSERT_EQ(dale_.office.accepted.size(), 1u);
        const Message& note = dale_.office.accepted[0];
        EXPECT_EQ(note.to, std::vector<Address>{mailto("postmaster", "dale.example")});
        EXPECT_EQ(note.from, mailto("postmaster", "dale.example"));
        EXPECT_EQ(note.network, "local");
        EXPECT_TRUE(note.trusted) << "it is not held until he agrees";
        EXPECT_FALSE(note.origin_id.empty());
        EXPECT_EQ(note.text, text);
    }

    const std::string incoming_ = folder_ / "incoming";
};

TEST_F(Files, AFileForAPersonIsAnAttachment) {
    const std::string bytes(100'000, 'p');
    send("to/ana/f\xC3\xBCrt.jpg", bytes);
    dale_.round();
    ASSERT_EQ(dale_.office.accepted.size(), 1u);
    const Message& told = dale_.office.accepted[0];
    EXPECT_EQ(told.to, std::vector<Address>{mailto("ana", "dale.example")});
    EXPECT_EQ(told.text, "file f\xC3\xBCrt.jpg 97k from village");
    ASSERT_EQ(told.attachments.size(), 1u);
    EXPECT_EQ(told.attachments[0].name, "f\xC3\xBCrt.jpg");
    EXPECT_EQ(told.attachments[0].type, "image/jpeg");
    EXPECT_NEAR(static_cast<double>(told.attachments[0].bytes), 100'000.0, 10.0);
    EXPECT_EQ(told.from, mailto("nncp", "hill.example"));
}

TEST_F(Files, AFileThatAPersonDoesNotTakeIsNobodyElses) {
    Verdict said{Verdict::Kind::Later, Verdict::Reason::QuotaFull, "the box is full", 0};
    dale_.office.verdict = [&](const Address&) { return said; };
    send("ana/photo.jpg", "private");
    dale_.round();
    EXPECT_EQ(dale_.house->nodes().at("village").came, 1u) << "it waits";
    EXPECT_EQ(put_aside(dale_, hill_), 0u);
    said = {Verdict::Kind::Refused, Verdict::Reason::TooLarge, "too large for Ana", 0};
    dale_.office.time().advance(std::chrono::hours(24));
    dale_.open();
    dale_.round();
    EXPECT_EQ(put_aside(dale_, hill_), 1u);
    EXPECT_EQ(carry(dale_, hill_), 1u);
    hill_.round();
    ASSERT_EQ(hill_.office.accepted.size(), 1u);
    EXPECT_EQ(hill_.office.accepted[0].to,
              std::vector<Address>{mailto("postmaster", "hill.example")});
    ASSERT_TRUE(hill_.office.accepted[0].fate);
    EXPECT_EQ(hill_.office.accepted[0].fate->code, "5.3.4");
    EXPECT_TRUE(dale_.office.accepted.empty());
}

TEST_F(Files, OfOneForNobodyTheOperatorIsTold) {
    send("ann/plan.pdf", std::string(3000, 'p'));
    dale_.round();
    EXPECT_TRUE(std::filesystem::exists(incoming_ + "/ann/plan.pdf"));
    expect_told("file ann/plan.pdf from village (3000 bytes), in " + incoming_);
}

TEST_F(Files, OfOneInPiecesHeIsToldWhenItIsWhole) {
    ChunkMeta meta{4, 4, {}};
    MemorySource chunk(std::string_view("hay\n"));
    meta.chunks.push_back(*mth_of(chunk));
    send(chunk_name("docs/hay.txt", 0), "hay\n");
    dale_.round();
    EXPECT_TRUE(dale_.office.accepted.empty());
    send(meta_name("docs/hay.txt"), encode(meta));
    dale_.round();
    EXPECT_TRUE(std::filesystem::exists(incoming_ + "/docs/hay.txt"));
    expect_told("file docs/hay.txt from village, all of its chunks, in " + incoming_);
}

// No room for the whole beside its chunks, or as here: no file may be so large.
TEST_F(Files, OneInPiecesIsJoinedWhenThereIsRoom) {
    const std::string hay(3000, 'h');
    ChunkMeta meta{hay.size(), hay.size(), {}};
    MemorySource chunk(hay);
    meta.chunks.push_back(*mth_of(chunk));
    send(chunk_name("docs/hay.txt", 0), hay);
    dale_.round();
    send(meta_name("docs/hay.txt"), encode(meta));
    rlimit usual{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &usual), 0);
    const auto before = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{2000, usual.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    dale_.round();
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &usual), 0);
    std::signal(SIGXFSZ, before);
    ASSERT_EQ(dale_.office.accepted.size(), 1u) << "the operator is told";
    EXPECT_NE(dale_.office.accepted[0].text.find("cannot be joined yet"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(incoming_ + "/docs/hay.txt"));
    dale_.office.time().advance(std::chrono::minutes(2));
    dale_.round();
    EXPECT_EQ(std::filesystem::file_size(incoming_ + "/docs/hay.txt"), hay.size());
    EXPECT_FALSE(std::filesystem::exists(incoming_ + "/" + meta_name("docs/hay.txt")));
    ASSERT_EQ(dale_.office.accepted.size(), 2u);
    EXPECT_NE(dale_.office.accepted[0].origin_id, dale_.office.accepted[1].origin_id);
    dale_.office.time().advance(std::chrono::minutes(2));
    dale_.round();
    EXPECT_EQ(dale_.office.accepted.size(), 2u);
}

TEST_F(Files, OfOneThatWaitsHeIsToldOnce) {
    dale_.config.nodes.at("village").incoming.clear();
    send("plan.pdf", "p");
    dale_.round();
    const auto waits = dale_.spool->list(hill_.config.self->id, Way::Rx);
    ASSERT_EQ(waits->size(), 1u);
    expect_told("file plan.pdf from village waits in " +
                dale_.spool->path(waits->front()).string() + ": no files from village");
    dale_.office.time().advance(std::chrono::hours(24));
    dale_.round();
    EXPECT_EQ(dale_.office.accepted.size(), 1u);
    const std::string id = dale_.office.accepted[0].origin_id;
    dale_.open();
    dale_.round();
    ASSERT_EQ(dale_.office.accepted.size(), 2u);
    EXPECT_EQ(dale_.office.accepted[1].origin_id, id) << "the store knows it for what it is";
}

// Who sends very many is told of for a while; the log has the rest.
TEST_F(Files, HeIsNotFlooded) {
    for (int i = 0; i < 50; ++i) send("a" + std::to_string(i), "a");
    dale_.round();
    EXPECT_EQ(dale_.office.accepted.size(), 20u);
    dale_.office.time().advance(std::chrono::hours(24));
    send("b", "b");
    dale_.round();
    EXPECT_EQ(dale_.office.accepted.size(), 21u);
}

TEST_F(Files, WhatWaitsForDaysTakesNobodysTurn) {
    constexpr std::size_t kWait = 25;
    dale_.config.nodes.at("village").incoming.clear();
    for (std::size_t i = 0; i < kWait; ++i) send("a" + std::to_string(i), "a");
    dale_.round();
    EXPECT_EQ(dale_.office.accepted.size(), 20u);
    dale_.office.time().advance(std::chrono::hours(24));
    dale_.round();
    std::set<std::string> told;
    for (const Message& each : dale_.office.accepted) told.insert(each.origin_id);
    EXPECT_EQ(told.size(), kWait) << "those that he was not told of yet";
    EXPECT_EQ(dale_.office.accepted.size(), kWait);
}

TEST_F(Files, ANoteThatIsPutOffTakesNobodysTurn) {
    dale_.config.nodes.at("village").incoming.clear();
    const auto yes = std::exchange(dale_.office.verdict, [](const Address&) {
        return Verdict{Verdict::Kind::Later, Verdict::Reason::StorageFull, "no room", 0};
    });
    for (int i = 0; i < 20; ++i) send("a" + std::to_string(i), "a");
    dale_.round();
    dale_.office.accepted.clear();
    dale_.office.verdict = yes;
    dale_.office.time().advance(std::chrono::hours(2));
    dale_.round();
    EXPECT_EQ(dale_.office.accepted.size(), 20u);
}

TEST_F(Files, WhereNncpItselfTellsTheyAreNotToldTwice) {
    dale_.config.notify_file = Notice{"nncp@dale.example", "root@dale.example"};
    send("plan.pdf", "p");
    dale_.round();
    EXPECT_TRUE(dale_.office.accepted.empty());
}

}  // namespace
}  // namespace waypost::nncp
