// SPDX-License-Identifier: Apache-2.0
// Bodies too large to keep inline: one file each in a folder beside the store.
#pragma once

#include <istream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gateway/base/random.h"
#include "gateway/transport.h"

namespace waypost::store {

// Thread-safe. A body's file and the folder are synced before finish() returns, so the commit that
// names the file never names one that a power cut could empty.
class Bodies {
  public:
    // Makes the folder (mode 0700) if it is missing; throws std::runtime_error if that fails.
    Bodies(std::string folder, Random& random, bool sync);

    std::unique_ptr<BodyWriter> make();
    Result<std::unique_ptr<std::istream>> open(const Body& body) const;
    void remove(const std::string& file);
    // At start: files that no message names (a crash between finish and commit) go. How many.
    std::size_t sweep(const std::set<std::string>& named);
    // Copies all that are finished into a new folder, synced with all else on that disk.
    Result<void> copy_to(const std::string& folder) const;
    const std::string& folder() const { return folder_; }
    // Bytes free on the disk that holds the folder.
    std::uint64_t free_bytes() const;

  private:
    std::string folder_;
    Random& random_;
    bool sync_;
};

}  // namespace waypost::store
