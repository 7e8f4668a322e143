// SPDX-License-Identifier: Apache-2.0
// A simulation beside a test, on a thread of its own: it reads typed lines from one descriptor and
// prints lines to another.
#pragma once

#include <functional>
#include <string>
#include <thread>

namespace waypost::interop {

class SimulationThread {
  public:
    // `run` returns at the end of its input; it closes neither.
    explicit SimulationThread(std::function<void(int input, int output)> run);
    ~SimulationThread();  // ends it
    SimulationThread(const SimulationThread&) = delete;
    SimulationThread& operator=(const SimulationThread&) = delete;

    void type(const std::string& line);  // throws: it is gone
    std::string next_line();             // empty: none yet
    bool prints_within(int milliseconds);

  private:
    int typed_ = -1;    // what we write is typed
    int printed_ = -1;  // what it prints we read
    std::string buffer_;
    std::thread thread_;
};

}  // namespace waypost::interop
