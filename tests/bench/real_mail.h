// SPDX-License-Identifier: Apache-2.0
// The ham and spam sets as mails to send, and a client that sends them.
#pragma once

#include <string>
#include <vector>

namespace waypost::bench {

// Fetches the set if it is not there yet; in the order of their names, without the mbox line.
std::vector<std::string> real_mails();
std::vector<std::string> spam_mails();  // likewise, the spam of the same package

inline constexpr char kWriter[] = "writer@hill.test";
inline constexpr char kAuthserv[] = "mx.hill.test";

// A mail under another Message-ID, from the same name at one known and proven address, and without
// what lists add so that nobody answers them (List-*, Precedence): mail of strangers and of lists
// waits until it is asked for.
std::string as_if_personal(const std::string& mail, const std::string& message_id);

// One SMTP connection on loopback; throws if a mail is not taken.
class SmtpFeeder {
  public:
    explicit SmtpFeeder(int port);
    ~SmtpFeeder();
    SmtpFeeder(const SmtpFeeder&) = delete;
    SmtpFeeder& operator=(const SmtpFeeder&) = delete;
    void send(const std::string& to, const std::string& mail,
              const std::string& from = "bob@hill.test");

  private:
    void say(const std::string& bytes);
    void expect(char first);  // of one reply

    int fd_ = -1;
    std::string read_;
};

}  // namespace waypost::bench
