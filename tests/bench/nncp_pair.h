// SPDX-License-Identifier: Apache-2.0
// Two nodes of NNCP and the processes that work for them, of `./dev bench nncp`.
#pragma once

#include <sys/types.h>

#include "tests/bench/bench.h"

namespace waypost::bench {

struct Cost {
    double seconds = 0;
    double own = 0, resident = 0;  // MiB at the height of one process: RssAnon, and with its files
};

// A program to its end, its memory looked at meanwhile. Throws if it fails.
Cost run(const std::vector<std::string>& words, const std::string& input = "/dev/null");

// Ended with the object, by its id.
class Running {
  public:
    explicit Running(const std::vector<std::string>& words);
    ~Running() { end(); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    void look();  // at its memory
    // Its memory at the height.
    Cost end();

  private:
    pid_t pid_;
    double own_ = 0;
};

// Two nodes, as nncp-cfgnew makes them: what is sent goes from one to the other. With a mail of
// 1 KiB and a large file in their folder.
class NodePair {
  public:
    NodePair(const interop::Folder& folder, std::size_t large);
    std::string config(bool from) const;
    std::string other() const { return to_; }
    std::string file(const std::string& name) const { return folder_ / name; }
    const std::string& where() const { return where_; }  // the other answers calls

    // What lies in the one's queue goes into the other's rx/.
    void carry() const;
    void clear() const;
    std::size_t waiting() const;  // in the one's queue
    void wait_for_server() const;

  private:
    std::string queue() const;
    std::string value(const std::string& node, const std::string& key) const;
    std::string id(const std::string& node) const { return value(node, "id"); }
    std::string publics(const std::string& node) const;
    void write(const std::string& node, const std::string& peer) const;

    const interop::Folder& folder_;
    mutable int used_ = 0;  // clear() was called so often
    const std::string where_ = "127.0.0.1:" + std::to_string(free_port());
    const std::string from_ = "hill", to_ = "dale";
};

}  // namespace waypost::bench
