// SPDX-License-Identifier: Apache-2.0
// A group of the village by an area, whose other members have Debian's nncp.
#include <gmock/gmock.h>

#include <fstream>

#include "bridges/nncp/packet/mth.h"
#include "bridges/nncp/packet/seal.h"
#include "relay_world.h"
#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::interop {
namespace {

namespace fs = std::filesystem;
using namespace nncp;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::size_t kRoom = 100'000;

std::string post(const std::string& id, const std::string& text) {
    return "From: Bob <bob@city.example>\nMessage-ID: <" + id + "@city.example>\n\n" + text + '\n';
}

class NncpArea : public NncpRelay {
  protected:
    // What the packet from the relay to hill has inside: a whole packet to the area.
    std::string post_in(const fs::path& packet) const {
        const NodeConfig ours = nodes().as_read("hill");
        const std::string bytes = contents(packet.string());
        MemorySource source(bytes);
        MemorySink payload(kRoom);
        const auto done = unseal(
            {.exchange_secret = [&](const Hash32&) { return &ours.self->exchange; },
             .sign_public = [&](const NodeId&) { return ours.find("relay")->signing_public; }},
            source, payload);
        if (!done.ok()) throw std::runtime_error(done.error().text);
        return payload.take();
    }
    // What a reader of the area can make of a member's post: other words under its signed header.
    std::string forged(const std::string& genuine, const std::string& mail) const {
        return forged_post(genuine, *nodes().as_read("city").areas.at("news").exchange,
                           {PacketType::ExecFat, 96, "sendmail"}, mail);
    }
    // Into hill's rx/, as the relay would bring it.
    void bring(const std::string& whole_post) const {
        const NodeConfig relays = nodes().as_read("relay");
        const Node& to = *relays.find("hill");
        MemorySource source(whole_post);
        MemorySink packet(kRoom);
        const AreaId area = relays.areas.at("news").id;
        const PlainHeader plain{PacketType::Area, 0, std::string(bytes_of(area))};
        const auto done = seal({.sender = relays.self->id,
                                .sign_secret = &relays.self->signing,
                                .recipient = to.id,
                                .exchange_public = to.exchange_public},
                               plain, source, packet);
        ASSERT_TRUE(done.ok()) << done.error().text;
        const std::string bytes = packet.take();
        MemorySource whole(bytes);
        const fs::path at = nodes().folder("hill", "relay", "rx") / to_base32(*mth_of(whole));
        std::ofstream(at.string() + ".new", std::ios::binary) << bytes;
        fs::rename(at.string() + ".new", at);
    }
};

TEST_F(NncpArea, AGroupGoesToAnAreaAndItsPostsComeBack) {
    (void)writes("#news The bridge is open");
    down();
    city().toss();
    EXPECT_EQ(kept().count("The bridge is open"), 1);
    city().exec("area:news sendmail", post("a1", "The ford too"));
    city().toss();  // nncp puts a post of its own into its rx/ first
    up();
    EXPECT_TRUE(hill().shows_some("#news Bob (a member of")) << all();
    EXPECT_THAT(hill().screen(), HasSubstr("The ford too"));
    down();
    city().toss();
    EXPECT_EQ(kept().count("The ford too"), 0) << "no echo";
    EXPECT_EQ(kept().count("The bridge is open"), 1) << "once";
}

TEST_F(NncpArea, APostOfNobodyThatIsKnownIsRefused) {
    thief().exec("area:news sendmail", post("t1", "Give me your money"));
    thief().toss();
    thief().bundle_to("relay");
    relay().toss();
    relay().carry_to("hill");
    EXPECT_TRUE(eventually([&] {
        return hill().box().log().find("its sender is not known") != std::string::npos;
    })) << all();
    city().exec("area:news sendmail", post("a2", "The well is dry"));
    city().toss();
    up();
    EXPECT_TRUE(hill().shows_some("The well is dry")) << "it holds up nobody: " << all();
    EXPECT_THAT(hill().screen(), Not(HasSubstr("money")));
}

// Whoever can read the area can do this, and nobody can tell which is the genuine one; nncp takes
// the first and drops the other. Here the forged one comes first, under the same Message-ID.
TEST_F(NncpArea, OtherWordsUnderAMembersSignatureAreSeenToBeDisputed) {
    city().exec("area:news sendmail", post("a3", "Meet at noon"));
    city().toss();
    city().bundle_to("relay");
    relay().toss();
    const auto packets = nodes().packets("relay", "hill", "tx");
    ASSERT_EQ(packets.size(), 1u);
    bring(forged(post_in(packets[0]), post("a3", "Meet at midnight")));
    EXPECT_TRUE(hill().shows_some("Meet at midnight")) << all();
    relay().carry_to("hill");
    EXPECT_TRUE(hill().shows_some("Meet at noon")) << all();
    EXPECT_TRUE(hill().shows_some("#news disputed: Bob")) << all();
}

}  // namespace
}  // namespace waypost::interop
