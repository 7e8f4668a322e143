// SPDX-License-Identifier: Apache-2.0
// As much of structured fields (RFC 8941) as signatures and digests are made of: dictionaries whose
// members are byte sequences or lists of strings with parameters. What is read is within limits,
// and what is not needed is refused. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/result.h"

namespace waypost::activitypub {

struct FieldParameter {
    std::string name;
    std::string text;                    // as it is written, "" of a bare name (true)
    std::optional<std::string> string;   // where it is one
    std::optional<std::int64_t> number;  // where it is an integer
};

// ("@method" "date");created=1618884473;keyid="x"
struct StringList {
    std::vector<std::string> items;
    std::vector<FieldParameter> parameters;

    const FieldParameter* find(std::string_view name) const;
    std::string text() const;  // as RFC 8941 section 4.1 writes it
};

// Errors are BadInput. No name comes twice.
Result<std::vector<std::pair<std::string, StringList>>> parse_string_lists(std::string_view field);
Result<std::vector<std::pair<std::string, std::string>>> parse_byte_sequences(
    std::string_view field);

}  // namespace waypost::activitypub
