// SPDX-License-Identifier: Apache-2.0
// The same deed by `waypost nncp` or by the tools of nncp, on the same node.
#pragma once

#include <string>
#include <vector>

#include "gateway/base/program.h"
#include "tests/unit/bridges/nncp/toss/rx_stage.h"

namespace waypost::nncp {

using Words = std::vector<std::string>;
enum class By { Ours, Theirs };

// A program with this on standard input. Its exit status and what it said on both.
Ended run_tool(Words words, const std::string& input = {});
Ended waypost_nncp(const RxStage& stage, Words words, const std::string& input = {});
Ended real_nncp(const RxStage& stage, const std::string& tool, Words words,
                const std::string& input = {});

// Each expects that it went well.
void queue_mail(By by, const RxStage& from, const std::string& node, const std::string& to,
                const std::string& mail);
void queue_file(By by, const RxStage& from, const std::string& file, const std::string& node,
                const std::string& name);
void ask_for(By by, const RxStage& from, const std::string& node, const std::string& file,
             const std::string& name);
void exchange(By by, const RxStage& node, const std::filesystem::path& directory,
              const Words& more = {});  // "keep", "rx"
void toss(By by, const RxStage& node);
std::size_t waiting(const RxStage& stage, const std::string& node, Way way);

}  // namespace waypost::nncp
