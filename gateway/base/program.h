// SPDX-License-Identifier: Apache-2.0
// Runs a program to its end, without a shell.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "gateway/base/fd.h"
#include "gateway/base/result.h"

namespace waypost {

struct Program {
    std::vector<std::string> words;        // program and arguments; without a slash it is searched
    std::vector<std::string> environment;  // "NAME=value", nothing else
    int input = -1;                        // what it reads; -1: nothing
    std::chrono::seconds patience{3600};   // then it is killed with its children
    int stop = -1;         // when this can be read it is killed at once; open until wait() returns
    std::string folder{};  // where it runs; empty: where this process does
    int output = -1;  // where its output goes; -1: into `Ended`, as what it says of errors does
};

struct Ended {
    int status = -1;        // of its exit; -1: by a signal, or killed
    std::string output;     // what it said on both, or of errors alone, the first 64 KiB
    bool too_slow = false;  // or it was stopped
};

// One that runs. Its umask is that of this process. What it leaves running in
// the background is not waited for. Its output is read by wait() and first_to_end(): until then it
// may stand still.
class RunningProgram {
  public:
    // An Error: it could not be started. The input may be closed after this.
    static Result<RunningProgram> start(const Program& program);
    RunningProgram(RunningProgram&& other) noexcept;
    RunningProgram& operator=(RunningProgram&&) = delete;
    ~RunningProgram();  // waits

    Ended wait();  // once
    // Which of them has ended, or took too long, before the others: its wait() returns at once.
    // There is at least one, and none that was waited for.
    static std::size_t first_to_end(const std::vector<RunningProgram*>& programs);

  private:
    RunningProgram(pid_t pid, Fd output, const Program& program);
    void read_output();
    pid_t pid_;  // 0: it was waited for
    Fd output_, watch_;
    int stop_;
    bool says_more_ = true;
    std::string said_;
    std::chrono::steady_clock::time_point until_;
};

// Two that run, what the first writes being what the second reads.
struct PipedPrograms {
    RunningProgram from, into;
};
// `from.output` and `into.input` are set here.
Result<PipedPrograms> start_piped(Program from, Program into);

// From its start to its end.
Result<Ended> run_program(const Program& program);

}  // namespace waypost
