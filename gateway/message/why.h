// SPDX-License-Identifier: Apache-2.0
// Why a message did not go, or waits: the reasons that a person is told in his own language. On
// record, in a delivery's detail and in the trace, stand their English words; `why_of` reads them
// back. What another server said in words of its own is none of these.
#pragma once

#include <string>
#include <string_view>

namespace waypost {

enum class Why {
    Unknown,
    NoAddress,
    NoDomain,
    Closed,     // the mailbox
    Full,       // the mailbox
    TooLarge,   // for the other side
    RadioSize,  // too large for a radio
    Loop,
    Time,  // not reached in time
    Spam,
    Policy,
    Refused,
    Left,       // its recipient is no person here any more
    ComesBack,  // the address leads back to this box
    NoConsent,  // held, from here on
    Automatic,
    Paused,
    NoWay,
    NotApproved,
    Operator,
};

// Its English words: "mailbox full". More may follow them on record, behind a colon.
const char* to_string(Why why);

// What it is called in the catalogues, behind "why_": "full".
const char* name(Why why);

// By the words on record, else by an enhanced status code (RFC 3463) at the end of `code`, as in
// "550 5.2.2".
Why why_of(std::string_view code, std::string_view detail);

// What an enhanced status code says exactly (RFC 3463 sections 3.2-3.5, and 5.4.14 and 5.4.3xx of
// Exchange Online); and what is left to say by its first two numbers. Unknown: nothing.
Why why_of_status(std::string_view status);
Why why_of_class(std::string_view status);

}  // namespace waypost
