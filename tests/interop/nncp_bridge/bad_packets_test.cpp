// SPDX-License-Identifier: Apache-2.0
// Every bad packet of tests/data/nncp in the spool of one running gateway, good ones of Debian's
// nncp among them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "mail_box.h"
#include "real_node.h"
#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::interop {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

void lay(const fs::path& file, const std::string& bytes) {
    std::ofstream(file.string() + ".new", std::ios::binary) << bytes;
    fs::rename(file.string() + ".new", file);
}

// The node "relay" of the vectors is the gateway; "village", who sent them, is Debian's.
struct NncpBadPackets : ::testing::Test {
    NncpBadPackets() {
        for (const char* name : {"village", "relay"}) {
            fs::create_directories(folder / name + "/incoming");
            std::string text = nncp::vector_file(std::string(name) + ".hjson");
            for (auto at = text.find("/TEST"); at != text.npos; at = text.find("/TEST", at))
                text.replace(at, 5, folder.path());
            std::ofstream(config(name)) << text;
            fs::permissions(config(name), fs::perms::owner_read | fs::perms::owner_write);
        }
        fs::create_directories(rx());
    }
    std::string config(const std::string& name) const { return folder / name + ".hjson"; }
    fs::path spool() const { return folder / "relay/spool"; }
    fs::path rx() const { return spool() / sender / "rx"; }
    // A good mail, by nncp-exec and nncp-xfer.
    void good(int number) const {
        shell("printf 'From: v@village.test\\nMessage-ID: <" + std::to_string(number) +
              "@village.test>\\n\\ngood number " + std::to_string(number) +
              " of them\\n' | nncp-exec -quiet -nice " + std::to_string(1 + number * 12) +
              " -cfg " + config("village") +
              " relay sendmail eve@out.test && nncp-xfer -quiet -cfg " + config("village") +
              " -mkdir -tx " + (folder / "stick") + " && nncp-xfer -quiet -cfg " + config("relay") +
              " -rx " + (folder / "stick"));
    }
    std::string why(const nncp::Vector& bad) const {
        const std::string aside = contents(spool() / "quarantine" / sender / (bad.spool + ".why"));
        return aside.empty() ? contents(rx() / (bad.spool + ".failed")) : aside;
    }

    const Folder folder;
    const std::string sender = nncp::to_base32(nncp::test_keys().at("village").id);
};

TEST_F(NncpBadPackets, EachIsRefusedWithItsReasonAndTheirNeighboursAreDelivered) {
    MailBox hill("[nncp.post]\nconfig = \"" + config("relay") +
                 "\"\ncarries = [\"village.test=village\"]\ntrusted = [\"village\"]\n"
                 "[neighbour.village]\ndomain = [\"village.test\"]\nnncp = \"village\"\n");
    fs::create_directory(folder / "stick");
    int number = 0;
    for (const nncp::Vector& bad : nncp::bad_vectors()) {
        lay(rx() / bad.spool, bad.bytes);
        good(number++);
    }
    for (int i = 0; i < number; ++i) {
        const std::string words = "good number " + std::to_string(i) + " of";
        EXPECT_TRUE(eventually([&] { return hill.outside(words) > 0; })) << hill.box().log();
        EXPECT_EQ(hill.outside(words), 1);
    }
    for (const nncp::Vector& bad : nncp::bad_vectors()) {
        SCOPED_TRACE(bad.name);
        ASSERT_TRUE(eventually([&] { return !why(bad).empty(); })) << hill.box().log();
        EXPECT_THAT(why(bad), HasSubstr(nncp::bad_reasons().at(bad.name)));
        EXPECT_THAT(hill.box().log(), HasSubstr("packet=" + bad.spool.substr(0, 12)));
    }
    EXPECT_TRUE(fs::is_empty(folder / "relay/incoming"));
    EXPECT_FALSE(fs::exists(folder / "relay/incoming-evil"));
    EXPECT_EQ(hill.outside(""), number) << "nothing of the bad ones";
}

}  // namespace
}  // namespace waypost::interop
