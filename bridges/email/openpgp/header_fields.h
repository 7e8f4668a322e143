// SPDX-License-Identifier: Apache-2.0
// A mail's header taken apart without changing a byte of it (RFC 5322 2.2): for putting the
// protected header of a decrypted mail where it belongs, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waypost::email::openpgp {

struct HeaderField {
    std::string name;      // lower case
    std::string_view raw;  // with its folds and its line end

    std::string value() const;  // unfolded, trimmed
};

// Views into the mail, which outlives it. Either kind of line end; a line that is no field belongs
// to nothing and goes. At most kMostFields are looked at.
struct SplitMail {
    std::vector<HeaderField> fields;
    std::string_view body;

    // Of the first field of that name, given in lower case; empty if there is none.
    std::string value(std::string_view name) const;
    bool has(std::string_view name) const;
};

constexpr std::size_t kMostFields = 1000;

SplitMail split_mail(std::string_view mail);

}  // namespace waypost::email::openpgp
