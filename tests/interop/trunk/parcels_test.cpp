// SPDX-License-Identifier: Apache-2.0
// Packets that Debian's nncp-exec and nncp-file put into hill's spool come out at dale over a link
// of two simulated LoRa modems that loses a frame in ten, each once, with either box killed.
#include <gtest/gtest.h>

#include <filesystem>

#include "link_toml.h"
#include "modem_world.h"
#include "tests/interop/nncp_bridge/real_node.h"

namespace waypost::interop {
namespace {

std::string node_of(const Nodes& nodes, const std::string& own, const std::string& other) {
    return "[nncp.post]\nconfig = \"" + nodes.config(own) + "\"\nlinks = [\"" + other + "=trunk." +
           other + "\"]\n";
}

// Bytes that no packing makes shorter.
std::string noise(std::size_t bytes) {
    std::string all;
    while (all.size() < bytes)
        all += static_cast<char>('!' + static_cast<char>(system_random()->below(90)));
    return all;
}

// Two boxes that begin at once may miss one another's first hellos, and ask less and less often.
constexpr std::chrono::seconds kPatience{120};

class TrunkParcels : public ::testing::Test {
  protected:
    // Before a box reads the configuration of its node.
    std::string take_files_at_dale() const {
        std::filesystem::create_directories(folder_ / "files");
        nodes_.add("dale", "neigh: {hill: {incoming: \"" + (folder_ / "files") + "\"}}");
        return folder_ / "files";
    }
    void exec(const std::string& text, const std::string& options = {}) {
        hill_node_.exec(options + " dale note", text);
    }
    std::size_t waiting() const { return nodes_.packets("hill", "dale", "tx").size(); }
    bool came(const std::string& text) {
        return eventually([&] { return notes_.count(text) > 0 && waiting() == 0; }, kPatience);
    }
    // A while into what is sent next.
    void on_the_way() {
        const double before = modems_.seconds_on_air();
        EXPECT_TRUE(eventually([&] { return modems_.seconds_on_air() > before + 0.9; }));
    }
    void restart_both() {
        dale_.kill9();
        hill_.kill9();
        dale_.start();
        hill_.start();
    }
    std::string all() {
        return hill_.waypost("status") + dale_.waypost("status") + hill_.log() + dale_.log();
    }

    const Folder folder_, at_hill_, at_dale_;
    KeptMail notes_;
    const Nodes nodes_{{"hill", "dale"},
                       {{"dale", "note: [\"" + notes_.program() + "\"]"}, {"hill", ""}}};
    const std::string files_ = take_files_at_dale();
    const RealNode hill_node_{nodes_, "hill"};
    ModemWorld modems_{0.1};
    const std::string code_ = code_file(folder_);
    BoxProcess hill_{
        at_hill_, link_to("dale", modems_.port(0), code_, false) + node_of(nodes_, "hill", "dale"),
        "hill.example"};
    BoxProcess dale_{
        at_dale_, link_to("hill", modems_.port(1), code_, true) + node_of(nodes_, "dale", "hill"),
        "dale.example"};
};

TEST_F(TrunkParcels, EachComesOutOnceWhoeverIsKilled) {
    exec("the first");
    ASSERT_TRUE(came("the first")) << all();
    hill_node_.run("file", "-nice 96 " + hill_node_.written(noise(300)) + " dale:note.txt");
    ASSERT_TRUE(
        eventually([&] { return std::filesystem::exists(files_ + "/note.txt"); }, kPatience))
        << all();

    // What is large or has time stays, and the box says so.
    hill_node_.run("file", hill_node_.written("Has time") + " dale:later.txt");
    exec(noise(6000), "-nice 96");
    ASSERT_TRUE(eventually([&] {
        const std::string status = hill_.waypost("status");
        return status.find("1 larger than 4096 bytes for a courier or call") != std::string::npos &&
               status.find("1 of niceness over 160 for a courier or call") != std::string::npos;
    })) << all();
    hill_node_.run("rm", "-node dale -tx");

    exec(noise(2500) + " the second");
    on_the_way();
    restart_both();
    ASSERT_TRUE(came("the second")) << all();

    // The moment it came out, perhaps before hill knows.
    exec("the third");
    ASSERT_TRUE(eventually([&] { return notes_.count("the third") > 0; }, kPatience)) << all();
    restart_both();
    exec("the fourth");
    ASSERT_TRUE(came("the fourth")) << all();
    for (const char* each : {"the first", "the second", "the third", "the fourth"})
        EXPECT_EQ(notes_.count(each), 1) << each << all();
    EXPECT_EQ(notes_.all().size(), 4u);
    EXPECT_FALSE(std::filesystem::exists(files_ + "/later.txt"));
}

TEST_F(TrunkParcels, ASectionThatCarriesNothingIsSaid) {
    const Folder at_moor;
    std::string why;
    try {
        const BoxProcess moor(at_moor, node_of(nodes_, "hill", "dale"), "moor.example");
    } catch (const std::exception& e) {
        why = e.what();
    }
    EXPECT_NE(why.find("trunk.dale carries no packets: there is no such section"),
              std::string::npos)
        << why;
}

}  // namespace
}  // namespace waypost::interop
