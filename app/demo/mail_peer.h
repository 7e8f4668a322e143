// SPDX-License-Identifier: Apache-2.0
// The world outside: a small mail server that keeps what comes for Bob and everybody else there,
// and sends what they write to the village. It refuses whom it is told to refuse.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "bridges/email/mime/read_mail.h"
#include "gateway/base/result.h"

namespace waypost::demo {

struct BobsMail {
    std::vector<std::string> to;  // of the envelope
    email::ParsedMail mail;
    std::string reply_to;  // bare address
    std::string whole;     // its text with the signature, which `mail.text` goes without
};

// A mail from the world outside to the village.
struct ToVillage {
    std::string from = "bob@example.org";
    std::string from_name = "Bob";
    std::string to;
    std::string subject;
    std::string text;
    std::vector<std::string> references;
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
    // The same for any mail and whoever got it: quoting it, as mail programs do.
    static Result<void> answer(const BobsMail& mail, const std::string& from,
                               const std::string& name, const std::string& text, int gateway_port);
    // Refused: the gateway did not take it; the text is its reply.
    static Result<void> send(const ToVillage& mail, int gateway_port);

    void refuse(const std::string& address);    // 550 from now on
    void set_open(bool open) { open_ = open; }  // closed: 421 to everybody

  private:
    class Keep;
    void serve();
    void session(int fd);
    bool refuses(const std::string& address) const;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> open_{true};
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<BobsMail> mails_;
    std::set<std::string> refused_;
    std::vector<std::thread> sessions_;  // of the serving thread
    std::thread thread_;
};

}  // namespace waypost::demo
