// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/mail_packets.h"

namespace waypost::nncp {
namespace {

constexpr char kHandle[] = "sendmail";

std::string with_bare_ends(const std::string& mail) {
    std::string out;
    out.reserve(mail.size());
    for (std::size_t i = 0; i < mail.size(); ++i) {
        if (mail[i] == '\r' && i + 1 < mail.size() && mail[i + 1] == '\n') continue;
        out += mail[i];
    }
    return out;
}

}  // namespace

bool may_be_argument(const Address& address) {
    return address.scheme == "mailto" && !address.value.empty() && address.value.front() != '-' &&
           address.value.size() + sizeof kHandle <= kPathBytes;
}

std::vector<std::string> sendmail_words(const OutMail& mail) {
    std::vector<std::string> words{kHandle};
    for (const Address& each : mail.recipients) words.push_back(each.value);
    return words;
}

std::string sendmail_input(const OutMail& mail) {
    return "Return-Path: <" + mail.return_path.value + ">\n" + with_bare_ends(mail.bytes);
}

bool has_room_for(const OutMail& mail, const Address& recipient) {
    std::size_t bytes = sizeof kHandle - 1;
    for (const Address& each : mail.recipients) bytes += 1 + each.value.size();
    return bytes + 1 + recipient.value.size() <= kPathBytes;
}

}  // namespace waypost::nncp
