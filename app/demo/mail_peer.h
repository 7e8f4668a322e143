// SPDX-License-Identifier: Apache-2.0
// Bob's side of the demo: a small mail server that keeps what comes, and writes his answers.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bridges/email/mime/read_mail.h"
#include "gateway/base/result.h"

namespace waypost::demo {

struct BobsMail {
    email::ParsedMail mail;
    std::string reply_to;  // bare address
};

class MailPeer {
  public:
    MailPeer();  // binds a free port on loopback
    ~MailPeer();
    MailPeer(const MailPeer&) = delete;
    MailPeer& operator=(const MailPeer&) = delete;

    // Called with whatever comes, as it comes, on a thread of the peer; set it before the first.
    std::function<void(std::string_view)> on_received;
    int port() const { return port_; }
    std::vector<BobsMail> mailbox() const;
    // Waits until there are more than `count` mails; false after the timeout.
    bool wait_for_more(std::size_t count, std::chrono::seconds timeout);
    // Bob answers his newest mail, by SMTP to the gateway on loopback.
    Result<void> answer(const std::string& text, int gateway_port);

  private:
    void serve();
    void session(int fd);
    int listener_ = -1;
    int port_ = 0;
    std::atomic<bool> stopping_{false};
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<BobsMail> mails_;
    std::vector<std::thread> sessions_;  // of the serving thread
    std::thread thread_;
};

}  // namespace waypost::demo
