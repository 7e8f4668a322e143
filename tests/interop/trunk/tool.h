// SPDX-License-Identifier: Apache-2.0
// One run of `waypost trunk ...` with its streams in files. Ended with the object.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace waypost::interop {

class Tool {
  public:
    // Standard input is `input`; output and remarks go to `name`.out and `name`.err.
    Tool(const std::vector<std::string>& arguments, const std::string& name,
         const std::string& input = "/dev/null");
    ~Tool();
    Tool(const Tool&) = delete;
    Tool& operator=(const Tool&) = delete;

    void signal(int number) const;
    // Exit status; -1: it was killed; -2: it still runs after the time.
    int wait(std::chrono::seconds within);
    std::string out() const;
    std::string err() const;

  private:
    std::string name_;
    pid_t pid_ = -1;
    int status_ = -2;
};

}  // namespace waypost::interop
