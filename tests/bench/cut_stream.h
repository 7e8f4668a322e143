// SPDX-License-Identifier: Apache-2.0
// A line between a component and its server that is cut again and again: after so many letters the
// server's answers stay away, whatever the component still writes is swallowed, and both ends are
// reset. What passed and what was swallowed is counted, so that each repeat can be accounted for.
#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace waypost::bench {

class CutStream {
  public:
    CutStream(int server_port, int letters_each);
    ~CutStream();
    CutStream(const CutStream&) = delete;
    CutStream& operator=(const CutStream&) = delete;

    int port() const { return port_; }
    void hold(bool on) { whole_ = on; }  // true: the line stays from now on
    long cuts() const { return cuts_; }
    long swallowed() const { return swallowed_; }  // letters

  private:
    void serve();
    void carry(int component, int server);

    const int server_port_;
    const int letters_each_;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<bool> stopping_{false}, whole_{false};
    std::atomic<long> cuts_{0}, swallowed_{0};
    std::thread thread_;
};

}  // namespace waypost::bench
