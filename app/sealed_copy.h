// SPDX-License-Identifier: Apache-2.0
// A folder as one file that only the holders of some keys can read: tar(1), encrypted by age(1), a
// program of its own format (age-encryption.org/v1). To open it, where the secret key is:
// `age -d -i KEY FILE | tar -x`.
#pragma once

#include <string>
#include <vector>

#include "gateway/base/result.h"

namespace waypost {

// BadInput: no recipient, or one that is no public key of age ("age1...", 62 letters and digits).
Result<void> check_recipients(const std::vector<std::string>& recipients);

// FILE is there whole or not at all: it is written beside as .FILE.partial, synced and renamed.
// Waits for both programs, and for the medium. When `stop` can be read both are killed, and nothing
// is left; -1: never.
Result<void> write_sealed_copy(const std::string& folder, const std::string& file,
                               const std::vector<std::string>& recipients, int stop = -1);

}  // namespace waypost
