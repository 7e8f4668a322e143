// SPDX-License-Identifier: Apache-2.0
// Mail, files and ACKs between a gateway and a node of Debian's nncp behind a relay of Debian's.
#include <gmock/gmock.h>

#include "relay_world.h"

namespace waypost::interop {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kAckAll[] = "-node hill 4> /dev/null";
constexpr char kInCustody[] = "relayed [reported] nncp.post courier in custody of city";

int count(const std::string& text, const std::string& words) {
    int found = 0;
    for (auto at = text.find(words); at != text.npos; at = text.find(words, at + 1)) ++found;
    return found;
}

TEST_F(NncpRelay, CarriesMailBothWaysAndTheAckOfItsEnd) {
    const std::string mail = writes("@bob.city Hello");
    EXPECT_THAT(trace(mail),
                HasSubstr("waits for the next call or courier to relay, and on to city"));
    relay().run("call", "-onlinedeadline 1 hill");
    EXPECT_EQ(waiting(), 0u);
    relay().toss();
    relay().bundle_to("city");
    EXPECT_THAT(trace(mail), Not(HasSubstr("in custody"))) << "nobody has said so";
    city().run("ack", kAckAll);
    city().toss();
    EXPECT_EQ(kept().count("bob@city.example\n"), 1) << "its argument";
    EXPECT_EQ(kept().count("Hello"), 1);
    city().mail("hill sendmail ana@hill.example", "bob@city.example", "Hello back");
    up();
    EXPECT_TRUE(hill().shows_some("bob.city: Hi // Hello back")) << all();
    EXPECT_TRUE(trace_says(mail, kInCustody)) << trace(mail);
}

TEST_F(NncpRelay, WithoutAnAckAPacketGoesAgainAndItsMailComesOnce) {
    const std::string came = writes("@bob.city This one came");
    down();
    city().toss("-seen");
    const std::string lost = writes("@bob.city This one was lost");
    for (const fs::path& each : nodes().packets("hill", "relay", "tx")) fs::remove(each);
    hill().box().stop();
    eight_days_pass();
    hill().box().start();
    ASSERT_TRUE(eventually([&] { return waiting() == 2; })) << waiting() << all();
    down();
    city().run("ack", kAckAll);
    city().toss("-seen");
    EXPECT_EQ(kept().count("This one came"), 1);
    EXPECT_EQ(kept().count("This one was lost"), 1);
    up();
    EXPECT_TRUE(trace_says(lost, kInCustody)) << trace(lost);
    EXPECT_THAT(trace(came), Not(HasSubstr("in custody"))) << "no ACK of it was made";
}

TEST_F(NncpRelay, AFileForAPersonIsAnAttachmentSheIsToldOf) {
    city().file("hill:ana/notes.txt", std::string(3000, 'n'));
    up();
    EXPECT_TRUE(hill().shows_some("file notes.txt 2.9k from city")) << all();
}

TEST_F(NncpRelay, AFileThatLeadsOutOfItsFolderIsRefused) {
    for (const char* name : {"../ana/one.txt", "../../incoming-evil/two.txt"})
        city().file(std::string("hill:") + name, "evil");
    up();
    const fs::path aside = fs::path(nodes().spool("hill")) / "quarantine";
    const auto reasons = [&] { return shell("cat " + aside.string() + "/*/*.why || true"); };
    EXPECT_TRUE(eventually([&] { return count(reasons(), "leads out of its folder") == 2; }))
        << reasons() << all();
    city().file("hill:ana/three.txt", "good");
    up();
    EXPECT_TRUE(hill().shows_some("file three.txt")) << all();
    EXPECT_THAT(hill().screen(), Not(HasSubstr("one.txt")));
    EXPECT_EQ(shell("find " + nodes().spool("hill") + "/.. -name 'incoming*' -o -name 'two.txt'"),
              "");
}

}  // namespace
}  // namespace waypost::interop
