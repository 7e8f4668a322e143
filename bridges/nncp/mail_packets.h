// SPDX-License-Identifier: Apache-2.0
// Mails for nodes of the plain kind: the handle sendmail with the recipients as arguments, or one
// batch SMTP stream for the handle rsmtp. Pure.
#pragma once

#include <string>
#include <vector>

#include "bridges/nncp/packet/header.h"
#include "gateway/message/address.h"

namespace waypost::nncp {

struct OutMail {
    Address return_path;  // empty: the null sender
    std::vector<Address> recipients;
    std::string bytes;  // RFC 5322, CR LF
};

// Whether `address` may stand as an argument of a program: an option is none.
bool may_be_argument(const Address& address);

// "sendmail" and its recipients.
std::vector<std::string> sendmail_words(const OutMail& mail);
// Return-Path before the mail, lines ended by LF as programs of this machine expect.
std::string sendmail_input(const OutMail& mail);
// Whether `mail` can go to this recipient too: the words stay within the 255 bytes of a packet.
bool has_room_for(const OutMail& mail, const Address& recipient);

}  // namespace waypost::nncp
