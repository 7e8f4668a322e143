// SPDX-License-Identifier: Apache-2.0
// A node that nothing runs but Debian's nncp-* programs, and a sendmail that keeps what it is
// given.
#pragma once

#include <string>
#include <vector>

#include "nodes.h"

namespace waypost::interop {

// One file for each run: a line with its arguments, then its standard input.
class KeptMail {
  public:
    KeptMail();
    std::string program() const { return folder_ / "sendmail"; }
    std::vector<std::string> all() const;
    int count(const std::string& words) const;  // the runs that got them

  private:
    const Folder folder_;
};

class RealNode {
  public:
    RealNode(const Nodes& nodes, std::string name) : nodes_(nodes), name_(std::move(name)) {}

    // nncp-TOOL with these arguments: what it said. Throws where it fails.
    std::string run(const std::string& tool, const std::string& arguments) const;
    void toss(const std::string& more = {}) const;
    // From `from`, by nncp-exec; `to`: "hill sendmail ana@hill.example".
    void mail(const std::string& to, const std::string& from, const std::string& text) const;
    void exec(const std::string& to, const std::string& input) const;
    // A file with these bytes, for run().
    std::string written(const std::string& bytes) const;
    // By nncp-file; `to`: "hill:ana/notes.txt".
    void file(const std::string& to, const std::string& bytes) const;
    // Its packets for another node, by a folder or by a stream.
    void carry_to(const std::string& other) const;
    void bundle_to(const std::string& other) const;
    std::string command(const std::string& tool) const;

  private:
    const Nodes& nodes_;
    const std::string name_;
    const Folder folder_;
};

}  // namespace waypost::interop
