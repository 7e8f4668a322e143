// SPDX-License-Identifier: Apache-2.0
// Any program as a transport: it is started, kept running, and spoken with by lines of JSON on its
// standard input and output. doc/exec.md has the protocol.
//
// Threads: one, which starts the program, reads and writes its pipes and waits for its end.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "bridges/exec/child.h"
#include "bridges/exec/line_cutter.h"
#include "bridges/exec/session.h"
#include "gateway/base/fd.h"
#include "gateway/transport.h"
#include "gateway/transport_kind.h"

namespace waypost::exec {

struct ExecOptions {
    Command command;
    std::string scheme;
    std::string folder{};  // in which files pass; empty: none do
    Originals originals{};
    std::chrono::milliseconds report_within{600'000};
    std::chrono::milliseconds hello_within{10'000};
    std::chrono::milliseconds first_pause{1'000};   // before it is started again; doubles
    std::chrono::milliseconds most_pause{300'000};  // up to this
    std::chrono::milliseconds long_run{60'000};     // after one of this, the first again
    std::chrono::milliseconds end_within{5'000};    // once its input is closed, then SIGTERM
    std::chrono::milliseconds term_within{2'000};   // after that, SIGKILL
    std::chrono::milliseconds read_within{60'000};  // what is written to it
};

class ExecTransport final : public Transport {
  public:
    ExecTransport(TransportId id, ExecOptions options);
    ~ExecTransport() override;

    const TransportId& id() const override { return id_; }
    // Programs of one scheme are instances of one network.
    const std::string& network() const override { return options_.scheme; }
    const std::string& scheme() const override { return options_.scheme; }
    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override;
    Status status() const override;
    bool up() const override;
    std::optional<int> reach(const Address& to) const override;
    void stop() override;
    void give_back() override;

  private:
    using Steady = std::chrono::steady_clock;

    std::shared_ptr<Session> session() const;
    void run();
    std::string run_once(Child& child);
    std::string serve(Child& child);
    void finish(Child& child, bool at_once);
    bool wait_for_end(Child& child, std::chrono::milliseconds most);
    bool exchange(Child& child, Steady::time_point until);
    void read_lines(Child& child);
    void take_lines();
    bool may_take() const;
    bool has_unwritten() const;
    void read_errors(Child& child);
    bool write_lines(Child& child);
    bool is_stuck();
    void wake();
    bool stopping() const;
    bool pause(std::chrono::milliseconds time);
    void say_why(std::string why);

    const TransportId id_;
    const ExecOptions options_;
    std::shared_ptr<Session> session_;  // written once, under mutex_
    std::shared_ptr<Fd> wake_;
    std::thread thread_;
    LineCutter lines_{kMostLineBytes}, errors_{kMostLineBytes};  // of this run; the thread's

    mutable std::mutex mutex_;  // of all below
    bool stopping_ = false;
    std::string unwritten_;
    Steady::time_point moved_{};  // when it was empty, or the program read some of it
    std::string why_;
    std::uint64_t starts_ = 0;
};

// `originals`: of other networks, of whose messages a program gets the files.
TransportKind exec_kind(Originals originals = {});

}  // namespace waypost::exec
