// SPDX-License-Identifier: Apache-2.0
// The box tells those who look after it by chat that a radio of its own is gone: one who lives here
// with an account of hers, and one who is an address and nothing more. Once, whatever kills it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "tests/interop/mesh/mesh_peer.h"
#include "tests/interop/xmpp/talk_village.h"

namespace waypost::interop {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::StartsWith;

class AlertsByChat : public ::testing::Test {
  protected:
    AlertsByChat() {
        for (const char* name : {"olga", "carl"}) server_.add_user(name);
        box_ = std::make_unique<BoxProcess>(
            folder_,
            "[alerts]\nto = [\"olga\", \"xmpp:carl@localhost\"]\nway_down = \"2s\"\n"
            "[meshtastic.hut]\nport = \"" +
                hut_port_ + "\"\n" + xmpp_settings(folder_, server_));
        box_->waypost("people add olga --radio xmpp:olga@localhost");
    }
    std::vector<std::string> told(const ChatClient& client) const {
        return texts_from(client, server_.component());
    }
    // Also where it is so bad that the command fails.
    std::string health() const { return shell(box_->command() + " health || true"); }
    bool tells(const ChatClient& client, std::size_t lines) const {
        return eventually([&] { return told(client).size() == lines; }, seconds(60));
    }

    const Folder folder_;
    const std::string hut_port_ = "tcp:127.0.0.1:" + std::to_string(free_port());
    Prosody server_;
    std::unique_ptr<BoxProcess> box_;
};

TEST_F(AlertsByChat, OnceWhenItBeginsAndOnceWhenItIsOver) {
    const ChatClient olga(folder_, server_, "olga");
    const ChatClient carl(folder_, server_, "carl");
    const auto gone = StartsWith("Box: meshtastic.hut does not work");
    ASSERT_TRUE(tells(olga, 1)) << box_->log() << health();
    EXPECT_THAT(told(olga), ElementsAre(gone));
    ASSERT_TRUE(tells(carl, 1)) << box_->log();
    EXPECT_THAT(told(carl), ElementsAre(gone));

    box_->kill9();
    simulator::Village hut = fast_village({"nobody"});
    hut.nodes.front().number = 2;
    hut.nodes.front().ports = {hut_port_};
    const MeshPeer back(hut);
    box_->start();
    const auto over = StartsWith("Box: over after ");
    ASSERT_TRUE(tells(olga, 2)) << box_->log() << health();
    EXPECT_THAT(told(olga), ElementsAre(gone, over));
    ASSERT_TRUE(tells(carl, 2)) << box_->log();
    EXPECT_THAT(told(carl), ElementsAre(gone, over));
    EXPECT_EQ(repeats_from(olga, server_.component()), 0);
}

}  // namespace
}  // namespace waypost::interop
