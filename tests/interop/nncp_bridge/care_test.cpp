// SPDX-License-Identifier: Apache-2.0
// An operator whose laptop has Debian's nncp and nothing that runs: his signed commands go to the
// village by a courier. And a neighbour with nothing else either, whose box is stolen.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "real_node.h"
#include "tests/interop/neighbours/two_villages.h"

namespace waypost::interop {
namespace {

using ::testing::HasSubstr;

const std::string kTool = std::string(WAYPOST_BIN) + "/waypost ";

class NncpCare : public ::testing::Test {
  protected:
    NncpCare() {
        const std::string said = shell(kTool + "--json care keygen " + key());
        const std::size_t at = said.find("\"key\":\"");
        if (at == std::string::npos) throw std::runtime_error("no key: " + said);
        const std::string public_key = said.substr(at + 7, 44);
        hill_ = std::make_unique<OneVillage>(
            "hill", "ana",
            "[nncp.post]\nconfig = \"" + nodes_.config("hill") +
                "\"\ngather = \"50ms\"\nscan = \"1s\"\ncarries = [\"dale.example=dale\"]\n"
                "[care.carl]\nkey = \"" +
                public_key +
                "\"\nmay = [\"status\", \"restart\"]\n"
                "[neighbour.dale]\ndomain = [\"dale.example\"]\nnncp = \"dale\"\n");
    }
    std::string key() const { return folder_ / "carl.key"; }
    std::string signed_packet(const std::string& command, const std::string& box = "hill.example") {
        const std::string file = folder_ / "packet";
        shell(kTool + "care sign --key " + key() + " --box " + box + " --command '" + command +
              "' --out " + file);
        return contents(file);
    }
    void send(const std::string& packet) const {
        laptop_.exec("hill waypost-care", packet);
        laptop_.carry_to("hill");
    }
    // Answers as the sendmail of the laptop got them.
    bool answered(const std::string& words, int times = 1) const {
        return eventually([&] {
            if (!nodes_.packets("hill", "laptop", "tx").empty()) {
                at_hill_.carry_to("laptop");
                laptop_.toss();
            }
            return kept_.count(words) == times;
        });
    }
    // It may open anew just now.
    bool revoked() {
        const std::string status = hill_->box().command() + " status 2>&1 || true";
        return eventually(
            [&] { return shell(status).find("revoked: its box was stolen") != std::string::npos; });
    }
    std::string all() {
        std::string seen = hill_->box().log() + hill_->box().waypost("care list");
        for (const std::string& each : kept_.all()) seen += "\n--- kept:\n" + each;
        return seen;
    }

    const Folder folder_;
    const KeptMail kept_;
    const Nodes nodes_{{"hill", "laptop", "dale"},
                       {{"laptop", "sendmail: [\"" + kept_.program() + "\"]"}}};
    const RealNode laptop_{nodes_, "laptop"}, dale_{nodes_, "dale"}, at_hill_{nodes_, "hill"};
    std::unique_ptr<OneVillage> hill_;
};

TEST_F(NncpCare, ACommandOfDebiansNncpIsDoneOnceAndAnswered) {
    const std::string status = signed_packet("status");
    send(status);
    ASSERT_TRUE(answered("ways up")) << all();
    EXPECT_THAT(kept_.all().at(0), HasSubstr("care@laptop.nncp.invalid"));
    EXPECT_THAT(hill_->box().waypost("care list"), HasSubstr("carl by mail"));
    send(status);
    ASSERT_TRUE(answered("ways up", 2)) << all();
    const std::string list = hill_->box().waypost("care list");
    EXPECT_EQ(list.find("status"), list.rfind("status")) << "once: " << list;

    const std::string early = signed_packet("status");
    send(signed_packet("restart nncp.moon"));
    ASSERT_TRUE(answered("there is no nncp.moon here, only ")) << all();
    send(early);
    ASSERT_TRUE(answered("overtook it")) << all();
    send(signed_packet("log"));
    ASSERT_TRUE(answered("[care.carl] may not log")) << all();
    std::string forged = signed_packet("status");
    forged[30] = static_cast<char>(forged[30] ^ 1);
    send(forged);
    ASSERT_TRUE(answered("the signature is wrong")) << all();
    send(signed_packet("status", "dale.example"));
    ASSERT_TRUE(answered("this command is for another box")) << all();
    hill_->box().kill9();
    hill_->box().start();
    send(status);
    ASSERT_TRUE(answered("ways up", 3)) << all();
    EXPECT_EQ(kept_.count("overtook it"), 1);
}

// A radio by itself; where all of the gateway opens anew the answer is not lost by that.
TEST_F(NncpCare, AWayIsMadeAnewAndTheAnswerComes) {
    send(signed_packet("restart meshtastic.roof"));
    ASSERT_TRUE(answered("meshtastic.roof was made anew, it works")) << all();
    EXPECT_EQ(hill_->box().log().find("closing"), std::string::npos) << "it alone";
    send(signed_packet("restart nncp.post"));
    ASSERT_TRUE(answered("all of the gateway opens anew")) << all();
    ASSERT_TRUE(eventually([&] { return hill_->box().log().find("closing") != std::string::npos; }))
        << all();
    send(signed_packet("status"));
    ASSERT_TRUE(answered("ways up")) << all();
}

TEST_F(NncpCare, APacketOfAStolenNeighbourIsRefused) {
    const auto from_dale = [&](const std::string& text) {
        dale_.mail("hill sendmail ana@hill.example", "ben@dale.example", text);
        dale_.carry_to("hill");
    };
    from_dale("Before it was stolen");
    ASSERT_TRUE(hill_->shows_some("Before it was stolen")) << all();
    EXPECT_THAT(hill_->box().waypost("neighbours stolen dale"), HasSubstr("are revoked"));
    ASSERT_TRUE(revoked()) << all();
    from_dale("After it was stolen");
    hill_->type("@ben.dale Are you there?");
    ASSERT_TRUE(hill_->shows_some(" kept")) << all();
    ASSERT_TRUE(says(hill_->box(), "queue list held", "stolen")) << all();
    hill_->box().stop();
    hill_->box().start();
    dale_.exec("hill waypost-care", signed_packet("status"));
    from_dale("After a restart");
    ASSERT_TRUE(revoked()) << all();
    EXPECT_EQ(hill_->screen().find("After"), std::string::npos) << hill_->screen();
    EXPECT_TRUE(nodes_.packets("hill", "dale", "tx").empty()) << "nothing is queued for it";
    EXPECT_THAT(hill_->box().waypost("care list"), HasSubstr("None so far"));
    EXPECT_THAT(shell(hill_->box().command() + " neighbours paired dale 2>&1 || true"),
                HasSubstr("still has the key of the stolen box"));
    EXPECT_THAT(hill_->box().waypost("neighbours"), HasSubstr("STOLEN"));
}

}  // namespace
}  // namespace waypost::interop
