// SPDX-License-Identifier: Apache-2.0
// Reads names of files with one mail each from standard input, one a line; for each prints one line
// of JSON: what a radio would get of it. An mbox's "From " line above the mail is left out.
#include <Poco/JSON/Object.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "bridges/email/mime/read_mail.h"

namespace {

std::string read_file(const std::string& name) {
    std::ifstream in(name, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + name);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    std::string mail = bytes.str();
    if (mail.rfind("From ", 0) == 0) mail.erase(0, mail.find('\n') + 1);
    return mail;
}

}  // namespace

int main() {
    for (std::string name; std::getline(std::cin, name);) {
        const auto mail = waypost::email::read_mail(read_file(name));
        Poco::JSON::Object line;
        line.set("file", name);
        if (mail.ok()) {
            line.set("text", mail->text);
            line.set("subject", mail->subject);
            line.set("attachments", mail->attachments.size());
        } else {
            line.set("error", mail.error().text);
        }
        line.stringify(std::cout);
        std::cout << '\n';
    }
}
