// SPDX-License-Identifier: Apache-2.0
// Deliveries as letters and events of the compact form (post/post.h), and these as the messages
// that they are for the other box.
#pragma once

#include <optional>

#include "bridges/post/post.h"
#include "gateway/transport.h"

namespace waypost::post {

// A report to the address where a box of ours waits for it: nothing that anybody reads.
bool is_event(const Delivery& delivery);
Event event_of(const Delivery& delivery, WallTime now);

// One copy. What came as a mail, is a post of a group or a report that somebody reads stays a mail.
// Error: as mail_bytes_of() (delivery_mail.h).
Result<Letter> letter_of(const Delivery& delivery, Office& office);

// Puts the copies of `letter` to those of the same letter in `batch`, or else the letter behind it.
void add(Batch& batch, Letter letter);

// For one copy of a letter. Without `peer` and `transport`, which the caller knows. Error: its mail
// is none, or goes round.
Result<Message> message_of(const Letter& letter, const Copy& copy, const std::string& own_domain);
Message message_of(const Event& event, const std::string& origin);

// What is told of a copy that this box refuses; status and diagnostic are to be filled in.
Event refusal_of(const Letter& letter, const Copy& copy, WallTime now);
// The enhanced status code (RFC 3463) of a refusal.
const char* status_of(Verdict::Reason reason);
const char* status_of(const Error& why);  // of what cannot be read, or goes round

}  // namespace waypost::post
