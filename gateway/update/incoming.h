// SPDX-License-Identifier: Apache-2.0
// A bundle on its way into the folder where the image's side looks for one. It is seen there when
// it is whole and on disk. One thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "gateway/base/fd.h"
#include "gateway/base/result.h"

namespace waypost {

class IncomingBundle {
  public:
    // `from`: where it comes from, one line. Full: the disk has no room for it and `keep_free`.
    static Result<IncomingBundle> begin(const std::filesystem::path& folder, std::uint64_t bytes,
                                        std::string from, std::uint64_t keep_free);

    std::uint64_t there() const { return there_; }
    std::uint64_t bytes() const { return bytes_; }
    const std::string& from() const { return from_; }
    bool whole() const { return there_ == bytes_; }

    // The next bytes. TooLarge: more than were announced.
    Result<void> add(std::string_view piece);
    // All are there: hands it over.
    Result<void> finish();

    // What a gateway that was ended left half done.
    static void clear(const std::filesystem::path& folder);

  private:
    IncomingBundle(std::filesystem::path folder, Fd fd, std::uint64_t bytes, std::string from)
        : folder_(std::move(folder)), fd_(std::move(fd)), bytes_(bytes), from_(std::move(from)) {}

    std::filesystem::path folder_;
    Fd fd_;
    std::uint64_t bytes_ = 0, there_ = 0;
    std::string from_;
};

}  // namespace waypost
