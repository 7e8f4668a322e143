// SPDX-License-Identifier: Apache-2.0
// Encrypted copies of a box, of this one or of another, that lie on it or on a stick, and going
// back to one of them. Implemented by the daemon. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/base/secret.h"

namespace waypost {

struct SealedCopy {
    std::string folder;       // its full path
    std::string name;         // the file in it
    std::int64_t at_ms = 0;   // of the file, as the clock was
    std::uint64_t bytes = 0;  // encrypted
};

class SealedCopies {
  public:
    virtual ~SealedCopies() = default;
    // Folder by folder, in each the newest first by its number.
    virtual std::vector<SealedCopy> all() const = 0;
    // Opens it, which may take minutes, and has the gateway closed and opened with it. Else the
    // store stays as it is. `key`: as its owner typed or pasted it; it is nowhere kept. BadInput:
    // that is no key; Refused: it is another copy's; Conflict: the copy is damaged, or no box's;
    // NotFound; Full; Busy: one is opened just now.
    virtual Result<void> restore(const std::string& folder, const std::string& name,
                                 const Secret& key) = 0;
};

}  // namespace waypost
