// SPDX-License-Identifier: Apache-2.0
// read_bounces [--null-sender] FILE...: reads each mail and prints what the box makes of it, one
// JSON object a line. With the option they are taken as sent from <>, else none is.
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "bridges/email/mime/read_mail.h"

namespace {

std::string quoted(const std::string& text) {
    static const char* const kHex = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += std::string("\\u00") + kHex[byte >> 4] + kHex[byte & 15];
        } else {
            out += c;
        }
    }
    return out + '"';
}

const char* name_of(waypost::email::DeliveryReport::Action action) {
    using Action = waypost::email::DeliveryReport::Action;
    switch (action) {
        case Action::Failed:
            return "failed";
        case Action::Delayed:
            return "delayed";
        case Action::Delivered:
            return "delivered";
        case Action::Relayed:
            return "relayed";
    }
    return "";
}

void print(const std::string& file, const waypost::email::DeliveryReport& report) {
    std::cout << "{\"file\": " << quoted(file) << ", \"action\": " << quoted(name_of(report.action))
              << ", \"recipient\": " << quoted(report.recipient.value)
              << ", \"status\": " << quoted(report.status)
              << ", \"diagnostic\": " << quoted(report.diagnostic)
              << ", \"message_id\": " << quoted(report.message_id) << "}\n";
}

}  // namespace

int main(int count, char** files) {
    waypost::email::MailEnvelope envelope;
    for (int i = 1; i < count; ++i) {
        if (std::string(files[i]) == "--null-sender") {
            envelope.null_sender = true;
            continue;
        }
        std::ifstream in(files[i], std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        const auto mail = waypost::email::read_mail(bytes, {}, envelope);
        if (mail.ok() && mail->report) {
            print(files[i], *mail->report);
        } else {
            std::cout << "{\"file\": " << quoted(files[i]) << ", \"action\": \"\"}\n";
        }
    }
}
