// SPDX-License-Identifier: Apache-2.0
// The spool as a session uses it, and whole sessions between two spools.
#include <fcntl.h>
#include <sys/socket.h>

#include <thread>

#include "bridges/nncp/online/drive.h"
#include "bridges/nncp/online/fd_line.h"
#include "bridges/nncp/online/spool_shelf.h"
#include "pair.h"
#include "tests/unit/bridges/nncp/spool/spool_folder.h"

namespace waypost::nncp {
namespace {

class ShelfTest : public SpoolFolder {
  protected:
    std::unique_ptr<SpoolShelf> open() const {
        auto shelf = SpoolShelf::open(spool_, node_, {255, true, nullptr});
        EXPECT_TRUE(shelf.ok());
        return std::move(shelf).value();
    }
    fs::path rx(const Mth& name, const char* ending = "") const {
        return spool_.folder(node_, Way::Rx) / (to_base32(name) + ending);
    }
    void lay(const fs::path& file, const std::string& text) const {
        fs::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
    }
    // The answers to keep(), with the shelf's last wait for the disk.
    static std::vector<Shelf::Kept> wait_for(SpoolShelf& shelf, std::size_t count) {
        std::vector<Shelf::Kept> all;
        while (all.size() < count) {
            for (auto& each : shelf.kept()) all.push_back(std::move(each));
            std::this_thread::yield();
        }
        return all;
    }
};

TEST_F(ShelfTest, ASmallPacketAndALargeOneAreKept) {
    auto shelf = open();
    const std::string small = packet(96), large = packet(96, some_bytes(300000, 1));
    EXPECT_TRUE(shelf->write(hash_of(small), 0, bytes_of(small), small.size()).ok());
    shelf->keep(hash_of(small));
    const auto bytes = bytes_of(large);
    for (std::size_t at = 0; at < large.size(); at += 65232) {
        const auto piece = bytes.subspan(at, std::min<std::size_t>(65232, large.size() - at));
        EXPECT_TRUE(shelf->write(hash_of(large), at, piece, large.size()).ok());
        EXPECT_FALSE(fs::exists(rx(hash_of(large))));
    }
    shelf->keep(hash_of(large));
    for (const auto& kept : wait_for(*shelf, 2)) EXPECT_TRUE(kept.result.ok());
    EXPECT_EQ(text_of(rx(hash_of(small))), small);
    EXPECT_EQ(text_of(rx(hash_of(large))), large);
    EXPECT_EQ(files_in(spool_.folder(node_, Way::Rx)), 2u);
    EXPECT_TRUE(shelf->held(hash_of(small)).whole);
}

TEST_F(ShelfTest, WhatWasPromisedIsKeptWhenTheSessionIsOver) {
    const std::string small = packet(96);
    auto shelf = open();
    EXPECT_TRUE(shelf->write(hash_of(small), 0, bytes_of(small), small.size()).ok());
    shelf->keep(hash_of(small));
    shelf.reset();
    EXPECT_TRUE(fs::exists(rx(hash_of(small))));
}

TEST_F(ShelfTest, NothingWrongIsKept) {
    auto shelf = open();
    const std::string good = packet(96), bad = packet(96, "else"),
                      large = packet(96, some_bytes(100000, 1));
    const Mth name = hash_of(good);
    EXPECT_TRUE(shelf->write(name, 0, bytes_of(bad), bad.size()).ok());
    shelf->keep(name);
    EXPECT_TRUE(shelf->write(hash_of("x"), 0, bytes_of(large).first(50000), large.size()).ok());
    EXPECT_TRUE(
        shelf->write(hash_of("x"), 50000, bytes_of(large).subspan(50000), large.size()).ok());
    shelf->keep(hash_of("x"));
    for (const auto& kept : wait_for(*shelf, 2))
        EXPECT_EQ(kept.result.error().code, Code::BadInput);
    EXPECT_EQ(files_in(spool_.folder(node_, Way::Rx)), 0u);
}

TEST_F(ShelfTest, APartIsCheckedFromItsBeginning) {
    const std::string text = packet(96, some_bytes(200000, 1));
    const Mth name = hash_of(text);
    for (const bool good : {true, false}) {
        lay(rx(name, ".part"), good ? text.substr(0, 150000) : std::string(150000, 'x'));
        auto shelf = open();
        EXPECT_EQ(shelf->held(name).bytes, 150000u);
        EXPECT_TRUE(shelf->write(name, 150000, bytes_of(text).subspan(150000), text.size()).ok());
        shelf->keep(name);
        EXPECT_EQ(wait_for(*shelf, 1)[0].result.ok(), good);
        EXPECT_EQ(fs::exists(rx(name)), good);
        EXPECT_FALSE(fs::exists(rx(name, ".part")));
        fs::remove(rx(name));
    }
}

// nncp 8.8.2 ignores every offer of a packet that lies there so.
TEST_F(ShelfTest, WhatWasLeftUncheckedIsAPart) {
    const std::string text = packet(96);
    lay(rx(hash_of(text), ".nock"), text);
    auto shelf = open();
    const auto held = shelf->held(hash_of(text));
    EXPECT_FALSE(held.whole);
    EXPECT_EQ(held.bytes, text.size());
    shelf->keep(hash_of(text));
    EXPECT_TRUE(wait_for(*shelf, 1)[0].result.ok());
    EXPECT_EQ(text_of(rx(hash_of(text))), text);
}

TEST_F(ShelfTest, SeenIsHad) {
    const Mth name = hash_of("x");
    EXPECT_TRUE(spool_.mark_seen(node_, name).ok());
    EXPECT_TRUE(open()->held(name).whole);
}

TEST_F(ShelfTest, OneSessionAtATime) {
    const auto shelf = open();
    const auto second = SpoolShelf::open(spool_, node_, {});
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, Code::Busy);
}

TEST_F(ShelfTest, OffersComeOnceAndTheNicestFirst) {
    put(packet(200));
    put(packet(50));
    auto shelf = open();
    const auto first = shelf->new_offers();
    ASSERT_EQ(first.size(), 2u);
    EXPECT_EQ(first[0].nice, 50);
    EXPECT_TRUE(shelf->new_offers().empty());
    const Mth late = put(packet(90));
    const auto second = shelf->new_offers();
    ASSERT_EQ(second.size(), 1u);
    EXPECT_EQ(second[0].name, late);
    std::uint8_t buffer[1000];
    EXPECT_EQ(shelf->read(late, 0, buffer).value(), packet(90).size());
    EXPECT_EQ(shelf->read(late, 170, std::span(buffer).first(4)).value(), 4u);
    shelf->delivered(late);
    EXPECT_TRUE(shelf->new_offers().empty());
    shelf.reset();  // when it is gone, so are those
    EXPECT_EQ(files_in(spool_.folder(node_, Way::Tx)), 2u);
}

// A session of the node over a socket, to its end.
void run_session(const Spool& spool, const NodeId& node, int fd, const End& me, const End* them) {
    FdLine line(fd, fd);
    const auto shelf =
        std::move(SpoolShelf::open(spool, node, {255, true, [&line] { line.wake(); }})).value();
    SessionTerms terms;
    terms.once = them != nullptr;
    const Session::Peer peer{shelf.get(), terms};
    const auto now = std::chrono::steady_clock::now();
    std::unique_ptr<Session> session;
    if (them != nullptr)
        session = std::make_unique<Session>(me.keys(), them->open, peer, now);
    else
        session = std::make_unique<Session>(
            me.keys(), [&peer](const Hash32&) { return peer; }, terms, now);
    const std::atomic<bool> stop{false};
    drive(*session, line, stop);
    EXPECT_TRUE(session->ended_well()) << session->why().text;
    ::shutdown(fd, SHUT_RDWR);
}

TEST_F(ShelfTest, TwoSpoolsBecomeTheSame) {
    const Spool other = std::move(Spool::open(folder_ / "other")).value();
    std::vector<std::string> all;
    for (unsigned i = 0; i < 60; ++i)
        all.push_back(packet(Nice(100 + i), some_bytes(400 + i * i * 200, i)));
    for (const auto& each : all) put(each);
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    const End caller('a'), callee('b');
    std::thread answering([&] { run_session(other, node_, ends[1], callee, nullptr); });
    run_session(spool_, node_, ends[0], caller, &callee);
    answering.join();
    for (const int end : ends) ::close(end);
    for (const auto& each : all)
        EXPECT_EQ(text_of(other.folder(node_, Way::Rx) / to_base32(hash_of(each))), each);
    EXPECT_EQ(files_in(spool_.folder(node_, Way::Tx)), 0u);
}

}  // namespace
}  // namespace waypost::nncp
