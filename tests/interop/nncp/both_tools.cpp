// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/nncp/both_tools.h"

#include <gtest/gtest.h>

namespace waypost::nncp {
namespace {

void good(const Ended& ended) { EXPECT_EQ(ended.status, 0) << ended.output; }

}  // namespace

Ended run_tool(Words words, const std::string& input) {
    Content content(std::filesystem::temp_directory_path(), 64'000'000);
    EXPECT_TRUE(
        content.write({reinterpret_cast<const std::uint8_t*>(input.data()), input.size()}).ok());
    const std::string name = words.front();
    const auto ended = run_program({std::move(words), {"NNCPNOSYNC=1"}, *content.descriptor()});
    EXPECT_TRUE(ended.ok()) << name;
    return ended.ok() ? *ended : Ended();
}

Ended waypost_nncp(const RxStage& stage, Words words, const std::string& input) {
    const Words start{WAYPOST_BIN "/waypost", "nncp", "--nncp-config", stage.config_file()};
    words.insert(words.begin(), start.begin(), start.end());
    return run_tool(std::move(words), input);
}

Ended real_nncp(const RxStage& stage, const std::string& tool, Words words,
                const std::string& input) {
    const Words start{"nncp-" + tool, "-quiet", "-cfg", stage.config_file()};
    words.insert(words.begin(), start.begin(), start.end());
    return run_tool(std::move(words), input);
}

void queue_mail(By by, const RxStage& from, const std::string& node, const std::string& to,
                const std::string& mail) {
    good(by == By::Ours ? waypost_nncp(from, {"pack", "exec", node, "sendmail", to}, mail)
                        : real_nncp(from, "exec", {node, "sendmail", to}, mail));
}

void queue_file(By by, const RxStage& from, const std::string& file, const std::string& node,
                const std::string& name) {
    const std::string target = node + ':' + name;
    good(by == By::Ours ? waypost_nncp(from, {"pack", "file", file, target})
                        : real_nncp(from, "file", {file, target}));
}

void ask_for(By by, const RxStage& from, const std::string& node, const std::string& file,
             const std::string& name) {
    const std::string target = node + ':' + file;
    good(by == By::Ours ? waypost_nncp(from, {"pack", "freq", target, name})
                        : real_nncp(from, "freq", {target, name}));
}

void exchange(By by, const RxStage& node, const std::filesystem::path& directory,
              const Words& more) {
    Words words = by == By::Ours ? Words{"xfer", "--mkdir"} : Words{"-mkdir"};
    for (const std::string& each : more) words.push_back((by == By::Ours ? "--" : "-") + each);
    words.push_back(directory.string());
    good(by == By::Ours ? waypost_nncp(node, words) : real_nncp(node, "xfer", words));
}

void toss(By by, const RxStage& node) {
    good(by == By::Ours ? waypost_nncp(node, {"toss"}) : real_nncp(node, "toss", {}));
}

std::size_t waiting(const RxStage& stage, const std::string& node, Way way) {
    const auto packets = stage.spool().list(test_keys().at(node).id, way);
    EXPECT_TRUE(packets.ok());
    return packets->size();
}

}  // namespace waypost::nncp
