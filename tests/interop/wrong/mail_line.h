// SPDX-License-Identifier: Apache-2.0
// An SMTP client that sends whatever it is given, byte by byte as it stands.
#pragma once

#include <string>

namespace waypost::interop {

class MailLine {
  public:
    explicit MailLine(int port);  // connects, reads the greeting; throws if nobody answers
    ~MailLine();
    MailLine(const MailLine&) = delete;
    MailLine& operator=(const MailLine&) = delete;

    // Sends the line; the last line of the answer, "250 2.1.0 ok".
    std::string ask(const std::string& line);
    // Sends without reading; false once the other side hung up.
    bool send(const std::string& bytes);
    std::string read_reply();  // empty: the other side hung up
    // EHLO, envelope and DATA from bob@x.test to ana@village.test; then send() the mail.
    void begin_mail();
    std::string end_mail() { return ask("\r\n."); }

  private:
    int fd_;
    std::string buffer_;
};

}  // namespace waypost::interop
