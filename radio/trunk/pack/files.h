// SPDX-License-Identifier: Apache-2.0
// Files of models and of their training text.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/base/result.h"

namespace waypost::pack {

class OpenFile {
  public:
    OpenFile(int fd, std::size_t size) : fd_(fd), size_(size) {}
    OpenFile(OpenFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)), size_(other.size_) {}
    OpenFile& operator=(OpenFile&&) = delete;
    ~OpenFile();
    int fd() const { return fd_; }
    std::size_t size() const { return size_; }

  private:
    int fd_;
    std::size_t size_;
};

Result<OpenFile> open_for_reading(const std::filesystem::path& file);
Result<std::string> read_file(const std::filesystem::path& file);

// The whole file or, whenever the power fails, the one before.
Result<void> replace_file(const std::filesystem::path& file, std::string_view bytes);

}  // namespace waypost::pack
