// SPDX-License-Identifier: Apache-2.0
// The village's Postfix and Dovecot, run from exactly what `waypost mail-server write` wrote, and a
// mail program that uses them.
#pragma once

#include <string>
#include <vector>

#include "peers.h"

namespace waypost::interop {

struct VillagePorts {
    int submission = free_port();
    int submissions = free_port();
    int imap = free_port();
    int imaps = free_port();
    int outside = free_port();
    int mailbox = free_port();
    int smtp = free_port();  // the box's, for Postfix
    int lmtp = free_port();  // likewise
    // [email.village] and [mailserver.box]; `more` belongs to the former.
    std::string toml(const std::string& more = {}) const;
};

class VillageServers {
  public:
    // `config`: of a box that may run or not. Writes the files; throws if that fails.
    VillageServers(std::string folder, const std::string& config, const VillagePorts& ports);
    ~VillageServers();
    VillageServers(const VillageServers&) = delete;
    VillageServers& operator=(const VillageServers&) = delete;

    const std::string& written() const { return written_; }  // what the command said
    void start_dovecot() const;
    void stop_dovecot() const;
    void flush() const;  // Postfix tries at once what it has
    std::string log() const;

  private:
    const std::string folder_;
    std::string written_;
};

struct Said {
    bool good = false;
    std::string text;  // of `send`: the Message-ID; else what the server said
};

// tests/interop/mail/mail_program.py
class MailProgram {
  public:
    // `source`: the address that it calls from.
    MailProgram(const VillagePorts& ports, std::string user, std::string password,
                std::string source = "127.0.0.1")
        : ports_(ports),
          user_(std::move(user)),
          password_(std::move(password)),
          source_(std::move(source)) {}
    // By STARTTLS; `headers`: more of them or others, "Subject=hello".
    Said send(const std::string& from, const std::string& to, const std::string& text,
              const std::vector<std::string>& headers = {}) const;
    Said send_by_tls(const std::string& from, const std::string& to, const std::string& text) const;
    // Any server and way: "starttls", "tls", "plain". Without a user nobody signs in.
    Said send(int port, const std::string& security, const std::string& from, const std::string& to,
              const std::string& text, const std::vector<std::string>& headers) const;
    Said read() const;  // all mails of INBOX, by IMAP under TLS
    Said read_by_starttls() const;
    int count(const std::string& words) const;  // how often they stand in INBOX

  private:
    Said run(const std::vector<std::string>& arguments, const std::string& input) const;
    const VillagePorts& ports_;
    const std::string user_;
    const std::string password_;
    const std::string source_;
};

}  // namespace waypost::interop
