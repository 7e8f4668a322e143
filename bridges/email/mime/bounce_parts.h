// SPDX-License-Identifier: Apache-2.0
// What is found in a line of a bounce: addresses, reply codes, enhanced status codes. Every search
// is linear in its text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/message/address.h"

namespace waypost::email {

// The text up to the next line end (LF, CRLF or CR alone), which is taken off the front of `rest`.
std::string_view take_line(std::string_view& rest);

struct FoundAddress {
    Address address;
    std::size_t begin = 0;  // in the text searched, without what stands around it
    std::size_t end = 0;
};
// The first mail address at or after `from`, in whatever brackets, quotes or X.400 it stands.
std::optional<FoundAddress> find_address(std::string_view text, std::size_t from = 0);

// Where a reply of class 4 or 5 begins ("550 5.1.1 ...", "550-5.7.1"); npos: nowhere.
std::size_t find_reply(std::string_view text);
// The first enhanced status code (RFC 3463) of class 2, 4 or 5; no version and no IP address.
std::string find_status(std::string_view text);
// 5.0.0: it says no more than that it failed.
bool is_vague(std::string_view status);

// The value of a header field in a block of them, unfolded (RFC 5322 2.2.3); empty if it is not
// there.
std::string field(std::string_view block, std::string_view name);
// "<id@host>" in a value; empty if there is none or it is too long.
std::string bare_id(std::string_view value);

}  // namespace waypost::email
