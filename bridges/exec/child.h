// SPDX-License-Identifier: Apache-2.0
// A program that runs as long as the box does, with three pipes to it. It leads a process group of
// its own, which ends with it. It is watched by a descriptor: no signal handler is touched, and
// nobody else's children are waited for.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "gateway/base/fd.h"
#include "gateway/base/result.h"

namespace waypost::exec {

struct Command {
    std::vector<std::string> words;        // no shell reads them; without a slash it is searched
    std::vector<std::string> environment;  // "NAME=value", nothing else
    std::string folder;                    // where it runs
};

class Child {
  public:
    static Result<Child> start(const Command& command);
    Child(Child&& other) noexcept;
    Child& operator=(Child&&) = delete;
    ~Child();  // killed, if it still runs

    // Ours, which do not block; -1 once it is closed.
    int input() const { return input_.get(); }
    int output() const { return output_.get(); }
    int errors() const { return errors_.get(); }
    int watch() const { return watch_.get(); }  // can be read when it has ended

    void close_input() { input_ = Fd(); }
    void close_output() { output_ = Fd(); }
    void close_errors() { errors_ = Fd(); }
    void signal_group(int signal) const;
    // How it ended, in words; whatever it left behind in its group is killed. It has ended, or
    // waits for that.
    std::string reap();

  private:
    Child(pid_t pid, Fd input, Fd output, Fd errors);
    pid_t pid_;  // 0: it was waited for
    Fd input_, output_, errors_, watch_;
};

}  // namespace waypost::exec
