// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/node/node_config.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace waypost::nncp {
namespace {

std::string vector_file(const std::string& name) {
    return std::string(WAYPOST_TEST_DATA "/nncp/") + name;
}

std::string text_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string changed(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(NodeConfigTest, ReadsTheNodesOfTheVectors) {
    for (const char* name : {"village", "relay", "city"}) {
        const auto config = read_node_config(vector_file(std::string(name) + ".hjson"));
        ASSERT_TRUE(config.ok()) << config.error().text;
        ASSERT_TRUE(config->self);
        EXPECT_EQ(config->spool, "/TEST/" + std::string(name) + "/spool");
        EXPECT_EQ(config->find("self")->id, config->self->id);
        EXPECT_EQ(config->self->signing.reveal().size(), 64u);
        EXPECT_EQ(config->by_id(config->self->id)->name, "self");
    }
}

TEST(NodeConfigTest, KnowsWhatANeighbourMayDo) {
    const auto config = read_node_config(vector_file("city.hjson"));
    ASSERT_TRUE(config.ok()) << config.error().text;
    const Node* village = config->find("village");
    ASSERT_NE(village, nullptr);
    EXPECT_EQ(village->exec.at("rmail"), std::vector<std::string>{"/TEST/city/fakermail"});
    EXPECT_EQ(village->incoming, "/TEST/city/incoming");
    EXPECT_EQ(village->freq_path, "/TEST/city/freq");
    EXPECT_EQ(village->online_deadline, std::chrono::seconds(3));
    EXPECT_EQ(config->find(to_base32(village->id)), village);
    const auto hops = config->hops(*village);
    ASSERT_TRUE(hops.ok());
    ASSERT_EQ(hops->size(), 1u);
    EXPECT_EQ(hops->front()->addresses.at("lo"), "127.0.0.1:5442");
    EXPECT_EQ(config->find("nobody"), nullptr);
}

TEST(NodeConfigTest, ReadsEveryField) {
    const auto config = parse_node_config(text_of(vector_file("every-field.hjson")));
    ASSERT_TRUE(config.ok()) << config.error().text;
    EXPECT_EQ(config->mask, 022u);
    EXPECT_TRUE(config->no_progress);
    EXPECT_TRUE(config->no_headers);
    EXPECT_EQ(config->discovery_listen, std::vector<std::string>{".*"});
    EXPECT_EQ(config->discovery_send.at(".*"), std::chrono::seconds(10));
    EXPECT_EQ(config->notify_file->to, "user+file@example.com");
    EXPECT_EQ(config->notify_freq->from, "nncp@localhost");
    EXPECT_EQ(config->notify_exec.at("*.anotherhandle").to, "user+anotherhandle@example.com");
    const Node* alice = config->find("alice");
    ASSERT_NE(alice, nullptr);
    EXPECT_EQ(alice->freq_chunk, 1024u * 1024);
    EXPECT_EQ(alice->freq_minsize, 2048u * 1024);
    EXPECT_EQ(alice->freq_maxsize, 4096u * 1024);
    EXPECT_EQ(alice->receive_rate, 10);
    EXPECT_EQ(alice->transmit_rate, 20);
    EXPECT_EQ(alice->online_deadline, std::chrono::seconds(1800));
    EXPECT_EQ(alice->max_online, std::chrono::seconds(3600));
    EXPECT_EQ(alice->addresses.at("lan"), "[fe80::1234%igb0]:5400");
    ASSERT_EQ(alice->calls.size(), 1u);
    const Call& call = alice->calls.front();
    EXPECT_EQ(call.cron, "*/2 * * * *");
    EXPECT_EQ(call.nice, 106);
    EXPECT_TRUE(call.receive);
    EXPECT_FALSE(call.transmit);
    EXPECT_EQ(call.address, "lan");
    EXPECT_TRUE(call.when_tx_exists && call.check_later && call.ignore_discovery);
    EXPECT_TRUE(call.toss && call.toss_seen && call.no_file && call.no_ack);
    EXPECT_EQ(call.transmit_rate, 20);
    const Area* news = config->find_area("news");
    ASSERT_NE(news, nullptr);
    EXPECT_EQ(config->area(news->id), news);
    EXPECT_EQ(news->exchange->reveal().size(), 32u);
    EXPECT_EQ(news->subscribers, std::vector<std::string>{"alice"});
    EXPECT_EQ(news->exec.at("sendmail").size(), 2u);
    EXPECT_TRUE(news->allow_unknown);
}

TEST(NodeConfigTest, SaysLineAndKey) {
    const std::string good = text_of(vector_file("city.hjson"));
    const struct {
        const char *from, *to, *says;
    } kCases[] = {
        {"spool: \"/TEST", "spool: \"TEST", "line 3: spool: has to be an absolute path"},
        {"spool:", "spoool:", "spool: is missing"},
        {"noprogress: true", "noprogress: 1\n", "noprogress: expected true or false"},
        {"id: \"32V", "id: \"42V", "line 6: self: id does not belong to signpub"},
        {"signprv: \"V2N", "signprv: \"V3N", "self: signprv does not belong to signpub"},
        {"exchprv: \"NIJQ", "exchprv: \"NIJA", "self: exchprv does not belong to exchpub"},
        {"noiseprv: \"6MHJ", "noiseprv: \"6MHA", "self: noiseprv does not belong to noisepub"},
        {"id: \"PNQU", "id: \"PNQ\" # ", "neigh.village.id: expected 52 letters"},
        {"id: \"PNQU", "id: \"QNQU", "neigh.village: id does not belong to signpub"},
        {"via: [\"relay\"]", "via: [\"rely\"]", "neigh.village.via: names 'rely'"},
        {"onlinedeadline: 3", "onlinedeadline: 0", "neigh.village.onlinedeadline: at least 1"},
        {"sendmail: [\"/TEST/city/fakesendmail\"]", "sendmail: /usr/sbin/sendmail",
         "neigh.village.exec.sendmail: expected a program"},
        {"incoming: \"/TEST", "incoming: \"../TEST", "neigh.village.incoming: has to be"},
        {"  self: {\n   id:", "  selfish: {\n   id:", "neigh.self: is missing"},
    };
    for (const auto& [from, to, says] : kCases) {
        const auto config = parse_node_config(changed(good, from, to));
        ASSERT_FALSE(config.ok()) << to;
        EXPECT_NE(config.error().text.find(says), std::string::npos) << config.error().text;
        EXPECT_EQ(config.error().text.rfind("line ", 0), 0u) << config.error().text;
    }
}

class FileTest : public ::testing::Test {
  protected:
    FileTest() {
        std::filesystem::copy_file(vector_file("city.hjson"), file_);
        ::chmod(file_.c_str(), 0600);
    }
    ~FileTest() override { std::filesystem::remove_all(folder_); }
    std::string folder_ = [] {
        std::string name = testing::TempDir() + "nncp-node-XXXXXX";
        return std::string(::mkdtemp(name.data()));
    }();
    std::string file_ = folder_ + "/city.hjson";
};

TEST_F(FileTest, SaysWhenOthersMayReadSecrets) {
    EXPECT_FALSE(read_node_config(file_)->open_to_others);
    ::chmod(file_.c_str(), 0640);
    EXPECT_TRUE(read_node_config(file_)->open_to_others);
}

TEST_F(FileTest, TheEnvironmentWins) {
    ::setenv("NNCPSPOOL", "/elsewhere", 1);
    ::setenv("NNCPCFG", file_.c_str(), 1);
    const auto config = read_node_config("");
    ::unsetenv("NNCPSPOOL");
    ::unsetenv("NNCPCFG");
    ASSERT_TRUE(config.ok()) << config.error().text;
    EXPECT_EQ(config->spool, "/elsewhere");
}

TEST_F(FileTest, SaysWhatItDoesNotRead) {
    EXPECT_EQ(read_node_config(folder_ + "/none").error().code, Code::NotFound);
    EXPECT_EQ(read_node_config(folder_).error().code, Code::Refused);
    std::ofstream(file_) << "NNCPB";
    EXPECT_NE(read_node_config(file_).error().text.find("encrypted"), std::string::npos);
    std::ofstream(file_) << "{spool: 1";
    EXPECT_NE(read_node_config(file_).error().text.find("city.hjson: line 1"), std::string::npos);
    std::ofstream(file_) << std::string(2'000'000, ' ');
    EXPECT_EQ(read_node_config(file_).error().code, Code::TooLarge);
}

}  // namespace
}  // namespace waypost::nncp
