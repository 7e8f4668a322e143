// SPDX-License-Identifier: Apache-2.0
// NNCP nodes that know each other, each with a spool of its own, and the courier between them.
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "bridges/nncp/node/make_node.h"
#include "tests/interop/mail/peers.h"

namespace waypost::interop {

class Nodes {
  public:
    // `exec`: what others may run at a node, in the form of nncp: {"city", "sendmail: [...]"}.
    explicit Nodes(const std::vector<std::string>& names,
                   const std::map<std::string, std::string>& exec = {});

    // Puts more into the configuration of a node: "neigh: {hill: {via: [\"relay\"]}}".
    void add(const std::string& name, const std::string& more) const;
    void forget(const std::string& name, const std::string& other) const;
    // An area that `readers` can read; who gets its posts from whom: {"relay", {"hill", "city"}}.
    void add_area(const std::string& area,
                  const std::map<std::string, std::set<std::string>>& subscribers,
                  const std::set<std::string>& readers) const;

    std::string config(const std::string& name) const { return folder_ / (name + ".hjson"); }
    std::string spool(const std::string& name) const { return folder_ / name + "/spool"; }
    int port(const std::string& name) const { return ports_.at(name); }
    nncp::NodeConfig as_read(const std::string& name) const;
    // Where `at` has what is for `other` ("tx") or came from it ("rx"); and those that lie there.
    std::filesystem::path folder(const std::string& at, const std::string& other,
                                 const std::string& way) const;
    std::vector<std::filesystem::path> packets(const std::string& at, const std::string& other,
                                               const std::string& way) const;

  private:
    const Folder folder_;
    std::map<std::string, int> ports_;
};

// Carries a folder between two nodes, again and again, with nncp-xfer of Debian.
class Courier {
  public:
    Courier(const Nodes& nodes, std::string one, std::string other);
    ~Courier();
    Courier(const Courier&) = delete;
    Courier& operator=(const Courier&) = delete;

  private:
    void ride() const;

    const Nodes& nodes_;
    const std::string one_, other_;
    const Folder stick_;
    std::atomic<bool> ends_{false};
    std::thread thread_;
};

}  // namespace waypost::interop
