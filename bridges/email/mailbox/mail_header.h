// SPDX-License-Identifier: Apache-2.0
// The header of a mail as fields (RFC 5322 2.2), and what of it tells for whom the mail is. Pure;
// hostile input is expected: what is too much is not looked at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/message/address.h"

namespace waypost::email {

struct HeaderField {
    std::string name;   // lower case
    std::string value;  // unfolded, still encoded
};

// Up to the empty line that ends it; at most 500 fields of at most 16 KiB each.
std::vector<HeaderField> read_fields(std::string_view mail);

// What a mail says of its way here and of its readers.
struct MailHeader {
    std::vector<Address> delivered_to;     // Delivered-To, X-Original-To, ...: topmost first
    std::vector<Address> named;            // To, then Cc
    std::vector<std::string> answers;      // In-Reply-To, then References, newest first; with <>
    std::string subject;                   // decoded
    std::optional<Address> envelope_from;  // Return-Path; nullopt: <>, the null sender
    bool report = false;                   // multipart/report: says what became of a mail
    std::int64_t received = 0;             // topmost Received, else Date; Unix seconds; 0: not said
};

MailHeader read_mail_header(std::string_view mail);

}  // namespace waypost::email
