// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost {

// A password or key in memory: wiped when it goes (sodium_memzero), cannot be printed or copied.
class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string bytes) : bytes_(std::move(bytes)) {}
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    std::string_view reveal() const { return bytes_; }
    bool empty() const { return bytes_.empty(); }

  private:
    void wipe() noexcept;
    std::string bytes_;
};

// Reads a secret from a file of mode 0600 or stricter; a final newline is not part of it.
Result<Secret> read_secret_file(const std::string& path);

}  // namespace waypost
