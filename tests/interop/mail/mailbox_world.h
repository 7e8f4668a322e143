// SPDX-License-Identifier: Apache-2.0
// A provider with mailboxes (real Dovecot: IMAP, POP3, plus-addresses, a folder for sent mail), its
// submission server (real Postfix), and a box with an account there.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "peers.h"

namespace waypost::interop {

struct MailboxPorts : Ports {
    int imap = free_port();
    int imaps = free_port();
    int pop3s = free_port();
};

class Provider {
  public:
    explicit Provider(const std::string& more = {});

    Folder folder;
    MailboxPorts ports;

    // Into somebody's mailbox; `swaks` may say more.
    void lay_down(const std::string& to, const std::string& subject,
                  const std::string& swaks = {}) const;
    // All mails of a folder, read or not: "" the inbox, ".Sent" and so on.
    std::vector<std::string> mails(const std::string& user, const std::string& in = {}) const;
    // Their files' names.
    std::vector<std::string> files(const std::string& user, const std::string& in = {}) const;
    // [mailbox.post] of village@hill.test by IMAP under TLS; `more` follows.
    std::string account(const std::string& more) const;
    std::string log() const;
    const std::string& conf() const { return dovecot_.conf(); }

  private:
    Dovecot dovecot_;
};

// How often `word` stands in the text.
int count(const std::string& text, const std::string& word);

// Forwards to a port, until it goes silent: then what passes through it now stays open and says
// nothing any more, and new connections are forwarded again. One that is not open yet lets who
// connects wait.
class SilentProxy {
  public:
    explicit SilentProxy(int to, bool open = true);
    ~SilentProxy();
    int port() const { return listening_.port; }
    void open() { open_ = true; }
    void go_silent() { ++silence_; }
    int connections() const { return connections_; }

  private:
    void accept_all();
    void forward(int client, int born);
    int to_;
    Listening listening_;
    std::atomic<bool> stop_{false};
    std::atomic<bool> open_;
    std::atomic<int> silence_{0};
    std::atomic<int> connections_{0};
    std::thread thread_;
    std::vector<std::thread> lines_;
};

}  // namespace waypost::interop
