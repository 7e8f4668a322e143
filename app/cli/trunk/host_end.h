// SPDX-License-Identifier: Apache-2.0
// The side of a pipe that programs see: standard input and output, or a pseudo terminal. Neither
// reads nor writes more than is possible at once. One thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost::cli {

class HostEnd {
  public:
    virtual ~HostEnd() = default;
    // What is there, at most so many bytes; empty: nothing now, or ended().
    virtual std::string read(std::size_t most) = 0;
    virtual bool ended() const = 0;  // nothing more will be read
    // How many bytes were taken. Network: nobody reads any more.
    virtual Result<std::size_t> write(std::string_view bytes) = 0;
    virtual void close_out() = 0;  // nothing more will be written
};

std::unique_ptr<HostEnd> standard_streams();

// A terminal that other programs open by its path or, where `link` is not empty, by a symbolic link
// that is made for its life. It never ends: programs may open it again and again.
struct Terminal {
    std::unique_ptr<HostEnd> end;
    std::string path;
};
Result<Terminal> open_terminal(const std::string& link);

}  // namespace waypost::cli
