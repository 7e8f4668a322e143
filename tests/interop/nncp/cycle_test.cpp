// SPDX-License-Identifier: Apache-2.0
// `waypost nncp toss --cycle` at the village, what nncp-file and nncp-xfer bring.
#include <gtest/gtest.h>

#include "tests/interop/nncp/two_nodes.h"

namespace waypost::nncp {
namespace {

TEST(Cycle, WhatComesIsTossedUntilTheProgramIsEnded) {
    TwoNodes nodes;
    const auto bring = [&](const std::string& name) {
        nodes.file(nodes.relay, name, "text");
        const std::filesystem::path stick = nodes / "stick";
        for (const TwoNodes::Side* side : {&nodes.relay, &nodes.village}) {
            const auto ended = run_program(
                {{"nncp-xfer", "-quiet", "-mkdir", "-cfg", side->file(), stick.string()},
                 {"NNCPNOSYNC=1"}});
            ASSERT_TRUE(ended.ok());
            EXPECT_EQ(ended->status, 0) << ended->output;
        }
    };
    std::filesystem::create_directories(nodes / "stick");
    Daemon tosser({WAYPOST_BIN "/waypost-nncp", "nncp", "--nncp-config", nodes.village.file(),
                   "toss", "--cycle", "1"},
                  (nodes / "log").string());
    for (const std::string name : {"one", "two"}) {
        bring(name);
        EXPECT_TRUE(eventually([&] { return nodes.village.incoming(name) == "text"; })) << name;
        EXPECT_TRUE(tosser.running());
    }
}

// As an online tool leaves it when it ends before it has checked what came.
TEST(Cycle, WhatLiesUncheckedAloneIsTossedToo) {
    TwoNodes nodes;
    nodes.file(nodes.relay, "one", "text");
    const auto waiting = nodes.waiting(nodes.relay);
    ASSERT_EQ(waiting.size(), 1u);
    const std::string name = to_base32(waiting.front().name);
    std::filesystem::create_directories(nodes.rx(nodes.village));
    std::filesystem::copy_file(nodes.relay.spool->path(waiting.front()),
                               nodes.rx(nodes.village) / (name + ".nock"));
    const Daemon tosser({WAYPOST_BIN "/waypost-nncp", "nncp", "--nncp-config", nodes.village.file(),
                         "toss", "--cycle", "1"},
                        (nodes / "log").string());
    EXPECT_TRUE(eventually([&] { return nodes.village.incoming("one") == "text"; }));
}

}  // namespace
}  // namespace waypost::nncp
