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

}  // namespace
}  // namespace waypost::nncp
