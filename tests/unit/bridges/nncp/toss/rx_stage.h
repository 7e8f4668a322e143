// SPDX-License-Identifier: Apache-2.0
// One of the test nodes in a folder of its own, with packets in its spool to be tossed.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "bridges/nncp/spool/outbox.h"
#include "bridges/nncp/toss/local_handlers.h"
#include "bridges/nncp/toss/toss.h"
#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::nncp {

struct ProgramRun {
    std::string arguments, environment, input;  // words by line; sorted lines; as they are
};

class RxStage {
  public:
    // "relay"; `edit` may change its configuration before it is used.
    explicit RxStage(const std::string& node, void (*edit)(NodeConfig&) = nullptr);
    ~RxStage();
    RxStage(const RxStage&) = delete;
    RxStage& operator=(const RxStage&) = delete;

    NodeConfig& config() { return config_; }
    // As a file, for the real tools, which know nothing of `edit`.
    std::string config_file() const { return (root_ / (node_ + ".hjson")).string(); }
    const Spool& spool() const { return *spool_; }
    std::filesystem::path operator/(const std::string& name) const { return root_ / node_ / name; }

    // Into rx/ of `from`, under the name the vector has or the one its bytes have.
    SpoolPacket put(const Vector& vector);
    SpoolPacket put(const std::string& bytes, const std::string& from = "village");
    // Sealed by `from` for this node.
    SpoolPacket put(const PlainHeader& plain, const std::string& payload,
                    const std::string& from = "village", Nice nice = 96);

    TossCounts toss(TossOptions options = {});
    TossCounts toss(Handlers& handlers, TossOptions options = {});
    const std::vector<Tossed>& told() const { return told_; }  // by the last toss
    const std::vector<std::string>& said() const { return said_; }
    const Tossed* told_of(const SpoolPacket& packet) const;

    bool in_rx(const SpoolPacket& packet) const;
    bool put_aside(const SpoolPacket& packet) const;
    std::string why(const SpoolPacket& packet) const;  // of quarantine
    // Runs of the programs of the configuration, in order. `status`: how they end from now on.
    std::vector<ProgramRun> runs(const std::string& program = "fakesendmail") const;
    void let_programs_end_with(int status);
    // Every file below a folder of the node, by its path there.
    std::map<std::string, std::string> files(const std::string& folder) const;
    std::vector<std::string> queued_for(const std::string& node) const;  // bytes of the packets
    void write(const std::string& file, const std::string& bytes) const;

  private:
    void write_program(const std::string& name) const;
    std::string node_;
    std::filesystem::path root_;
    NodeConfig config_;
    std::optional<Spool> spool_;
    std::vector<Tossed> told_;
    std::vector<std::string> said_;
};

// What `seal` makes with the test keys.
std::string sealed(const std::string& from, const std::string& to, const PlainHeader& plain,
                   const std::string& payload, Nice nice = 96);
std::string path_of_id(const std::string& node);  // 32 raw bytes
std::string packed(const std::string& text);      // zstd
std::string slurp(const std::filesystem::path& file);

}  // namespace waypost::nncp
