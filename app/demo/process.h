// SPDX-License-Identifier: Apache-2.0
// Programs beside this one, for the demo and for tests of whole programs. Ended with the object.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace waypost::demo {

// A program with pipes to its standard input and output; its standard error goes to a file.
class Child {
  public:
    Child(const std::string& program, const std::vector<std::string>& arguments,
          const std::string& log);
    ~Child();  // asks it to end, and waits for it
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    void say(const std::string& line);
    // The next whole line it printed, or empty after the timeout or at its end.
    std::string line(std::chrono::milliseconds timeout);
    int out() const { return out_; }
    bool ended() const { return ended_; }  // seen by line()

  private:
    pid_t pid_ = -1;
    int in_ = -1;
    int out_ = -1;
    bool ended_ = false;
    std::string buffer_;
};

}  // namespace waypost::demo
