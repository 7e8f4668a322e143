// SPDX-License-Identifier: Apache-2.0
// The test nodes "village" and "relay" in a folder of their own. Each spool is used by our code and
// by the nncp-* programs in turns.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bridges/nncp/online/online.h"
#include "gateway/base/program.h"

namespace waypost::nncp {

// A program that runs until this goes; its output goes to a file.
class Daemon {
  public:
    Daemon(const std::vector<std::string>& words, const std::string& log);
    ~Daemon();  // ends it, and waits for it
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;
    void kill();  // at once, as when the power goes
    bool running();

  private:
    pid_t pid_ = -1;
};

bool eventually(const std::function<bool()>& is);  // within 20 s

class TwoNodes {
  public:
    TwoNodes();
    ~TwoNodes();
    TwoNodes(const TwoNodes&) = delete;
    TwoNodes& operator=(const TwoNodes&) = delete;

    struct Side {
        std::string name;
        std::filesystem::path folder;
        std::optional<NodeConfig> config;
        std::optional<Spool> spool;
        std::string file() const { return folder.string() + ".hjson"; }
        // Files that were handed out, by name.
        std::size_t incoming() const;
        std::string incoming(const std::string& name) const;
    };
    Side village, relay;  // ours, theirs

    // nncp-file: queued at `from` for the other one.
    void file(Side& from, const std::string& name, const std::string& bytes,
              const std::string& nice = "B");
    // The packets waiting at `side` for the other.
    std::vector<SpoolPacket> waiting(const Side& side) const;
    std::filesystem::path rx(const Side& side) const;  // of the other's packets
    // nncp-toss, or why it failed.
    std::string toss(const Side& side);
    std::string text_of(const SpoolPacket& packet, const Side& side) const;
    const Side& other(const Side& side) const { return &side == &village ? relay : village; }

    std::vector<std::string> daemon_words(const std::string& where) const;  // nncp-daemon of relay
    std::string where() const;  // 127.0.0.1 with a port that is free
    Result<OnlineReport> call(const std::string& address, const OnlineOptions& options);
    Ended nncp_call(const std::string& address, const std::vector<std::string>& more = {});
    std::filesystem::path operator/(const std::string& name) const { return root_ / name; }

    std::atomic<bool> stop{false};
    OnlineHome home() { return {*village.config, *village.spool, stop}; }
    OnlineWatch watch;

  private:
    void make(Side& side, const std::string& name);
    std::filesystem::path root_;
};

}  // namespace waypost::nncp
