// SPDX-License-Identifier: Apache-2.0
// Sessions of the gateway with Debian's nncp-call and nncp-daemon, cut again and again: what had
// passed is not sent anew, and each mail comes once.
#include <gtest/gtest.h>

#include "cut_line.h"
#include "mail_box.h"
#include "real_node.h"
#include "tests/interop/nncp/two_nodes.h"

namespace waypost::interop {
namespace {

constexpr int kMails = 3;
constexpr int kLarge = 400'000;         // of the last mail; packed it is three quarters of it
constexpr std::size_t kMost = 200'000;  // in any session: more than a message of each side (64 KiB)

// In the handshake, in the offers, in packets and between them.
const std::vector<std::size_t> kCuts = {0,   1,    40,   96,   107,  200,  300, 500,
                                        700, 1000, 1400, 2000, 3000, 4500, 9000};

std::string random_text(int bytes) {
    return shell("head -c " + std::to_string(bytes * 3 / 4) + " /dev/urandom | base64");
}

class NncpHangUp : public ::testing::Test {
  protected:
    NncpHangUp()
        : nodes_({"hill", "city"}, {{"city", "sendmail: [\"" + kept_.program() + "\"]"}}) {}

    std::string gateway(const std::string& more) const {
        return "[nncp.post]\nconfig = \"" + nodes_.config("hill") +
               "\"\ngather = \"0ms\"\ncarries = [\"city.example=city\"]\ntrusted = [\"city\"]\n" +
               more + "[neighbour.city]\ndomain = [\"city.example\"]\nnncp = \"city\"\n";
    }
    void mails_both_ways(MailBox& hill) const {
        for (int i = 1; i <= kMails; ++i) {
            const std::string large = i == kMails ? random_text(kLarge) : "";
            hill.post("bob@city.example", "down number " + std::to_string(i) + "\n" + large);
            city_.mail("hill sendmail eve@out.test", "bob@city.example",
                       "up number " + std::to_string(i) + "\n" + large);
        }
    }
    // All is there, and nothing is left to be sent again. Without -seen nncp takes a packet anew
    // whose DONE was cut off.
    bool all_came(MailBox& hill) const {
        city_.toss("-seen");
        return kept_.count("down number") >= kMails && hill.outside("up number") >= kMails &&
               nodes_.packets("hill", "city", "tx").empty() &&
               nodes_.packets("city", "hill", "tx").empty();
    }
    void each_came_once(MailBox& hill) const {
        city_.toss("-seen");
        for (int i = 1; i <= kMails; ++i) {
            EXPECT_EQ(kept_.count("down number " + std::to_string(i)), 1) << hill.box().log();
            EXPECT_EQ(hill.outside("up number " + std::to_string(i)), 1) << hill.box().log();
        }
    }

    const KeptMail kept_;
    const Nodes nodes_;
    const RealNode city_{nodes_, "city"};
};

TEST_F(NncpHangUp, AtAnyByteWhereNncpCallCalls) {
    MailBox hill(gateway("listen = \"127.0.0.1:" + std::to_string(nodes_.port("hill")) + "\"\n"));
    CutLine line(nodes_.port("hill"));
    mails_both_ways(hill);
    ASSERT_TRUE(eventually([&] { return nodes_.packets("hill", "city", "tx").size() == kMails; }));
    const std::string call = city_.command("call") +
                             "-onlinedeadline 1 hill 127.0.0.1:" + std::to_string(line.port()) +
                             " || true";
    std::size_t cut = 0;
    line.cut(kCuts, kMost);
    for (const std::size_t after : kCuts) {
        shell(call);
        cut += line.passed() == after ? 1u : 0u;
    }
    EXPECT_EQ(cut, kCuts.size()) << "in the session, not behind it";
    const bool came = eventually([&] {
        shell(call);
        return all_came(hill);
    });
    EXPECT_TRUE(came) << hill.box().log();
    each_came_once(hill);
}

TEST_F(NncpHangUp, AtAnyByteWhereTheGatewayCallsADaemon) {
    const nncp::Daemon daemon({"nncp-daemon", "-quiet", "-cfg", nodes_.config("city"), "-bind",
                               "127.0.0.1:" + std::to_string(nodes_.port("city"))},
                              nodes_.config("city") + ".log");
    CutLine line(nodes_.port("city"));
    line.cut({1, 100, 300, 1400, 4500}, kMost);  // a call begins each second
    nodes_.add("hill", "neigh: {city: {addrs: {lo: \"127.0.0.1:" + std::to_string(line.port()) +
                           "\"}, calls: [{cron: \"* * * * * * *\", onlinedeadline: 1}]}}");
    MailBox hill(gateway(""));
    mails_both_ways(hill);
    EXPECT_TRUE(eventually([&] { return line.left() == 0 && all_came(hill); })) << hill.box().log();
    each_came_once(hill);
}

}  // namespace
}  // namespace waypost::interop
