// SPDX-License-Identifier: Apache-2.0
// A relay on loopback that misbehaves as it is told, and keeps what it took.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace waypost::interop {

class BadRelay {
  public:
    enum class Mood {
        Good,
        Closed,         // 421 instead of a greeting
        Greylist,       // 450 to every recipient
        DropAfterData,  // hangs up instead of 354
        DropAfterDot,   // takes the mail and hangs up instead of 250
        Stuck           // takes the mail and says nothing
    };
    BadRelay();
    ~BadRelay();
    BadRelay(const BadRelay&) = delete;
    BadRelay& operator=(const BadRelay&) = delete;

    void feels(Mood mood) { mood_ = mood; }
    void say_yes_to_the_stuck();
    int port() const { return port_; }
    int connections() const { return connections_; }  // so far
    // Every mail that came whole, in order; also those that it gave no answer to.
    std::vector<std::string> mails() const;

  private:
    void serve();
    void session(int fd);
    std::atomic<Mood> mood_{Mood::Good};
    std::atomic<int> connections_{0};
    std::atomic<bool> stopping_{false};
    int listener_ = -1;
    int port_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> mails_;
    std::vector<int> stuck_;
    std::vector<int> open_;              // for the end
    std::vector<std::thread> sessions_;  // of the serving thread
    std::thread thread_;
};

}  // namespace waypost::interop
