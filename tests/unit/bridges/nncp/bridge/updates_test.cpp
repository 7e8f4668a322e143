// SPDX-License-Identifier: Apache-2.0
// Releases for the box itself that come as files.
#include "bridges/nncp/toss/chunks.h"
#include "tests/unit/gateway/update/image_side.h"
#include "two_boxes.h"

namespace waypost::nncp {
namespace {

class Updates : public TwoBoxes {
  protected:
    Updates() {
        std::filesystem::create_directories(incoming_);
        dale_.config.nodes.at("village").incoming = incoming_;
        dale_.updates = &desk_;
        dale_.open();
    }
    void send(const std::string& name, const std::string& bytes) {
        MemorySource source(bytes);
        const Node& node = *hill_.config.find("relay");
        ASSERT_TRUE(Outbox(hill_.config, *hill_.spool).file(node, name, source).ok());
        carry(hill_, dale_);
        dale_.round();
    }
    bool came(const std::string& name) const {
        return std::filesystem::exists(incoming_ + "/" + name);
    }
    std::string told() const {
        return dale_.office.accepted.empty() ? std::string() : dale_.office.accepted.back().text;
    }

    const std::string incoming_ = folder_ / "incoming";
    ImageSide image_;
    UpdateDesk desk_{image_.folder()};
};

TEST_F(Updates, OneFromWhoMayBringItIsHandedOn) {
    desk_.settings_are({"nncp:village"}, 0);
    const std::string bundle(200'000, 'b');
    send("waypost-1.1.raucb", bundle);
    EXPECT_EQ(image_.given("bundle.raucb"), bundle);
    EXPECT_EQ(image_.given("from"), "nncp:village waypost-1.1.raucb\n");
    EXPECT_FALSE(came("waypost-1.1.raucb")) << "a box has no room for it twice";
    EXPECT_EQ(told(),
              "file waypost-1.1.raucb from village (200000 bytes): an update, on the page Update");
}

TEST_F(Updates, InPiecesToo) {
    desk_.settings_are({"nncp:village"}, 0);
    ChunkMeta meta{4, 4, {}};
    MemorySource chunk(std::string_view("hay\n"));
    meta.chunks.push_back(*mth_of(chunk));
    send(chunk_name("waypost-1.1.raucb", 0), "hay\n");
    EXPECT_EQ(image_.given("bundle.raucb"), "");
    send(meta_name("waypost-1.1.raucb"), encode(meta));
    EXPECT_EQ(image_.given("bundle.raucb"), "hay\n");
}

TEST_F(Updates, OfOthersItIsAFileLikeAnyOther) {
    send("waypost-1.1.raucb", "bundle");
    EXPECT_EQ(image_.given("bundle.raucb"), "");
    EXPECT_TRUE(came("waypost-1.1.raucb"));
    EXPECT_EQ(told(), "file waypost-1.1.raucb from village (6 bytes), in " + incoming_);
}

TEST_F(Updates, WhatHasNoNameOfOneIsAFileLikeAnyOther) {
    desk_.settings_are({"nncp:village"}, 0);
    send("plan.pdf", "plan");
    EXPECT_EQ(image_.given("bundle.raucb"), "");
    EXPECT_TRUE(came("plan.pdf"));
}

TEST_F(Updates, WhileOneIsInstalledItStaysAndTheOperatorIsTold) {
    desk_.settings_are({"nncp:village"}, 0);
    image_.say("job", "doing=installing\n");
    send("waypost-1.1.raucb", "bundle");
    EXPECT_EQ(image_.given("bundle.raucb"), "");
    EXPECT_TRUE(came("waypost-1.1.raucb"));
    EXPECT_EQ(told(), "file waypost-1.1.raucb from village (6 bytes), in " + incoming_);
}

}  // namespace
}  // namespace waypost::nncp
