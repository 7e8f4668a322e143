// SPDX-License-Identifier: Apache-2.0
// Ana of hill and Bob in the city, between them a relay; the relay and the city run Debian's nncp
// and nothing else. All of them are in the area "news", which is the group #news at hill.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "real_node.h"
#include "tests/interop/neighbours/two_villages.h"

namespace waypost::interop {

class NncpRelay : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { world_ = std::make_unique<World>(); }
    static void TearDownTestSuite() { world_.reset(); }

    const KeptMail& kept() const { return world_->kept; }  // by the city's sendmail
    const Nodes& nodes() const { return world_->nodes; }
    const RealNode& relay() const { return world_->relay; }
    const RealNode& city() const { return world_->city; }
    const RealNode& thief() const { return world_->thief; }
    OneVillage& hill() { return *world_->hill; }

    // What waits at hill goes as far as the city's rx/, and what waits there to hill.
    void down() const;
    void up() const;
    std::size_t waiting() const;  // packets at hill
    // Ana types it, and one packet more waits then; the number of her message in the trace.
    std::string writes(const std::string& text);
    std::string trace(const std::string& number);
    bool trace_says(const std::string& number, const std::string& text);
    // Since all packets were sent; the box is stopped.
    void eight_days_pass() const;
    std::string all();  // what there is to see

  private:
    struct World {
        World();
        const KeptMail kept;
        const Nodes nodes{{"hill", "relay", "city", "thief"},
                          {{"city", "sendmail: [\"" + kept.program() + "\"]"}}};
        const RealNode at_hill{nodes, "hill"};  // the tools on the gateway's own spool
        const RealNode relay{nodes, "relay"};
        const RealNode city{nodes, "city"};
        const RealNode thief{nodes, "thief"};
        std::unique_ptr<OneVillage> hill;
    };
    static std::unique_ptr<World> world_;
};

}  // namespace waypost::interop
