// SPDX-License-Identifier: Apache-2.0
// Ana's radio in the village and Bob's mailbox in the city, where Postfix hands mail for the
// village to nncp-exec, and nncp-toss hands what comes from there to Postfix.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "real_node.h"
#include "tests/interop/neighbours/two_villages.h"

namespace waypost::interop {
namespace {

using ::testing::HasSubstr;

class NncpPostfix : public ::testing::Test {
  protected:
    // What comes for a handle goes to the sendmail of this Postfix, with these options.
    static std::string handle(const std::string& name, const Folder& city,
                              const std::string& options) {
        return name + ": [\"/usr/sbin/sendmail\", \"-C\", \"" + city / "pf" + "\", " + options +
               "]";
    }
    NncpPostfix() {
        // Postfix runs nncp-exec as nobody.
        shell("chown -R nobody " + nodes_.config("city") + " " + nodes_.spool("city"));
        nodes_.add("city", "umask: \"000\"");
        std::ofstream(city_ / "pf/master.cf", std::ios::app)
            << "nncp unix - n n - 1 pipe flags=R user=nobody null_sender= argv=/usr/bin/nncp-exec "
               "-quiet -cfg "
            << nodes_.config("city") << " ${nexthop} rmail ${recipient}\n";
        shell("postfix -c " + city_ / "pf" + " reload");
    }
    std::map<std::string, std::string> to_the_village() const {
        return {{"transport_maps",
                 "inline:{{ hill.example = nncp:hill }, { lost@hill.test = error:5.1.1 unknown "
                 "here }, { hill.test = lmtp:inet:127.0.0.1:" +
                     std::to_string(ports_.mailbox) + " }}"}};
    }
    std::string gateway(const std::string& more) const {
        return "[nncp.post]\nconfig = \"" + nodes_.config("hill") +
               "\"\ngather = \"2s\"\ncarries = [\"hill.test=city\"]\n" + more +
               "[neighbour.city]\ndomain = [\"hill.test\"]\nnncp = \"city\"\n";
    }
    // In the queue itself: the status is as old as the house's last round.
    bool waits() const {
        return eventually([&] { return nodes_.packets("hill", "city", "tx").size() == 1; });
    }
    void to_bob() const {
        at_hill_.carry_to("city");
        at_city_.toss();
    }
    std::vector<std::string> bobs() const { return dovecot_.mails("bob@hill.test"); }
    void answer_comes_to(OneVillage& hill) const {
        ASSERT_TRUE(eventually([&] { return !nodes_.packets("city", "hill", "tx").empty(); }))
            << hill.box().log() << log();
        at_city_.carry_to("hill");
    }
    std::string log() const { return postfix_.log(); }

    const Folder city_;
    const Ports ports_;
    const Dovecot dovecot_{city_, ports_};
    const Postfix postfix_{city_, ports_, to_the_village()};
    const Nodes nodes_{
        {"hill", "city"},
        {{"city", handle("rsmtp", city_, "\"-bs\"") + ", " + handle("sendmail", city_, "\"-i\"")}}};
    const RealNode at_hill_{nodes_, "hill"};
    const RealNode at_city_{nodes_, "city"};
};

TEST_F(NncpPostfix, ABatchFromARadioToAMailboxAndTheAnswerBack) {
    OneVillage hill("hill", "ana", gateway("batched = [\"city\"]\n"));
    const auto all = [&] { return hill.screen() + hill.box().log() + log(); };
    hill.type("@bob.city Is the road open?");
    hill.type("@bob.city The bridge is.");
    ASSERT_TRUE(waits()) << all();
    EXPECT_EQ(nodes_.packets("hill", "city", "tx").size(), 1u) << "both in one packet";
    to_bob();
    ASSERT_TRUE(eventually([&] { return bobs().size() == 2; })) << all();
    const auto mails = bobs();
    EXPECT_THAT(mails[0] + mails[1], HasSubstr("Is the road open?"));
    EXPECT_THAT(mails[0] + mails[1], HasSubstr("The bridge is."));
    EXPECT_THAT(mails[0], HasSubstr("Delivered-To: bob@hill.test"));
    shell(
        "swaks --server 127.0.0.1:" + std::to_string(ports_.mx) +
        " --from bob@hill.test --to ana@hill.example --header 'Subject: Road' --body 'It is open'");
    answer_comes_to(hill);
    EXPECT_TRUE(hill.shows_some("bob.city: Road // It is open")) << all();

    // Batch SMTP carries our envelope sender, so Postfix's report comes back as well.
    hill.type("@lost.city Are you there?");
    ASSERT_TRUE(waits()) << all();
    to_bob();
    answer_comes_to(hill);
    EXPECT_TRUE(hill.shows_some("FAIL no such address")) << all();
}

}  // namespace
}  // namespace waypost::interop
