// SPDX-License-Identifier: Apache-2.0
// A neighbour who lies, and bytes that are none of his.
#include <gtest/gtest.h>

#include <cstring>

#include "bridges/nncp/online/session.h"
#include "pair.h"

namespace waypost::nncp {
namespace {

using namespace std::chrono_literals;

// Speaks the protocol by hand with a real session.
class Liar {
  public:
    Liar() : me_('a'), them_('b') {
        them_.session.emplace(
            them_.keys(),
            [this](const Hash32&) -> Result<Session::Peer> {
                return Session::Peer{&them_.shelf, them_.terms};
            },
            them_.terms, now_);
        NoiseHandshake handshake(me_.keys(), them_.open);
        feed(sp_unit(handshake.write("").value()));
        SpUnits units;
        const auto answer = them_.session->output(now_);
        std::memcpy(units.room().data(), answer.data(), answer.size());
        units.received(answer.size());
        const auto message = units.next().value().value();
        them_.session->sent(answer.size(), now_);
        EXPECT_TRUE(
            handshake.read({reinterpret_cast<const char*>(message.data()), message.size()}).ok());
        auto ciphers = handshake.split();
        send_ = std::make_unique<NoiseCipher>(std::move(ciphers.send));
        receive_ = std::make_unique<NoiseCipher>(std::move(ciphers.receive));
    }
    SpWriter& say() { return writer_; }
    void file(const Mth& name, std::uint64_t offset, std::string_view bytes) {
        const auto room = writer_.file_room(bytes.size());
        std::memcpy(room.data(), bytes.data(), bytes.size());
        writer_.file(name, offset, bytes.size());
    }
    // Sends what was said; what they answer.
    std::vector<SpMessage> send() {
        const auto unit = writer_.unit(*send_).value();
        feed({reinterpret_cast<const char*>(unit.data()), unit.size()});
        return hear();
    }
    std::vector<SpMessage> hear() {
        std::vector<SpMessage> all;
        for (;;) {
            them_.session->tick(now_);
            const auto bytes = them_.session->output(now_);
            if (bytes.empty()) return all;
            SpUnits units;
            std::memcpy(units.room().data(), bytes.data(), bytes.size());
            units.received(bytes.size());
            them_.session->sent(bytes.size(), now_);
            const auto payload = receive_->open(units.next().value().value()).value();
            heard_.assign(payload.begin(), payload.end());
            SpReader reader(heard_);
            for (auto next = reader.next(); next.value().has_value(); next = reader.next())
                all.push_back(**next);
        }
    }
    void feed(std::string_view bytes) {
        const auto room = them_.session->room();
        std::memcpy(room.data(), bytes.data(), bytes.size());
        them_.session->received(bytes.size(), now_);
    }
    FakeShelf& shelf() { return them_.shelf; }
    Session& session() { return *them_.session; }
    Session::Time now_{1h};

  private:
    End me_, them_;
    SpWriter writer_;
    std::vector<std::uint8_t> heard_;
    std::unique_ptr<NoiseCipher> send_, receive_;
};

template <class Kind>
std::size_t count(const std::vector<SpMessage>& messages) {
    std::size_t n = 0;
    for (const auto& each : messages) n += std::holds_alternative<Kind>(each) ? 1 : 0;
    return n;
}

TEST(SessionBad, LongerThanAnnounced) {
    Liar liar;
    const std::string bytes = some_bytes(2000, 1);
    const Mth name = name_of(bytes);
    liar.say().add(SpInfo{160, 1000, name});
    EXPECT_EQ(count<SpFreq>(liar.send()), 1u);
    liar.file(name, 0, bytes);
    EXPECT_TRUE(liar.send().empty());
    EXPECT_TRUE(liar.shelf().in.empty() && liar.shelf().parts.empty());
    EXPECT_EQ(liar.session().stats().refused, 1u);
    liar.file(name, UINT64_MAX - 10, bytes);  // an offset that would wrap
    EXPECT_TRUE(liar.send().empty());
    EXPECT_FALSE(liar.session().over());
}

TEST(SessionBad, ShorterThanAnnouncedIsNeverHandedOn) {
    Liar liar;
    const std::string bytes = some_bytes(2000, 1);
    const Mth name = name_of(bytes);
    liar.say().add(SpInfo{160, 3000, name});
    liar.send();
    liar.file(name, 0, bytes);
    EXPECT_TRUE(liar.send().empty());
    EXPECT_TRUE(liar.shelf().in.empty());
}

TEST(SessionBad, SizesThatCannotBe) {
    Liar liar;
    liar.shelf().space = 1 << 20;
    const std::uint64_t sizes[] = {0, 479, (1 << 20) + 1, 1ULL << 63, UINT64_MAX};
    for (const std::uint64_t size : sizes) {
        liar.say().add(SpInfo{160, size, name_of(std::to_string(size))});
    }
    EXPECT_TRUE(liar.send().empty());
    liar.say().add(SpInfo{160, 480, name_of("x")});
    EXPECT_EQ(count<SpFreq>(liar.send()), 1u);
}

TEST(SessionBad, SpaceIsPromisedOnce) {
    Liar liar;
    liar.shelf().space = 10000;
    for (int i = 0; i < 10; ++i) liar.say().add(SpInfo{160, 4000, name_of(std::to_string(i))});
    EXPECT_EQ(count<SpFreq>(liar.send()), 2u);
}

TEST(SessionBad, WrongBytesAreNotKeptAndNotAskedForAgain) {
    Liar liar;
    const Mth name = name_of("something else");
    liar.say().add(SpInfo{160, 1000, name});
    liar.send();
    liar.file(name, 0, some_bytes(1000, 1));
    EXPECT_TRUE(liar.send().empty());
    EXPECT_TRUE(liar.shelf().in.empty() && liar.shelf().parts.empty());
    liar.say().add(SpInfo{160, 1000, name});
    EXPECT_TRUE(liar.send().empty());
    // It is no reason not to take another.
    const std::string good = some_bytes(1000, 2);
    liar.say().add(SpInfo{160, 1000, name_of(good)});
    liar.send();
    liar.file(name_of(good), 0, good);
    EXPECT_EQ(count<SpDone>(liar.send()), 1u);
}

TEST(SessionBad, NothingThatWasNotAskedFor) {
    Liar liar;
    const Mth ours = liar.shelf().put(some_bytes(1000, 1));
    const std::string bytes = some_bytes(1000, 2);
    liar.file(name_of(bytes), 0, bytes);
    liar.say().add(SpFreq{name_of("unknown"), 0});
    liar.say().add(SpDone{name_of("unknown")});
    liar.say().add(SpDone{ours});  // of this session it was not offered yet
    EXPECT_TRUE(liar.send().empty());
    EXPECT_TRUE(liar.shelf().parts.empty());
    EXPECT_EQ(liar.shelf().out.size(), 1u);
    liar.now_ += 1s;
    EXPECT_EQ(count<SpInfo>(liar.hear()), 1u);
    liar.say().add(SpFreq{ours, 1001});  // beyond its end
    EXPECT_TRUE(liar.send().empty());
    liar.say().add(SpFreq{ours, 1000});  // just its end
    EXPECT_EQ(count<SpFile>(liar.send()), 1u);
    liar.say().add(SpFreq{ours, 0});
    liar.say().add(SpHalt{});
    EXPECT_TRUE(liar.send().empty());
    EXPECT_EQ(liar.shelf().out.size(), 1u);
}

TEST(SessionBad, PiecesInAnyOrder) {
    Liar liar;
    const std::string bytes = some_bytes(3000, 1);
    const Mth name = name_of(bytes);
    liar.say().add(SpInfo{160, 3000, name});
    liar.send();
    liar.file(name, 0, bytes.substr(0, 1000));
    liar.file(name, 0, bytes.substr(0, 500));       // again
    liar.file(name, 500, bytes.substr(500, 1000));  // half of it is new
    liar.file(name, 1500, "");
    liar.file(name, 1500, bytes.substr(1500));
    EXPECT_EQ(count<SpDone>(liar.send()), 1u);
    EXPECT_EQ(liar.shelf().in[name], bytes);
    const Mth other = name_of("other");
    liar.say().add(SpInfo{160, 3000, other});
    liar.send();
    liar.file(other, 1, bytes.substr(1));  // a hole
    EXPECT_TRUE(liar.send().empty());
    EXPECT_TRUE(liar.shelf().parts.empty());
}

TEST(SessionBad, AFloodOfOffersIsBounded) {
    Liar liar;
    std::size_t asked = 0;
    for (unsigned round = 0; round < 60; ++round) {
        for (unsigned i = 0; i < 1300; ++i)
            liar.say().add(SpInfo{160, 480, name_of(std::to_string(round * 1300 + i))});
        asked += count<SpFreq>(liar.send());
    }
    EXPECT_EQ(asked, 65536u);
    // Of what is here already, and the other side reads no answers.
    const Mth here = name_of("here");
    liar.shelf().in[here] = "";
    for (int i = 0; i < 1300; ++i) liar.say().add(SpInfo{160, 480, here});
    EXPECT_EQ(count<SpDone>(liar.send()), 1300u);
    EXPECT_FALSE(liar.session().over());
}

TEST(SessionBad, AFullDiskLosesOnePacketAndNotTheSession) {
    Liar liar;
    liar.shelf().full = true;
    liar.say().add(SpInfo{160, 1000, name_of("x")});
    liar.send();
    liar.file(name_of("x"), 0, some_bytes(1000, 1));
    EXPECT_TRUE(liar.send().empty());
    EXPECT_FALSE(liar.session().over());
}

TEST(SessionBad, RubbishEndsIt) {
    for (const std::string& rubbish :
         {std::string("GET / HTTP/1.0\r\n\r\n"), sp_unit("not sealed, not sealed, not sealed")}) {
        Liar liar;
        liar.feed(rubbish);
        EXPECT_TRUE(liar.session().over());
        EXPECT_FALSE(liar.session().ended_well());
        liar.feed(rubbish);  // nothing more is read
        EXPECT_TRUE(liar.session().output(liar.now_).empty());
    }
}

TEST(SessionBad, AStrangerIsSentAway) {
    Pair pair;
    pair.begin();
    End stranger('c');
    pair.caller.session.emplace(stranger.keys(), pair.callee.open,
                                Session::Peer{&stranger.shelf, {}}, pair.now);
    pair.run();
    EXPECT_TRUE(pair.callee.session->over());
    EXPECT_EQ(pair.callee.session->why().code, Code::NotFound);
    EXPECT_TRUE(pair.callee.session->output(pair.now).empty());
}

TEST(SessionBad, APacketThatSomebodyTookAwayHoldsUpNothing) {
    Pair pair;
    const std::string large = some_bytes(300000, 1), other = some_bytes(1000, 2);
    pair.caller.shelf.put(large, 32);
    pair.caller.shelf.put(other, 64);
    pair.begin();
    pair.run(1 << 20, 200000);
    pair.caller.shelf.out.erase(name_of(large));
    pair.run();
    EXPECT_TRUE(pair.callee.shelf.in.contains(name_of(other)));
    EXPECT_FALSE(pair.callee.shelf.in.contains(name_of(large)));
}

}  // namespace
}  // namespace waypost::nncp
