// SPDX-License-Identifier: Apache-2.0
// The token in a Reply-To address: ana+k7q2m4x9b3c8d6f5@hill.example. Whoever answers to it was
// written to by Ana, so his answer passes from any From address until the token ends.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/secret.h"

namespace waypost {

// 16 characters of base32: the day it ends (16 bits since 1970) and a keyed BLAKE2b over local
// part and day (64 bits). Case does not matter: some mail systems change it.
class ReplyTokens {
  public:
    explicit ReplyTokens(Secret key);  // 32 bytes

    std::string make(std::string_view local_part, std::int64_t last_day) const;
    bool valid(std::string_view local_part, std::string_view token, std::int64_t today) const;

  private:
    std::string mac(std::string_view local_part, std::int64_t last_day) const;
    Secret key_;
};

// "ana+tok" -> {"ana", "tok"}; without "+" the second is empty.
std::pair<std::string, std::string> split_plus(std::string_view local_part);

}  // namespace waypost
